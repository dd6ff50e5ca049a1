import type { SqlBuilder } from './build.ts'
import { eitherGuard, type SqlPart } from './part.ts'

const base = { type: 'Text', denominator: 1n, bound: 0n } as const

const filled = (part: SqlPart): string => (part.nullable ? `COALESCE(${part.sql}, '')` : part.sql)

export function concatenation(a: SqlPart, b: SqlPart): SqlPart {
  const nullable = a.nullable && b.nullable
  const sql = `(${filled(a)} || ${filled(b)})`
  return { ...base, sql: nullable ? `NULLIF(${sql}, '')` : sql, nullable, guard: eitherGuard(a.guard, b.guard) }
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
  return {
    ...base,
    sql: `NULLIF(replace(${text.sql}, ${old.sql}, ${filled(by)}), '')`,
    nullable: true,
    guard: eitherGuard(text.guard, old.guard, by.guard),
  }
}

/** One of the values of a multi-select stored as `A;B`. */
export function included(build: SqlBuilder, values: SqlPart, wanted: SqlPart): SqlPart {
  if (wanted.constant === null) return { ...base, type: 'Boolean', sql: `(${values.sql} IS NULL)`, nullable: false }
  const sql = `(${build.sqlite ? 'instr' : 'strpos'}(';' || ${values.sql} || ';', ';' || ${wanted.sql} || ';') > 0)`
  return { ...base, type: 'Boolean', sql, nullable: false, nullIsFalse: values.nullable, guard: values.guard }
}
