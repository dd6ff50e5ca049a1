import type { Typed } from '../typed.ts'
import type { EvaluationContext } from '../types.ts'

/** A number in doubles: NaN is blank; how far it may be off is left in `bound.error`. */
export type FastClosure = (context: EvaluationContext) => number
export interface FastBuild {
  number(node: Typed): FastClosure
}
