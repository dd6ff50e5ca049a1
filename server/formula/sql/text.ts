import { LIMITS } from '../limits.ts'
import type { SqlBuilder } from './build.ts'
import { eitherGuard, SqlRefusal, type SqlPart } from './part.ts'

const base = { type: 'Text', denominator: 1n, bound: 0n } as const

/** Letters that a text worked out may have at most; beyond them the evaluation is an error. */
export const LETTERS = BigInt(LIMITS.text)

/** A text worked out; `bound` is how many letters it may have. */
export function textPart(sql: string, bound: bigint, more: Partial<SqlPart> = {}): SqlPart {
  if (bound > LETTERS) throw new SqlRefusal('its texts may grow too long')
  return { ...base, sql, bound, nullable: true, ...more }
}

const filled = (part: SqlPart): string => (part.nullable ? `COALESCE(${part.sql}, '')` : part.sql)

export function concatenation(a: SqlPart, b: SqlPart): SqlPart {
  const nullable = a.nullable && b.nullable
  const sql = `(${filled(a)} || ${filled(b)})`
  const guard = eitherGuard(a.guard, b.guard)
  return textPart(nullable ? `NULLIF(${sql}, '')` : sql, a.bound + b.bound, { nullable, guard })
}

/** Anything begins with and contains a blank; a blank text is unknown otherwise. */
export function position(build: SqlBuilder, text: SqlPart, part: SqlPart, test: string): SqlPart {
  const at = `(${build.sqlite ? 'instr' : 'strpos'}(${text.sql}, ${part.sql}) ${test})`
  const guard = eitherGuard(text.guard, part.guard)
  if (part.constant === null) return { ...base, type: 'Boolean', sql: 'TRUE', nullable: false, guard }
  if (!part.nullable) return { ...base, type: 'Boolean', sql: at, nullable: text.nullable, guard }
  return {
    ...base,
    type: 'Boolean',
    sql: `CASE WHEN ${part.sql} IS NULL THEN TRUE ELSE ${at} END`,
    nullable: text.nullable,
    guard,
  }
}

export function replaced(text: SqlPart, old: SqlPart, by: SqlPart): SqlPart {
  return textPart(
    `NULLIF(replace(${text.sql}, ${old.sql}, ${filled(by)}), '')`,
    text.bound * (by.bound > 1n ? by.bound : 1n),
    { guard: eitherGuard(text.guard, old.guard, by.guard) },
  )
}

/** One of the values of a multi-select stored as `A;B`. */
export function included(build: SqlBuilder, values: SqlPart, wanted: SqlPart): SqlPart {
  if (wanted.constant === null) return { ...base, type: 'Boolean', sql: `(${values.sql} IS NULL)`, nullable: false }
  const sql = `(${build.sqlite ? 'instr' : 'strpos'}(';' || ${values.sql} || ';', ';' || ${wanted.sql} || ';') > 0)`
  return { ...base, type: 'Boolean', sql, nullable: false, nullIsFalse: values.nullable, guard: values.guard }
}

interface PatternLetter {
  readonly char: string
  /** Stands for itself, though it may look like a sign. */
  readonly literal: boolean
}

/** A written-out pattern: SQLite's GLOB and PostgreSQL's LIKE both know it in their own signs. */
export function like(
  build: SqlBuilder,
  text: SqlPart,
  pattern: SqlPart,
  letters: (pattern: string) => readonly PatternLetter[],
): SqlPart {
  if (pattern.constant === null) return { ...base, type: 'Boolean', sql: build.sqlite ? 'NULL' : 'NULL::boolean', nullable: true, guard: text.guard } // prettier-ignore
  if (typeof pattern.constant !== 'string')
    throw new SqlRefusal('LIKE stands in it with a pattern that is not written out')
  const written = letters(pattern.constant).map(build.sqlite ? globLetter : likeLetter).join('') // prettier-ignore
  const bound = build.bind(written, 'Text')
  const sql = build.sqlite ? `(${text.sql} GLOB ${bound})` : `(${text.sql} LIKE ${bound})`
  return { ...base, type: 'Boolean', sql, nullable: text.nullable, guard: text.guard }
}

const globLetter = ({ char, literal }: PatternLetter): string =>
  !literal && char === '%' ? '*' : !literal && char === '_' ? '?' : '*?['.includes(char) ? `[${char}]` : char
const likeLetter = ({ char, literal }: PatternLetter): string =>
  literal || char === '\\' ? (['%', '_', '\\'].includes(char) ? `\\${char}` : char) : char
