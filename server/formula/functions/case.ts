import { typeWords } from '../messages.ts'
import { Num } from '../numbers.ts'
import type { Closure, Runtime } from '../runtime.ts'
import type { Typed, TypedCall } from '../typed.ts'
import type { FormulaType } from '../types.ts'
import { comparedKeys, priorTexts } from './conversion.ts'
import { conversionHint, type Build, type CallCheck, type Checked, type FunctionDef } from './define.ts'
import { caseSql } from '../sql/logic.ts'
import { comparison } from '../fast/numbers.ts'
import type { FastBuild, FastClosure } from '../fast/bound.ts'
import type { EvaluationContext } from '../types.ts'
import { blankMatches, caseParts, type CaseParts } from './case-parts.ts'
import { checkPicklistLiteral } from './picklist.ts'
import { refuseBoolean, unify } from './unify.ts'

/** What is compared, and the results. */
function converted(args: readonly Typed[]): readonly Typed[] {
  const { subject, pairs, otherwise } = caseParts(args)
  return [...comparedKeys(subject, pairs.map(([when]) => when)), ...priorTexts([...pairs.map(([, then]) => then), otherwise])] // prettier-ignore
}

function check(call: CallCheck): Checked | undefined {
  if (call.args.length % 2 !== 0) {
    const message = `CASE needs a value, pairs of value and result, and a last result for everything else; it got ${call.args.length} arguments.`
    call.report('ARGUMENT_COUNT', message, call.at, 'Add the last result, or the result that is missing in a pair.')
    return undefined
  }
  const { subject, pairs, otherwise } = caseParts(call.args)
  const results = [...pairs.map(([, then]) => then), otherwise]
  if (refuseBoolean(call, [subject, ...results], 'Use IF, AND, OR.')) return undefined
  if (!pairs.every(([when]) => checkWhen(call, subject, when))) return undefined
  const type = unify(call, results, 'The results')
  return type && { type, nullable: results.some((result) => result.nullable) }
}

function checkWhen(call: CallCheck, subject: Typed, when: Typed): boolean {
  if (subject.type === 'Picklist') return when.type === 'Null' || checkPicklistLiteral(call, subject, when)
  if (when.type === subject.type || when.type === 'Null' || subject.type === 'Null')
    return when.type !== 'MultiselectPicklist'
  const message = `CASE compares ${typeWords(subject.type)} with ${typeWords(when.type)}; both must be of one type.`
  call.report(
    'TYPES_DIFFER',
    message,
    when.at,
    conversionHint(call, when, [subject.type]) ?? conversionHint(call, subject, [when.type]),
  )
  return false
}

/** Numbers are looked up by their plain digits, which are the same for 1 and 1.0. */
const caseKey = (value: Runtime): Runtime => (value instanceof Num ? value.toString() : value)

function closure(call: TypedCall, build: Build): Closure {
  const { subject, pairs, otherwise } = caseParts(call.args)
  const type =
    subject.type === 'Null' ? (pairs.find(([when]) => when.type !== 'Null')?.[0].type ?? 'Null') : subject.type
  return pairs.every(([when]) => when.kind === 'literal') ? byMap(type) : inOrder(type)

  function byMap(type: FormulaType): Closure {
    const table = new Map<Runtime, Closure>()
    for (const [when, then] of pairs) {
      const key = caseKey(when.kind === 'literal' ? when.value : null)
      if (!table.has(key) && (key !== null || blankMatches(type))) table.set(key, build(then))
    }
    const [value, other] = [build(subject), build(otherwise)]
    return type === 'Number'
      ? (c) => (table.get(caseKey(value(c))) ?? other)(c)
      : (c) => (table.get(value(c)) ?? other)(c)
  }

  function inOrder(type: FormulaType): Closure {
    const built = pairs.map(([when, then]) => [build(when), build(then)] as const)
    const [value, other] = [build(subject), build(otherwise)]
    const matches = (a: Runtime, b: Runtime): boolean => caseKey(a) === caseKey(b) && (a !== null || blankMatches(type))
    return (c) => {
      const wanted = value(c)
      for (const [when, then] of built) if (matches(wanted, when(c))) return then(c)
      return other(c)
    }
  }
}

/** The subject, and each branch under its condition, in doubles; the branches are numbers or not. */
function caseFast(call: TypedCall, build: FastBuild): FastClosure {
  return fastBranches(call, build, build.number) as FastClosure
}

function caseFastValue(call: TypedCall, build: FastBuild): Closure {
  return fastBranches(call, build, build.value) as Closure
}

type Branch = (context: EvaluationContext) => unknown

function fastBranches(call: TypedCall, build: FastBuild, make: (node: Typed) => Branch): Branch {
  const { subject, pairs, otherwise } = caseParts(call.args)
  const other = make(otherwise)
  if (subject.type !== 'Number' && pairs.every(([when]) => when.kind === 'literal'))
    return keyed(build.value(subject), pairs, subject.type, make, other)
  const built = pairs.map(([when, then]) => [fastEquals(build, subject, when), make(then)] as const)
  return (c) => {
    for (const [matches, then] of built) if (matches(c)) return then(c)
    return other(c)
  }
}

function keyed(
  value: Closure,
  pairs: CaseParts['pairs'],
  type: FormulaType,
  make: (node: Typed) => Branch,
  other: Branch,
): Branch {
  const table = new Map<Runtime, Branch>()
  for (const [when, then] of pairs) {
    const key = when.kind === 'literal' ? when.value : null
    if (!table.has(key) && (key !== null || blankMatches(type) || type === 'Null')) table.set(key, make(then))
  }
  return (c) => (table.get(value(c)) ?? other)(c)
}

function fastEquals(build: FastBuild, subject: Typed, when: Typed): (context: EvaluationContext) => boolean {
  if (subject.type === 'Number' || when.type === 'Number') {
    const equal = comparison({ args: [subject, when] } as unknown as TypedCall, build, (order) => order === 0)
    return (c) => equal(c) === true
  }
  const [a, b] = [build.value(subject), build.value(when)]
  const blank = blankMatches(subject.type) || blankMatches(when.type)
  return (c) => {
    const value = a(c)
    return value === b(c) && (value !== null || blank)
  }
}

export const caseDef: FunctionDef = {
  name: 'CASE',
  group: 'Logic',
  signature: 'CASE(value, value1, result1, …, else_result)',
  summary: 'Gives the result that stands after the first value equal to the one looked at, else the last result.',
  min: 4,
  max: Infinity,
  converted,
  check,
  closure,
  fast: caseFast,
  fastValue: caseFastValue,
  sql: caseSql,
}
