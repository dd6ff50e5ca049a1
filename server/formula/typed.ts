import type { Span } from './ast.ts'
import type { FunctionDef } from './functions/define.ts'
import type { Runtime } from './runtime.ts'
import type { FieldInfo, FormulaType } from './types.ts'

/** The typed tree: every back end (closures, doubles, SQL, explain) reads this and only this. Operators are calls like any other. */
export type Typed = TypedLiteral | TypedField | TypedCall | TypedBad

interface TypedBase {
  readonly type: FormulaType
  readonly at: Span
  /** False when the value can never be blank; lets closures leave out checks. */
  readonly nullable: boolean
  /** Height of the tree below, sub-formulas included. */
  readonly height: number
  /** Nodes below and this one, sub-formulas included. */
  readonly size: number
}
export interface TypedLiteral extends TypedBase {
  readonly kind: 'literal'
  readonly value: Runtime
}
export interface TypedField extends TypedBase {
  readonly kind: 'field'
  readonly field: FieldInfo
  /** A blank number counts as 0 here. */
  readonly zero: boolean
  /** The field is a formula: its own tree, whose paths stand under `field.formulaPrefix`. */
  readonly sub?: Typed
}
export interface TypedCall extends TypedBase {
  readonly kind: 'call'
  readonly def: FunctionDef
  readonly args: readonly Typed[]
  /** Which of the function's signatures was meant; 0 where there is one. */
  readonly overload: number
}
/** Stands where a finding was given; its type fits anywhere, so one mistake gives one finding. */
export interface TypedBad extends TypedBase {
  readonly kind: 'bad'
}

export const textLiteral = (node: Typed): string | undefined =>
  node.kind === 'literal' && node.type === 'Text' ? ((node.value as string | null) ?? '') : undefined

/** A conversion that the check put around a value, at that value's own place; it is not written. */
export const isImplied = ({ args, at }: TypedCall): boolean => args[0]?.at === at

/** Every node once, parents first. Sub-formulas are entered when asked for. */
export function walk(root: Typed, see: (node: Typed) => void, intoSubs = false): void {
  see(root)
  if (root.kind === 'call') for (const arg of root.args) walk(arg, see, intoSubs)
  else if (intoSubs && root.kind === 'field' && root.sub) walk(root.sub, see, intoSubs)
}
