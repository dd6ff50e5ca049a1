/** Passwords of users, with a lock after too many wrong ones. Who does not exist costs as long as who does. */
import type { Database, Transaction } from '#database'
import { formatInstant, parseInstant } from '#util'
import { hashPassword, verifyPassword } from './passwords.ts'
import { sql } from './sessions.ts'

const ALLOWED_FAILURES = 10
const LOCKED_FOR = 15 * 60_000

interface CredentialRow {
  readonly password_hash: string
  readonly failed_count: number
  readonly locked_until: string | null
}

export class Credentials {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async set(userId: string, password: string): Promise<void> {
    const hash = await hashPassword(password)
    await this.#database.transaction((tx) => storeCredential(tx, userId, hash))
  }

  /** `userId` undefined: nobody has the name; the answer is no, in the usual time. */
  async check(userId: string | undefined, password: string): Promise<boolean> {
    const row = userId === undefined ? undefined : await this.#row(userId)
    const locked = row?.locked_until ? (parseInstant(row.locked_until) ?? 0) > Date.now() : false
    const right = await verifyPassword(password, row?.password_hash)
    if (!row || userId === undefined) return false
    if (right && !locked) {
      if (row.failed_count > 0) await this.#count(userId, 0, null)
      return true
    }
    if (!locked) await this.#failed(userId)
    return false
  }

  async any(): Promise<boolean> {
    return (await this.#database.get('SELECT user_id FROM user_credential LIMIT 1')) !== undefined
  }

  #row(userId: string): Promise<CredentialRow | undefined> {
    return this.#database.get<CredentialRow>(
      sql(
        this.#database.dialect,
        'SELECT password_hash, failed_count, locked_until FROM user_credential WHERE user_id = ?',
      ),
      [userId],
    )
  }

  /** Counted in the database, so that guesses in parallel or on several nodes all count. */
  async #failed(userId: string): Promise<void> {
    await this.#database.transaction(async (tx) => {
      await tx.run(sql(tx.dialect, 'UPDATE user_credential SET failed_count = failed_count + 1 WHERE user_id = ?'), [
        userId,
      ])
      await tx.run(
        sql(
          tx.dialect,
          'UPDATE user_credential SET failed_count = 0, locked_until = ? WHERE user_id = ? AND failed_count >= ?',
        ),
        [formatInstant(Date.now() + LOCKED_FOR), userId, ALLOWED_FAILURES],
      )
    })
  }

  async #count(userId: string, failed: number, lockedUntil: string | null): Promise<void> {
    await this.#database.transaction((tx) =>
      tx.run(sql(tx.dialect, 'UPDATE user_credential SET failed_count = ?, locked_until = ? WHERE user_id = ?'), [
        failed,
        lockedUntil,
        userId,
      ]),
    )
  }
}

export async function storeCredential(tx: Transaction, userId: string, hash: string): Promise<void> {
  const now = formatInstant(Date.now())
  const changed = await tx.run(
    sql(
      tx.dialect,
      'UPDATE user_credential SET password_hash = ?, failed_count = 0, locked_until = NULL, changed_at = ? WHERE user_id = ?',
    ),
    [hash, now, userId],
  )
  if (!changed)
    await tx.run(
      sql(
        tx.dialect,
        'INSERT INTO user_credential (user_id, password_hash, failed_count, changed_at) VALUES (?, ?, 0, ?)',
      ),
      [userId, hash, now],
    )
}
