/** Bearer tokens `mp_<id>_<secret>` for programs: shown once, hashed at rest, bound to a user, expiring, revocable. */
import { randomBytes } from 'node:crypto'
import { revokeTokens, type Engine } from '#automation'
import type { Transaction } from '#database'
import { formatInstant, parseInstant } from '#util'
import { sql } from './sessions.ts'
import { hashToken, newToken, sameText } from './tokens.ts'

const DAY = 86_400_000
const SEEN_EVERY = 60_000
/** What has run out or was revoked is kept for a while, for whoever asks what happened. */
const KEPT_FOR = 30 * DAY
const MAX_LIVE = 50
const FORM = /^mp_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/

export const tokenId = (token: string): string | undefined => FORM.exec(token)?.[1]

/** What a token may do of what its user may do: never more. */
export interface TokenScope {
  readonly readOnly: boolean
  /** Ids of permission sets; null: all that the user has. */
  readonly permissionSets: readonly string[] | null
}

export interface NewToken {
  readonly label: string
  readonly days: number
  readonly scope?: TokenScope
}

export interface ApiToken {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly lastUsedAt: string | null
  readonly readOnly: boolean
  /** Names. */
  readonly permissionSets: readonly string[] | null
}

interface Row {
  readonly id: string
  readonly secret_hash: string
  readonly user_id: string
  readonly label: string
  readonly permission_sets: string | null
  readonly read_only: number
  readonly created_at: string
  readonly last_used_at: string | null
  readonly expires_at: string
}

export class ApiTokens {
  readonly #engine: Pick<Engine, 'database' | 'catalogs'>

  constructor(engine: Pick<Engine, 'database' | 'catalogs'>) {
    this.#engine = engine
  }

  /** undefined: the user has as many as anybody may have. */
  async create(
    userId: string,
    { label, days, scope = { readOnly: false, permissionSets: null } }: NewToken,
  ): Promise<{ readonly id: string; readonly token: string; readonly expiresAt: string } | undefined> {
    const [id, secret, now] = [randomBytes(8).toString('hex'), newToken(), Date.now()]
    const expiresAt = formatInstant(now + days * DAY)
    const sets = scope.permissionSets && JSON.stringify(scope.permissionSets)
    const values = [id, hashToken(secret), userId, label, sets, Number(scope.readOnly), formatInstant(now), expiresAt]
    const made = await this.#engine.database.transaction(async (tx) => {
      if (!(await hasRoom(tx, userId, now))) return false
      const columns = 'id, secret_hash, user_id, label, permission_sets, read_only, created_at, expires_at'
      await tx.run(sql(tx.dialect, `INSERT INTO api_token (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`), values)
      return true
    })
    return made ? { id, token: `mp_${id}_${secret}`, expiresAt } : undefined
  }

  async list(userId: string): Promise<readonly ApiToken[]> {
    const rows = await this.#all('user_id = ? AND revoked_at IS NULL ORDER BY created_at', [userId])
    const names = new Map(
      [...this.#engine.catalogs.current().permissionSets.values()].map(({ id, name }) => [id, name]),
    )
    return rows.map((row) => {
      const { readOnly, permissionSets } = scopeOf(row)
      return {
        id: row.id,
        label: row.label,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        lastUsedAt: row.last_used_at,
        readOnly,
        permissionSets: permissionSets && permissionSets.flatMap((id) => names.get(id) ?? []),
      }
    })
  }

  /** false: the user has no such token. */
  async revoke(userId: string, id: string): Promise<boolean> {
    if (!/^[0-9a-f]{16}$/.test(id)) return false
    return (await this.#engine.database.transaction((tx) => revokeTokens(tx, [userId], id))) > 0
  }

  /** Whose a live token is, and what it may do. */
  async holderOf(token: string): Promise<{ readonly userId: string; readonly scope: TokenScope } | undefined> {
    const [, id, secret] = FORM.exec(token) ?? []
    if (!id || !secret) return undefined
    const now = Date.now()
    const [row] = await this.#all('id = ? AND revoked_at IS NULL AND expires_at > ?', [id, formatInstant(now)])
    if (!row || !sameText(row.secret_hash, hashToken(secret))) return undefined
    if (now - (parseInstant(row.last_used_at ?? '') ?? 0) > SEEN_EVERY) await this.#used(id, formatInstant(now))
    return { userId: row.user_id, scope: scopeOf(row) }
  }

  /** Which of these are live. */
  async liveOf(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const these = ids.map(() => '?').join(', ')
    const rows = await this.#all(`id IN (${these}) AND revoked_at IS NULL AND expires_at > ?`, [...ids, formatInstant(Date.now())]) // prettier-ignore
    return new Set(rows.map((row) => row.id))
  }

  #all(where: string, values: string[]): Promise<Row[]> {
    const { database } = this.#engine
    return database.all<Row>(sql(database.dialect, `SELECT * FROM api_token WHERE ${where}`), values)
  }

  async #used(id: string, at: string): Promise<void> {
    await this.#engine.database.transaction((tx) =>
      tx.run(sql(tx.dialect, 'UPDATE api_token SET last_used_at = ? WHERE id = ?'), [at, id]),
    )
  }
}

const scopeOf = (row: Row): TokenScope => ({
  readOnly: row.read_only === 1,
  permissionSets: row.permission_sets === null ? null : (JSON.parse(row.permission_sets) as string[]),
})

/** The user's credential is locked first, so that of many made at once none slips through. */
async function hasRoom(tx: Transaction, userId: string, now: number): Promise<boolean> {
  const lock = tx.dialect === 'postgres' ? ' FOR UPDATE' : ''
  await tx.get(sql(tx.dialect, `SELECT user_id FROM user_credential WHERE user_id = ?${lock}`), [userId])
  const old = formatInstant(now - KEPT_FOR)
  await tx.run(sql(tx.dialect, 'DELETE FROM api_token WHERE user_id = ? AND (expires_at < ? OR revoked_at < ?)'), [userId, old, old]) // prettier-ignore
  const live = await tx.all(
    sql(tx.dialect, 'SELECT id FROM api_token WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ?'),
    [userId, formatInstant(now)],
  )
  return live.length < MAX_LIVE
}
