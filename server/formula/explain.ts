import type { Finding, Value } from '#util'
import type { Span } from './ast.ts'
import { builder } from './compile.ts'
import { failureFinding } from './failure.ts'
import { internalsOf } from './internals.ts'
import { toValue } from './runtime.ts'
import type { Typed } from './typed.ts'
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
  return {
    result: formula.evaluate(context),
    trace: traced(kept.root, { source: formula.source, prefix: '', context }, true),
  }
}

interface Tracing {
  readonly source: string
  readonly prefix: string
  readonly context: EvaluationContext
}

function traced(node: Typed, tracing: Tracing, needed: boolean): TraceNode {
  const text = tracing.source.slice(node.at.start, node.at.end)
  return {
    text,
    at: node.at,
    type: node.type,
    ...valueOf(node, tracing),
    needed,
    children: childrenOf(node, tracing, needed),
  }
}

function valueOf(node: Typed, { prefix, context }: Tracing): { value?: Value; finding?: Finding } {
  try {
    return { value: toValue(builder(prefix)(node)(context), node.type) }
  } catch (error) {
    return { finding: failureFinding(error) }
  }
}

function childrenOf(node: Typed, tracing: Tracing, needed: boolean): readonly TraceNode[] {
  if (node.kind === 'field' && node.sub && node.field.formula) {
    const inner = {
      ...tracing,
      source: node.field.formula.source,
      prefix: tracing.prefix + (node.field.formulaPrefix ?? ''),
    }
    return [traced(node.sub, inner, needed)]
  }
  if (node.kind !== 'call') return []
  const used = neededArguments(node, tracing)
  return node.args.map((arg, i) => traced(arg, tracing, needed && used(i)))
}

const ALL = (): boolean => true

/** Which arguments a lazy function looks at for this record. */
function neededArguments(node: Typed & { kind: 'call' }, tracing: Tracing): (index: number) => boolean {
  const truths = (indexes: readonly number[]): readonly boolean[] =>
    indexes.map((i) => valueOf(node.args[i]!, tracing).value === true)
  const name = node.def.name
  if (name === 'AND' || name === 'OR') {
    const decisive = truths(node.args.map((_, i) => i)).indexOf(name === 'OR')
    return decisive < 0 ? ALL : (i) => i <= decisive
  }
  if (name === 'IF') return truths([0])[0] ? (i) => i < 2 : (i) => i !== 1
  if (name === 'BLANKVALUE' || name === 'NULLVALUE')
    return valueOf(node.args[0]!, tracing).value === null ? ALL : (i) => i === 0
  return name === 'CASE' || name === 'IFS' ? branchArguments(node, tracing) : ALL
}

/** CASE and IFS: conditions up to the one that holds, and its result. */
function branchArguments(node: Typed & { kind: 'call' }, tracing: Tracing): (index: number) => boolean {
  const first = node.def.name === 'CASE' ? 1 : 0
  const subject = first === 1 ? JSON.stringify(valueOf(node.args[0]!, tracing).value ?? null) : 'true'
  const last = node.args.length - 1
  for (let i = first; i < last; i += 2) {
    if (JSON.stringify(valueOf(node.args[i]!, tracing).value ?? null) === subject)
      return (k) => k < first || k === i + 1 || (k <= i && (k - first) % 2 === 0)
  }
  return (k) => k < first || k === last || (k - first) % 2 === 0
}
