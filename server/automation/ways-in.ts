/** What people come in with: sessions, tokens, one-time links. They end in the transaction that takes the reason for them away, and every node hears of it with its commit. */
import type { Transaction } from '#database'
import { placeholders } from '#database'
import { formatInstant } from '#util'

/** Carries, with spaces between, the hashes of sessions and the ids of tokens that have ended. */
export const WAYS_IN_ENDED = 'ways_in_ended'
/** PostgreSQL carries at most 8,000 bytes a notification, and a hash has 64. */
const MAX_KEYS = 100

export async function endSessions(
  tx: Transaction,
  by: 'token_hash' | 'user_id',
  values: readonly string[],
): Promise<void> {
  const these = `${by} IN (${placeholders(tx.dialect, values.length)})`
  await tell(tx, await tx.all<Key>(`DELETE FROM session WHERE ${these} RETURNING token_hash AS key`, values))
}

/** All of these users, or the one with this id; how many there were. In wall time, like everything about them. */
export async function revokeTokens(tx: Transaction, userIds: readonly string[], id?: string): Promise<number> {
  const values = [formatInstant(Date.now()), ...userIds, ...(id ? [id] : [])]
  const [at, ...others] = placeholders(tx.dialect, values.length).split(', ')
  const these = `user_id IN (${others.slice(0, userIds.length).join(', ')})${id ? ` AND id = ${others.at(-1)}` : ''}`
  const statement = `UPDATE api_token SET revoked_at = ${at} WHERE revoked_at IS NULL AND ${these} RETURNING id AS key`
  const ended = await tx.all<Key>(statement, values)
  await tell(tx, ended)
  return ended.length
}

/** For good: what they had does not come back with them. */
export async function endWaysIn(tx: Transaction, userIds: readonly string[]): Promise<void> {
  await endSessions(tx, 'user_id', userIds)
  await revokeTokens(tx, userIds)
  await endLinks(tx, userIds)
}

/** One-time links that nobody has used; `kind`: those alone. */
export async function endLinks(tx: Transaction, userIds: readonly string[], kind?: string): Promise<void> {
  const values = [formatInstant(Date.now()), ...userIds, ...(kind ? [kind] : [])]
  const [at, ...others] = placeholders(tx.dialect, values.length).split(', ')
  const these = `user_id IN (${others.slice(0, userIds.length).join(', ')})${kind ? ` AND kind = ${others.at(-1)}` : ''}`
  await tx.run(
    `UPDATE one_time_link SET ended_at = ${at} WHERE used_at IS NULL AND ended_at IS NULL AND ${these}`,
    values,
  )
}

interface Key {
  readonly key: string
}

async function tell(tx: Transaction, ended: readonly Key[]): Promise<void> {
  const keys = ended.map(({ key }) => key)
  for (let i = 0; i < keys.length; i += MAX_KEYS) await tx.notify(WAYS_IN_ENDED, keys.slice(i, i + MAX_KEYS).join(' '))
}
