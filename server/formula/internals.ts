import type { Typed } from './typed.ts'
import type { Analysis, CompiledFormula, FormulaOptions, FormulaType } from './types.ts'

/** What the room keeps of a compiled formula for its other back ends and for formulas that read it. */
export interface Internals {
  readonly root: Typed
  readonly options: FormulaOptions
}

export class Compiled implements CompiledFormula {
  readonly source: string
  readonly type: FormulaType
  readonly analysis: Analysis
  readonly paths: readonly string[]
  readonly pathsWhenNew: readonly string[]
  readonly evaluate: CompiledFormula['evaluate']
  readonly #internals: Internals

  constructor(formula: CompiledFormula, internals: Internals) {
    this.source = formula.source
    this.type = formula.type
    this.analysis = formula.analysis
    this.paths = formula.paths
    this.pathsWhenNew = formula.pathsWhenNew
    this.evaluate = formula.evaluate
    this.#internals = internals
  }

  static internalsOf(formula: CompiledFormula): Internals | undefined {
    return formula instanceof Compiled ? formula.#internals : undefined
  }
}

export const internalsOf = (formula: CompiledFormula): Internals | undefined => Compiled.internalsOf(formula)
