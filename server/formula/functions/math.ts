import { Decimal } from 'decimal.js'
import { fail } from '../failure.ts'
import { fromDouble, Num, roundTo, roundWith, toInteger, ZERO } from '../numbers.ts'
import * as fastNumbers from '../fast/numbers.ts'
import { extreme as extremePart, modulo, rounded, roundedTo, wholeOf, type Rounding } from '../sql/numbers.ts'
import { define, lenient, strict, type FunctionDef, type Overload } from './define.ts'

/** CEILING and FLOOR forgive the last digits, so that (1/9)*9 counts as 1. */
const settled = (value: Num): Num => value.toSignificantDigits(33)

interface Rounder {
  readonly run: (value: Num) => Num
  readonly sql: NonNullable<Overload['sql']>
  readonly fast: NonNullable<FunctionDef['fast']>
}

const rounder = (name: string, summary: string, { run, sql, fast }: Rounder): FunctionDef =>
  define({
    name,
    group: 'Number',
    signature: `${name}(number)`,
    summary,
    fast,
    overloads: [strict(['Number'], 'Number', run, { sql })],
  })

/** To a whole number: the same rounding in decimals, in SQL and in doubles. */
const toWhole = (mode: Decimal.Rounding, how: Rounding, double: (x: number) => number): Rounder => ({
  run: (x) => settled(x).toDecimalPlaces(0, mode),
  sql: ([x], build) => wholeOf(build, x!, how),
  fast: (call, build) => fastNumbers.whole(call, build, double),
})

const abs: Rounder = {
  run: (x) => x.abs(),
  sql: ([x]) => ({ ...x!, sql: `abs(${x!.sql})`, bare: undefined, constant: undefined, span: false }),
  fast: (call, build) => fastNumbers.unary(call, build, Math.abs),
}

/** Double maths, as Salesforce does it; no result that is a number is an error. */
const double = (name: string, signature: string, summary: string, run: (x: number) => number): FunctionDef =>
  define({
    name,
    group: 'Number',
    signature,
    summary,
    noSql: DOUBLE_NO_SQL,
    overloads: [strict(['Number'], 'Number', (x) => fromDouble(run(x.toNumber())))],
  })

const DOUBLE_NO_SQL = "databases don't give the same last digits for it"

function logarithm(x: Num, base: number): Num {
  if (x.lte(0)) throw fail('NOT_A_NUMBER', 'Only numbers above zero have a logarithm.')
  return fromDouble(Math.log(x.toNumber()) / base)
}

function modulus(a: Num, b: Num): Num {
  if (b.isZero()) throw fail('DIVIDE_BY_ZERO', 'MOD divides by zero.', 'Test the divisor first, for example with IF.')
  return a.mod(b)
}

function squareRoot(x: Num): Num {
  if (x.isNegative() && !x.isZero()) throw fail('NOT_A_NUMBER', 'A negative number has no square root.')
  return fromDouble(Math.sqrt(x.toNumber()))
}

/** Without one of its coordinates there is no point; Salesforce's evaluator has an error here, not a blank. */
function arcTangent(y: Num | null, x: Num | null): Num {
  if (y === null || x === null) throw fail('BLANK', 'ATAN2 needs both numbers; one of them is blank.')
  return fromDouble(Math.atan2(y.toNumber(), x.toNumber()))
}

const extreme = (name: 'MAX' | 'MIN', summary: string, better: (a: Num, b: Num) => boolean): FunctionDef =>
  define({
    name,
    group: 'Number',
    signature: `${name}(number, …)`,
    summary,
    fast: (call, build) => fastNumbers.extreme(call, build, name === 'MAX' ? 1 : -1),
    overloads: [
      {
        params: ['Number'],
        rest: 'Number',
        result: 'Number',
        lenient: false,
        nullable: true,
        run: (...args: never[]) =>
          (args.slice(0, -1) as Num[]).reduce((best, next) => (better(next, best) ? next : best)),
        sql: (parts, build) => extremePart(build, parts, name),
      },
    ],
  })

const digitsDef = (
  name: string,
  summary: string,
  run: (value: Num, digits: number) => Num,
  how: 'half' | 'zero',
): FunctionDef =>
  define({
    name,
    group: 'Number',
    signature: `${name}(number, [digits])`,
    summary,
    fast: (call, build) => fastNumbers.rounded(call, build, how),
    overloads: [
      strict(['Number'], 'Number', (value) => run(value, 0), { sql: ([x], build) => rounded(build, x!, 1n, how) }),
      strict(['Number', 'Number'], 'Number', (value, digits) => run(value, toInteger(digits)), {
        sql: ([x, digits], build) => roundedTo(build, x!, digits!, how),
      }),
    ],
  })

const sineLike = (name: string, summary: string, run: (x: number) => number): FunctionDef =>
  double(name, `${name}(number)`, summary, run)

export const math: readonly FunctionDef[] = [
  rounder('ABS', 'The number without its sign.', abs),
  rounder('CEILING', 'Rounds up to a whole number, negative numbers away from zero.', toWhole(Decimal.ROUND_UP, 'away', (x) => (x < 0 ? Math.floor(x) : Math.ceil(x)))), // prettier-ignore
  rounder('FLOOR', 'Rounds down to a whole number, negative numbers towards zero.', toWhole(Decimal.ROUND_DOWN, 'zero', Math.trunc)), // prettier-ignore
  rounder('MCEILING', 'Rounds up to a whole number, negative numbers towards zero.', toWhole(Decimal.ROUND_CEIL, 'ceiling', Math.ceil)), // prettier-ignore
  rounder('MFLOOR', 'Rounds down to a whole number, negative numbers away from zero.', toWhole(Decimal.ROUND_FLOOR, 'floor', Math.floor)), // prettier-ignore
  digitsDef('ROUND', 'Rounds to this many decimals, halves away from zero.', roundTo, 'half'),
  digitsDef(
    'TRUNC',
    'Cuts to this many decimals.',
    (value, digits) => roundWith(value, digits, Decimal.ROUND_DOWN),
    'zero',
  ),
  define({
    name: 'MOD',
    group: 'Number',
    signature: 'MOD(number, divisor)',
    summary: 'What remains of a division; it has the sign of the number.',
    overloads: [strict(['Number', 'Number'], 'Number', modulus, { sql: ([a, b], build) => modulo(build, a!, b!) })],
  }),
  extreme('MAX', 'The greatest of the numbers.', (a, b) => a.gt(b)),
  extreme('MIN', 'The least of the numbers.', (a, b) => a.lt(b)),
  define({
    name: 'SQRT',
    group: 'Number',
    signature: 'SQRT(number)',
    summary: 'The square root.',
    noSql: DOUBLE_NO_SQL,
    overloads: [strict(['Number'], 'Number', squareRoot)],
  }),
  define({
    name: 'LN',
    group: 'Number',
    signature: 'LN(number)',
    summary: 'The natural logarithm.',
    noSql: DOUBLE_NO_SQL,
    overloads: [strict(['Number'], 'Number', (x) => logarithm(x, 1))],
  }),
  define({
    name: 'LOG',
    group: 'Number',
    signature: 'LOG(number)',
    summary: 'The logarithm to base 10.',
    noSql: DOUBLE_NO_SQL,
    overloads: [strict(['Number'], 'Number', (x) => logarithm(x, Math.LN10))],
  }),
  double('EXP', 'EXP(number)', 'e raised to the number.', Math.exp),
  sineLike('SIN', 'The sine of an angle in radians.', Math.sin),
  sineLike('COS', 'The cosine of an angle in radians.', Math.cos),
  sineLike('TAN', 'The tangent of an angle in radians.', Math.tan),
  sineLike('ASIN', 'The angle whose sine this is, in radians.', Math.asin),
  sineLike('ACOS', 'The angle whose cosine this is, in radians.', Math.acos),
  sineLike('ATAN', 'The angle whose tangent this is, in radians.', Math.atan),
  define({
    name: 'ATAN2',
    group: 'Number',
    signature: 'ATAN2(y, x)',
    summary: 'The angle of the point (x, y), in radians.',
    noSql: DOUBLE_NO_SQL,
    overloads: [lenient(['Number', 'Number'], 'Number', arcTangent)],
  }),
  define({
    name: 'PI',
    group: 'Number',
    signature: 'PI()',
    summary: 'The number pi.',
    overloads: [strict([], 'Number', () => PI, { nullable: false })],
  }),
]

const PI = ZERO.plus('3.14159265358979323846264338327950288420')
