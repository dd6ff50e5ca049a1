/** Where rows come from. A Source is one row's columns as SQL text; a From is a table with the joins that its filters and orders asked for. */
import type { FieldDef, ObjectDef } from '#metadata'
import { quote } from '#database'
import { alias, asFormula } from './build.ts'
import type { Build } from './build.ts'
import { computedColumn } from './computed.ts'
import { QueryError } from './errors.ts'
import { seenColumn } from './quoted.ts'
import { tableRef } from './table-ref.ts'
import type { TableOptions, TableRef } from './table-ref.ts'

export interface Source {
  readonly object: ObjectDef
  readonly alias: string
  /** SQL text of a physical column of this row. */
  column(physicalName: string): string
}

/** A source that can follow references by joining; each reference is joined once. */
export interface JoinedSource extends Source {
  /** `formula`: read by a formula, so without the caller's row rules. */
  parent(field: FieldDef, target: ObjectDef, reader?: 'formula'): JoinedSource
}

export interface From {
  readonly source: JoinedSource
  readonly conditions: string[]
  /** `from … where …`, read when everything has been asked for. */
  text(): string
}

export const columnOf = (source: Source, field: FieldDef): string => source.column(field.column ?? '')
export const idOf = (source: Source): string => columnOf(source, idField(source.object))
const idField = (object: ObjectDef): FieldDef => object.field('Id')!

/** SQLite joins at most 64 tables. */
const MAX_JOINS = 60

export function fromObject(build: Build, object: ObjectDef, options: TableOptions = {}): From {
  return fromTable(build, object, (source) => tableRef(build, object, source, options))
}

/** The table without row rules: only for what a row rule itself looks up. */
export function bareFrom(build: Build, object: ObjectDef): From {
  return fromTable(build, object, () => ({ sql: quote(object.table), rules: [] }))
}

function fromTable(build: Build, object: ObjectDef, refer: (source: JoinedSource) => TableRef): From {
  const joins: string[] = []
  const name = alias(build)
  const source = joinedSource(build, object, name, joins)
  const table = refer(source)
  const conditions = [...table.rules]
  const where = (): string => (conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '')
  return { source, conditions, text: () => `from ${table.sql} ${name}${joins.join('')}${where()}` }
}

function joinedSource(build: Build, object: ObjectDef, name: string, joins: string[]): JoinedSource {
  const parents = new Map<string, JoinedSource>()
  const source: JoinedSource = {
    object,
    alias: name,
    column: (physicalName) =>
      computedColumn(build, object, name, physicalName) ?? seenColumn(build, object, name, physicalName),
    parent: (field, target, reader) => {
      const key = `${field.id}:${target.id}:${reader ?? ''}`
      const known = parents.get(key) ?? joinParent(reader ? asFormula(build) : build, source, field, target, joins)
      parents.set(key, known)
      return known
    },
  }
  return source
}

function joinParent(
  build: Build,
  child: JoinedSource,
  field: FieldDef,
  target: ObjectDef,
  joins: string[],
): JoinedSource {
  if (joins.length >= MAX_JOINS)
    throw new QueryError('TOO_MANY_JOINS', `A query follows at most ${MAX_JOINS} references in its filters and orders.`)
  const name = alias(build)
  const parent = joinedSource(build, target, name, joins)
  const table = tableRef(build, target, parent)
  const on = [`${idOf(parent)} = ${columnOf(child, field)}`, ...table.rules].join(' and ')
  joins.push(` left join ${table.sql} ${name} on ${on}`)
  return parent
}
