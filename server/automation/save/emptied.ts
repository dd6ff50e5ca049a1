import { placeholders } from '#database'
import type { Transaction } from '#database'
import { batches } from '#records'
import type { FieldDef } from '#metadata'

/** Remembers which lookups to this record its delete empties. */
export async function rememberEmptied(
  tx: Transaction,
  record: string,
  { id }: FieldDef,
  children: readonly string[],
): Promise<void> {
  for (const part of batches(children, 3)) {
    const rows = part.map((_, i) => `(${placeholders(tx.dialect, 3, i * 3 + 1)})`).join(', ')
    await tx.run(
      `INSERT INTO emptied_lookup (record_id, field_id, child_id) VALUES ${rows} ON CONFLICT DO NOTHING`,
      part.flatMap((child) => [record, id, child]),
    )
  }
}

/** What the last delete of this record emptied: by the id of the field, which survives renames, the records that held it. Forgotten with the answer. */
export async function takeEmptied(tx: Transaction, record: string): Promise<Map<string, string[]>> {
  const p = placeholders(tx.dialect, 1)
  const rows = await tx.all<{ field: string; child: string }>(`DELETE FROM emptied_lookup WHERE record_id = ${p} RETURNING field_id AS field, child_id AS child`, [record]) // prettier-ignore
  const fields = Map.groupBy(rows, (row) => row.field)
  return new Map([...fields].map(([field, list]) => [field, list.map((row) => row.child).sort()]))
}

/** Of records that are gone for good, or deleted once more. */
export async function forgetEmptied(tx: Transaction, records: readonly string[]): Promise<void> {
  for (const part of batches(records, 1))
    await tx.run(`DELETE FROM emptied_lookup WHERE record_id IN (${placeholders(tx.dialect, part.length)})`, part)
}
