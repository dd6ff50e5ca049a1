import type { Value } from '#util'

export const EXAMPLES = 10

/** How many values something happens to, and some of them. */
export interface Affected {
  readonly count: number
  readonly examples: readonly Value[]
}

export const withValue = ({ count, examples }: Affected, value: Value): Affected => ({
  count: count + 1,
  examples: examples.length < EXAMPLES ? [...examples, value] : examples,
})
