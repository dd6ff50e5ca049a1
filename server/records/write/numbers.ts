import { placeholders } from '#database'
import type { Transaction } from '#database'
import type { FieldDef } from '#metadata'

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

/** Moves the counter so that the next number is at least `next`: after an import that brought its own numbers. */
export async function raiseNumber(tx: Transaction, field: FieldDef, next: number): Promise<void> {
  const bound = placeholders(tx.dialect, 2)
  const greatest = tx.dialect === 'sqlite' ? 'max' : 'greatest'
  await tx.run(
    `INSERT INTO number_sequence (field_id, next) VALUES (${bound}) ON CONFLICT (field_id) DO UPDATE SET next = ${greatest}(number_sequence.next, excluded.next)`,
    [field.id, next],
  )
}

/** `C-{00000000}` and 42 → `C-00000042`; a longer number is never cut. */
export const formatNumber = (displayFormat: string, n: number): string =>
  displayFormat.replace(/\{(0+)\}/, (_, zeros: string) => String(n).padStart(zeros.length, '0'))
