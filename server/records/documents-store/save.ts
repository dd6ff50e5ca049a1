import { DatabaseError, placeholders } from '#database'
import type { SqlValue, Transaction } from '#database'
import type { Document, Kind } from '#metadata'
import type { Value } from '#util'
import { batches } from '../write/shapes.ts'
import { storedVersion } from './load.ts'

export interface DocumentsChange {
  /** The version that the change was planned on; another one stored meanwhile refuses it. */
  readonly base: number
  /** ISO instant. */
  readonly at: string
  readonly by: string | null
  readonly reason?: string
  /** Complete documents, with ids. */
  readonly put: readonly Document[]
  /** Gone for good (a purge, or the undo of a creation); a deletion is a `put` with deletedAt. */
  readonly remove?: readonly { readonly kind: Kind; readonly id: string }[]
  /** What was asked for and what takes it back, as the caller writes them. */
  readonly changes: Value
  readonly undo: Value
}

/** Stores the documents and one row of history, and gives the new version (base + 1). Belongs into the transaction that changes the tables. */
export async function saveDocuments(tx: Transaction, change: DocumentsChange): Promise<number> {
  const version = change.base + 1
  await claimVersion(tx, version, change)
  for (const { kind, id } of change.remove ?? [])
    await tx.run(
      `DELETE FROM metadata_document WHERE kind = ${placeholders(tx.dialect, 1)} AND id = ${placeholders(tx.dialect, 1, 2)}`,
      [kind, id],
    )
  for (const batch of batches(change.put, 5)) await putDocuments(tx, version, batch)
  return version
}

/** The version is the table's key, so of two changes on one base the second fails even if both looked first. */
async function claimVersion(
  tx: Transaction,
  version: number,
  { base, at, by, reason, changes, undo }: DocumentsChange,
): Promise<void> {
  const stored = await storedVersion(tx)
  if (stored !== base) throw stale(base, stored)
  const values: SqlValue[] = [version, at, by, reason ?? null, JSON.stringify(changes), JSON.stringify(undo)]
  try {
    await tx.run(
      `INSERT INTO metadata_version (version, at, by, reason, changes, undo) VALUES (${placeholders(tx.dialect, 6)})`,
      values,
    )
  } catch (error) {
    throw error instanceof DatabaseError && error.code === 'UNIQUE' ? stale(base, version) : error
  }
}

const stale = (base: number, stored: number): DatabaseError =>
  new DatabaseError('BUSY', `The metadata was changed meanwhile (planned on version ${base}, now ${stored}).`, {
    hint: 'Make the plan again and look at it once more.',
  })

async function putDocuments(tx: Transaction, version: number, documents: readonly Document[]): Promise<void> {
  const rows = documents.map((_, i) => `(${placeholders(tx.dialect, 5, i * 5 + 1)})`).join(', ')
  const values = documents.flatMap((d): SqlValue[] => [d.kind, identityOf(d), d.name, version, JSON.stringify(d)])
  await tx.run(
    `INSERT INTO metadata_document (kind, id, name, version, body) VALUES ${rows}
     ON CONFLICT (kind, id) DO UPDATE SET name = excluded.name, version = excluded.version, body = excluded.body`,
    values,
  )
}

function identityOf(document: Document): string {
  if (document.id) return document.id
  throw new Error(`${document.kind} ${document.name} has no id: assign identities before saving`)
}
