import { quote } from '#database'
import type { SqlValue, Transaction } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Row } from '#util'
import { columnNames, encodeColumns, placeholder } from '../codec.ts'
import { batches, byShape, fieldsOf } from './shapes.ts'

/** Writes new rows (JSON form, `Id` and every system field given by the caller) with as few statements as their shapes allow. */
export async function insertRows(tx: Transaction, object: ObjectDef, rows: readonly Row[]): Promise<void> {
  for (const group of byShape(rows, Object.keys)) {
    const fields = fieldsOf(object, Object.keys(group[0]!))
    for (const batch of batches(group, fields.length + 1)) await insertBatch(tx, object, fields, batch)
  }
}

async function insertBatch(
  tx: Transaction,
  object: ObjectDef,
  fields: readonly FieldDef[],
  rows: readonly Row[],
): Promise<void> {
  const names = fields.flatMap(columnNames).map(quote).join(', ')
  let n = 0
  const tuple = (): string =>
    `(${fields.flatMap((field) => columnNames(field).map(() => placeholder(tx.dialect, field, ++n))).join(', ')})`
  const params: SqlValue[] = rows.flatMap((row) =>
    fields.flatMap((field) => encodeColumns(tx.dialect, field, row[field.name] ?? null)),
  )
  await tx.run(`INSERT INTO ${quote(object.table)} (${names}) VALUES ${rows.map(tuple).join(', ')}`, params)
}
