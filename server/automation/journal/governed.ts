import { placeholders } from '#database'
import type { Transaction } from '#database'

const CHUNK = 500

/** Those of them that are in a process. */
export async function governed(tx: Transaction, ids: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (let i = 0; i < ids.length; i += CHUNK) {
    const part = ids.slice(i, i + CHUNK)
    const rows = await tx.all<{ record_id: string }>(
      `SELECT record_id FROM process_state WHERE version <> '' AND record_id IN (${placeholders(tx.dialect, part.length)}) ORDER BY record_id`,
      part,
    )
    found.push(...rows.map((row) => row.record_id))
  }
  return found
}
