import type { Finding } from '#util'
import { caution } from './cautions.ts'
import type { BinaryNode, CallNode, Node, PathNode, Span, UnaryNode } from './ast.ts'
import { ELSEWHERE, FUNCTIONS, REFUSED, functionNamed } from './functions/index.ts'
import { conversion, converts } from './functions/conversion.ts'
import { countMessage, type FunctionDef } from './functions/define.ts'
import { pathHint, resultHint } from './hints.ts'
import { internalsOf } from './internals.ts'
import { LIMITS } from './limits.ts'
import { formulaError, nearest, shortened, typeWords } from './messages.ts'
import { Num } from './numbers.ts'
import type { Parsed } from './parser.ts'
import { READERS, type Runtime } from './runtime.ts'
import { explainSideBySide } from './side-by-side.ts'
import type { Typed, TypedBad, TypedCall } from './typed.ts'
import type { FieldInfo, FormulaOptions, FormulaType, Reference } from './types.ts'
import { beginWork } from './work.ts'

export interface CheckedTree {
  readonly root: Typed
  readonly findings: readonly Finding[]
  readonly references: readonly Reference[]
  /** The typed node of each syntax node that has one; operators and groups included. */
  readonly typedOf: ReadonlyMap<Node, Typed>
}

/** Resolves names and types. Findings of the parser are kept in front. */
export function checkTree(parsed: Parsed, options: FormulaOptions): CheckedTree {
  beginWork()
  const checker = new Checker(options, parsed)
  const root = checker.result(checker.check(parsed.root))
  checker.finish(root, parsed.root)
  const findings = explainSideBySide(parsed, options.scope, checker.findings)
  return { root, findings, references: [...checker.references.values()], typedOf: checker.typedOf }
}

const MOST_FINDINGS = 50

type OpenReference = Reference & { readonly at: Span[] }

class Checker {
  readonly findings: Finding[]
  readonly references = new Map<string, OpenReference>()
  readonly typedOf = new Map<Node, Typed>()
  private readonly resolved = new Map<string, FieldInfo>()
  private readonly options: FormulaOptions
  private readonly source: string
  private errors = 0

  constructor(options: FormulaOptions, { source, findings }: Parsed) {
    this.options = options
    this.source = source
    this.findings = [...findings]
  }

  private readonly textOf = ({ at }: { readonly at: Span }): string => shortened(this.source.slice(at.start, at.end))

  check(node: Node): Typed {
    const typed = this.checkNode(node)
    this.typedOf.set(node, typed)
    return typed
  }

  private checkNode(node: Node): Typed {
    if (node.kind === 'group') return this.check(node.inner)
    if (node.kind === 'number') return literal('Number', new Num(node.text), node.at)
    if (node.kind === 'text') return literal('Text', node.value === '' ? null : node.value, node.at)
    if (node.kind === 'constant') return literal(node.value === null ? 'Null' : 'Boolean', node.value, node.at)
    if (node.kind === 'path') return this.path(node)
    if (node.kind === 'call') return this.call(node)
    if (node.kind === 'unary') return this.unary(node)
    if (node.kind === 'binary') return this.binary(node)
    return bad(node.at)
  }

  private readonly report = (
    code: string,
    message: string,
    at: Span,
    hint?: string,
    severity: Finding['severity'] = 'error',
  ): void => {
    if (severity === 'error') this.errors++
    if (this.findings.length < MOST_FINDINGS) this.findings.push({ ...formulaError(code, message, at, hint), severity })
  }

  /** A suggestion, while there is still a finding to carry it. */
  private nearest(typed: string, names: Iterable<string>): string | undefined {
    return this.findings.length < MOST_FINDINGS ? nearest(typed, names) : undefined
  }

  private path(node: PathNode): Typed {
    const known = this.resolved.get(node.text)
    if (known) return this.field(known, node.at)
    const segments = node.text.split('.')
    if (segments.length > LIMITS.hops + 1) {
      this.report(
        'TOO_MANY_HOPS',
        `${node.text} follows ${segments.length - 1} lookups; ${LIMITS.hops} are allowed.`,
        node.at,
      )
      return bad(node.at)
    }
    if (node.text.toLowerCase() === ORIGIN) return literal('DateTime', ORIGIN_MS, node.at)
    const field = segments.includes('') ? undefined : this.options.scope.resolve(segments)
    if (!field) return this.unknownPath(node, segments)
    this.resolved.set(node.text, field)
    return this.field(field, node.at)
  }

  private field(field: FieldInfo, at: Span): Typed {
    this.refer(field, at)
    this.refuseInside(field, at)
    if (field.constant !== undefined) return literal(field.type, constantOf(field), at)
    const sub = field.formula && internalsOf(field.formula)?.root
    const zero = field.type === 'Number' && this.options.blanks !== 'blank'
    const nullable = field.nullable && !zero && field.type !== 'Boolean'
    return {
      kind: 'field',
      type: field.type,
      field,
      zero,
      nullable,
      at,
      ...(sub ? { sub } : {}),
      height: 1 + (sub?.height ?? 0),
      size: 1 + (sub?.size ?? 0),
    }
  }

  /** A function that this place refuses is refused inside the formula fields it reads, too. */
  private refuseInside(field: FieldInfo, at: Span): void {
    const { refuse } = this.options
    if (field.moving && refuse?.NOW)
      this.report('FUNCTION_REFUSED', `${field.path} moves with the time of day. ${refuse.NOW}`, at)
    if (!refuse || !field.formula) return
    const name = [...field.formula.analysis.functions].find((used) => refuse[used])
    if (name) this.report('FUNCTION_REFUSED', `${field.path} uses ${name}. ${refuse[name]}`, at)
  }

  private refer(field: FieldInfo, at: Span): void {
    const known = this.references.get(field.path)
    if (known) known.at.push(at)
    else this.references.set(field.path, { ...field, at: [at] })
  }

  /** Says which segment is the unknown one, and what may have been meant. */
  private unknownPath(node: PathNode, segments: readonly string[]): TypedBad {
    const { scope } = this.options
    const reason = scope.explain?.(segments)
    if (reason !== undefined) {
      this.report('UNKNOWN_FIELD', reason, node.at)
      return bad(node.at)
    }
    let depth = 0
    while (depth < segments.length - 1 && scope.complete(segments.slice(0, depth + 1)).length > 0) depth++
    const what = depth === segments.length - 1 ? 'field' : segments[depth]?.startsWith('$') ? 'global' : 'relationship'
    const offered = scope.complete(segments.slice(0, depth))
    const names = offered.filter((one) => (one.type === 'Relationship') === (what !== 'field')).map((one) => one.name)
    const owner = depth === 0 ? scope.name : segments[depth - 1]
    const segment = segments[depth] || '…'
    const start = node.at.start + segments.slice(0, depth).join('.').length + (depth > 0 ? 1 : 0)
    const at = { start, end: Math.max(start + segment.length, start + 1) }
    if (offered.some((one) => one.type === 'Relationship' && one.name.toLowerCase() === segment.toLowerCase())) {
      this.report('UNKNOWN_FIELD', `${segment} leads to another record.`, at, `Name a field of it: ${node.text}.…`)
      return bad(node.at)
    }
    const near =
      offered.find((one) => one.label?.toLowerCase() === segment.toLowerCase())?.name ??
      this.nearest(segment, names) ??
      (segments.length === 1 && functionNamed(segment) ? `${segment.toUpperCase()}(…)` : undefined)
    const message = `No ${what} ${segment} on ${owner}.${near ? ` Did you mean ${near}?` : ''}`
    this.report('UNKNOWN_FIELD', message, at, near ? undefined : pathHint(segments, scope))
    return bad(node.at)
  }

  private unary(node: UnaryNode): Typed {
    const operand = this.check(node.operand)
    const def = FUNCTIONS.get(node.op === '-' ? 'NEGATE' : node.op === '+' ? 'PLUS' : 'NOT')!
    return this.apply(def, node.op === '!' ? '!' : node.op.toUpperCase(), [operand], node.at)
  }

  /** A long row of operators is a left-leaning tree; it is walked in a loop, not by recursion. */
  private binary(node: BinaryNode): Typed {
    const spine: BinaryNode[] = []
    let leftmost: Node = node
    for (; leftmost.kind === 'binary'; leftmost = leftmost.left) spine.push(leftmost)
    let left = this.check(leftmost)
    for (const binary of spine.toReversed()) {
      const def = FUNCTIONS.get(OPERATORS[binary.op] ?? binary.op)!
      left = this.apply(def, binary.op, [left, this.check(binary.right)], binary.at)
      this.typedOf.set(binary, left)
    }
    return left
  }

  private call(node: CallNode): Typed {
    const args = node.args.map((arg) => this.check(arg))
    const name = node.name.toUpperCase()
    const def = functionNamed(name)
    if (!def) {
      this.unknownFunction(node, name)
      return bad(node.at)
    }
    const refused = this.options.refuse?.[name]
    if (refused) this.report('FUNCTION_REFUSED', refused, node.nameAt)
    if (args.length < def.min || args.length > def.max) {
      if (!this.brokenIn(node.at))
        this.report('ARGUMENT_COUNT', countMessage(def, args.length), node.at, `Write ${def.signature}.`)
      return bad(node.at)
    }
    return this.apply(def, name, args, node.at)
  }

  /** The parser stopped in here, so that arguments may be missing. */
  private brokenIn({ start, end }: Span): boolean {
    return this.findings.some(({ code, at }) => code === 'SYNTAX' && at && at.start >= start && at.start <= end)
  }

  private unknownFunction(node: CallNode, name: string): void {
    const refusal = REFUSED.get(name)
    if (refusal) return this.report('FUNCTION_REFUSED', refusal, node.nameAt)
    const instead = ELSEWHERE.get(name)
    if (instead) return this.report('UNKNOWN_FUNCTION', `There is no function ${node.name}.`, node.nameAt, instead)
    const near = this.nearest(name, [...FUNCTIONS.values()].filter((def) => def.group !== 'Operator').map((def) => def.name)) // prettier-ignore
    this.report(
      'UNKNOWN_FUNCTION',
      `There is no function ${node.name}.${near ? ` Did you mean ${near}?` : ''}`,
      node.nameAt,
    )
  }

  private apply(def: FunctionDef, name: string, written: readonly Typed[], at: Span): TypedCall | TypedBad {
    if (written.some((arg) => arg.kind === 'bad')) return bad(at)
    if (!def.takesNames && written.some((arg) => this.isNameOnly(arg))) return bad(at)
    const errors = this.errors
    const toConvert = def.converted?.(written) ?? []
    const args = toConvert.length > 0 ? written.map((arg) => (toConvert.includes(arg) ? this.converted(arg) : arg)) : written // prettier-ignore
    const call = { name, at, args, stored: this.options.stored === true, textOf: this.textOf, report: this.report }
    const checked = def.check(call)
    if (!checked || this.errors > errors) return bad(at)
    caution(def.name, call)
    let height = 0
    let size = 1
    for (const arg of args) {
      if (arg.height > height) height = arg.height
      size += arg.size
    }
    const { type, overload = 0, nullable = true } = checked
    return { kind: 'call', def, args, at, type, overload, nullable, height: height + 1, size }
  }

  private converted(arg: Typed): Typed {
    const name = conversion(arg)
    return this.apply(FUNCTIONS.get(name)!, name, [arg], arg.at)
  }

  /** The whole formula, of the type that the place needs where it can be converted to it. */
  result(root: Typed): Typed {
    const { returnType } = this.options
    return returnType && converts(root, returnType) ? this.converted(root) : root
  }

  /** Reported: `$ObjectType.…` stands for a field, not for a value. */
  private isNameOnly(node: Typed): boolean {
    if (node.kind !== 'field' || !node.field.names) return false
    this.report('NO_VALUE', `${node.field.path} names a field; it has no value here. Use it in VLOOKUP.`, node.at)
    return true
  }

  /** What concerns the formula as a whole: its type, its size. */
  finish(root: Typed, node: Node): void {
    const { returnType } = this.options
    if (this.isNameOnly(root)) return
    if (root.size > LIMITS.nodes || root.height > LIMITS.height * 2) {
      this.report(
        'TOO_COMPLEX',
        `With the formula fields it reads, the formula has ${root.size} parts; ${LIMITS.nodes} are allowed.`,
        node.at,
      )
    }
    if (root.kind === 'bad' || root.type === 'Null' || !returnType || root.type === returnType) return
    const message = `Here ${typeWords(returnType)} is needed; the formula gives ${typeWords(root.type)}.`
    this.report('WRONG_RESULT_TYPE', message, node.at, resultHint(root, returnType, this.textOf(root)))
  }
}

/** The one global that is a constant: 1900-01-01T00:00Z. */
const ORIGIN = '$system.origindatetime'
const ORIGIN_MS = -25_567 * 86_400_000

const OPERATORS: { readonly [op: string]: string } = { '==': '=', '!=': '<>', '&&': 'AND', '||': 'OR' }

const literal = (type: FormulaType, value: Runtime, at: Span): Typed => ({
  kind: 'literal',
  type,
  value,
  nullable: value === null,
  at,
  height: 1,
  size: 1,
})
const constantOf = (field: FieldInfo): Runtime =>
  field.constant === null || field.constant === '' ? null : READERS[field.type](field.constant ?? null)
const bad = (at: Span): TypedBad => ({ kind: 'bad', type: 'Null', nullable: true, at, height: 1, size: 1 })
