/**
 * Relative dates as SOQL has them (TODAY, LAST_MONTH, LAST_N_DAYS:30 …) → a half-open range, computed from the caller's instant and zone.
 * Weeks begin on Monday. LAST_N_DAYS counts from n days ago up to now; the other N forms are whole periods without the current one.
 */
import { civilFromDays, daysFromCivil } from '#util'
import { QueryError } from './errors.ts'
import { dateText } from './zone.ts'

/** Days since 1970-01-01, end exclusive. `untilNow`: a date-time field stops at the present instant. */
export interface DayRange {
  readonly from: number
  readonly to: number
  readonly untilNow?: boolean
}

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR'
const MONTHS: { readonly [unit in Unit]?: number } = { MONTH: 1, QUARTER: 3, YEAR: 12 }
const FIXED: { readonly [word: string]: readonly [Unit, number] } = {
  TODAY: ['DAY', 0],
  YESTERDAY: ['DAY', -1],
  TOMORROW: ['DAY', 1],
}
const NEAR: { readonly [word: string]: number } = { THIS: 0, LAST: -1, NEXT: 1 }
const MAX_N = 100_000

/** `value`: `"TODAY"`, `"LAST_N_DAYS:30"` or `{ "LAST_N_DAYS": 30 }`. Throws QueryError for words it does not know. */
export function relativeRange(value: unknown, today: number): DayRange {
  const [word, n] = wordOf(value)
  const fixed = FIXED[word]
  if (fixed) return period(today, fixed[0], fixed[1], 1)
  const near = /^(THIS|LAST|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(word)
  if (near) return period(today, near[2] as Unit, NEAR[near[1]!]!, 1)
  const days = /^(LAST|NEXT)_90_DAYS$/.exec(word)
  if (days) return several(today, days[1]!, 'DAY', 90)
  const many = /^(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S$/.exec(word)
  if (many && n !== undefined) return several(today, many[1]!, many[2] as Unit, n)
  const ago = /^N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO$/.exec(word)
  if (ago && n !== undefined) return period(today, ago[1] as Unit, -n, 1)
  throw new QueryError(
    'RELATIVE_DATE',
    `"${word}" is not a relative date.`,
    'Use TODAY, THIS_WEEK, LAST_MONTH, LAST_N_DAYS:30 and the like.',
  )
}

function wordOf(value: unknown): [string, number | undefined] {
  const [word, n] =
    typeof value === 'object' && value !== null ? (Object.entries(value)[0] ?? ['', 0]) : String(value).split(':')
  if (n === undefined) return [String(word), undefined]
  const count = Number(n)
  if (!Number.isInteger(count) || count < 1 || count > MAX_N)
    throw new QueryError('RELATIVE_DATE', `${word} needs a whole number from 1 to ${MAX_N}.`)
  return [String(word), count]
}

function several(today: number, side: string, unit: Unit, n: number): DayRange {
  if (side === 'NEXT') return period(today, unit, 1, n)
  return unit === 'DAY' ? { from: today - n, to: today + 1, untilNow: true } : period(today, unit, -n, n)
}

/** `count` whole periods, the first of them `shift` periods from the current one. */
function period(today: number, unit: Unit, shift: number, count: number): DayRange {
  return { from: startOf(today, unit, shift), to: startOf(today, unit, shift + count) }
}

function startOf(today: number, unit: Unit, shift: number): number {
  if (unit === 'DAY') return inRange(today + shift)
  if (unit === 'WEEK') return inRange(today - ((((today + 3) % 7) + 7) % 7) + shift * 7)
  const size = MONTHS[unit]!
  const { year, month } = civilFromDays(today)
  const first = year * 12 + Math.floor((month - 1) / size) * size + shift * size
  return inRange(daysFromCivil(Math.floor(first / 12), (((first % 12) + 12) % 12) + 1, 1))
}

/** Years 1–9999, so that the text form sorts. */
const inRange = (day: number): number => Math.min(Math.max(day, -719_162), 2_932_896)

export const rangeDates = (range: DayRange): { from: string; to: string } => ({
  from: dateText(range.from),
  to: dateText(range.to),
})
