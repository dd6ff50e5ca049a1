import { quote } from '#database'
import type { SqlValue, Transaction } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import { columnNames, encodeColumns, placeholder } from '../codec.ts'
import { batches, byShape, fieldsOf } from './shapes.ts'

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
  const shape = (change: RowChange): string[] => [
    ...Object.keys(change.set),
    ...(change.version === undefined ? [] : ['?version']),
  ]
  for (const group of byShape(changes, shape)) {
    const fields = fieldsOf(object, Object.keys(group[0]!.set))
    if (fields.length === 0) continue
    for (const batch of batches(group, fields.length * 2 + 2))
      missed.push(...(await updateBatch(tx, object, fields, batch)))
  }
  return missed
}

async function updateBatch(
  tx: Transaction,
  object: ObjectDef,
  fields: readonly FieldDef[],
  changes: readonly RowChange[],
): Promise<string[]> {
  const [id, version] = [object.field('Id')!, object.field('Version')!]
  const checked = changes[0]!.version !== undefined
  const all = [id, ...fields, ...(checked ? [version] : [])]
  let n = 0
  const tuple = (): string =>
    `(${all.flatMap((field) => columnNames(field).map(() => placeholder(tx.dialect, field, ++n))).join(', ')})`
  const values = changes.map(tuple).join(', ')
  const columns = fields.flatMap(columnNames)
  const sets = columns.map((column, i) => `${quote(column)} = v.column${i + 2}`).join(', ')
  const guard = checked ? ` AND ${quote(object.table)}.${quote(version.column!)} = v.column${columns.length + 2}` : ''
  const key = quote(id.column!)
  const sql = `UPDATE ${quote(object.table)} SET ${sets} FROM (VALUES ${values}) v WHERE ${quote(object.table)}.${key} = v.column1${guard} RETURNING ${key} AS id`
  const valueOf = (change: RowChange, field: FieldDef): Value => change.set[field.name] ?? null
  const params: SqlValue[] = changes.flatMap((change) => [
    change.id,
    ...fields.flatMap((field) => encodeColumns(tx.dialect, field, valueOf(change, field))),
    ...(checked ? [change.version!] : []),
  ])
  const written = new Set((await tx.all<{ id: string }>(sql, params)).map((row) => row.id))
  return changes.filter((change) => !written.has(change.id)).map((change) => change.id)
}
