/** A Boolean formula as the conditions that must all hold, each in the words of labels. */
import { closureOf } from './compile.ts'
import { internalsOf } from './internals.ts'
import { beginWork } from './work.ts'
import { isImplied, textLiteral, walk, type Typed, type TypedCall } from './typed.ts'
import type { CompiledFormula, EvaluationContext, FieldInfo } from './types.ts'

export interface Condition {
  /** `Case Reason is filled`. */
  readonly text: string
  /** Paths that it reads, formula fields as such. */
  readonly paths: readonly string[]
  /** False, too, where it can't be worked out. */
  holds(context: EvaluationContext): boolean
}

/** The formula holds when all of them do. */
export function conditionsOf(formula: CompiledFormula): readonly Condition[] {
  const root = internalsOf(formula)?.root
  return root ? partsOf(root, true).map((part) => condition(part, formula.source)) : []
}

/** Whether the formula holds whatever the record says: `NOT(ISBLANK(Amount))`, where a blank number counts as 0. */
export function alwaysHolds(formula: CompiledFormula): boolean {
  const root = internalsOf(formula)?.root
  return root !== undefined && settled(root) === true
}

/** A number field whose blank counts as 0 is never blank: the first that the formula asks it of. */
export function neverBlank(formula: CompiledFormula): FieldInfo | undefined {
  const found: FieldInfo[] = []
  const see = (node: Typed): void => {
    const value = node.kind === 'call' && asksBlank(node) ? node.args[0] : undefined
    if (value?.kind === 'field' && value.zero) found.push(value.field)
  }
  const root = internalsOf(formula)?.root
  if (root) walk(root, see, true)
  return found[0]
}

const asksBlank = ({ def }: TypedCall): boolean => def.name === 'ISBLANK' || def.name === 'ISNULL'

function settled(node: Typed): boolean | undefined {
  if (node.kind === 'field' && node.sub) return settled(node.sub)
  if (node.kind === 'literal' && node.type === 'Boolean') return node.value === true
  if (node.kind !== 'call') return undefined
  if (asksBlank(node)) return node.args[0]!.kind === 'field' && !node.args[0]!.nullable ? false : undefined
  const args = node.args.map(settled)
  if (node.def.name === 'NOT') return args[0] === undefined ? undefined : !args[0]
  if (node.def.name === 'AND' || node.def.name === 'OR') return junction(args, node.def.name === 'OR')
  return undefined
}

/** One that is `decisive` decides; all the others together do. */
function junction(args: readonly (boolean | undefined)[], decisive: boolean): boolean | undefined {
  if (args.includes(decisive)) return decisive
  return args.includes(undefined) ? undefined : !decisive
}

/** `node` is to be true, or not to be. */
interface Part {
  readonly node: Typed
  readonly wanted: boolean
}

function partsOf(node: Typed, wanted: boolean): readonly Part[] {
  if (node.kind === 'call') {
    const [inner] = node.args
    if (node.def.name === (wanted ? 'AND' : 'OR')) return node.args.flatMap((arg) => partsOf(arg, wanted))
    if (wanted && node.def.name === 'NOT' && inner?.kind === 'call' && inner.def.name === 'OR')
      return partsOf(inner, false)
  }
  return [{ node, wanted }]
}

function condition({ node, wanted }: Part, source: string): Condition {
  const paths = new Set<string>()
  walk(node, (n) => n.kind === 'field' && paths.add(n.field.path))
  const closure = closureOf(node)
  return { text: words(node, !wanted, source), paths: [...paths], holds: (context) => holds(closure, context) === wanted } // prettier-ignore
}

function holds(closure: ReturnType<typeof closureOf>, context: EvaluationContext): boolean | undefined {
  beginWork()
  try {
    return closure(context) === true
  } catch {
    return undefined
  }
}

const OPPOSITES: { readonly [name: string]: string } = {
  '=': '<>',
  '<': '>=',
  '>': '<=',
  '<>': '=',
  '>=': '<',
  '<=': '>',
}
const COMPARED: { readonly [name: string]: string } = {
  '=': 'is', '<>': 'is not', '<': 'is less than', '<=': 'is at most', '>': 'is more than', '>=': 'is at least',
} // prettier-ignore
const SEARCHED: { readonly [name: string]: readonly [string, string] } = {
  INCLUDES: ['includes', 'does not include'],
  CONTAINS: ['contains', 'does not contain'],
  INCLUDESADDRESS: ['includes', 'does not include'],
  BEGINS: ['begins with', 'does not begin with'],
}

function words(node: Typed, negated: boolean, source: string): string {
  const written = source.slice(node.at.start, node.at.end)
  if (node.kind === 'field') return `${labelOf(node.field)} is ${negated ? 'not ' : ''}checked`
  return (node.kind === 'call' && callWords(node, negated, source)) || (negated ? `NOT(${written})` : written)
}

function callWords(call: TypedCall, negated: boolean, source: string): string | undefined {
  const { name } = call.def
  if (name === 'NOT') return words(call.args[0]!, !negated, source)
  if (name === 'AND' || name === 'OR') return junctionWords(call, negated, source)
  const [left, right] = call.args.map((arg) => operand(arg, source))
  if (asksBlank(call)) return `${left} is ${negated ? 'filled' : 'blank'}`
  if (SEARCHED[name]) return `${left} ${SEARCHED[name][negated ? 1 : 0]} ${right}`
  const operator = name === 'ISPICKVAL' ? '=' : name
  const compared = COMPARED[negated ? (OPPOSITES[operator] ?? '') : operator]
  return compared && (right === '' ? `${left} ${compared === 'is' ? 'is blank' : 'is filled'}` : `${left} ${compared} ${right}`) // prettier-ignore
}

function junctionWords({ def, args }: TypedCall, negated: boolean, source: string): string {
  const all = (def.name === 'AND') !== negated
  const nested = (arg: Typed): boolean => arg.kind === 'call' && ['AND', 'OR'].includes(arg.def.name)
  const parts = args.map((arg) => (nested(arg) ? `(${words(arg, negated, source)})` : words(arg, negated, source)))
  return parts.join(all ? ' and ' : ' or ')
}

/** A field's label, a literal as it is; "" for a blank one. TEXT( ) around a field says nothing new, nor does a conversion that is not written. */
function operand(node: Typed, source: string): string {
  if (node.kind === 'field') return labelOf(node.field)
  if (node.kind === 'call' && (node.def.name === 'TEXT' || isImplied(node))) return operand(node.args[0]!, source)
  if (node.kind === 'literal' && node.value === null) return ''
  return textLiteral(node) ?? source.slice(node.at.start, node.at.end)
}

/** Of a parent's field with the way there: `Account Tier`. */
function labelOf({ path, label }: FieldInfo): string {
  const way = path.split('.')
  const name = way.pop()!
  const plain = (segment: string): string =>
    segment.replace(/:.*|__r$/, '').replaceAll('_', ' ').replaceAll(/([a-z])([A-Z])/g, '$1 $2') // prettier-ignore
  return [...way.map(plain), label ?? name].join(' ')
}
