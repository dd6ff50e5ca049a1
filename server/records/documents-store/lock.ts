import { placeholders } from '#database'
import type { Reader, Transaction } from '#database'
import { formatInstant } from '#util'
import type { Instant } from '#util'

const NAME = 'catalog'

export interface LockHolder {
  readonly owner: string
  /** ISO instants. */
  readonly takenAt: string
  readonly expiresAt: string
}

export async function metadataLock(reader: Reader): Promise<LockHolder | undefined> {
  return await reader.get<LockHolder & object>(
    `SELECT owner, taken_at AS "takenAt", expires_at AS "expiresAt" FROM metadata_lock WHERE name = '${NAME}'`,
  )
}

/**
 * Takes or prolongs the lock for `owner`. Given to another owner, it is taken over when it has expired or `takeOver` is set. Gives the holder after the call:
 * the lock is yours when that is you.
 */
export async function takeMetadataLock(
  tx: Transaction,
  owner: string,
  now: Instant,
  keepMs: number,
  takeOver = false,
): Promise<LockHolder> {
  const [at, until] = [formatInstant(now), formatInstant(now + keepMs)]
  const free = takeOver
    ? ''
    : ` WHERE metadata_lock.owner = excluded.owner OR metadata_lock.expires_at <= excluded.taken_at`
  await tx.run(
    `INSERT INTO metadata_lock (name, owner, taken_at, expires_at) VALUES ('${NAME}', ${placeholders(tx.dialect, 3)})
     ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, taken_at = excluded.taken_at, expires_at = excluded.expires_at${free}`,
    [owner, at, until],
  )
  return (await metadataLock(tx))!
}

/** Nothing happens when another owner has taken it over meanwhile. */
export async function releaseMetadataLock(tx: Transaction, owner: string): Promise<void> {
  await tx.run(`DELETE FROM metadata_lock WHERE name = '${NAME}' AND owner = ${placeholders(tx.dialect, 1)}`, [owner])
}
