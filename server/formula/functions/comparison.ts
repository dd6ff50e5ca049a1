import { typeWords } from '../messages.ts'
import { Num } from '../numbers.ts'
import { order } from '../order.ts'
import type { Closure, Runtime } from '../runtime.ts'
import type { Typed, TypedCall } from '../typed.ts'
import type { FormulaType } from '../types.ts'
import { compared } from './conversion.ts'
import { conversionHint, type Build, type CallCheck, type Checked, type FunctionDef } from './define.ts'
import { comparison as fastComparison } from '../fast/numbers.ts'
import { compare } from '../sql/comparison.ts'
import type { SqlPart } from '../sql/part.ts'
import { reportPicklist } from './unify.ts'

const UNORDERED = new Set<FormulaType>(['Boolean', 'Geolocation'])

function check(call: CallCheck, ordered: boolean): Checked | undefined {
  const [left, right] = call.args as [Typed, Typed]
  const type = left.type === 'Null' ? right.type : left.type
  const picklist = call.args.find((arg) => arg.type === 'Picklist' || arg.type === 'MultiselectPicklist')
  if (picklist) return reportPicklist(call, picklist)
  if (left.type !== right.type && left.type !== 'Null' && right.type !== 'Null') {
    const hint =
      truthHint(left, right) ?? conversionHint(call, right, [left.type]) ?? conversionHint(call, left, [right.type])
    call.report(
      'TYPES_DIFFER',
      `${call.name} can't compare ${typeWords(left.type)} with ${typeWords(right.type)}.`,
      call.at,
      hint,
    )
    return undefined
  }
  if (ordered && UNORDERED.has(type)) {
    call.report('WRONG_TYPE', `${call.name} can't order ${typeWords(type)}.`, call.at, 'Only = and <> work here.')
    return undefined
  }
  const nullable = type === 'Text' && !ordered ? false : left.nullable || right.nullable
  return { type: 'Boolean', nullable }
}

/** `IsClosed = "true"`, `1 < Amount < 5`. */
function truthHint(left: Typed, right: Typed): string | undefined {
  const truth = [left, right].find((side) => side.type === 'Boolean')
  if (!truth) return undefined
  return truth.kind === 'field'
    ? `Write ${truth.field.path} alone, or NOT(${truth.field.path}).`
    : 'Write each comparison by itself and join them with &&.'
}

/** The type both sides have; Null when both are the word NULL. */
const comparedType = (call: TypedCall): FormulaType => {
  const [left, right] = call.args as [Typed, Typed]
  return left.type === 'Null' ? right.type : left.type
}

const same = (a: Runtime, b: Runtime): boolean => (a instanceof Num && b instanceof Num ? a.eq(b) : a === b)

function sameGeo(a: Runtime, b: Runtime): boolean {
  const [p, q] = [a, b] as { latitude: number; longitude: number }[]
  return p!.latitude === q!.latitude && p!.longitude === q!.longitude
}

function equality(call: TypedCall, build: Build, wanted: boolean): Closure {
  const [left, right] = call.args.map(build) as [Closure, Closure]
  const [leftNode, rightNode] = call.args as [Typed, Typed]
  const type = comparedType(call)
  if (type === 'Text' && rightNode.kind === 'literal') return textLiteral(left, rightNode.value, wanted)
  if (type === 'Text' && leftNode.kind === 'literal') return textLiteral(right, leftNode.value, wanted)
  if (type === 'Text') return (c) => (left(c) === right(c)) === wanted
  const equal = type === 'Geolocation' ? sameGeo : same
  return (c) => {
    const a = left(c)
    const b = right(c)
    return a === null || b === null ? null : equal(a, b) === wanted
  }
}

const textLiteral = (text: Closure, value: Runtime, wanted: boolean): Closure =>
  wanted ? (c) => text(c) === value : (c) => text(c) !== value

function ordering(call: TypedCall, build: Build, holds: (order: number) => boolean): Closure {
  const [left, right] = call.args.map(build) as [Closure, Closure]
  return (c) => {
    const a = left(c)
    const b = right(c)
    return a === null || b === null ? null : holds(order(a, b))
  }
}

const equalityDef = (name: string, wanted: boolean, summary: string): FunctionDef => ({
  name,
  group: 'Operator',
  signature: `a ${name} b`,
  summary,
  min: 2,
  max: 2,
  converted: compared,
  check: (call) => check(call, false),
  closure: (call, build) => equality(call, build, wanted),
  fastValue: (call, build) => fastComparison(call, build, (o) => (o === 0) === wanted),
  sql: (call, build) => compare(build, name, ...(call.args.map(build.part) as [SqlPart, SqlPart])),
})

const orderingDef = (name: string, summary: string, holds: (order: number) => boolean): FunctionDef => ({
  name,
  group: 'Operator',
  signature: `a ${name} b`,
  summary,
  min: 2,
  max: 2,
  converted: compared,
  check: (call) => check(call, true),
  closure: (call, build) => ordering(call, build, holds),
  fastValue: (call, build) => fastComparison(call, build, holds),
  sql: (call, build) => compare(build, name, ...(call.args.map(build.part) as [SqlPart, SqlPart])),
})

export const comparison: readonly FunctionDef[] = [
  equalityDef('=', true, 'True when both are the same. A blank text equals "".'),
  equalityDef('<>', false, 'True when both differ. A blank text equals "".'),
  orderingDef('<', 'True when the left is less or earlier.', (o) => o < 0),
  orderingDef('<=', 'True when the left is less, earlier or the same.', (o) => o <= 0),
  orderingDef('>', 'True when the left is greater or later.', (o) => o > 0),
  orderingDef('>=', 'True when the left is greater, later or the same.', (o) => o >= 0),
]
