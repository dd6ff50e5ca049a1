/** Every operation of the vector format as a question to a calendar. */
import { formatInstant, type Instant } from '#util'
import { compileCalendar, readDuration, type Calendar, type HolidayAt } from '../index.ts'
import { DAY } from '../days.ts'
import { zoneNamed } from '../zone.ts'
import { definitionOf, instant, type Row } from './row.ts'

/** The answer in the form of the row's `expected`; instants as numbers, `undefined` for never. */
export type Operation = (row: Row, calendar: Calendar | undefined) => unknown

/** A calendar that is never open was refused; where that leaves an answer, it is given. */
const closed =
  (ask: (row: Row, calendar: Calendar) => unknown, whenNeverOpen?: unknown): Operation =>
  (row, calendar) =>
    calendar ? ask(row, calendar) : whenNeverOpen

const amountOf = (row: Row): number => Math.round((row.amountSeconds ?? (row.amountMinutes ?? NaN) * 60) * 1000)

export const OPERATIONS: { readonly [op: string]: Operation } = {
  add: closed((row, c) => c.add(instant(row.from), amountOf(row))),
  diff: closed(diff, 0),
  isWithin: closed((row, c) => c.isOpen(instant(row.from)), false),
  next: closed((row, c) => c.next(instant(row.from))),
  prev: closed((row, c) => c.prev(instant(row.from))),
  nextOpen: closed((row, c) => c.nextOpen(instant(row.from))),
  nextClose: closed((row, c) => c.nextClose(instant(row.from))),
  prevOpen: closed((row, c) => c.prevOpen(instant(row.from))),
  prevClose: closed((row, c) => c.prevClose(instant(row.from))),
  addDays: closed(addDays),
  isBusinessDay: closed((row, c) => c.isBusinessDay(localDate(row, c)), false),
  isHoliday: (row) => partsAt(row).some((h) => h.allDay),
  isOnBreak: (row) => partsAt(row).some((h) => !h.allDay),
  periods: closed((row, c) => periods(row, c), []),
  periodsIntersect: (row) => periods(row, intersection(row)),
  businessDates: closed(businessDates, []),
  localToInstant: (row) => zoneNamed(row.schedule.tz)?.toInstant(localMs(row.local ?? ''), 'earlier'),
  addInvalid: (row) => (readDuration(row.amount).ok ? 'accepted' : 'error'),
  noThrow: closed(roundTrip),
}

function diff(row: Row, calendar: Calendar): number {
  const ms = calendar.diff(instant(row.from), instant(row.to))
  return (row.reversed === 'zero' ? Math.max(0, ms) : ms) / 1000
}

/** Holidays do not depend on the hours, so it is asked with all hours open. */
function partsAt(row: Row): readonly HolidayAt[] {
  const { calendar } = compileCalendar({ ...definitionOf(row.schedule), always: true })
  if (!calendar) return []
  const at = row.from === undefined ? calendar.localToInstant(localMs(`${row.date}T00:00:00`)) : instant(row.from)
  return calendar.holidaysAt(at)
}

function addDays(row: Row, calendar: Calendar): Instant | undefined {
  const from = instant(row.from)
  const start = row.dayModel === 'business_time' ? calendar.next(from) : from
  const moved = start === undefined ? undefined : calendar.addDays(start, row.amountDays ?? NaN)
  return moved !== undefined && row.endOfDay ? endOfDay(moved, calendar) : moved
}

/** The last closing of that local day, midnight when open through it. */
function endOfDay(at: Instant, calendar: Calendar): Instant | undefined {
  const midnight = (Math.floor(calendar.instantToLocal(at) / DAY) + 1) * DAY
  return calendar.prev(calendar.localToInstant(midnight))
}

function intersection(row: Row): Calendar {
  if (!row.other) throw new Error('no second schedule')
  // The source keeps the first schedule's zone and reads both as wall hours there.
  const other = { ...definitionOf(row.other), timeZone: row.schedule.tz }
  const { calendar, findings } = compileCalendar({ name: 'both', intersectionOf: [definitionOf(row.schedule), other] })
  if (!calendar) throw new Error(`refused: ${findings.map((f) => f.message).join(' ')}`)
  return calendar
}

function periods(row: Row, calendar: Calendar): [Instant | undefined, Instant | undefined][] {
  const result: [Instant | undefined, Instant | undefined][] = []
  let at: Instant | undefined = instant(row.from)
  const back = row.direction === 'before'
  while (result.length < (row.limit ?? 1)) {
    const near: Instant | undefined = back ? calendar.prev(at) : calendar.next(at)
    if (near === undefined) break
    const far: Instant | undefined = back ? calendar.prevOpen(near) : calendar.nextClose(near)
    result.push(back ? [far, near] : [near, far])
    if (far === undefined) break
    at = far
  }
  return result
}

/** The date that is asked about: as written, or that of the instant on the calendar's wall clock. */
const localDate = (row: Row, calendar: Calendar): string =>
  row.date ?? (isDate(row.from) ? row.from : formatInstant(calendar.instantToLocal(instant(row.from))).slice(0, 10))

/**
 * Business days with open time in [from, to), nearest first, at most `limit`; `before`: going back from `from`. A date stands for its
 * whole day as `from`, and for its midnight as `to`; an instant for itself.
 */
function businessDates(row: Row, calendar: Calendar): string[] {
  const back = row.direction === 'before'
  const midnight = (local: number): Instant => calendar.localToInstant(Math.floor(local / DAY) * DAY)
  const edge = (text: string): Instant => (isDate(text) ? calendar.localToInstant(localMs(text)) : instant(text))
  const from = row.from ?? row.date ?? ''
  const near = back && isDate(from) ? calendar.localToInstant(localMs(from) + DAY) : edge(from)
  const far = row.to === undefined ? undefined : edge(row.to)
  const [first, last] = back ? [far ?? -Infinity, near] : [near, far ?? Infinity]
  const result: string[] = []
  let local = calendar.instantToLocal(near - (back ? 1 : 0))
  for (let i = 0; i < 4000 && result.length < (row.limit ?? 4000); i++, local += back ? -DAY : DAY) {
    const [opens, closes] = [Math.max(midnight(local), first), Math.min(midnight(local + DAY), last)]
    const date = formatInstant(local).slice(0, 10)
    if (opens < closes && calendar.isBusinessDay(date) && calendar.diff(opens, closes) > 0) result.push(date)
  }
  return result
}

const isDate = (text: string | undefined): text is string => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '')

/** Answers "ok" when adding the difference leads back to where it was measured to. */
function roundTrip(row: Row, calendar: Calendar): string {
  const [from, to] = [instant(row.from), instant(row.to)]
  const ms = calendar.diff(from, to)
  const there = calendar.add(from, ms)
  const whole = calendar.intervals(from, to).reduce((sum, i) => sum + i.to - i.from, 0)
  const holds = ms === whole && there === (ms === 0 ? calendar.next(from) : calendar.prev(to))
  return holds ? 'ok' : `diff ${ms}, sum of intervals ${whole}, add gives ${there}`
}

/** `YYYY-MM-DDTHH:mm:ss`, 24:00 allowed, as local milliseconds. */
function localMs(text: string): number {
  const [date = '', time = '00:00:00'] = text.split('T')
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number)
  return instant(`${date}T00:00:00Z`) + hour * 3_600_000 + minute * 60_000 + second * 1000
}
