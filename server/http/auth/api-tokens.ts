/** Bearer tokens `mp_<id>_<secret>` for programs: shown once, hashed at rest, bound to a user, expiring, revocable. */
import { randomBytes } from 'node:crypto'
import type { Database } from '#database'
import { formatInstant } from '#util'
import { sql } from './sessions.ts'
import { hashToken, newToken, sameText } from './tokens.ts'

const DAY = 86_400_000
const MAX_TOKEN_DAYS = 366
const FORM = /^mp_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

export interface ApiToken {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly lastUsedAt: string | null
}

interface Row {
  readonly id: string
  readonly secret_hash: string
  readonly user_id: string
  readonly label: string
  readonly created_at: string
  readonly last_used_at: string | null
  readonly expires_at: string
}

export class ApiTokens {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async create(
    userId: string,
    label: string,
    days: number,
  ): Promise<{ readonly id: string; readonly token: string; readonly expiresAt: string }> {
    const id = randomBytes(8).toString('hex')
    const secret = newToken()
    const now = Date.now()
    const expiresAt = formatInstant(now + Math.min(days, MAX_TOKEN_DAYS) * DAY)
    const values = [id, hashToken(secret), userId, label, formatInstant(now), expiresAt]
    await this.#database.transaction((tx) =>
      tx.run(
        sql(
          tx.dialect,
          'INSERT INTO api_token (id, secret_hash, user_id, label, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
        ),
        values,
      ),
    )
    return { id, token: `mp_${id}_${secret}`, expiresAt }
  }

  async list(userId: string): Promise<readonly ApiToken[]> {
    const rows = await this.#database.all<Row>(
      sql(
        this.#database.dialect,
        'SELECT * FROM api_token WHERE user_id = ? AND revoked_at IS NULL ORDER BY created_at',
      ),
      [userId],
    )
    return rows.map((row) => ({
      id: row.id,
      label: row.label,
      createdAt: row.created_at,
      expiresAt: row.expires_at,
      lastUsedAt: row.last_used_at,
    }))
  }

  /** false: the user has no such token. */
  async revoke(userId: string, id: string): Promise<boolean> {
    const changed = await this.#database.transaction((tx) =>
      tx.run(
        sql(tx.dialect, 'UPDATE api_token SET revoked_at = ? WHERE id = ? AND user_id = ? AND revoked_at IS NULL'),
        [formatInstant(Date.now()), id, userId],
      ),
    )
    return changed > 0
  }

  async userOf(token: string): Promise<string | undefined> {
    const [, id, secret] = FORM.exec(token) ?? []
    if (!id || !secret) return undefined
    const { dialect } = this.#database
    const row = await this.#database.get<Row>(
      sql(dialect, 'SELECT * FROM api_token WHERE id = ? AND revoked_at IS NULL AND expires_at > ?'),
      [id, formatInstant(Date.now())],
    )
    return row && sameText(row.secret_hash, hashToken(secret)) ? row.user_id : undefined
  }
}
