/** Instants are whole milliseconds since 1970-01-01T00:00Z (a number) in pure code, and ISO text with milliseconds outside it. */
export type Instant = number

const DAY = 86_400_000
const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})$/

/** Days since 1970-01-01 of a proleptic Gregorian date (month 1–12). Source: H. Hinnant, "chrono-compatible low-level date algorithms". */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468
}

/** The inverse of daysFromCivil. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719468
  const era = Math.floor(z / 146097)
  const dayOfEra = z - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  }
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0')
const TWO = Array.from({ length: 100 }, (_, n) => pad(n, 2))

/** What is formatted together lies mostly on the same day. */
let lastDay = { days: NaN, text: '' }

function dateText(days: number): string {
  if (days === lastDay.days) return lastDay.text
  const { year, month, day } = civilFromDays(days)
  lastDay = { days, text: `${pad(year, 4)}-${TWO[month]}-${TWO[day]}` }
  return lastDay.text
}

/** `YYYY-MM-DDTHH:mm:ss.sssZ` of an instant; years 0–9999. */
export function formatInstant(instant: Instant): string {
  const days = Math.floor(instant / DAY)
  return `${dateText(days)}T${formatTimeOfDay(instant - days * DAY)}Z`
}

/** `HH:mm:ss.SSS` of milliseconds since midnight. */
export function formatTimeOfDay(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return `${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${TWO[seconds % 60]}.${pad(ms % 1000, 3)}`
}

const DAY_TEXT = /^(\d{4})-(\d{2})-(\d{2})$/

/** Whether a text is `YYYY-MM-DD` and such a day is in the calendar. Dates go from year 1 to 9999, as PostgreSQL and ISO 8601 have them. */
export function isDay(text: string): boolean {
  const m = DAY_TEXT.exec(text)
  return m !== null && isCivil(Number(m[1]), Number(m[2]), Number(m[3]))
}

const isCivil = (year: number, month: number, day: number): boolean =>
  year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)

const FIRST = daysFromCivil(1, 1, 1) * DAY
const BEYOND = daysFromCivil(10_000, 1, 1) * DAY

/** Reads ISO 8601 text with a zone (`Z` or an offset); undefined when it is not one or names no real date. Digits past the millisecond are cut. */
export function parseInstant(text: string): Instant | undefined {
  const m = ISO.exec(text)
  if (!m) return undefined
  const [year, month, day, hour, minute] = [Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5])]
  const second = Number(m[6] ?? 0)
  const ms = Number((m[7] ?? '').slice(0, 3).padEnd(3, '0'))
  if (!isCivil(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined
  const local = daysFromCivil(year, month, day) * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms
  const instant = local - offsetOf(m[8] ?? 'Z')
  return instant >= FIRST && instant < BEYOND ? instant : undefined
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function offsetOf(zone: string): number {
  if (zone === 'Z') return 0
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000
}
