/**
 * Links that let somebody in once: to set up an organisation, to accept an invitation, to choose a new password. Like sessions they live in wall time.
 * A link is there before its token: the token is made when the link is sent or shown, only its hash is stored, and a newer token ends the one before.
 */
import { randomUUID } from 'node:crypto'
import { endLinks } from '#automation'
import type { Database, Transaction } from '#database'
import { formatInstant } from '#util'
import { sql } from './sessions.ts'
import { hashToken, newToken } from './tokens.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const LIFETIME = { setUp: DAY, invitation: 7 * DAY, passwordReset: HOUR } as const
/** How long a link is remembered, so that who comes late is told what became of it. */
const KEPT_FOR = 60 * DAY

export type LinkKind = keyof typeof LIFETIME

export interface OneTimeLink {
  readonly id: string
  readonly kind: LinkKind
  /** Blank: there is nobody yet. */
  readonly userId: string
  /** Blank: the user, or the server. */
  readonly createdBy: string
  readonly createdAt: string
  readonly expiresAt: string
  /** Whether it was sent or shown. */
  readonly out: boolean
  readonly used: boolean
  /** A newer one has taken its place, or its user was deactivated. */
  readonly ended: boolean
}

export interface Issued {
  readonly token: string
  readonly expiresAt: string
}

interface Row {
  readonly id: string
  readonly kind: LinkKind
  readonly user_id: string
  readonly created_by: string
  readonly created_at: string
  readonly expires_at: string
  readonly token_hash: string | null
  readonly used_at: string | null
  readonly ended_at: string | null
}

export class OneTimeLinks {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The id of a new link, for a token to come. Earlier ones of its kind stop working. */
  async open(kind: LinkKind, userId: string, createdBy: string): Promise<string> {
    const [id, now] = [randomUUID(), Date.now()]
    const values = [id, kind, userId, createdBy, formatInstant(now), formatInstant(now + LIFETIME[kind])]
    await this.#database.transaction(async (tx) => {
      await run(tx, 'DELETE FROM one_time_link WHERE created_at < ?', [formatInstant(now - KEPT_FOR)])
      await endLinks(tx, [userId], kind)
      await run(
        tx,
        'INSERT INTO one_time_link (id, kind, user_id, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
        values,
      )
    })
    return id
  }

  /** A fresh token, whose time begins now; undefined when the link was used or has ended. */
  async issue({ id, kind }: Pick<OneTimeLink, 'id' | 'kind'>): Promise<Issued | undefined> {
    const token = newToken()
    const expiresAt = formatInstant(Date.now() + LIFETIME[kind])
    const changed = await this.#database.transaction((tx) =>
      run(tx, `UPDATE one_time_link SET token_hash = ?, expires_at = ? WHERE id = ? AND ${OPEN}`, [
        hashToken(token),
        expiresAt,
        id,
      ]),
    )
    return changed ? { token, expiresAt } : undefined
  }

  /** What it was taken for did not come about. */
  async giveBack({ id }: OneTimeLink): Promise<void> {
    await this.#database.transaction((tx) => run(tx, 'UPDATE one_time_link SET used_at = NULL WHERE id = ?', [id]))
  }

  byToken(token: string): Promise<OneTimeLink | undefined> {
    return this.#get('WHERE token_hash = ?', hashToken(token))
  }

  byId(id: string): Promise<OneTimeLink | undefined> {
    return this.#get('WHERE id = ?', id)
  }

  /** The newest of a user. */
  latestOf(userId: string): Promise<OneTimeLink | undefined> {
    return this.#get('WHERE user_id = ? ORDER BY created_at DESC, id LIMIT 1', userId)
  }

  /** How many of this kind were made for a user within the last hour. */
  async lately(kind: LinkKind, userId: string): Promise<number> {
    const since = formatInstant(Date.now() - HOUR)
    const row = await this.#database.get<{ n: number | string }>(
      sql(
        this.#database.dialect,
        'SELECT COUNT(*) AS n FROM one_time_link WHERE user_id = ? AND kind = ? AND created_at > ?',
      ),
      [userId, kind, since],
    )
    return Number(row?.n ?? 0)
  }

  async #get(where: string, value: string): Promise<OneTimeLink | undefined> {
    const row = await this.#database.get<Row>(sql(this.#database.dialect, `SELECT * FROM one_time_link ${where}`), [
      value,
    ])
    return row && linkOf(row)
  }
}

const OPEN = 'used_at IS NULL AND ended_at IS NULL'

/** Of two that come at once one gets it: true. In the transaction that does what the link is for. */
export async function takeLink(tx: Transaction, { id }: OneTimeLink): Promise<boolean> {
  const now = formatInstant(Date.now())
  return (
    (await run(tx, `UPDATE one_time_link SET used_at = ? WHERE id = ? AND ${OPEN} AND expires_at > ?`, [
      now,
      id,
      now,
    ])) > 0
  )
}

/** Why a link lets nobody in, and what to do; undefined when it does. */
export function linkProblem(
  link: OneTimeLink | undefined,
): { readonly code: string; readonly message: string } | undefined {
  if (!link)
    return {
      code: 'LINK_UNKNOWN',
      message: 'This link is not known here. Copy the whole address, or ask for a new link.',
    }
  if (link.used) return { code: 'LINK_USED', message: USED[link.kind] }
  if (link.ended) return ENDED
  if (link.expiresAt <= formatInstant(Date.now())) return { code: 'LINK_EXPIRED', message: EXPIRED[link.kind] }
  return undefined
}

export const ENDED = {
  code: 'LINK_ENDED',
  message: 'This link has been ended, most often by a newer one. Use the latest that you got, or ask for another.',
}
const USED = {
  setUp: 'This link has been used or has run out. Restart the server to get a new one.',
  invitation: 'This invitation has been accepted. Sign in with the password that was chosen then.',
  passwordReset: 'This link has been used. Sign in with the new password, or ask for another link.',
}
const EXPIRED = {
  setUp: USED.setUp,
  invitation: 'This invitation has run out. Ask whoever invited you for a new one.',
  passwordReset: 'This link has run out: it is good for an hour. Ask for a new one.',
}

const run = (tx: Transaction, text: string, values: readonly string[]): Promise<number> =>
  tx.run(sql(tx.dialect, text), values)

const linkOf = (row: Row): OneTimeLink => ({
  id: row.id,
  kind: row.kind,
  userId: row.user_id,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  out: row.token_hash !== null,
  used: row.used_at !== null,
  ended: row.ended_at !== null,
})
