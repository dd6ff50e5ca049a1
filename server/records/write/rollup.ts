import { quote } from '#database'
import type { Transaction } from '#database'
import { compile, toSql } from '#formula'
import type { FormulaType } from '#formula'
import { formulaScope } from '#metadata'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import type { Value } from '#util'
import { columnSql, encodeList, inList } from '../codec.ts'
import type { SqlValue } from '#database'

/** Counts a roll-up field of these parents again, in one statement: count, sum, min or max over the live children that pass the filter. */
export async function updateRollup(
  tx: Transaction,
  catalog: Catalog,
  parent: ObjectDef,
  field: FieldDef,
  ids: readonly string[],
): Promise<void> {
  const { object: childName, field: childField, through, operation } = field.rollup!
  const child = catalog.object(childName)
  const link = child?.field(through)
  if (!child || !link || !field.column) return
  const params: SqlValue[] = []
  const bind = (value: SqlValue): string => (params.push(value), tx.dialect === 'sqlite' ? '?' : `$${params.length}`)
  const summed = childField === undefined ? undefined : child.field(childField)
  const value =
    operation === 'count' || !summed
      ? 'count(*)'
      : scaled(tx, field, summed, `${operation}(${columnSql(summed, 'c')})`, operation)
  const filter = filterSql(tx, catalog, child, field, bind)
  const id = parent.field('Id')!
  const alive = `NOT c.${quote(child.field('IsDeleted')!.column!)}`
  const table = quote(parent.table)
  const select = `SELECT ${value} FROM ${quote(child.table)} c WHERE ${columnSql(link, 'c')} = ${table}.${quote(id.column!)} AND ${alive}${filter}`
  params.push(encodeList(tx.dialect, id, ids))
  await tx.run(
    `UPDATE ${table} SET ${quote(field.column)} = (${select}) WHERE ${inList(tx.dialect, id, table, params.length)}`,
    params,
  )
}

/** SQLite holds decimals scaled by their own field's scale; a sum takes the roll-up's. An empty sum is 0, an empty min or max is blank. */
function scaled(tx: Transaction, field: FieldDef, summed: FieldDef, sql: string, operation: string): string {
  const shift = field.scale - summed.scale
  const moved =
    tx.dialect === 'postgres' || shift === 0 || summed.storage !== 'decimal'
      ? sql
      : shift > 0
        ? `${sql} * ${10 ** shift}`
        : `round(${sql} / ${10 ** -shift}.0)`
  return operation === 'sum' ? `coalesce(${moved}, 0)` : moved
}

function filterSql(
  tx: Transaction,
  catalog: Catalog,
  child: ObjectDef,
  field: FieldDef,
  bind: (value: SqlValue) => string,
): string {
  const { filter } = field.rollup!
  if (!filter) return ''
  const { formula } = compile(filter, { scope: formulaScope(catalog, child.name), returnType: 'Boolean' })
  if (!formula) throw new Error(`The filter of ${field.id} does not compile`)
  const result = toSql(formula, {
    dialect: tx.dialect,
    column: (reference) => columnSql(child.field(reference.path)!, 'c'),
    bind: (value: Value, _type: FormulaType) => bind(value as SqlValue),
    parameter: (name) => {
      throw new Error(`A roll-up's filter can't use ${name}`)
    },
  })
  if (!result.ok) throw new Error(`The filter of ${field.id} can't be used in SQL: ${result.finding.message}`)
  return ` AND (${result.sql})${result.guard ? ` AND NOT (${result.guard})` : ''}`
}
