/**
 * Sessions: an opaque token in a cookie, its SHA-256 in the database, a short memory in front.
 * They live in wall time, not on the platform's clock: moving a manual clock by a week signs nobody out.
 */
import { endSessions, WAYS_IN_ENDED } from '#automation'
import { placeholders, type Database, type Transaction } from '#database'
import { formatInstant, parseInstant } from '#util'
import { hashToken, newToken } from './tokens.ts'

const HOUR = 3_600_000
const IDLE = 12 * HOUR
const ABSOLUTE = 14 * 24 * HOUR
/**
 * An end is told to every node with its commit. Should the message be lost or late, a session is trusted for so long after it was looked up: asking the
 * database each time would cost a quick request a fifth of its processor time.
 */
export const TRUSTED_FOR = 1_000
/** More than anybody has devices; the one that was seen longest ago goes. */
const MAX_EACH = 100
const SEEN_EVERY = 60_000
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
  /** The hash of the password that was given: when it has been changed meanwhile, nobody gets in by the old one. */
  readonly credential?: string | undefined
  readonly address?: string
  readonly userAgent?: string
}

/** As its owner sees it. */
export interface SessionFacts {
  readonly id: string
  readonly createdAt: string
  readonly lastSeenAt: string
  readonly address: string | null
  readonly userAgent: string | null
  /** The one that asks. */
  readonly current: boolean
}

interface SessionRow {
  readonly token_hash: string
  readonly user_id: string
  readonly created_at: string
  readonly last_seen_at: string
  readonly expires_at: string
  readonly address: string | null
  readonly user_agent: string | null
}

export class Sessions {
  readonly #database: Database
  readonly #kept = new Map<string, Kept>()
  readonly #stopListening: () => void
  /** What was being looked up while something ended may be that; it is not kept. */
  #drops = 0

  constructor(database: Database) {
    this.#database = database
    this.#stopListening = database.listen(WAYS_IN_ENDED, (keys) =>
      keys === undefined ? this.#kept.clear() : this.#drop(keys.split(' ')),
    )
  }

  close(): void {
    this.#stopListening()
  }

  /** The token for the cookie; it is not kept anywhere else. undefined: `credential` is not the user's any more. */
  async start({ userId, credential, address, userAgent }: NewSession): Promise<string | undefined> {
    const token = newToken()
    const now = Date.now()
    const at = formatInstant(now)
    const values = [hashToken(token), userId, at, at, formatInstant(now + ABSOLUTE), address ?? null, userAgent?.slice(0, 300) ?? null] // prettier-ignore
    return this.#database.transaction(async (tx) => {
      if (credential !== undefined && !(await isCurrent(tx, userId, credential))) return undefined
      await tx.run(sql(tx.dialect, 'DELETE FROM session WHERE expires_at < ?'), [at])
      await endOldest(tx, userId)
      const columns = 'token_hash, user_id, created_at, last_seen_at, expires_at, address, user_agent'
      await tx.run(sql(tx.dialect, `INSERT INTO session (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`), values)
      return token
    })
  }

  /** The user of a live session. Quick when it was looked up a moment ago. */
  userOf(token: string): string | undefined | Promise<string | undefined> {
    const hash = hashToken(token)
    const now = Date.now()
    const kept = this.#kept.get(hash)
    if (kept && now - kept.checkedAt < TRUSTED_FOR) return isLive(kept, now) ? kept.userId : undefined
    return this.#look(hash, now)
  }

  end(token: string): Promise<void> {
    return this.#end(hashToken(token))
  }

  async #end(hash: string): Promise<void> {
    await this.#database.transaction((tx) => endSessions(tx, 'token_hash', [hash]))
    this.#drop([hash])
  }

  /** The live ones of a user, the last seen first; `token`: of the session that asks. */
  async list(userId: string, token = ''): Promise<readonly SessionFacts[]> {
    return (await rowsOf(this.#database, userId))
      .filter((row) => isLive(sessionOf(row), Date.now()))
      .map((row) => ({
        id: idOf(row.token_hash),
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
        address: row.address,
        userAgent: row.user_agent,
        current: row.token_hash === hashToken(token),
      }))
  }

  /** false: the user has no such session. */
  async endOne(userId: string, id: string): Promise<boolean> {
    const row = (await rowsOf(this.#database, userId)).find((one) => idOf(one.token_hash) === id)
    if (row) await this.#end(row.token_hash)
    return row !== undefined
  }

  async endAllOf(userId: string): Promise<void> {
    await this.#database.transaction((tx) => endSessions(tx, 'user_id', [userId]))
    this.#drop([...this.#kept].flatMap(([hash, session]) => (session.userId === userId ? [hash] : [])))
  }

  /** Which of these are live, without a sign of life from anybody. */
  async liveOf(hashes: readonly string[]): Promise<ReadonlySet<string>> {
    const these = placeholders(this.#database.dialect, hashes.length)
    const rows = await this.#database.all<SessionRow>(`SELECT * FROM session WHERE token_hash IN (${these})`, hashes)
    return new Set(rows.filter((row) => isLive(sessionOf(row), Date.now())).map((row) => row.token_hash))
  }

  #drop(hashes: readonly string[]): void {
    this.#drops++
    for (const hash of hashes) this.#kept.delete(hash)
  }

  async #look(hash: string, now: number): Promise<string | undefined> {
    const drops = this.#drops
    const row = await this.#database.get<SessionRow>(
      sql(this.#database.dialect, 'SELECT * FROM session WHERE token_hash = ?'),
      [hash],
    )
    if (!row) return undefined
    const session = sessionOf(row)
    if (!isLive(session, now)) return undefined
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear()
    if (drops === this.#drops) this.#kept.set(hash, { ...session, lastSeenAt: now, checkedAt: now })
    if (now - session.lastSeenAt > SEEN_EVERY) await this.#seen(hash, now)
    return session.userId
  }

  async #seen(hash: string, now: number): Promise<void> {
    await this.#database.transaction((tx) =>
      tx.run(sql(tx.dialect, 'UPDATE session SET last_seen_at = ? WHERE token_hash = ?'), [formatInstant(now), hash]),
    )
  }
}

const sessionOf = (row: SessionRow): Session => ({
  userId: row.user_id,
  expiresAt: parseInstant(row.expires_at) ?? 0,
  lastSeenAt: parseInstant(row.last_seen_at) ?? 0,
})

/** What its owner may call it: the beginning of a hash, of which there is no way to the token. */
const idOf = (hash: string): string => hash.slice(0, 16)

export const sessionId = (token: string): string => idOf(hashToken(token))

const rowsOf = (database: Database, userId: string): Promise<SessionRow[]> =>
  database.all<SessionRow>(
    sql(database.dialect, 'SELECT * FROM session WHERE user_id = ? ORDER BY last_seen_at DESC'),
    [userId],
  )

/** From where a session was begun; undefined when it has ended. */
export async function originOf(
  database: Database,
  userId: string,
  id: string,
): Promise<{ readonly address: string | null; readonly userAgent: string | null } | undefined> {
  const row = (await rowsOf(database, userId)).find((one) => idOf(one.token_hash) === id)
  return row && { address: row.address, userAgent: row.user_agent }
}

/** Locked until the session is there: a change of the password comes before it or finds it. */
async function isCurrent(tx: Transaction, userId: string, credential: string): Promise<boolean> {
  const lock = tx.dialect === 'postgres' ? ' FOR UPDATE' : ''
  const found = `SELECT user_id FROM user_credential WHERE user_id = ? AND password_hash = ?${lock}`
  return (await tx.get(sql(tx.dialect, found), [userId, credential])) !== undefined
}

async function endOldest(tx: Transaction, userId: string): Promise<void> {
  const others = 'SELECT token_hash FROM session WHERE user_id = ? ORDER BY last_seen_at DESC LIMIT 1000 OFFSET ?'
  const oldest = await tx.all<SessionRow>(sql(tx.dialect, others), [userId, MAX_EACH - 1])
  if (oldest.length) await endSessions(tx, 'token_hash', oldest.map((row) => row.token_hash)) // prettier-ignore
}

const isLive = (session: Session, now: number): boolean => now < session.expiresAt && now - session.lastSeenAt < IDLE

/** `?` → `$1 …` on PostgreSQL. For the fixed statements of this room, none of which holds a question mark otherwise. */
export function sql(dialect: Database['dialect'], text: string): string {
  let n = 0
  return dialect === 'sqlite' ? text : text.replaceAll('?', () => `$${++n}`)
}
