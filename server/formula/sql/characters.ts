import { cut } from '../characters.ts'
import { Num } from '../numbers.ts'
import type { SqlBuilder } from './build.ts'
import { rounded } from './numbers.ts'
import { eitherGuard, SqlRefusal, type SqlPart } from './part.ts'
import { LETTERS, textPart } from './text.ts'

/** More than any text has; PostgreSQL counts characters in 32 bits. */
const MANY = 1_000_000

/** A number of characters: the whole part, held between these. */
function count(build: SqlBuilder, part: SqlPart, low: number): SqlPart {
  const whole = rounded(build, part, 1n, 'zero')
  const sql = build.sqlite
    ? `MAX(${low}, MIN(${MANY}, ${whole.sql}))`
    : `CASE WHEN ${whole.sql} IS NOT NULL THEN GREATEST(${low}, LEAST(${MANY}, ${whole.sql}))::int END`
  return { ...whole, sql: `(${sql})` }
}

/** A number that PostgreSQL gives in 32 bits, to reckon with. */
const counted = (build: SqlBuilder, sql: string): string => (build.sqlite ? `(${sql})` : `(${sql})::numeric`)

export const lengthOf = (build: SqlBuilder, text: SqlPart): SqlPart => ({
  type: 'Number',
  sql: counted(build, text.nullable ? `COALESCE(length(${text.sql}), 0)` : `length(${text.sql})`),
  guard: text.guard,
  nullable: false,
  denominator: 1n,
  bound: LETTERS,
})

/** A piece of a text; none where its length is not above zero. */
function piece(text: SqlPart, length: SqlPart, sql: string, ...more: readonly SqlPart[]): SqlPart {
  const guard = eitherGuard(text.guard, length.guard, ...more.map((part) => part.guard))
  return textPart(`NULLIF(CASE WHEN ${length.sql} > 0 THEN ${sql} END, '')`, text.bound, { guard })
}

export function leftOf(build: SqlBuilder, text: SqlPart, length: SqlPart): SqlPart {
  const n = count(build, length, 0)
  return piece(text, n, `substr(${text.sql}, 1, ${n.sql})`)
}

export function rightOf(build: SqlBuilder, text: SqlPart, length: SqlPart): SqlPart {
  const n = count(build, length, 0)
  return piece(text, n, build.sqlite ? `substr(${text.sql}, -${n.sql})` : `right(${text.sql}, ${n.sql})`)
}

export function middleOf(build: SqlBuilder, text: SqlPart, start: SqlPart, length: SqlPart): SqlPart {
  const [from, n] = [count(build, start, 1), count(build, length, 0)]
  return piece(text, n, `substr(${text.sql}, ${from.sql}, ${n.sql})`, from)
}

/** As a piece from the middle; a start below zero counts from the end. */
export function pieceFrom(build: SqlBuilder, text: SqlPart, start: SqlPart, length?: SqlPart): SqlPart {
  const from = rounded(build, start, 1n, 'zero')
  const n = length ? count(build, length, 0) : build.literal(new Num(MANY), 'Number')
  const asInt = (sql: string): string => (build.sqlite ? sql : `(${sql})::int`)
  const kept = build.sqlite
    ? `MAX(-${MANY}, MIN(${MANY}, ${from.sql}))`
    : `GREATEST(-${MANY}, LEAST(${MANY}, ${from.sql}))`
  const fromEnd = `length(${text.sql}) + ${kept}`
  const at = `CASE WHEN ${from.sql} > 0 THEN ${kept} WHEN ${from.sql} = 0 THEN 1 WHEN ${fromEnd} >= 0 THEN ${fromEnd} + 1 END`
  return piece(text, n, `substr(${text.sql}, ${asInt(at)}, ${asInt(n.sql)})`, from)
}

const LONGEST_FILLING = 1_000

/** Filled with a written-out text to a written-out length, or cut to it. */
export function padded(
  build: SqlBuilder,
  text: SqlPart,
  length: SqlPart,
  filler: SqlPart | undefined,
  atStart: boolean,
): SqlPart {
  const [n, letters] = [length.constant, filler ? filler.constant : ' ']
  if (!(n instanceof Num) || n.gt(LONGEST_FILLING) || typeof letters !== 'string')
    throw new SqlRefusal('it fills a text with something, or to a length, that is not written out')
  const size = Math.max(0, n.trunc().toNumber())
  if (size === 0) return { ...build.literal(null, 'Text'), guard: text.guard }
  const filling = build.bind(cut(letters.repeat(size), 0, size), 'Text')
  const cutTo = (sql: string): string => `substr(${sql}, 1, ${size})`
  const missing = `substr(${filling}, 1, ${size} - length(${text.sql}))`
  const sql = atStart
    ? `CASE WHEN length(${text.sql}) >= ${size} THEN ${cutTo(text.sql)} ELSE ${missing} || ${text.sql} END`
    : cutTo(`(${text.sql} || ${filling})`)
  return textPart(`(${sql})`, BigInt(size) * 2n, { guard: text.guard, nullable: text.nullable })
}

/** Where a text begins in another; 0 where it does not, or where one of them is blank. */
export function placeIn(build: SqlBuilder, wanted: SqlPart, text: SqlPart, start?: SqlPart): SqlPart {
  const find = build.sqlite ? 'instr' : 'strpos'
  const guard = eitherGuard(wanted.guard, text.guard, start?.guard)
  const base = { type: 'Number', guard, denominator: 1n, bound: LETTERS } as const
  if (!start)
    return { ...base, sql: counted(build, `COALESCE(${find}(${text.sql}, ${wanted.sql}), 0)`), nullable: false }
  const from = count(build, start, 1)
  const at = `${find}(substr(${text.sql}, ${from.sql}), ${wanted.sql})`
  const sql = `CASE WHEN ${from.sql} IS NULL THEN NULL WHEN ${at} > 0 THEN ${at} + ${from.sql} - 1 ELSE 0 END`
  return { ...base, sql: counted(build, sql), nullable: from.nullable }
}

const BLANKS = String.fromCharCode(...Array.from({ length: 32 }, (_, i) => i + 1))

export function trimmed(build: SqlBuilder, text: SqlPart): SqlPart {
  const blanks = build.bind(BLANKS, 'Text')
  const sql = `NULLIF(${build.sqlite ? 'trim' : 'btrim'}(${text.sql}, ${blanks}), '')`
  return textPart(sql, text.bound, { guard: text.guard })
}

/** How many values of a multi-select stored as `A;B`. */
export function choices(build: SqlBuilder, values: SqlPart): SqlPart {
  const separators = `length(${values.sql}) - length(replace(${values.sql}, ';', ''))`
  const sql = `CASE WHEN ${values.sql} IS NULL THEN 0 ELSE ${separators} + 1 END`
  return { ...lengthOf(build, values), sql: counted(build, sql) }
}
