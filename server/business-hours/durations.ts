/** Amounts of open time as people write them: `{ "hours": 4, "minutes": 30 }`. */
import type { Finding } from '#util'
import { problem } from './problem.ts'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1000],
  ['milliseconds', 1],
])

export type DurationResult =
  { readonly ok: true; readonly ms: number } | { readonly ok: false; readonly finding: Finding }

/** Whole milliseconds of a goal. Refused: unknown units, what is no number, negative amounts, no unit at all. Business days are not a duration: they are `addDays`. */
export function readDuration(amount: unknown, path = ''): DurationResult {
  const refuse = (message: string): DurationResult => ({
    ok: false,
    finding: problem(
      'BAD_DURATION',
      path,
      message,
      `Give one or more of ${[...UNITS.keys()].join(', ')}, such as { "hours": 4 }.`,
    ),
  })
  if (typeof amount !== 'object' || amount === null || Array.isArray(amount))
    return refuse('A duration must name its unit.')
  const entries = Object.entries(amount)
  if (entries.length === 0) return refuse('The duration is empty.')
  let total = 0
  for (const [unit, count] of entries) {
    const size = UNITS.get(unit)
    if (size === undefined) return refuse(`A duration cannot be given in "${unit}".`)
    if (typeof count !== 'number' || !Number.isFinite(count)) return refuse(`The number of ${unit} is not a number.`)
    if (count < 0) return refuse(`The number of ${unit} is negative.`)
    total += count * size
  }
  return { ok: true, ms: Math.round(total) }
}
