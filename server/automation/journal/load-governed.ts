import { placeholders } from '#database'
import type { Transaction } from '#database'
import { ownPaths, readRows } from '#records'
import { keyPrefixOf } from '#util'
import { automationActor } from '../actor.ts'
import { addDraft } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'

/** Drafts of those records that a process governs, without a change: to be looked at again. Others, and deleted ones, are left out. */
export const loadGoverned = async (run: Run, ids: readonly string[]): Promise<Draft[]> =>
  loadAll(run, await governed(run.tx, ids))

/** The same for records in any process or none. */
export async function loadAll(run: Run, ids: readonly string[]): Promise<Draft[]> {
  const byPrefix = Map.groupBy(ids, keyPrefixOf)
  const drafts: Draft[] = []
  for (const [prefix, part] of byPrefix) {
    const object = run.catalog.objectByKeyPrefix(prefix)
    if (!object) continue
    for (const [id, before] of await readRows(run.tx, run.catalog, object, part, ownPaths(object), { lock: true })) {
      if (before.IsDeleted === true || run.draftById.has(id)) continue
      const actor = automationActor(run.cause)
      drafts.push(addDraft(run, { object, operation: 'update', id, before, changes: {}, actor, index: -1 }))
    }
  }
  return drafts
}

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
