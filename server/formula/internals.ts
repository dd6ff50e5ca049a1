import type { Typed } from './typed.ts'
import type { CompiledFormula, FormulaOptions } from './types.ts'

/** What the room keeps of a compiled formula for its other back ends and for formulas that read it. */
export interface Internals {
  readonly root: Typed
  readonly options: FormulaOptions
}

const kept = new WeakMap<CompiledFormula, Internals>()
export const keepInternals = (formula: CompiledFormula, internals: Internals): void => void kept.set(formula, internals)
export const internalsOf = (formula: CompiledFormula): Internals | undefined => kept.get(formula)
