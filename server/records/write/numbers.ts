import { placeholders, quote } from '#database'
import type { SqlValue, Transaction } from '#database'
import type { FieldDef, ObjectDef } from '#metadata'
import { columnSql, encodeList, inList } from '../codec.ts'
import { lockRows } from './read.ts'
import type { DialectReader } from './read.ts'
import { updateRows } from './update.ts'

/**
 * The next `count` numbers of an auto-number field, ascending. Taken in the save's own transaction: a save that fails gives them back,
 * and on PostgreSQL saves that number the same field wait for one another.
 */
export async function nextNumbers(tx: Transaction, field: FieldDef, count: number): Promise<number[]> {
  if (count === 0) return []
  const bound = placeholders(tx.dialect, 2)
  const step = tx.dialect === 'sqlite' ? '?' : '$3'
  const sql = `INSERT INTO number_sequence (field_id, next) VALUES (${bound}) ON CONFLICT (field_id) DO UPDATE SET next = number_sequence.next + ${step} RETURNING next`
  const row = await tx.get<{ next: string | number }>(sql, [field.id, count + 1, count])
  const first = Number(row!.next) - count
  return Array.from({ length: count }, (_, i) => first + i)
}

/** Moves the counter so that the next number is at least `next`: after an import that brought its own numbers. Holds it until the transaction ends. */
export async function raiseNumber(tx: Transaction, field: FieldDef, next: number): Promise<void> {
  const bound = placeholders(tx.dialect, 2)
  const greatest = tx.dialect === 'sqlite' ? 'max' : 'greatest'
  await tx.run(
    `INSERT INTO number_sequence (field_id, next) VALUES (${bound}) ON CONFLICT (field_id) DO UPDATE SET next = ${greatest}(number_sequence.next, excluded.next)`,
    [field.id, next],
  )
}

/** What stands before and behind the number, and how many digits it has at least. */
function partsOf({ displayFormat = '{0}' }: Pick<FieldDef, 'displayFormat'>) {
  const [, before = '', zeros = '0', behind = ''] = /^(.*?)\{(0+)\}(.*)$/s.exec(displayFormat) ?? []
  return { before, digits: zeros.length, behind }
}

/** `C-{00000000}` and 42 → `C-00000042`; a longer number is never cut. */
export function formatNumber(field: Pick<FieldDef, 'displayFormat'>, n: number): string {
  const { before, digits, behind } = partsOf(field)
  return `${before}${String(n).padStart(digits, '0')}${behind}`
}

/** The numbers that the counter reaches; what is longer is only a text. */
const LONGEST = 15

/** `C-00000042` → 42; undefined when the field would write no number so. */
export function numberIn(field: Pick<FieldDef, 'displayFormat'>, text: string): number | undefined {
  const { before, behind } = partsOf(field)
  const n = Number(text.slice(before.length, text.length - behind.length))
  const fits = Number.isSafeInteger(n) && n >= 0 && n < 10 ** LONGEST
  return fits && formatNumber(field, n) === text ? n : undefined
}

/** The highest number that a record has already, those in the recycle bin included; 0 when there is none. */
export async function highestNumber(reader: DialectReader, object: ObjectDef, field: FieldDef): Promise<number> {
  const { before, digits, behind } = partsOf(field)
  const params: SqlValue[] = []
  const bind = (value: SqlValue): string => (params.push(value), placeholders(reader.dialect, 1, params.length))
  const text = columnSql(field, 't')
  const number = `substr(${text}, ${before.length + 1}, length(${text}) - ${before.length + behind.length})`
  const conditions = [
    `substr(${text}, 1, ${before.length}) = ${bind(before)}`,
    `length(${text}) BETWEEN ${before.length + digits + behind.length} AND ${before.length + Math.max(digits, LONGEST) + behind.length}`,
    `substr(${text}, length(${text}) - ${behind.length - 1}) = ${bind(behind)}`,
  ]
  const found = `SELECT n FROM (SELECT CASE WHEN ${conditions.join(' AND ')} THEN ${number} END AS n FROM ${quote(object.table)} t) f`
  const row = await reader.get<{ n: string }>(
    `${found} WHERE n <> '' AND ltrim(n, '0123456789') = '' AND (length(n) = ${digits} OR n NOT LIKE '0%') AND length(ltrim(n, '0')) <= ${LONGEST} ORDER BY length(n) DESC, n DESC LIMIT 1`,
    params,
  )
  return Number(row?.n ?? 0)
}

/** Gives those of the records that have none their numbers: the first record `first`, the second the next, and so on. */
export async function numberRows(
  tx: Transaction,
  object: ObjectDef,
  field: FieldDef,
  ids: readonly string[],
  first: number,
): Promise<void> {
  if (ids.length === 0) return
  await lockRows(tx, object, ids)
  const id = object.field('Id')!
  const blank = await tx.all<{ id: string }>(
    `SELECT ${columnSql(id, 't')} AS id FROM ${quote(object.table)} t WHERE ${inList(tx.dialect, id, 't', 1)} AND ${columnSql(field, 't')} IS NULL`,
    [encodeList(tx.dialect, id, ids)],
  )
  const open = new Set(blank.map((row) => row.id))
  const changes = ids.map((each, i) => ({ id: each, set: { [field.name]: formatNumber(field, first + i) } }))
  await updateRows(tx, object, changes.filter((change) => open.has(change.id))) // prettier-ignore
}

/** Records without a number, in the order of their creation; those in the recycle bin too, as they may come back. */
export async function unnumbered(tx: Transaction, object: ObjectDef, field: FieldDef): Promise<string[]> {
  const [id, created] = [object.field('Id')!, object.field('CreatedDate')!].map((f) => columnSql(f, 't'))
  const rows = await tx.all<{ id: string }>(
    `SELECT ${id} AS id FROM ${quote(object.table)} t WHERE ${columnSql(field, 't')} IS NULL ORDER BY ${created}, ${id}`,
  )
  return rows.map((row) => row.id)
}
