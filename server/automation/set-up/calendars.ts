import { compileCalendar } from '#business-hours'
import type {
  BusinessHoursDefinition,
  Calendar,
  HolidayDefinition,
  OverrideDefinition,
  WeeklyHours,
} from '#business-hours'
import type { Finding, Row } from '#util'

/** Rows of BusinessHours, Holiday and BusinessHoursHoliday as calendar definitions, by the BusinessHours' id. */
export function definitionsOf(
  hours: readonly Row[],
  holidays: readonly Row[],
  links: readonly Row[],
): Map<string, BusinessHoursDefinition> {
  const rows = new Map(hours.map((row) => [String(row.Id), row]))
  const holidayById = new Map(holidays.map((row) => [String(row.Id), holidayOf(row)]))
  const holidaysOf = (id: string): HolidayDefinition[] =>
    links.filter((link) => link.BusinessHoursId === id).flatMap((link) => holidayById.get(String(link.HolidayId)) ?? [])
  const made = new Map<string, BusinessHoursDefinition>()
  const define = (row: Row, path: readonly string[]): BusinessHoursDefinition => {
    const id = String(row.Id)
    const parts = [row.IntersectionOfAId, row.IntersectionOfBId].map((part) =>
      typeof part === 'string' && !path.includes(part) ? rows.get(part) : undefined,
    )
    const definition =
      parts[0] && parts[1]
        ? intersectionOf(row, define(parts[0], [...path, id]), define(parts[1], [...path, id]))
        : weeklyOf(row, holidaysOf(id))
    made.set(id, definition)
    return definition
  }
  for (const row of hours) if (!made.has(String(row.Id))) define(row, [])
  return made
}

const boundaryOf = (row: Row): 'close' | 'open' =>
  String(row.Boundary ?? 'close').toLowerCase() === 'open' ? 'open' : 'close'

function intersectionOf(row: Row, a: BusinessHoursDefinition, b: BusinessHoursDefinition): BusinessHoursDefinition {
  return {
    name: String(row.Name),
    intersectionOf: [a, b],
    boundary: boundaryOf(row),
    ...(row.TimeZone ? { timeZone: String(row.TimeZone) } : {}),
  }
}

function weeklyOf(row: Row, holidays: readonly HolidayDefinition[]): BusinessHoursDefinition {
  return {
    name: String(row.Name),
    boundary: boundaryOf(row),
    holidays,
    ...(row.TimeZone ? { timeZone: String(row.TimeZone) } : {}),
    ...(row.Always24x7 === true ? { always: true } : { hours: (row.Hours ?? {}) as WeeklyHours }),
    ...(row.Overrides ? { overrides: row.Overrides as unknown as OverrideDefinition[] } : {}),
    ...(row.EffectiveFrom ? { effectiveFrom: String(row.EffectiveFrom) } : {}),
    ...(row.EffectiveTo ? { effectiveTo: String(row.EffectiveTo) } : {}),
  }
}

const clockText = (minutes: unknown): string =>
  `${String(Math.floor(Number(minutes) / 60)).padStart(2, '0')}:${String(Number(minutes) % 60).padStart(2, '0')}`

/** A Holiday row (Salesforce's fields) as a definition. */
function holidayOf(row: Row): HolidayDefinition {
  const partial = row.IsAllDay === false && row.StartTimeInMinutes !== null && row.EndTimeInMinutes !== null
  const times = partial
    ? { startTime: clockText(row.StartTimeInMinutes), endTime: clockText(row.EndTimeInMinutes) }
    : {}
  if (row.IsRecurrence !== true) return { name: String(row.Name), date: String(row.ActivityDate), ...times }
  return { name: String(row.Name), ...times, recurrence: recurrenceOf(row) }
}

function recurrenceOf(row: Row): NonNullable<HolidayDefinition['recurrence']> {
  const given = {
    interval: row.RecurrenceInterval,
    dayOfWeekMask: row.RecurrenceDayOfWeekMask,
    dayOfMonth: row.RecurrenceDayOfMonth,
    instance: row.RecurrenceInstance,
    monthOfYear: MONTHS.indexOf(String(row.RecurrenceMonthOfYear)) + 1 || row.RecurrenceMonthOfYear,
    start: row.RecurrenceStartDate ?? row.ActivityDate,
    end: row.RecurrenceEndDateOnly,
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, v]) => v !== null && v !== undefined))
  return { type: row.RecurrenceType, ...set } as NonNullable<HolidayDefinition['recurrence']>
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

export interface CompiledHours {
  readonly id: string
  readonly name: string
  readonly calendar: Calendar
}

/** Compiles every active BusinessHours row; what does not compile is reported and left out. */
export function compileHours(
  definitions: Map<string, BusinessHoursDefinition>,
  tzdata: string,
): {
  hours: CompiledHours[]
  findings: Finding[]
} {
  const hours: CompiledHours[] = []
  const findings: Finding[] = []
  for (const [id, definition] of definitions) {
    const compiled = compileCalendar(definition, { tzdata })
    if (compiled.calendar) hours.push({ id, name: definition.name, calendar: compiled.calendar })
    findings.push(...compiled.findings.map((f) => ({ ...f, file: `BusinessHours ${definition.name}` })))
  }
  return { hours, findings }
}
