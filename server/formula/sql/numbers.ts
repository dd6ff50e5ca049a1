import type { SqlBuilder } from './build.ts'
import { Num } from '../numbers.ts'
import { absolute, eitherGuard, endless, greatest, lcm, SqlRefusal, type SqlPart } from './part.ts'

const REASON_QUOTIENT = 'it reckons further with a quotient whose decimals never end'

/** Both over their least common denominator. */
export function aligned(build: SqlBuilder, ...parts: readonly SqlPart[]): readonly SqlPart[] {
  if (parts.some((part) => part.divisor)) throw new SqlRefusal(REASON_QUOTIENT)
  const denominator = parts.reduce((all, part) => lcm(all, part.denominator), 1n)
  return parts.map((part) => build.over(part, denominator))
}

const joined = (build: SqlBuilder, a: SqlPart, b: SqlPart, sql: string, denominator: bigint, bound: bigint): SqlPart =>
  build.checked({
    type: 'Number',
    sql,
    guard: eitherGuard(a.guard, b.guard),
    nullable: a.nullable || b.nullable,
    denominator,
    bound,
  })

export function sum(build: SqlBuilder, left: SqlPart, right: SqlPart, sign: '+' | '-'): SqlPart {
  refuseEndless(left, right)
  const [a, b] = aligned(build, left, right) as [SqlPart, SqlPart]
  return joined(build, a, b, `(${a.sql} ${sign} ${b.sql})`, a.denominator, a.bound + b.bound)
}

export function product(build: SqlBuilder, a: SqlPart, b: SqlPart): SqlPart {
  const span = (a.span && b.constant instanceof Num) || (b.span && a.constant instanceof Num)
  if (!span) refuseEndless(a, b)
  return { ...joined(build, a, b, `(${a.sql} * ${b.sql})`, a.denominator * b.denominator, a.bound * b.bound), span }
}

function refuseEndless(...parts: readonly SqlPart[]): void {
  if (parts.some(endless)) throw new SqlRefusal(REASON_QUOTIENT)
}

/** By a literal another fraction; by anything else a quotient, and an error where that is zero. */
export function division(build: SqlBuilder, a: SqlPart, b: SqlPart): SqlPart {
  refuseEndless(a)
  if (!(b.constant instanceof Num) || b.constant.isZero()) return byPart(build, a, b)
  const numerator = BigInt(b.constant.times(String(b.denominator)).toFixed(0))
  const sign = numerator < 0n ? '-' : ''
  const sql = `(${sign}${a.sql} * ${b.denominator})`
  return joined(build, a, b, sql, a.denominator * absolute(numerator), a.bound * b.denominator)
}

function byPart(build: SqlBuilder, a: SqlPart, b: SqlPart): SqlPart {
  refuseEndless(b)
  const x = `(${a.sql} * ${b.denominator})`
  const sql = `CASE WHEN ${b.sql} < 0 THEN -${x} WHEN ${b.sql} > 0 THEN ${x} END`
  const zero = b.nullable ? `COALESCE(${b.sql} = 0, FALSE)` : `(${b.sql} = 0)`
  const guard = eitherGuard(a.guard, b.guard, a.nullable ? `(${a.sql} IS NOT NULL AND ${zero})` : zero)
  const divisor = { sql: `CASE WHEN ${b.sql} <> 0 THEN abs(${b.sql}) ELSE 1 END`, bound: b.bound }
  const part = joined(build, a, b, `(${sql})`, a.denominator, a.bound * b.denominator)
  return { ...part, guard, nullable: true, divisor: { ...divisor, sql: `(${divisor.sql})` } }
}

/** Integer division towards zero. */
const quotient = (build: SqlBuilder, a: string, b: string): string =>
  build.sqlite ? `(${a} / ${b})` : `div(${a}, ${b})`
const remainder = (build: SqlBuilder, a: string, b: string): string =>
  build.sqlite ? `(${a} % ${b})` : `mod(${a}, ${b})`

export type Rounding = 'half' | 'zero' | 'away' | 'floor' | 'ceiling'

/** A fraction as a whole number over `denominator`, rounded. */
export function rounded(build: SqlBuilder, part: SqlPart, denominator: bigint, how: Rounding): SqlPart {
  if (!part.divisor && denominator % part.denominator === 0n) return build.over(part, denominator)
  const raised = build.checked({
    ...part,
    sql: denominator === 1n ? part.sql : `(${part.sql} * ${denominator})`,
    bound: part.bound * denominator,
    denominator: 1n,
  })
  const [d, twice] = [1n, 2n].map((times) => {
    const fixed = part.denominator * times
    return part.divisor ? `(${part.divisor.sql} * ${fixed})` : String(fixed)
  }) as [string, string]
  const x = raised.sql
  const size = part.denominator * (part.divisor?.bound ?? 1n)
  const half = build.checked({ ...raised, bound: raised.bound * 2n + size * 2n })
  const texts: { readonly [how in Rounding]: () => string } = {
    zero: () => quotient(build, x, d),
    half: () => quotient(build, `(2 * ${x} + CASE WHEN ${x} < 0 THEN -${d} ELSE ${d} END)`, twice),
    away: () => quotient(build, `(${x} + CASE WHEN ${x} < 0 THEN 1 - ${d} ELSE ${d} - 1 END)`, d),
    floor: () => quotient(build, `(${x} - CASE WHEN ${x} < 0 THEN ${d} - 1 ELSE 0 END)`, d),
    ceiling: () => quotient(build, `(${x} + CASE WHEN ${x} > 0 THEN ${d} - 1 ELSE 0 END)`, d),
  }
  const bound = part.divisor ? raised.bound : half.bound / part.denominator + 1n
  return { ...part, sql: texts[how](), bare: undefined, constant: undefined, divisor: undefined, denominator, bound }
}

/** The decimals a fraction needs; one that never ends needs a declared scale. */
export function exactScale({ denominator, divisor }: SqlPart): number {
  for (let scale = 0; scale <= 18 && !divisor; scale++) if (10n ** BigInt(scale) % denominator === 0n) return scale
  throw new SqlRefusal('its result has endless decimals')
}

/** FLOOR and CEILING forgive the 33rd digit; up to here nothing can come that near to a whole number without being one. */
export function wholeOf(build: SqlBuilder, part: SqlPart, how: Rounding): SqlPart {
  if (part.denominator > 10n ** 12n) throw new SqlRefusal('its numbers have too many decimals')
  return rounded(build, part, 1n, how)
}

export function extreme(build: SqlBuilder, parts: readonly SqlPart[], name: 'MAX' | 'MIN'): SqlPart {
  const same = aligned(build, ...parts)
  const list = same.map((part) => part.sql).join(', ')
  const blank = same.filter((part) => part.nullable).map((part) => `${part.sql} IS NULL`)
  const best = build.sqlite ? `${name}(${list})` : `${name === 'MAX' ? 'GREATEST' : 'LEAST'}(${list})`
  const sql =
    same.length === 1
      ? same[0]!.sql
      : build.sqlite || blank.length === 0
        ? best
        : `CASE WHEN ${blank.join(' OR ')} THEN NULL ELSE ${best} END`
  const guard = eitherGuard(...same.map((part) => part.guard))
  return {
    type: 'Number',
    sql,
    guard,
    nullable: blank.length > 0,
    denominator: same[0]!.denominator,
    bound: greatest(...same.map((part) => part.bound)),
  }
}

/** ROUND and TRUNC to a number of digits that is written out. */
export function roundedTo(build: SqlBuilder, part: SqlPart, digits: SqlPart, how: Rounding): SqlPart {
  const count = digits.constant instanceof Num ? digits.constant.trunc().toNumber() : -1
  if (count < 0 || count > 18) throw new SqlRefusal('it rounds to digits that are not a number from 0 to 18')
  return rounded(build, part, 10n ** BigInt(count), how)
}

export function modulo(build: SqlBuilder, left: SqlPart, right: SqlPart): SqlPart {
  refuseEndless(left, right)
  const [a, b] = aligned(build, left, right) as [SqlPart, SqlPart]
  const zero = b.nullable ? `COALESCE(${b.sql} = 0, FALSE)` : `(${b.sql} = 0)`
  const guard = eitherGuard(a.guard, b.guard, a.nullable ? `(${a.sql} IS NOT NULL AND ${zero})` : zero)
  return {
    ...joined(build, a, b, remainder(build, a.sql, `NULLIF(${b.sql}, 0)`), a.denominator, b.bound),
    guard,
    nullable: true,
  }
}
