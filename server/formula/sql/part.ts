import type { Runtime } from '../runtime.ts'
import type { Typed } from '../typed.ts'
import type { FormulaType } from '../types.ts'

/**
 * SQL of one node. Numbers are exact fractions: the SQL text gives a whole number, the value is that divided by `denominator`. SQLite has no
 * decimals and this needs none; PostgreSQL's numeric holds the same whole numbers.
 */
export interface SqlPart {
  readonly type: FormulaType
  readonly sql: string
  /** Predicate that is true where the evaluation would be an error. Never NULL. */
  readonly guard?: string
  readonly nullable: boolean
  /** Boolean: NULL stands for false here, as in a WHERE clause; it must be made false before NOT or =. */
  readonly nullIsFalse?: boolean
  readonly denominator: bigint
  /** Numbers: the greatest absolute whole number the text can give; texts: the most letters. */
  readonly bound: bigint
  /** Number columns: the column alone, which an index can serve; the value is that divided by `factor`. */
  readonly bare?: { readonly sql: string; readonly factor: bigint; readonly blankIsZero: boolean }
  /** A quotient: the value is divided by this positive whole number, too. It may be compared, rounded and chosen, not reckoned with further. */
  readonly divisor?: { readonly sql: string; readonly bound: bigint }
  /** Days between instants, times literals: the milliseconds are divided by those of a day only at the end. */
  readonly span?: boolean
  /** The value is known while compiling. */
  readonly constant?: Runtime
}

export class SqlRefusal {
  readonly reason: string
  readonly node: Typed | undefined

  constructor(reason: string, node?: Typed) {
    this.reason = reason
    this.node = node
  }
}

/** Whole numbers of SQLite have 64 bits. */
export const SQLITE_MAX = 2n ** 63n - 1n

/** Guards joined: an error of any is an error of all. */
export function eitherGuard(...guards: readonly (string | undefined)[]): string | undefined {
  const some = guards.filter((guard) => guard !== undefined)
  return some.length < 2 ? some[0] : `(${some.join(' OR ')})`
}

/** The condition as a predicate that is never NULL. */
export const solid = (part: SqlPart): string =>
  part.nullable || part.nullIsFalse ? `COALESCE(${part.sql}, FALSE)` : part.sql

/** A guard that counts only where the condition holds. */
export const guardWhen = (condition: string, guard: string | undefined): string | undefined =>
  guard && `(${condition} AND ${guard})`

/** A fraction whose decimals never end: an evaluation rounds it, so it may be compared and rounded, but not reckoned with further. */
export function endless(part: SqlPart): boolean {
  if (part.divisor) return true
  let rest = part.denominator
  while (rest % 2n === 0n) rest /= 2n
  while (rest % 5n === 0n) rest /= 5n
  return rest !== 1n
}

export const absolute = (n: bigint): bigint => (n < 0n ? -n : n)
export const greatest = (...values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b))

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}
export const lcm = (a: bigint, b: bigint): bigint => (a / gcd(a, b)) * b
