import { civilFromDays, daysFromCivil, daysInMonth, formatInstant, formatTimeOfDay, parseInstant } from '#util'
import { fail } from './failure.ts'

/** Inside an evaluation a Date is days since 1970-01-01, a DateTime milliseconds since then, a Time milliseconds since midnight. */
export const DAY_MS = 86_400_000

export interface Civil {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Days of a date that exists; undefined otherwise. Years 1 to 9999. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  const real = year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  return real ? daysFromCivil(year, month, day) : undefined
}

const MIN_DAY = daysFromCivil(1, 1, 1)
const MAX_DAY = daysFromCivil(9999, 12, 31)

export function checkedDay(days: number): number {
  if (days >= MIN_DAY && days <= MAX_DAY) return days
  throw fail('DATE_RANGE', 'The date falls outside the years 1 to 9999.')
}

export function checkedInstant(ms: number): number {
  checkedDay(Math.floor(ms / DAY_MS))
  return ms
}

export function formatDate(days: number): string {
  return formatInstant(days * DAY_MS).slice(0, 10)
}

/** Salesforce's text of a date/time: `2005-11-15 17:00:00Z`. */
export const dateTimeText = (ms: number): string =>
  `${formatDate(Math.floor(ms / DAY_MS))} ${formatTimeOfDay(modulo(ms, DAY_MS)).slice(0, 8)}Z`

export const modulo = (a: number, b: number): number => ((a % b) + b) % b

/** Monday 1 … Sunday 7. */
export const isoWeekday = (days: number): number => modulo(days + 3, 7) + 1

export const civilOf = (days: number): Civil => civilFromDays(days)

/** ISO 8601 week number and the year that week belongs to. */
export function isoWeek(days: number): { week: number; year: number } {
  const thursday = days - isoWeekday(days) + 4
  const { year } = civilFromDays(thursday)
  return { week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1, year }
}

/** Adds months; the last day of a month stays a last day (28 Feb + 1 = 31 Mar, 31 Jan + 1 = 28 or 29 Feb). */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = civilFromDays(days)
  const index = year * 12 + month - 1 + months
  const [y, m] = [Math.floor(index / 12), modulo(index, 12) + 1]
  if (y < 1 || y > 9999) throw fail('DATE_RANGE', 'The date falls outside the years 1 to 9999.')
  const last = daysInMonth(y, m)
  const isLast = day === daysInMonth(year, month)
  return daysFromCivil(y, m, isLast ? last : Math.min(day, last))
}

const digit = (text: string, i: number): number => text.charCodeAt(i) - 48
const two = (text: string, i: number): number => digit(text, i) * 10 + digit(text, i + 1)
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/
const ISO_TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?Z?$/

/** A record's date `YYYY-MM-DD`; an instant's day in UTC when the record holds one. */
export function readDate(text: string): number {
  if (text.length > 10) return Math.floor(readInstant(text) / DAY_MS)
  const days = ISO_DATE.test(text) ? daysOf(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8)) : undefined
  if (days === undefined) throw badValue('a date such as 2026-05-31')
  return days
}

/** The day of `YYYY-MM-DD` at the start of a text; NaN when there is none. */
function dayAt(text: string): number {
  const [year, month, day] = [two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8)]
  if (!(text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45)) return NaN
  return daysOf(year, month, day) ?? NaN
}

/** A record's instant. The usual form `YYYY-MM-DDTHH:mm:ss.sssZ` is read digit by digit. */
export function readInstant(text: string): number {
  if (text.length === 24 && text.charCodeAt(23) === 90 && text.charCodeAt(19) === 46) {
    const ms =
      two(text, 11) * 3_600_000 + two(text, 14) * 60_000 + two(text, 17) * 1000 + digit(text, 20) * 100 + two(text, 21)
    const instant = dayAt(text) * DAY_MS + ms
    if (instant === instant && ms >= 0 && ms < DAY_MS) return instant
  }
  const instant = parseInstant(text) ?? (text.length === 10 ? readDate(text) * DAY_MS : undefined)
  if (instant === undefined) throw badValue('a date/time such as 2026-05-31T08:00:00.000Z')
  return instant
}

export function readTime(text: string): number {
  const m = ISO_TIME.exec(text)
  const ms = m
    ? Number(m[1]) * 3_600_000 + Number(m[2]) * 60_000 + Number(m[3] ?? 0) * 1000 + Number((m[4] ?? '').padEnd(3, '0'))
    : -1
  if (ms < 0 || ms >= DAY_MS || Number(m?.[2]) > 59 || Number(m?.[3] ?? 0) > 59)
    throw badValue('a time such as 17:30:00.000')
  return ms
}

const badValue = (wanted: string) => fail('BAD_VALUE', `A field holds what is not ${wanted}.`)

export { formatInstant, formatTimeOfDay }
