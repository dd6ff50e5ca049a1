/** Guards: a formula beyond one of these gets a finding, never a long wait. */
export const LIMITS = {
  characters: 10_000,
  /** Parentheses and calls inside each other. */
  nesting: 100,
  /** Height of the tree, long chains of one operator included. */
  height: 600,
  /** Sub-formulas included. */
  nodes: 5_000,
  /** Characters of any text made while evaluating. */
  text: 100_000,
  /** Lookups followed in one path. */
  hops: 10,
  /** Largest power of ten of any number. */
  exponent: 1_000,
  /** Characters of a regular expression. */
  pattern: 1_000,
} as const
