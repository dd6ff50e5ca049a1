import type { Finding, Value } from '#util'
import type { Span } from './ast.ts'
import { closureOf, pathOf } from './compile.ts'
import { failureFinding } from './failure.ts'
import type { Build } from './functions/define.ts'
import { internalsOf } from './internals.ts'
import { beginWork } from './work.ts'
import { toValue, type Closure } from './runtime.ts'
import { ZERO } from './numbers.ts'
import type { Typed, TypedField } from './typed.ts'
import type { CompiledFormula, EvaluationContext, FormulaResult, FormulaType } from './types.ts'

/** One sub-expression with what it gives for a record. */
export interface TraceNode {
  /** As written; for a formula field the field's own source below it. */
  readonly text: string
  readonly at: Span
  readonly type: FormulaType
  readonly value?: Value
  /** Instead of a value: why there is none. */
  readonly finding?: Finding
  /** False: the result did not need it (the other branch of an IF, what follows the deciding part of an AND). */
  readonly needed: boolean
  readonly children: readonly TraceNode[]
}

export interface Explanation {
  readonly result: FormulaResult
  readonly trace: TraceNode
}

/** Works a formula out step by step. Parts that the result does not need are worked out too and marked. */
export function explain(formula: CompiledFormula, context: EvaluationContext): Explanation | undefined {
  const kept = internalsOf(formula)
  if (!kept) return undefined
  beginWork()
  const recorder = new Recorder(context)
  recorder.run(kept.root, '')
  return {
    result: formula.evaluate(context),
    trace: recorder.trace(kept.root, { source: formula.source, prefix: '' }, true),
  }
}

interface Place {
  readonly source: string
  readonly prefix: string
}
type Outcome = { readonly value: Value } | { readonly finding: Finding }

/** Functions that look at some of their arguments only. */
const LAZY = new Set(['IF', 'AND', 'OR', 'CASE', 'IFS', 'IFERROR', 'IN', 'BLANKVALUE', 'NULLVALUE'])

/** Evaluates with closures that note what every node gave, so that a trace costs about one evaluation. */
class Recorder {
  private readonly outcomes = new Map<Typed, Outcome>()
  private readonly context: EvaluationContext

  constructor(context: EvaluationContext) {
    this.context = context
  }

  run(node: Typed, prefix: string): void {
    try {
      this.builder(prefix)(node)(this.context)
    } catch {
      // What went wrong is noted at the node where it did.
    }
  }

  private builder(prefix: string): Build {
    const build = (node: Typed): Closure => this.noting(node, this.closure(node, prefix, self))
    const self: Build = Object.assign(build, { path: (field: TypedField) => pathOf(field, prefix), stepwise: true })
    return self
  }

  private closure(node: Typed, prefix: string, build: Build): Closure {
    if (node.kind === 'call') return node.def.closure(node, build)
    if (node.kind !== 'field' || !node.sub) return closureOf(node, prefix)
    const inner = this.builder(prefix + (node.field.formulaPrefix ?? ''))(node.sub)
    const blank = node.type === 'Boolean' ? false : node.zero ? ZERO : null
    return (c) => inner(c) ?? blank
  }

  private noting(node: Typed, closure: Closure): Closure {
    return (c) => {
      try {
        const value = closure(c)
        if (c === this.context) this.outcomes.set(node, { value: toValue(value, node.type) })
        return value
      } catch (error) {
        if (c === this.context) this.outcomes.set(node, { finding: failureFinding(error) })
        throw error
      }
    }
  }

  trace(node: Typed, place: Place, needed: boolean): TraceNode {
    if (!this.outcomes.has(node)) this.run(node, place.prefix)
    const children = this.children(node, place, needed)
    const text = place.source.slice(node.at.start, node.at.end)
    return { text, at: node.at, type: node.type, ...this.outcomes.get(node), needed, children }
  }

  private children(node: Typed, place: Place, needed: boolean): readonly TraceNode[] {
    if (node.kind === 'field' && node.sub && node.field.formula) {
      const prefix = place.prefix + (node.field.formulaPrefix ?? '')
      return [this.trace(node.sub, { source: node.field.formula.source, prefix }, needed)]
    }
    if (node.kind !== 'call') return []
    // Noted before any child is traced: tracing one may evaluate others.
    const seen = node.args.map(
      (arg, i) => needed && (this.outcomes.has(arg) || !LAZY.has(node.def.name) || isKey(node.def.name, i, node.args)),
    )
    return node.args.map((arg, i) => this.trace(arg, place, seen[i]!))
  }
}

/** The values CASE compares with are looked up all at once. */
const isKey = (name: string, index: number, args: readonly Typed[]): boolean =>
  name === 'CASE' && index % 2 === 1 && index < args.length - 1 && args[index]!.kind === 'literal'
