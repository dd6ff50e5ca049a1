/** Checks holidays and compiles them to "which parts of this day". */
import type { Finding } from '#util'
import { INSTANCES, RECURRENCES, type HolidayDefinition, type HolidayRecurrence } from './types.ts'
import { DAY, type Day } from './days.ts'
import { parseDate, parseTimeOfDay } from './clock-text.ts'
import { problem } from './problem.ts'
import { fallsOn } from './recurrence.ts'

/** The part of a day that a holiday takes, milliseconds since its local midnight. */
export interface HolidayPart {
  readonly name: string
  readonly allDay: boolean
  readonly from: number
  readonly to: number
}

export interface Holidays {
  on(day: Day): readonly HolidayPart[]
  readonly any: boolean
}

const NONE: readonly HolidayPart[] = []

/** Compiles holidays that `checkHolidays` found no fault with. */
export function compileHolidays(definitions: readonly HolidayDefinition[]): Holidays {
  const dated = new Map<number, HolidayPart[]>()
  const recurring: { falls: (day: Day) => boolean; part: HolidayPart }[] = []
  for (const definition of definitions) {
    const part = partOf(definition)
    const date = parseDate(definition.date)
    if (definition.recurrence) recurring.push({ falls: fallsOn(definition.recurrence), part })
    else if (date !== undefined) dated.set(date, [...(dated.get(date) ?? []), part])
  }
  const on = (day: Day): readonly HolidayPart[] => {
    const fixed = dated.get(day.day) ?? NONE
    if (!recurring.some((r) => r.falls(day))) return fixed
    return [...fixed, ...recurring.filter((r) => r.falls(day)).map((r) => r.part)]
  }
  return { on, any: definitions.length > 0 }
}

function partOf({ name, startTime, endTime }: HolidayDefinition): HolidayPart {
  const from = parseTimeOfDay(startTime) ?? 0
  const to = parseTimeOfDay(endTime) ?? DAY
  return { name, from, to, allDay: from === 0 && to === DAY }
}

export function checkHolidays(holidays: unknown, path: string): Finding[] {
  if (holidays === undefined || holidays === null) return []
  if (!Array.isArray(holidays)) return [problem('BAD_HOLIDAYS', path, 'The holidays must be a list.')]
  return holidays.flatMap((h: unknown, i) => checkHoliday(h as HolidayDefinition, `${path}[${i}]`))
}

function checkHoliday(holiday: HolidayDefinition, path: string): Finding[] {
  if (typeof holiday !== 'object' || holiday === null)
    return [problem('BAD_HOLIDAY', path, 'A holiday must be an object with a name and a date.')]
  const name =
    typeof holiday.name === 'string' && holiday.name !== '' ? `The holiday "${holiday.name}"` : 'This holiday'
  const findings: Finding[] = []
  if (name === 'This holiday')
    findings.push(
      problem(
        'HOLIDAY_WITHOUT_NAME',
        path,
        'A holiday has no name.',
        'Give it one; it is shown when time is explained.',
      ),
    )
  if (holiday.recurrence) findings.push(...checkRecurrence(holiday.recurrence, name, `${path}.recurrence`))
  else if (parseDate(holiday.date) === undefined)
    findings.push(
      problem(
        'HOLIDAY_WITHOUT_DATE',
        `${path}.date`,
        `${name} has no date that exists.`,
        'Write it as YYYY-MM-DD, or give a recurrence.',
      ),
    )
  return [...findings, ...checkPart(holiday, name, path)]
}

function checkPart(holiday: HolidayDefinition, name: string, path: string): Finding[] {
  const bad = (['startTime', 'endTime'] as const).filter(
    (key) => holiday[key] != null && parseTimeOfDay(holiday[key]) === undefined,
  )
  if (bad.length > 0)
    return bad.map((key) =>
      problem(
        'BAD_TIME',
        `${path}.${key}`,
        `${name} has a time that cannot be read: ${JSON.stringify(holiday[key])}.`,
        'Write it as HH:mm, 00:00 to 24:00.',
      ),
    )
  const part = partOf(holiday)
  if (part.from < part.to) return []
  return [
    problem(
      'EMPTY_HOLIDAY',
      path,
      `${name} ends before it starts.`,
      'Make the end later than the start; for a night use two holidays.',
    ),
  ]
}

function checkRecurrence(recurrence: HolidayRecurrence, name: string, path: string): Finding[] {
  if (!RECURRENCES.includes(recurrence.type))
    return [
      problem(
        'BAD_RECURRENCE',
        `${path}.type`,
        (recurrence.type as unknown) === undefined
          ? `${name} recurs, but it is not said how.`
          : `${name} recurs in an unknown way: ${JSON.stringify(recurrence.type)}.`,
        `Use one of ${RECURRENCES.join(', ')}.`,
      ),
    ]
  const wrong = faultsOf(recurrence)
  return wrong.map(([key, text]) => problem('BAD_RECURRENCE', `${path}.${key}`, `${name} recurs, but ${text}.`))
}

/** Field and what is wrong with it. */
function faultsOf(r: HolidayRecurrence): [keyof HolidayRecurrence, string][] {
  const faults: [keyof HolidayRecurrence, string][] = []
  const expect = (holds: boolean, key: keyof HolidayRecurrence, text: string): void =>
    void (holds || faults.push([key, text]))
  const { interval = 1 } = r
  expect(whole(interval, 1, 999), 'interval', 'its interval is not a whole number from 1 to 999')
  expect(interval === 1 || r.start != null, 'start', 'an interval above 1 needs the date it starts from')
  expect(r.start == null || parseDate(r.start) !== undefined, 'start', 'its first date is not a date (YYYY-MM-DD)')
  expect(r.end == null || parseDate(r.end) !== undefined, 'end', 'its last date is not a date (YYYY-MM-DD)')
  expect(r.start == null || r.end == null || r.start <= r.end, 'end', 'its last date is before its first')
  expect(
    r.dayOfWeekMask == null || whole(r.dayOfWeekMask, 1, 127),
    'dayOfWeekMask',
    'its day-of-week mask is not from 1 to 127',
  )
  for (const key of needsOf(r.type)) expect(r[key] != null, key, `${LABELS[key]} is missing`)
  expect(r.dayOfMonth == null || whole(r.dayOfMonth, 1, 31), 'dayOfMonth', 'its day of the month is not from 1 to 31')
  expect(r.monthOfYear == null || whole(r.monthOfYear, 1, 12), 'monthOfYear', 'its month is not from 1 to 12')
  expect(
    r.instance == null || INSTANCES.includes(r.instance),
    'instance',
    `its instance is not one of ${INSTANCES.join(', ')}`,
  )
  return faults
}

type Needed = 'dayOfWeekMask' | 'dayOfMonth' | 'monthOfYear' | 'instance'

const LABELS: { readonly [key in Needed]: string } = {
  dayOfWeekMask: 'the day of the week',
  dayOfMonth: 'the day of the month',
  monthOfYear: 'the month',
  instance: 'which one of the month (First to Fourth, or Last)',
}

function needsOf(type: HolidayRecurrence['type']): readonly Needed[] {
  switch (type) {
    case 'RecursWeekly':
      return ['dayOfWeekMask']
    case 'RecursMonthly':
      return ['dayOfMonth']
    case 'RecursMonthlyNth':
      return ['instance', 'dayOfWeekMask']
    case 'RecursYearly':
      return ['dayOfMonth', 'monthOfYear']
    case 'RecursYearlyNth':
      return ['instance', 'dayOfWeekMask', 'monthOfYear']
    default:
      return []
  }
}

const whole = (n: unknown, min: number, max: number): boolean =>
  Number.isInteger(n) && (n as number) >= min && (n as number) <= max
