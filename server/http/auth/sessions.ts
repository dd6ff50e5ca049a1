/**
 * Sessions: an opaque token in a cookie, its SHA-256 in the database, a short memory in front.
 * They live in wall time, not on the platform's clock: moving a manual clock by a week signs nobody out.
 */
import type { Database } from '#database'
import { formatInstant, parseInstant } from '#util'
import { hashToken, newToken } from './tokens.ts'

const HOUR = 3_600_000
const IDLE = 12 * HOUR
const ABSOLUTE = 14 * 24 * HOUR
/** How long another node's sign-out may go unnoticed when its notice is lost. */
const TRUSTED_FOR = 30_000
const SEEN_EVERY = 60_000
const CHANNEL = 'session_ended'
const MAX_KEPT = 10_000

interface Session {
  readonly userId: string
  readonly expiresAt: number
  readonly lastSeenAt: number
}
interface Kept extends Session {
  readonly checkedAt: number
}

export interface NewSession {
  readonly userId: string
  readonly address?: string
  readonly userAgent?: string
}

export class Sessions {
  readonly #database: Database
  readonly #kept = new Map<string, Kept>()
  readonly #stopListening: () => void

  constructor(database: Database) {
    this.#database = database
    this.#stopListening = database.listen(CHANNEL, (hash) => void this.#kept.delete(hash))
  }

  close(): void {
    this.#stopListening()
  }

  /** The token for the cookie; it is not kept anywhere else. */
  async start({ userId, address, userAgent }: NewSession): Promise<string> {
    const token = newToken()
    const now = Date.now()
    const values = [
      hashToken(token),
      userId,
      formatInstant(now),
      formatInstant(now),
      formatInstant(now + ABSOLUTE),
      address ?? null,
      userAgent?.slice(0, 300) ?? null,
    ]
    await this.#database.transaction(async (tx) => {
      await tx.run(sql(tx.dialect, 'DELETE FROM session WHERE expires_at < ?'), [formatInstant(now)])
      await tx.run(
        sql(
          tx.dialect,
          'INSERT INTO session (token_hash, user_id, created_at, last_seen_at, expires_at, address, user_agent) VALUES (?, ?, ?, ?, ?, ?, ?)',
        ),
        values,
      )
    })
    return token
  }

  /** The user of a live session. Quick when it was looked up a moment ago. */
  userOf(token: string): string | undefined | Promise<string | undefined> {
    const hash = hashToken(token)
    const now = Date.now()
    const kept = this.#kept.get(hash)
    if (kept && now - kept.checkedAt < TRUSTED_FOR) return isLive(kept, now) ? kept.userId : undefined
    return this.#look(hash, now)
  }

  async end(token: string): Promise<void> {
    await this.#forget('token_hash', hashToken(token))
    this.#kept.delete(hashToken(token))
    this.#database.notify(CHANNEL, hashToken(token))
  }

  async endAllOf(userId: string): Promise<void> {
    await this.#forget('user_id', userId)
    for (const [hash, session] of this.#kept) if (session.userId === userId) this.#kept.delete(hash)
  }

  async #forget(column: 'token_hash' | 'user_id', value: string): Promise<void> {
    await this.#database.transaction((tx) =>
      tx.run(sql(tx.dialect, `DELETE FROM session WHERE ${column} = ?`), [value]),
    )
  }

  async #look(hash: string, now: number): Promise<string | undefined> {
    const row = await this.#database.get<{ user_id: string; last_seen_at: string; expires_at: string }>(
      sql(this.#database.dialect, 'SELECT user_id, last_seen_at, expires_at FROM session WHERE token_hash = ?'),
      [hash],
    )
    if (!row) return undefined
    const session = {
      userId: row.user_id,
      expiresAt: parseInstant(row.expires_at) ?? 0,
      lastSeenAt: parseInstant(row.last_seen_at) ?? 0,
    }
    if (!isLive(session, now)) return undefined
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear()
    this.#kept.set(hash, { ...session, lastSeenAt: now, checkedAt: now })
    if (now - session.lastSeenAt > SEEN_EVERY) await this.#seen(hash, now)
    return session.userId
  }

  async #seen(hash: string, now: number): Promise<void> {
    await this.#database.transaction((tx) =>
      tx.run(sql(tx.dialect, 'UPDATE session SET last_seen_at = ? WHERE token_hash = ?'), [formatInstant(now), hash]),
    )
  }
}

const isLive = (session: Session, now: number): boolean => now < session.expiresAt && now - session.lastSeenAt < IDLE

/** `?` → `$1 …` on PostgreSQL. For the fixed statements of this room, none of which holds a question mark otherwise. */
export function sql(dialect: Database['dialect'], text: string): string {
  let n = 0
  return dialect === 'sqlite' ? text : text.replaceAll('?', () => `$${++n}`)
}
