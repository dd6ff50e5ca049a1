import { order } from '../order.ts'
import { Num, ZERO } from '../numbers.ts'
import type { Runtime } from '../runtime.ts'
import type { SqlBuilder } from './build.ts'
import { aligned } from './numbers.ts'
import { eitherGuard, endless, solid, SqlRefusal, type SqlPart } from './part.ts'

type Divisor = NonNullable<SqlPart['divisor']>

const base = { type: 'Boolean', denominator: 1n, bound: 0n } as const

/** Text in the order of its bytes, whatever the database's own. */
const ordered = (build: SqlBuilder, part: SqlPart): string =>
  part.type === 'Text' && !build.sqlite ? `${part.sql} COLLATE "C"` : part.sql

export function compare(build: SqlBuilder, op: string, left: SqlPart, right: SqlPart): SqlPart {
  if (left.type === 'Text' || right.type === 'Text')
    return op === '=' || op === '<>' ? sameText(build, op, left, right) : ordering(build, op, left, right)
  if (left.type === 'Number' || right.type === 'Number') return numbers(build, op, left, right)
  const solidly = left.type === 'Boolean' && right.type === 'Boolean'
  const side = (part: SqlPart): string => (solidly && part.nullIsFalse ? solid(part) : part.sql)
  return {
    ...base,
    sql: `(${side(left)} ${op} ${side(right)})`,
    guard: eitherGuard(left.guard, right.guard),
    nullable: left.nullable || right.nullable,
  }
}

const ordering = (build: SqlBuilder, op: string, a: SqlPart, b: SqlPart): SqlPart => ({
  ...base,
  sql: `(${ordered(build, a)} ${op} ${ordered(build, b)})`,
  guard: eitherGuard(a.guard, b.guard),
  nullable: a.nullable || b.nullable,
})

/** A blank equals "". With a literal the plain form is kept, which an index can serve. */
function sameText(build: SqlBuilder, op: string, left: SqlPart, right: SqlPart): SqlPart {
  const guard = eitherGuard(left.guard, right.guard)
  const never = { ...base, guard, nullable: false }
  const [value, literal] = left.constant !== undefined ? [right, left] : [left, right]
  if (literal.constant === null) return { ...never, sql: `(${value.sql} IS ${op === '=' ? '' : 'NOT '}NULL)` }
  if (literal.constant !== undefined && op === '=')
    return { ...never, sql: `(${value.sql} = ${literal.sql})`, nullIsFalse: value.nullable }
  const same = build.sqlite ? 'IS' : 'IS NOT DISTINCT FROM'
  const differs = build.sqlite ? 'IS NOT' : 'IS DISTINCT FROM'
  return { ...never, sql: `(${left.sql} ${op === '=' ? same : differs} ${right.sql})` }
}

const HOLDS: { readonly [op: string]: (order: number) => boolean } = {
  '=': (o) => o === 0,
  '<>': (o) => o !== 0,
  '<': (o) => o < 0,
  '<=': (o) => o <= 0,
  '>': (o) => o > 0,
  '>=': (o) => o >= 0,
}
const MIRROR: { readonly [op: string]: string } = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' }

function numbers(build: SqlBuilder, op: string, left: SqlPart, right: SqlPart): SqlPart {
  if ((left.constant instanceof Num && !(right.constant instanceof Num)) || (right.divisor && !left.divisor))
    return numbers(build, MIRROR[op] ?? op, right, left)
  if (left.divisor) return quotient(build, op, left, left.divisor, right)
  const bare = right.constant instanceof Num ? barely(build, op, left, right.constant) : undefined
  if (bare) return bare
  const [a, b] = aligned(build, left, right) as [SqlPart, SqlPart]
  const guard = eitherGuard(a.guard, b.guard)
  return { ...base, sql: `(${a.sql} ${op} ${b.sql})`, guard, nullable: a.nullable || b.nullable }
}

/** Both sides times the divisor, which is positive. A quotient without end equals nothing that ends, however it is rounded. */
function quotient(build: SqlBuilder, op: string, left: SqlPart, divisor: Divisor, right: SqlPart): SqlPart {
  if (endless(right)) throw new SqlRefusal('it compares two quotients whose decimals never end')
  const [a, b] = aligned(build, { ...left, divisor: undefined }, right) as [SqlPart, SqlPart]
  build.checked({ ...b, bound: b.bound * divisor.bound })
  const guard = eitherGuard(a.guard, b.guard)
  return { ...base, sql: `(${a.sql} ${op} ${b.sql} * ${divisor.sql})`, guard, nullable: a.nullable || b.nullable }
}

/** The column alone against a literal in the column's own unit. */
function barely(build: SqlBuilder, op: string, left: SqlPart, literal: Num): SqlPart | undefined {
  const { bare } = left
  if (!bare || (bare.blankIsZero && !zeroFails(op, literal))) return undefined
  const value = literal.times(String(bare.factor))
  if (value.precision() > 15 || (build.sqlite && !value.isInteger())) return undefined
  return {
    ...base,
    sql: `(${bare.sql} ${op} ${build.bind(value.toNumber(), 'Number')})`,
    nullable: left.nullable,
    nullIsFalse: bare.blankIsZero,
  }
}

/** A blank that counts as 0 fails this comparison anyway, so the bare column will do and an index can serve it. */
const zeroFails = (op: string, literal: Runtime | undefined): boolean =>
  literal instanceof Num && !HOLDS[op]!(order(ZERO, literal))
