/** The value of a field for comparing, sorting and grouping, in its stored form. */
import type { FieldDef } from '#metadata'
import { readableParent, sharedTargets } from '../access/names.ts'
import type { Build } from './build.ts'
import { formulaSql, formulaStep } from './formula-sql.ts'
import type { SqlField } from './formula-sql.ts'
import { columnOf, idOf } from './sources.ts'
import type { JoinedSource } from './sources.ts'
import { parentTarget } from './where.ts'

export function fieldSql(
  build: Build,
  source: JoinedSource,
  field: FieldDef,
  use: 'value' | 'where' = 'value',
): SqlField {
  if (field.storage === 'geo') return { field, sql: source.column(`${field.column}_lat`) }
  if (field.storage !== 'none') return { field, sql: columnOf(source, field) }
  const value = formulaSql(build, field, (path) => joinedColumn(build, source, path), use)
  if (!value) throw new Error(`${field.name} was authorized but can't be said in SQL`)
  return value
}

/** A column that a formula reads, by joins of its own: they know no permissions, because what was granted is the formula. */
function joinedColumn(build: Build, source: JoinedSource, path: readonly string[]): string {
  const [head = '', ...rest] = path
  if (rest.length === 0) return columnOf(source, source.object.field(head)!)
  const step = formulaStep(build, source.object, head)!
  return joinedColumn(build, source.parent(step.reference, step.target, 'formula'), rest)
}

/** Own field, or a parent's by path. `own`: no reference was followed. */
export function pathSql(
  build: Build,
  source: JoinedSource,
  path: readonly string[],
): SqlField & { readonly own: boolean } {
  const [head = '', ...rest] = path
  if (rest.length === 0) return { ...fieldSql(build, source, source.object.field(head)!), own: true }
  const [relationship = head, picked] = head.split(':')
  const reference = source.object.parent(relationship)!
  if (reference.reference!.polymorphic && !picked) return anyParent(build, source, relationship, rest[0]!)
  const parent = source.parent(reference, parentTarget(build, source.object, relationship, picked))
  return { ...throughParent(build, parent, rest), own: false }
}

/** A formula's value is never blank by itself, but it is where there is no parent. */
function throughParent(build: Build, parent: JoinedSource, rest: readonly string[]): SqlField {
  const value = pathSql(build, parent, rest)
  const computed = rest.length === 1 && parent.object.field(rest[0]!)?.storage === 'none'
  return computed ? { ...value, sql: `(case when ${idOf(parent)} is not null then ${value.sql} end)` } : value
}

/** A reference to several objects, none picked: the field of whichever it is. */
function anyParent(
  build: Build,
  source: JoinedSource,
  relationship: string,
  name: string,
): SqlField & { readonly own: boolean } {
  const reference = source.object.parent(relationship)!
  const targets = sharedTargets(build, readableParent(build, source.object, relationship)!.objects, name)
  const values = targets.map((target) => throughParent(build, source.parent(reference, target), [name]))
  const sql = values.length === 1 ? values[0]!.sql : `coalesce(${values.map((value) => value.sql).join(', ')})`
  return { sql, field: values[0]!.field, own: false }
}
