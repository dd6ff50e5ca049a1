import { randomUUID } from 'node:crypto'
import type { Database } from '#database'
import type { Catalog } from '#metadata'
import { applyTableSteps, indexSteps, releaseMetadataLock, takeMetadataLock } from '#records'

const LOCK_MS = 60_000

/** Indexes as this version of the program wants them; one node does it, the others wait and find it done. */
export async function adoptIndexes(database: Database, catalog: Catalog): Promise<void> {
  if ((await indexSteps(database, catalog)).length === 0) return
  const owner = randomUUID()
  await database.transaction(async (tx) => {
    const holder = await takeMetadataLock(tx, owner, database.clock.now(), LOCK_MS)
    if (holder.owner !== owner) return
    await applyTableSteps(tx, await indexSteps(tx, catalog))
    await releaseMetadataLock(tx, owner)
  })
}
