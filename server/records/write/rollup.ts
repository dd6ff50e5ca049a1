import { quote } from '#database'
import type { Dialect, SqlValue, Transaction } from '#database'
import { toSql } from '#formula'
import type { CompiledFormula, FormulaType } from '#formula'
import { rollupsOf } from '#metadata'
import type { Catalog, FieldDef, ObjectDef, Rollup } from '#metadata'
import type { Value } from '#util'
import { columnSql, encodeList, inList } from '../codec.ts'
import { lockRows, readRows } from './read.ts'

/** Parents whose roll-up has another value than before. */
export interface Counted {
  readonly rollup: Rollup
  readonly ids: readonly string[]
}

/**
 * Counts roll-ups again: those of the parents that `touched` names, and those that are counted from what changed by it, to the top.
 * Each parent is locked before its children are looked at, so that two transactions that touch children of one parent both count.
 */
export async function countRollups(
  tx: Transaction,
  catalog: Catalog,
  touched: (rollup: Rollup) => readonly string[],
): Promise<Counted[]> {
  const counted: Counted[] = []
  for (const rollup of rollupsOf(catalog)) {
    const below = counted.filter((c) => rollup.reads.has(c.rollup.field))
    const ids = new Set(touched(rollup))
    for (const { ids: children } of below) for (const id of await parentsOf(tx, catalog, rollup, children)) ids.add(id)
    const changed = ids.size > 0 ? await count(tx, rollup, [...ids]) : []
    if (changed.length > 0) counted.push({ rollup, ids: changed })
  }
  return counted
}

async function parentsOf(
  tx: Transaction,
  catalog: Catalog,
  { child, through }: Rollup,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await readRows(tx, catalog, child, ids, [through.name])
  return [...rows.values()].map((row) => row[through.name]).filter((id) => typeof id === 'string')
}

/** Gives the ids of those whose value is another one now. */
async function count(tx: Transaction, rollup: Rollup, ids: readonly string[]): Promise<string[]> {
  const { parent, field } = rollup
  await lockRows(tx, parent, ids)
  const { sql, params } = countSql(tx.dialect, rollup)
  const [id, table, column] = [parent.field('Id')!, quote(parent.table), quote(field.column!)]
  const listed = inList(tx.dialect, id, 'p', params.length + 1)
  const fresh = `SELECT ${columnSql(id, 'p')} AS id, ${sql} AS value FROM ${table} p WHERE ${listed}`
  const rows = await tx.all<{ id: string }>(
    `UPDATE ${table} SET ${column} = fresh.value FROM (${fresh}) fresh WHERE ${columnSql(id, table)} = fresh.id AND ${table}.${column} IS DISTINCT FROM fresh.value RETURNING ${columnSql(id, table)} AS id`,
    [...params, encodeList(tx.dialect, id, ids)],
  )
  return rows.map((row) => row.id)
}

/**
 * What a roll-up is in SQL, for a parent `p`: over the live children that pass the filter. An empty count or sum is 0, an empty min or max blank,
 * and so is a sum of more than the 18 digits that a column holds.
 */
export function countSql(dialect: Dialect, rollup: Rollup): { readonly sql: string; readonly params: SqlValue[] } {
  const { parent, child, through, source, filter, field } = rollup
  const { operation } = field.rollup!
  const params: SqlValue[] = []
  const taken = operation === 'count' || !source ? 'count(*)' : `${operation}(${columnSql(source, 'c')})`
  const value = operation === 'sum' && source ? FITTING[dialect](columnSql(source, 'c'), field) : taken
  const alive = `NOT ${columnSql(child.field('IsDeleted')!, 'c')}`
  const passing = filter ? ` AND ${filterSql(dialect, child, filter, params)}` : ''
  const linked = `${columnSql(through, 'c')} = ${columnSql(parent.field('Id')!, 'p')}`
  return { sql: `(SELECT ${value} FROM ${quote(child.table)} c WHERE ${linked} AND ${alive}${passing})`, params }
}

/** The sum, blank when it does not fit. */
const FITTING: { readonly [dialect in Dialect]: (column: string, field: FieldDef) => string } = {
  postgres: (column, { scale }) => {
    const sum = `coalesce(sum(${column}), 0)`
    return `CASE WHEN abs(${sum}) < 1${'0'.repeat(18 - scale)} THEN ${sum} END`
  },
  // Decimals are whole numbers of their last digit, and sum() is an error beyond 64 bits: each half of the digits is summed by itself.
  sqlite: (column) => {
    const [high, low] = [`coalesce(sum(${column} / ${HALF}), 0)`, `coalesce(sum(${column} % ${HALF}), 0)`]
    const sum = `${high} * ${HALF} + ${low}`
    return `CASE WHEN abs(${high}) < 2 * ${HALF} AND abs(${sum}) < ${HALF} * ${HALF} THEN ${sum} END`
  },
}
const HALF = 1_000_000_000

function filterSql(dialect: Dialect, child: ObjectDef, filter: CompiledFormula, params: SqlValue[]): string {
  const result = toSql(filter, {
    dialect,
    column: (reference) => columnSql(child.field(reference.path)!, 'c'),
    bind: (value: Value, _type: FormulaType) => (
      params.push(value as SqlValue),
      dialect === 'sqlite' ? '?' : `$${params.length}`
    ),
    parameter: (name) => {
      throw new Error(`A roll-up's filter can't use ${name}`)
    },
  })
  if (!result.ok) throw new Error(`A roll-up's filter can't be used in SQL: ${result.finding.message}`)
  return `(${result.sql})${result.guard ? ` AND NOT (${result.guard})` : ''}`
}
