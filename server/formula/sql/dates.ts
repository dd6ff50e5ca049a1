import type { SqlBuilder } from './build.ts'
import { rounded } from './numbers.ts'
import { eitherGuard, type SqlPart } from './part.ts'

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
  const sql = build.sqlite
    ? `(CAST(strftime('%w', ${date.sql}) AS INTEGER) + 1)`
    : `(EXTRACT(DOW FROM ${date.sql}) + 1)`
  return smallNumber(date, sql)
}

export function dayOfYear(build: SqlBuilder, date: SqlPart): SqlPart {
  return smallNumber(
    date,
    build.sqlite ? `CAST(strftime('%j', ${date.sql}) AS INTEGER)` : `EXTRACT(DOY FROM ${date.sql})`,
  )
}

const smallNumber = ({ guard, nullable }: SqlPart, sql: string): SqlPart => ({
  type: 'Number',
  sql,
  guard,
  nullable,
  denominator: 1n,
  bound: 10_000n,
})

/** PostgreSQL's wall clock of a date/time in GMT. */
const greenwich = ({ type, sql }: SqlPart): string => (type === 'DateTime' ? `(${sql} AT TIME ZONE 'UTC')` : sql)

const CLOCK = { HOUR: [1, 'HOUR'], MINUTE: [4, 'MINUTE'], SECOND: [7, 'SECOND'] } as const

/** Part of a time `HH:MM:SS.mmm`. */
export function timePart(build: SqlBuilder, time: SqlPart, part: keyof typeof CLOCK): SqlPart {
  const [start, field] = CLOCK[part]
  const sql = build.sqlite
    ? `CAST(substr(${time.sql}, ${start}, 2) AS INTEGER)`
    : `floor(EXTRACT(${field} FROM ${time.sql}))`
  return smallNumber(time, sql)
}

export const timeOfDay = (build: SqlBuilder, at: SqlPart): SqlPart => ({
  ...at,
  type: 'Time',
  sql: build.sqlite ? `substr(${at.sql}, 12, 12)` : `${greenwich(at)}::time`,
})

export const midnight = (build: SqlBuilder, date: SqlPart): SqlPart => ({
  ...date,
  type: 'DateTime',
  sql: build.sqlite ? `(${date.sql} || 'T00:00:00.000Z')` : `(${date.sql}::timestamp AT TIME ZONE 'UTC')`,
})

const daysIn = (year: string, month: string): string =>
  `CASE WHEN ${month} IN (4, 6, 9, 11) THEN 30 WHEN ${month} <> 2 THEN 31 WHEN ${year} % 4 = 0 AND (${year} % 100 <> 0 OR ${year} % 400 = 0) THEN 29 ELSE 28 END`

const made = (build: SqlBuilder, ...[year, month, day]: readonly [string, string, string]): string =>
  build.sqlite
    ? `printf('%04d-%02d-%02d', ${year}, ${month}, ${day})`
    : `make_date((${year})::int, (${month})::int, (${day})::int)`

/** A later month; the last day of a month stays a last day. */
export function monthsLater(build: SqlBuilder, date: SqlPart, months: SqlPart): SqlPart {
  const count = rounded(build, months, 1n, 'zero')
  const part = (name: keyof typeof FIELDS): string => datePart(build, date, name).sql
  const total = clamped(build, `(${part('YEAR')} * 12 + ${part('MONTH')} - 1 + ${count.sql})`, 0n, 200_000n)
  const year = build.sqlite ? `(${total} / 12)` : `div(${total}, 12)`
  const month = `(${total} % 12 + 1)`
  const last = `(${daysIn(year, month)})`
  const isLast = `${part('DAY')} = ${daysIn(part('YEAR'), part('MONTH'))}`
  const day = `CASE WHEN ${isLast} OR ${part('DAY')} > ${last} THEN ${last} ELSE ${part('DAY')} END`
  const known = `${date.sql} IS NOT NULL AND ${count.sql} IS NOT NULL`
  const inside = `${year} BETWEEN 1 AND 9999`
  const sql = `(CASE WHEN ${known} AND ${inside} THEN ${made(build, year, month, day)} END)`
  const guard = eitherGuard(date.guard, count.guard, `(${known} AND NOT ${inside})`)
  return { type: 'Date', sql, nullable: true, guard, ...base }
}

/** The date of a year, month and day; an error where there is none. */
export function dateOf(build: SqlBuilder, ...parts: readonly [SqlPart, SqlPart, SqlPart]): SqlPart {
  const wholes = parts.map((part) => rounded(build, part, 1n, 'zero'))
  const [year, month, day] = wholes.map(({ sql }) => clamped(build, sql, -1n, 10_000n)) as [string, string, string]
  const known = wholes.map(({ sql }) => `${sql} IS NOT NULL`).join(' AND ')
  const exists = `(${year} BETWEEN 1 AND 9999 AND ${month} BETWEEN 1 AND 12 AND ${day} BETWEEN 1 AND ${daysIn(year, month)})`
  const sql = `(CASE WHEN ${known} AND ${exists} THEN ${made(build, year, month, day)} END)`
  const guard = eitherGuard(...wholes.map((part) => part.guard), `(${known} AND NOT ${exists})`)
  return { type: 'Date', sql, nullable: parts.some((part) => part.nullable), guard, ...base }
}
