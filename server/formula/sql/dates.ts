import type { SqlBuilder } from './build.ts'
import { rounded } from './numbers.ts'
import { eitherGuard, SqlRefusal, type SqlPart } from './part.ts'

const MAX_DAYS = 4_000_000n
const MAX_MS = 400_000_000_000_000n

const base = { denominator: 1n, bound: 0n }

/** Milliseconds since 1970 of a stored instant. */
const epochMs = (build: SqlBuilder, sql: string): string =>
  build.sqlite
    ? `(CAST(strftime('%s', ${sql}) AS INTEGER) * 1000 + CAST(substr(${sql}, 21, 3) AS INTEGER))`
    : `round(EXTRACT(EPOCH FROM ${sql}) * 1000)`

/** Days between two dates, a whole number. */
export function dateDifference(build: SqlBuilder, a: SqlPart, b: SqlPart): SqlPart {
  const sql = build.sqlite
    ? `CAST(julianday(${a.sql}) - julianday(${b.sql}) AS INTEGER)`
    : `(${a.sql} - ${b.sql})::numeric`
  return {
    type: 'Number',
    sql,
    guard: eitherGuard(a.guard, b.guard),
    nullable: a.nullable || b.nullable,
    denominator: 1n,
    bound: MAX_DAYS,
  }
}

/** Days between two instants: milliseconds over the milliseconds of a day. */
export function instantDifference(build: SqlBuilder, a: SqlPart, b: SqlPart): SqlPart {
  const sql = `(${epochMs(build, a.sql)} - ${epochMs(build, b.sql)})`
  return {
    type: 'Number',
    sql,
    guard: eitherGuard(a.guard, b.guard),
    nullable: a.nullable || b.nullable,
    denominator: 86_400_000n,
    bound: MAX_MS,
    span: true,
  }
}

const clamped = (build: SqlBuilder, sql: string, low: bigint, high: bigint): string =>
  build.sqlite ? `MAX(${low}, MIN(${high}, ${sql}))` : `GREATEST(${low}, LEAST(${high}, ${sql}))`

const DAYS = { first: -719_162n, last: 2_932_896n, low: -800_000n, high: 3_000_000n }
const MS = {
  first: -62_135_596_800_000n,
  last: 253_402_300_799_999n,
  low: -63_000_000_000_000n,
  high: 254_000_000_000_000n,
}

/** What is counted since 1970 and falls outside the years 1 to 9999 is an error; NULL is none. */
const outside = (sql: string, range: typeof DAYS): string =>
  `COALESCE(${sql} NOT BETWEEN ${range.first} AND ${range.last}, FALSE)`

/** A date plus (or minus) whole days, through the days since 1970, kept within what both databases can show. */
export function datePlus(build: SqlBuilder, date: SqlPart, days: SqlPart, sign: '+' | '-'): SqlPart {
  const count = rounded(build, days, 1n, 'zero')
  const since = build.sqlite
    ? `CAST(julianday(${date.sql}) - 2440587.5 AS INTEGER)`
    : `(${date.sql} - '1970-01-01'::date)`
  const total = `(${since} ${sign} ${count.sql})`
  const kept = clamped(build, total, DAYS.low, DAYS.high)
  const made = build.sqlite
    ? `date('1970-01-01', printf('%+d days', ${kept}))`
    : `('1970-01-01'::date + (${kept})::int)`
  return plus(date, days, total, made, DAYS, 'Date')
}

/** An instant plus (or minus) days, to the whole second. */
export function instantPlus(build: SqlBuilder, at: SqlPart, days: SqlPart, sign: '+' | '-'): SqlPart {
  const spans = build.checked({
    ...days,
    sql: `(${days.sql} * 86400)`,
    bare: undefined,
    constant: undefined,
    bound: days.bound * 86_400n,
  })
  const seconds = build.checked({ ...rounded(build, spans, 1n, 'half'), bound: days.bound * 86_400_000n })
  const total = `(${epochMs(build, at.sql)} ${sign} ${seconds.sql} * 1000)`
  const kept = clamped(build, total, MS.low, MS.high)
  const made = build.sqlite ? sqliteInstant(kept) : postgresInstant(kept)
  return plus(at, days, total, made, MS, 'DateTime')
}

/** Whole seconds and milliseconds apart: together they would have more digits than the double that intervals are multiplied in. */
const postgresInstant = (ms: string): string =>
  `('epoch'::timestamptz + div(${ms}, 1000)::float8 * interval '1 second' + mod(${ms}, 1000)::float8 * interval '1 millisecond')`

function sqliteInstant(ms: string): string {
  const part = `((${ms} % 1000) + 1000) % 1000`
  return `(strftime('%Y-%m-%dT%H:%M:%S', (${ms} - ${part}) / 1000, 'unixepoch') || printf('.%03dZ', ${part}))`
}

/** SQLite writes NULL into printf as 0, so blanks are asked for first. */
function plus(
  a: SqlPart,
  b: SqlPart,
  total: string,
  made: string,
  range: typeof DAYS,
  type: 'Date' | 'DateTime',
): SqlPart {
  const nullable = a.nullable || b.nullable
  const sql = nullable ? `CASE WHEN ${total} IS NOT NULL THEN ${made} END` : made
  return { type, sql, nullable, guard: eitherGuard(a.guard, b.guard, outside(total, range)), ...base }
}

const FIELDS = { YEAR: ['%Y', 'YEAR'], MONTH: ['%m', 'MONTH'], DAY: ['%d', 'DAY'] } as const

export function datePart(build: SqlBuilder, date: SqlPart, part: keyof typeof FIELDS): SqlPart {
  const [sqlite, postgres] = FIELDS[part]
  const sql = build.sqlite
    ? `CAST(strftime('${sqlite}', ${date.sql}) AS INTEGER)`
    : `EXTRACT(${postgres} FROM ${date.sql})`
  return { type: 'Number', sql, guard: date.guard, nullable: date.nullable, denominator: 1n, bound: 10_000n }
}

/** Sunday 1 … Saturday 7. */
export function weekday(build: SqlBuilder, date: SqlPart): SqlPart {
  if (date.type !== 'Date') throw new SqlRefusal('WEEKDAY of a date/time stands in it')
  const sql = build.sqlite
    ? `(CAST(strftime('%w', ${date.sql}) AS INTEGER) + 1)`
    : `(EXTRACT(DOW FROM ${date.sql}) + 1)`
  return { type: 'Number', sql, guard: date.guard, nullable: date.nullable, denominator: 1n, bound: 10n }
}
