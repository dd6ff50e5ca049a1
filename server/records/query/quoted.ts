/**
 * Columns made of other fields' values (`quotes` of an object): the one expression that stands for them wherever a query names them, so that a filter,
 * an order or a group tells no more than a selection. Callers who read everything get the bare column.
 */
import { quote } from '#database'
import type { ObjectDef } from '#metadata'
import { columnNames, columnSql } from '../codec.ts'
import { readableFields } from '../access/fields-seen.ts'
import { literal, param } from './build.ts'
import type { Build } from './build.ts'

const WITHHELD = 'Withheld: this has the value of a field that you can’t see.'

/** `alias."column"`, or what the caller sees in its place. */
export function seenColumn(build: Build, object: ObjectDef, alias: string, column: string): string {
  const sql = `${alias}.${quote(column)}`
  const field = object.quotes?.fields?.find((each) => columnNames(each).includes(column))
  const seen = field && sourcesSeen(build, object, alias)
  if (!seen) return sql
  return `(case when ${sql} is null or ${seen} then ${sql} ${field.storage === 'text' ? `else ${literal(WITHHELD)} ` : ''}end)`
}

/** For an object whose whole rows are made of other fields' values. */
export function seenRow(build: Build, object: ObjectDef, alias: string): string[] {
  const seen = object.quotes && !object.quotes.fields ? sourcesSeen(build, object, alias) : undefined
  return seen === undefined ? [] : [seen]
}

/** Every source field is readable; undefined for those who read everything. What the platform wrote without a note of its sources is for nobody else. */
function sourcesSeen(build: Build, { quotes, platform }: ObjectDef, alias: string): string | undefined {
  if (build.system !== undefined || build.permissions.readsAll) return undefined
  const sources = columnSql(quotes!.sources, alias)
  const readable = param(build, readableFields(build.permissions, build.catalog).list, 'json')
  const seen =
    build.dialect === 'sqlite'
      ? `not exists (select 1 from json_each(${sources}) q where q.value not in (select value from json_each(${readable})))`
      : `not exists (select 1 from json_array_elements_text(${sources}) q(v) where q.v not in (select json_array_elements_text(${readable})))`
  return platform ? `(${sources} is not null and ${seen})` : seen
}
