import type { Finding } from '#util'
import type { Span } from '../ast.ts'
import type { FastBuild, FastClosure } from '../fast/bound.ts'
import { dayHint } from '../hints.ts'
import { listWords, ordinal, plural, typeWords } from '../messages.ts'
import { placed } from '../failure.ts'
import type { Closure, Runtime, RuntimeTypes } from '../runtime.ts'
import type { SqlBuilder } from '../sql/build.ts'
import type { SqlPart } from '../sql/part.ts'
import { textLiteral, type Typed, type TypedCall, type TypedField } from '../typed.ts'
import type { EvaluationContext, FormulaType } from '../types.ts'
import { converts } from './conversion.ts'

export type FunctionGroup =
  'Operator' | 'Logic' | 'Number' | 'Text' | 'Date and time' | 'Picklist' | 'Record' | 'Business time' | 'Other'

/** Makes the closure of a node. */
export interface Build {
  (node: Typed): Closure
  /** The key under which a record (or its prior) holds this field. */
  path(field: TypedField): string
  /** Every argument is evaluated through its own closure, because someone notes the values. */
  readonly stepwise?: boolean
}

/** All that is known of one function or operator: what the editor shows, its types, its evaluation and its SQL. */
export interface FunctionDef {
  /** Upper case; operators by their sign. */
  readonly name: string
  readonly group: FunctionGroup
  /** `LEFT(text, count)`; optional arguments in brackets, `…` for more of the same. */
  readonly signature: string
  readonly summary: string
  readonly min: number
  readonly max: number
  /** The same record may give another value later: NOW, ISCHANGED, BUSINESSADD … */
  readonly varying?: boolean
  /** Arguments may be names of fields (`$ObjectType.…`), which have no value. */
  readonly takesNames?: boolean
  /** Which arguments are converted before they are checked; absent = none. */
  readonly converted?: (args: readonly Typed[]) => readonly Typed[]
  /** Reports what is wrong and gives undefined, or says what the call gives. */
  check(call: CallCheck): Checked | undefined
  closure(call: TypedCall, build: Build): Closure
  /** A number in doubles with an error bound; absent or undefined = worked out exactly. */
  readonly fast?: (call: TypedCall, build: FastBuild) => FastClosure | undefined
  /** What is no number but looks at numbers, the same way. */
  readonly fastValue?: (call: TypedCall, build: FastBuild) => Closure | undefined
  /** Absent = formulas with it can't be filtered or sorted on. */
  readonly sql?: (call: TypedCall, build: SqlBuilder) => SqlPart
  /** Why it has no SQL, as a clause: `it reads the text letter by letter`. */
  readonly noSql?: string
}

export interface Checked {
  readonly type: FormulaType
  readonly overload?: number
  readonly nullable?: boolean
}

export interface CallCheck {
  readonly name: string
  readonly at: Span
  readonly args: readonly Typed[]
  readonly stored: boolean
  /** What is written there, shortened. */
  textOf(node: Pick<Typed, 'at'>): string
  report(code: string, message: string, at: Span, hint?: string, severity?: Finding['severity']): void
}

/** One way to call a simple function. */
export interface Overload {
  readonly params: readonly FormulaType[]
  /** Any number more of this type. */
  readonly rest?: FormulaType
  readonly result: FormulaType
  /** Blank arguments reach `run`; otherwise one blank makes the result blank. */
  readonly lenient: boolean
  readonly nullable: boolean
  readonly run: (...args: never[]) => Runtime
  readonly sql?: (args: readonly SqlPart[], build: SqlBuilder) => SqlPart
}

type Values<P extends readonly FormulaType[]> = { [I in keyof P]: RuntimeTypes[P[I]] }
type Nullables<P extends readonly FormulaType[]> = { [I in keyof P]: RuntimeTypes[P[I]] | null }
type Result<R extends FormulaType> = RuntimeTypes[R] | null
type OverloadSql = { readonly sql?: Overload['sql']; readonly nullable?: boolean }

/** Gives blank as soon as an argument is blank; `run` sees real values, then the context. */
export function strict<const P extends readonly FormulaType[], R extends FormulaType>(
  params: P,
  result: R,
  run: (...args: [...Values<P>, EvaluationContext]) => Result<R>,
  more: OverloadSql = {},
): Overload {
  return { params, result, run: run as unknown as Overload['run'], lenient: false, nullable: true, ...more }
}

/** `run` also sees blanks (null). */
export function lenient<const P extends readonly FormulaType[], R extends FormulaType>(
  params: P,
  result: R,
  run: (...args: [...Nullables<P>, EvaluationContext]) => Result<R>,
  more: OverloadSql = {},
): Overload {
  return { params, result, run: run as unknown as Overload['run'], lenient: true, nullable: true, ...more }
}

export type SimpleDef = Pick<FunctionDef, 'name' | 'group' | 'signature' | 'summary'> &
  Partial<Pick<FunctionDef, 'varying' | 'fast' | 'fastValue' | 'noSql'>> & { readonly overloads: readonly Overload[] }

/** A function whose arguments are all worked out first. */
export function define(def: SimpleDef): FunctionDef {
  const { overloads, ...rest } = def
  const counts = overloads.map((overload) => overload.params.length)
  const sql = overloads.some((overload) => overload.sql) ? { sql: overloadSql(overloads) } : {}
  return {
    ...rest,
    min: Math.min(...counts),
    max: overloads.some((overload) => overload.rest) ? Infinity : Math.max(...counts),
    converted: (args) => convertedOf(args, overloads),
    check: (call) => checkOverloads(call, rest.signature, overloads),
    closure: (call, build) => overloadClosure(overloads[call.overload]!, call, build),
    ...sql,
  }
}

function overloadSql(overloads: readonly Overload[]): NonNullable<FunctionDef['sql']> {
  return (call, build) => {
    const overload = overloads[call.overload]!
    return overload.sql ? overload.sql(call.args.map(build.part), build) : build.refuse(call)
  }
}

export const fits = (arg: Typed, type: FormulaType): boolean => arg.type === type || arg.type === 'Null'

const countedOf = (args: readonly Typed[], overloads: readonly Overload[]): readonly Overload[] =>
  overloads.filter((o) => args.length === o.params.length || (o.rest && args.length > o.params.length))

const overloadOf = (args: readonly Typed[], overloads: readonly Overload[], takes = fits): Overload | undefined =>
  countedOf(args, overloads).find((o) => args.every((arg, i) => takes(arg, paramType(o, i))))

/** A signature that takes the values as they are goes before one that takes them converted. */
function convertedOf(args: readonly Typed[], overloads: readonly Overload[]): readonly Typed[] {
  if (overloadOf(args, overloads)) return []
  const overload = overloadOf(args, overloads, (arg, type) => fits(arg, type) || converts(arg, type))
  return overload ? args.filter((arg, i) => !fits(arg, paramType(overload, i))) : []
}

function checkOverloads(call: CallCheck, signature: string, overloads: readonly Overload[]): Checked | undefined {
  const { args } = call
  const counted = countedOf(args, overloads)
  const overload = overloadOf(args, overloads)
  if (overload) return { type: overload.result, overload: overloads.indexOf(overload), nullable: overload.nullable }
  const wrong = args.findIndex((arg, i) => !counted.some((o) => fits(arg, paramType(o, i))))
  const index = wrong < 0 ? args.length - 1 : wrong
  const types = [...new Set(counted.map((o) => paramType(o, index)))]
  if (args[index]) reportArgument(call, index, types, signature)
  return undefined
}

const paramType = (overload: Overload, index: number): FormulaType => overload.params[index] ?? overload.rest ?? 'Null'

/** `LEFT needs a number as its second argument (count), not text.` */
export function reportArgument(
  call: CallCheck,
  index: number,
  wanted: readonly FormulaType[],
  signature: string,
): void {
  const arg = call.args[index]!
  const name = paramNames(signature)[index]
  const place = `as its ${ordinal(index)} argument${name ? ` (${name})` : ''}`
  call.report(
    'WRONG_TYPE',
    `${call.name} needs ${typeWords(...wanted)} ${place}, not ${typeWords(arg.type)}.`,
    arg.at,
    conversionHint(call, arg, wanted),
  )
}

/** How to turn what stands there into what is needed. */
export function conversionHint(call: CallCheck, arg: Typed, wanted: readonly FormulaType[]): string | undefined {
  const text = textLiteral(arg)
  const name = arg.kind === 'field' ? arg.field.path : text ? `"${text.slice(0, 20)}"` : call.textOf(arg)
  if (text && (wanted.includes('Picklist') || wanted.includes('MultiselectPicklist')))
    return "Write the field's name without quotes."
  if (arg.type === 'Text' && wanted[0] === 'Picklist') return `${name} is text: write ${name} = "…".`
  if (arg.type === 'Text' && wanted[0] === 'MultiselectPicklist') return `Use CONTAINS(${name}, "…").`
  const day = wanted.map((type) => dayHint(arg, type, name)).find(Boolean)
  if (day) return day
  if (wanted.length > 2) return arg.type === 'Boolean' ? `Use IF(${name}, "…", "…").` : undefined
  if (arg.type === 'Picklist' && (wanted.includes('Boolean') || wanted[0] === 'MultiselectPicklist'))
    return `Use ISPICKVAL(${name}, "…").`
  if (arg.type === 'MultiselectPicklist') return `Use INCLUDES(${name}, "…").`
  if (wanted.includes('Text') && arg.type !== 'Boolean' && arg.type !== 'Geolocation') return `Use TEXT(${name}).`
  if (wanted.includes('Number') && arg.type === 'Text') return `Use VALUE(${name}).`
  if (wanted.includes('Date') && (arg.type === 'DateTime' || arg.type === 'Text')) return `Use DATEVALUE(${name}).`
  if (wanted.includes('DateTime') && (arg.type === 'Date' || arg.type === 'Text')) return `Use DATETIMEVALUE(${name}).`
  if (wanted.includes('Time') && (arg.type === 'Text' || arg.type === 'DateTime')) return `Use TIMEVALUE(${name}).`
  return undefined
}

/** Between a date and a date/time: the day of the latter. */
export function wholeDayHint(call: CallCheck, left: Typed, right: Typed): string | undefined {
  if (left.type === 'Date' && right.type === 'DateTime') return conversionHint(call, right, ['Date'])
  return left.type === 'DateTime' && right.type === 'Date' ? conversionHint(call, left, ['Date']) : undefined
}

/** Argument names of a signature, brackets and dots taken off. */
export function paramNames(signature: string): readonly string[] {
  const inside = signature.slice(signature.indexOf('(') + 1, signature.lastIndexOf(')'))
  return inside.split(',').map((name) => name.replace(/[[\]…\s]/g, '')).filter(Boolean) // prettier-ignore
}

/** `IF needs 3 arguments, got 2.` */
export function countMessage(def: FunctionDef, count: number): string {
  const { min, max } = def
  if (max === 0) return `${def.name} takes no arguments, got ${count}.`
  if (min === max) return `${def.name} needs ${plural(min, 'argument')}, got ${count}.`
  if (max === Infinity) return `${def.name} needs at least ${plural(min, 'argument')}, got ${count}.`
  const counts = Array.from({ length: max - min + 1 }, (_, i) => String(min + i))
  return `${def.name} needs ${listWords(counts)} arguments, got ${count}.`
}

type Run = (...args: readonly unknown[]) => Runtime

function overloadClosure(overload: Overload, call: TypedCall, build: Build): Closure {
  const args = call.args.map(build)
  const run = overload.run as unknown as Run
  const plain = overload.lenient ? lenientClosure(run, args) : strictClosure(run, args)
  return (c) => {
    try {
      return plain(c)
    } catch (error) {
      throw placed(error, call.at)
    }
  }
}

function strictClosure(run: Run, args: readonly Closure[]): Closure {
  const [first, second] = args
  if (!first) return (c) => run(c)
  if (!second) {
    return (c) => {
      const a = first(c)
      return a === null ? null : run(a, c)
    }
  }
  if (args.length === 2) {
    return (c) => {
      const a = first(c)
      const b = second(c)
      return a === null || b === null ? null : run(a, b, c)
    }
  }
  return (c) => {
    const values = args.map((arg) => arg(c))
    return values.includes(null) ? null : run(...values, c)
  }
}

function lenientClosure(run: Run, args: readonly Closure[]): Closure {
  const [first, second] = args
  if (!first) return (c) => run(c)
  if (args.length === 1) return (c) => run(first(c), c)
  if (args.length === 2) return (c) => run(first(c), second!(c), c)
  return (c) => run(...args.map((arg) => arg(c)), c)
}
