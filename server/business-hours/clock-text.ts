/** Reads the texts of a definition: wall-clock times and dates. */
import { daysFromCivil, daysInMonth } from '#util'

const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?Z?$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/

/** Milliseconds since midnight of `HH:mm`, `HH:mm:ss` or `HH:mm:ss.SSS`, 00:00 to 24:00; undefined when it is none. */
export function parseTimeOfDay(text: unknown): number | undefined {
  const m = typeof text === 'string' ? TIME.exec(text) : null
  if (!m) return undefined
  const [hour, minute, second] = [Number(m[1]), Number(m[2]), Number(m[3] ?? 0)]
  const ms = (hour * 60 + minute) * 60_000 + second * 1000 + Number((m[4] ?? '').padEnd(3, '0'))
  return minute < 60 && second < 60 && ms <= 86_400_000 ? ms : undefined
}

/** Days since 1970-01-01 of `YYYY-MM-DD`; undefined when there is no such date. */
export function parseDate(text: unknown): number | undefined {
  const m = typeof text === 'string' ? DATE.exec(text) : null
  if (!m) return undefined
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])]
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  return daysFromCivil(year, month, day)
}
