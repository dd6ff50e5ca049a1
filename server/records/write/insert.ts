import { quote } from '#database'
import type { SqlValue, Transaction } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import type { Row } from '#util'
import { columnNames, encodeColumns, placeholder } from '../codec.ts'
import { batches, byShape, fieldsOf, once } from './shapes.ts'

/** What the rows of one save have in common is bound once for all of them: a third of what a timer's row needs. */
const STAMPS = new Set(['CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'Version', 'IsDeleted'])

/** Writes new rows (JSON form, `Id` and every system field given by the caller) with as few statements as their shapes allow. */
export async function insertRows(tx: Transaction, object: ObjectDef, rows: readonly Row[]): Promise<void> {
  for (const [shape, group] of byShape(rows, Object.keys)) {
    const fields = once(object, shape, () => fieldsOf(object, Object.keys(group[0]!)))
    for (const batch of batches(group, fields.length + 1)) await insertBatch(tx, object, shape, fields, batch)
  }
}

async function insertBatch(
  tx: Transaction,
  object: ObjectDef,
  shape: string,
  fields: readonly FieldDef[],
  rows: readonly Row[],
): Promise<void> {
  const agree = [...STAMPS].every((name) => rows.every((row) => row[name] === rows[0]![name]))
  const [common, own] = agree ? [fields.filter(isStamp), fields.filter((f) => !isStamp(f))] : [[], fields]
  const key = `insert ${rows.length} ${agree} ${tx.dialect} ${shape}`
  const sql = once(object, key, () => insertSql(tx, object, common, own, rows.length))
  await tx.run(sql, [...valuesOf(tx, common, [rows[0]!]), ...valuesOf(tx, own, rows)])
}

const isStamp = (field: FieldDef): boolean => STAMPS.has(field.name)

function insertSql(
  { dialect }: Transaction,
  object: ObjectDef,
  common: readonly FieldDef[],
  own: readonly FieldDef[],
  rows: number,
): string {
  let n = 0
  const mark = (field: FieldDef): string => (n++, dialect === 'sqlite' ? `?${n}` : placeholder(dialect, field, n))
  const marks = (fields: readonly FieldDef[]): string[] => fields.flatMap((f) => columnNames(f).map(() => mark(f)))
  const shared = marks(common)
  const tuples = Array.from({ length: rows }, () => `(${[...shared, ...marks(own)].join(', ')})`)
  const names = [...common, ...own].flatMap(columnNames).map(quote)
  return `INSERT INTO ${quote(object.table)} (${names.join(', ')}) VALUES ${tuples.join(', ')}`
}

function valuesOf({ dialect }: Transaction, fields: readonly FieldDef[], rows: readonly Row[]): SqlValue[] {
  const values: SqlValue[] = []
  for (const row of rows)
    for (const field of fields) values.push(...encodeColumns(dialect, field, row[field.name] ?? null))
  return values
}
