import { fail } from './failure.ts'

/** Steps that long texts and patterns may cost one evaluation, all calls together: some 50 ms. */
const BUDGET = 2_000_000

const work = { spent: 0 }

/** At the beginning of a check or an evaluation; they never interleave. */
export function beginWork(): void {
  work.spent = 0
}

/** Counts steps of some 25 ns each, of a function whose cost grows with its texts. */
export function spend(steps: number): void {
  work.spent += steps
  if (work.spent > BUDGET)
    throw fail(
      'TOO_MUCH_WORK',
      'The formula works too long on its texts.',
      'Use shorter texts or simpler patterns, for example with LEFT.',
    )
}
