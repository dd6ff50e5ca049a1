import { quote } from '#database'
import type { SqlValue, Transaction } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Row } from '#util'
import { columnNames, encodeColumns, placeholder } from '../codec.ts'
import { batches, byShape, fieldsOf, once } from './shapes.ts'

export interface RowChange {
  readonly id: string
  /** Changed fields by API name, in the JSON form; written as they are (version and stamps too, if the caller sets them). */
  readonly set: Row
  /** Written only while the row still has this version. */
  readonly version?: number
}

/** Writes changes; gives the ids of rows that were not there, or not in the expected version. An id may stand in one change only. */
export async function updateRows(tx: Transaction, object: ObjectDef, changes: readonly RowChange[]): Promise<string[]> {
  const missed: string[] = []
  const keys = (change: RowChange): string[] => [
    ...Object.keys(change.set),
    ...(change.version === undefined ? [] : ['?version']),
  ]
  for (const [shape, group] of byShape(changes, keys)) {
    const fields = once(object, `set ${shape}`, () => fieldsOf(object, Object.keys(group[0]!.set)))
    if (fields.length === 0) continue
    for (const batch of batches(group, fields.length * 2 + 2)) {
      const key = `update ${batch.length} ${tx.dialect} ${shape}`
      const checked = batch[0]!.version !== undefined
      const sql = once(object, key, () => updateSql(tx, object, fields, checked, batch.length))
      const written = await tx.all<{ id: string }>(sql, valuesOf(tx, fields, batch))
      const ids = new Set(written.map((row) => row.id))
      missed.push(...batch.filter((change) => !ids.has(change.id)).map((change) => change.id))
    }
  }
  return missed
}

function updateSql(
  { dialect }: Transaction,
  object: ObjectDef,
  fields: readonly FieldDef[],
  checked: boolean,
  rows: number,
): string {
  const [id, version, table] = [object.field('Id')!, object.field('Version')!, quote(object.table)]
  const all = [id, ...fields, ...(checked ? [version] : [])]
  let n = 0
  const tuple = (): string =>
    `(${all.flatMap((field) => columnNames(field).map(() => placeholder(dialect, field, ++n))).join(', ')})`
  const values = Array.from({ length: rows }, tuple).join(', ')
  const columns = fields.flatMap(columnNames)
  const sets = columns.map((column, i) => `${quote(column)} = v.column${i + 2}`).join(', ')
  const guard = checked ? ` AND ${table}.${quote(version.column!)} = v.column${columns.length + 2}` : ''
  const key = quote(id.column!)
  return `UPDATE ${table} SET ${sets} FROM (VALUES ${values}) v WHERE ${table}.${key} = v.column1${guard} RETURNING ${key} AS id`
}

const valuesOf = ({ dialect }: Transaction, fields: readonly FieldDef[], changes: readonly RowChange[]): SqlValue[] =>
  changes.flatMap(({ id, set, version }) => [
    id,
    ...fields.flatMap((field) => encodeColumns(dialect, field, set[field.name] ?? null)),
    ...(version === undefined ? [] : [version]),
  ])
