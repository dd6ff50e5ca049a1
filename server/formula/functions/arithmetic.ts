import { checkedDay, checkedInstant, DAY_MS, modulo } from '../dates.ts'
import { fail, placed } from '../failure.ts'
import * as fast from '../fast/numbers.ts'
import { LIMITS } from '../limits.ts'
import { typeWords } from '../messages.ts'
import { checked, Num, toInteger } from '../numbers.ts'
import type { Closure, Runtime } from '../runtime.ts'
import { datePlus, dateDifference, instantDifference, instantPlus } from '../sql/dates.ts'
import { division, product, sum } from '../sql/numbers.ts'
import type { SqlBuilder } from '../sql/build.ts'
import type { SqlPart } from '../sql/part.ts'
import { concatenation } from '../sql/text.ts'
import type { Typed } from '../typed.ts'
import type { FormulaType } from '../types.ts'
import { spend } from '../work.ts'
import { priorTexts } from './conversion.ts'
import { conversionHint, wholeDayHint, type Build, type CallCheck, type Checked, type FunctionDef } from './define.ts'
import { power } from './power.ts'
import { spanClosure } from './span.ts'
import { reportPicklist } from './unify.ts'

type Op = (a: never, b: never) => Runtime

/** One pair of types an operator takes. `blanks`: it sees nulls. */
interface Rule {
  readonly left: FormulaType
  readonly right: FormulaType
  readonly result: FormulaType
  readonly run: Op
  readonly blanks?: boolean
  readonly sql?: (build: SqlBuilder, a: SqlPart, b: SqlPart) => SqlPart
  readonly fast?: FunctionDef['fast']
  readonly fastValue?: FunctionDef['fastValue']
}

const SECONDS = new Num(86_400)
const DAY = new Num(DAY_MS)

const plusDays = (date: number, days: Num): number => checkedDay(date + toInteger(days))
/** Whole seconds, halves away from zero. */
const plusSpan = (at: number, days: Num): number => checkedInstant(at + spanMs(days))
const spanMs = (days: Num): number => days.times(SECONDS).toDecimalPlaces(0).toNumber() * 1000
/** Past midnight it begins anew; back past midnight is an error, as Salesforce's own evaluator has it. */
function plusMs(time: number, ms: Num): number {
  const sum = time + ms.trunc().mod(DAY).toNumber()
  if (sum < 0)
    throw fail('TIME_RANGE', 'The formula goes back past midnight.', 'Use a date/time where the day may change.')
  return modulo(sum, DAY_MS)
}

function joined(a: string | null, b: string | null): string | null {
  const text = (a ?? '') + (b ?? '')
  if (text.length > LIMITS.text) throw tooLong()
  spend(text.length / 25)
  return text === '' ? null : text
}

export const tooLong = () => fail('TEXT_TOO_LONG', `A text in the formula grows beyond ${LIMITS.text} characters.`)

const add: readonly Rule[] = [
  {
    left: 'Number',
    right: 'Number',
    result: 'Number',
    run: (a: Num, b: Num) => a.plus(b),
    fast: (call, build) => fast.binary(call, build, fast.add),
    sql: (build, a, b) => sum(build, a, b, '+'),
  },
  { left: 'Text', right: 'Text', result: 'Text', run: joined, blanks: true, sql: (_, a, b) => concatenation(a, b) },
  {
    left: 'Date',
    right: 'Number',
    result: 'Date',
    run: plusDays,
    fastValue: (call, build) => fast.shifted(call, build, 1, fast.wholeDays, checkedDay),
    sql: (build, a, b) => datePlus(build, a, b, '+'),
  },
  {
    left: 'Number',
    right: 'Date',
    result: 'Date',
    run: (days: Num, date: number) => plusDays(date, days),
    fastValue: (call, build) => fast.shifted(call, build, 1, fast.wholeDays, checkedDay),
    sql: (build, a, b) => datePlus(build, b, a, '+'),
  },
  {
    left: 'DateTime',
    right: 'Number',
    result: 'DateTime',
    run: plusSpan,
    fastValue: (call, build) => fast.shifted(call, build, 1, fast.wholeSeconds, checkedInstant),
    sql: (build, a, b) => instantPlus(build, a, b, '+'),
  },
  {
    left: 'Number',
    right: 'DateTime',
    result: 'DateTime',
    run: (days: Num, at: number) => plusSpan(at, days),
    fastValue: (call, build) => fast.shifted(call, build, 1, fast.wholeSeconds, checkedInstant),
    sql: (build, a, b) => instantPlus(build, b, a, '+'),
  },
  { left: 'Time', right: 'Number', result: 'Time', run: plusMs },
  { left: 'Number', right: 'Time', result: 'Time', run: (ms: Num, time: number) => plusMs(time, ms) },
]

const subtract: readonly Rule[] = [
  {
    left: 'Number',
    right: 'Number',
    result: 'Number',
    run: (a: Num, b: Num) => a.minus(b),
    fast: (call, build) => fast.binary(call, build, fast.subtract),
    sql: (build, a, b) => sum(build, a, b, '-'),
  },
  {
    left: 'Date',
    right: 'Date',
    result: 'Number',
    run: (a: number, b: number) => new Num(a - b),
    fast: (call, build) => fast.difference(call, build, 1),
    sql: dateDifference,
  },
  {
    left: 'DateTime',
    right: 'DateTime',
    result: 'Number',
    run: (a: number, b: number) => new Num(a - b).div(DAY),
    fast: (call, build) => fast.difference(call, build, DAY_MS),
    sql: instantDifference,
  },
  { left: 'Time', right: 'Time', result: 'Number', run: (a: number, b: number) => new Num(modulo(a - b, DAY_MS)) },
  {
    left: 'Date',
    right: 'Number',
    result: 'Date',
    run: (date: number, days: Num) => checkedDay(date - toInteger(days)),
    fastValue: (call, build) => fast.shifted(call, build, -1, fast.wholeDays, checkedDay),
    sql: (build, a, b) => datePlus(build, a, b, '-'),
  },
  {
    left: 'DateTime',
    right: 'Number',
    result: 'DateTime',
    run: (at: number, days: Num) => checkedInstant(at - spanMs(days)),
    fastValue: (call, build) => fast.shifted(call, build, -1, fast.wholeSeconds, checkedInstant),
    sql: (build, a, b) => instantPlus(build, a, b, '-'),
  },
  { left: 'Time', right: 'Number', result: 'Time', run: (time: number, ms: Num) => plusMs(time, ms.negated()) },
]

const numbers = (run: (a: Num, b: Num) => Num, more: Pick<Rule, 'sql' | 'fast'> = {}): readonly Rule[] => [
  { left: 'Number', right: 'Number', result: 'Number', run, ...more },
]

function divide(a: Num, b: Num): Num {
  if (b.isZero())
    throw fail('DIVIDE_BY_ZERO', 'The formula divides by zero.', 'Test the divisor first, for example with IF.')
  return checked(a.div(b))
}

const fitsSide = (arg: Typed, type: FormulaType): boolean => arg.type === type || arg.type === 'Null'

function checkRules(call: CallCheck, rules: readonly Rule[]): Checked | undefined {
  const [left, right] = call.args as [Typed, Typed]
  const index = rules.findIndex((rule) => fitsSide(left, rule.left) && fitsSide(right, rule.right))
  const rule = rules[index]
  if (rule) return { type: rule.result, overload: index, nullable: rule.blanks || left.nullable || right.nullable }
  const picklist = call.args.find((arg) => arg.type === 'Picklist' || arg.type === 'MultiselectPicklist')
  if (picklist) return reportPicklist(call, picklist)
  call.report(
    'WRONG_TYPE',
    `${call.name} can't work on ${typeWords(left.type)} and ${typeWords(right.type)}.`,
    call.at,
    sidesHint(call, left, right),
  )
  return undefined
}

function sidesHint(call: CallCheck, left: Typed, right: Typed): string | undefined {
  const other = left.type === 'Text' ? right : right.type === 'Text' ? left : undefined
  if (other) return conversionHint(call, other, ['Text'])
  const days = wholeDayHint(call, left, right)
  if (days) return days
  if (left.type === 'Date' && right.type === 'Date')
    return 'Dates can be subtracted; to a date one adds a number of days.'
  return left.type === 'Boolean' || right.type === 'Boolean'
    ? 'Turn true or false into a number with IF( … , 1, 0).'
    : undefined
}

function binaryClosure(rule: Rule, call: Parameters<FunctionDef['closure']>[0], build: Build): Closure {
  const [left, right] = call.args.map(build) as [Closure, Closure]
  const run = rule.run as (a: Runtime, b: Runtime) => Runtime
  const guarded = (a: Runtime, b: Runtime): Runtime => {
    try {
      return run(a, b)
    } catch (error) {
      throw placed(error, call.at)
    }
  }
  if (rule.blanks) return (c) => guarded(left(c), right(c))
  return (c) => {
    const a = left(c)
    const b = right(c)
    return a === null || b === null ? null : guarded(a, b)
  }
}

const operator = (name: string, summary: string, rules: readonly Rule[], noSql?: string): FunctionDef => ({
  name,
  noSql,
  group: 'Operator',
  signature: `a ${name} b`,
  summary,
  min: 2,
  max: 2,
  converted: priorTexts,
  check: (call) => checkRules(call, rules),
  closure: (call, build) => spanClosure(call, build) ?? binaryClosure(rules[call.overload]!, call, build),
  fast: (call, build) => rules[call.overload]!.fast?.(call, build),
  fastValue: (call, build) => rules[call.overload]!.fastValue?.(call, build),
  sql: (call, build) => {
    const { sql } = rules[call.overload]!
    return sql ? sql(build, ...(call.args.map(build.part) as [SqlPart, SqlPart])) : build.refuse(call)
  },
})

const sign = (name: string, run: (a: Num) => Num): FunctionDef => ({
  name,
  group: 'Operator',
  signature: `${name === 'NEGATE' ? '-' : '+'}a`,
  summary: name === 'NEGATE' ? 'The number with the other sign.' : 'The number itself.',
  min: 1,
  max: 1,
  check: (call) => {
    const [arg] = call.args as [Typed]
    if (fitsSide(arg, 'Number')) return { type: 'Number', nullable: arg.nullable }
    call.report(
      'WRONG_TYPE',
      `${call.name} needs a number, not ${typeWords(arg.type)}.`,
      call.at,
      conversionHint(call, arg, ['Number']),
    )
    return undefined
  },
  closure: (call, build) => {
    const value = build(call.args[0]!)
    return (c) => {
      const a = value(c)
      return a === null ? null : run(a as Num)
    }
  },
  fast: (call, build) => fast.unary(call, build, (a) => (name === 'NEGATE' ? 0 - a : a)),
  sql: (call, build) => {
    const part = build.part(call.args[0]!)
    return name === 'NEGATE' ? { ...part, sql: `(-${part.sql})`, bare: undefined, constant: undefined } : part
  },
})

const OF_TIMES = 'it reckons with times of day, which begin anew at midnight'

export const arithmetic: readonly FunctionDef[] = [
  operator('+', 'Adds numbers; adds days to a date or date/time, milliseconds to a time; joins texts.', add, OF_TIMES),
  operator(
    '-',
    'Subtracts numbers; the days between two dates, the milliseconds between two times.',
    subtract,
    OF_TIMES,
  ),
  operator(
    '*',
    'Multiplies.',
    numbers((a, b) => checked(a.times(b)), {
      sql: product,
      fast: (call, build) => fast.binary(call, build, fast.multiply),
    }),
  ),
  operator(
    '/',
    'Divides. Dividing by zero is an error.',
    numbers(divide, { sql: division, fast: (call, build) => fast.binary(call, build, fast.divide) }),
  ),
  operator(
    '^',
    'Raises to a whole power. Looser than * and /: 2*2^3 is 64.',
    numbers(power),
    'powers soon have more digits than a database keeps',
  ),
  operator('&', 'Joins texts.', [
    { left: 'Text', right: 'Text', result: 'Text', run: joined, blanks: true, sql: (_, a, b) => concatenation(a, b) },
  ]),
  sign('NEGATE', (a) => a.negated()),
  sign('PLUS', (a) => a),
]
