import type { CompiledFormula } from '#formula'
import type { Instant } from '#util'

/** Whether a condition's own text, which names fields and values, is for whoever reads; its formula stands on `object`. */
export type SeesCondition = (object: string, condition: CompiledFormula) => boolean

/** For whom, and when, something is explained. */
export interface Reader {
  /** Instants of this year are said without one. */
  readonly now: Instant
  /** The organisation's zone: for what has no business hours. */
  readonly timeZone: string
  readonly sees: SeesCondition
  readonly labelOf: (object: string) => string
}
