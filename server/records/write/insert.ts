import { quote } from '#database'
import type { SqlValue, Transaction } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Row } from '#util'
import { columnNames, encodeColumns, placeholder } from '../codec.ts'
import { batches, byShape, fieldsOf, once } from './shapes.ts'

/** Writes new rows (JSON form, `Id` and every system field given by the caller) with as few statements as their shapes allow. */
export async function insertRows(tx: Transaction, object: ObjectDef, rows: readonly Row[]): Promise<void> {
  for (const [shape, group] of byShape(rows, Object.keys)) {
    const fields = once(object, shape, () => fieldsOf(object, Object.keys(group[0]!)))
    for (const batch of batches(group, fields.length + 1)) {
      const key = `insert ${batch.length} ${tx.dialect} ${shape}`
      const sql = once(object, key, () => insertSql(tx, object, fields, batch.length))
      await tx.run(sql, valuesOf(tx, fields, batch))
    }
  }
}

function insertSql({ dialect }: Transaction, object: ObjectDef, fields: readonly FieldDef[], rows: number): string {
  const names = fields.flatMap(columnNames).map(quote).join(', ')
  let n = 0
  const tuple = (): string =>
    `(${fields.flatMap((field) => columnNames(field).map(() => placeholder(dialect, field, ++n))).join(', ')})`
  return `INSERT INTO ${quote(object.table)} (${names}) VALUES ${Array.from({ length: rows }, tuple).join(', ')}`
}

function valuesOf({ dialect }: Transaction, fields: readonly FieldDef[], rows: readonly Row[]): SqlValue[] {
  const values: SqlValue[] = []
  for (const row of rows)
    for (const field of fields) values.push(...encodeColumns(dialect, field, row[field.name] ?? null))
  return values
}
