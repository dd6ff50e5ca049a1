/** Passwords of users. Who does not exist costs as long as who does. */
import { endSessions } from '#automation'
import type { Database, Transaction } from '#database'
import { formatInstant } from '#util'
import type { Asker, Passwords } from './passwords.ts'
import { sql } from './sessions.ts'

export class Credentials {
  readonly #database: Database
  readonly #passwords: Passwords

  constructor(database: Database, passwords: Passwords) {
    this.#database = database
    this.#passwords = passwords
  }

  /** For somebody who has shown who they are. */
  async set(userId: string, password: string): Promise<void> {
    const hash = await this.#passwords.hash({ lane: userId, known: true }, password)
    await this.#database.transaction((tx) => storeCredential(tx, userId, hash))
  }

  /** The hash that the password fits, undefined when it does not. `userId` undefined: nobody has the name; the answer is no, in the usual time. */
  async check(by: Asker, userId: string | undefined, password: string): Promise<string | undefined> {
    const stored = await this.#stored(userId ?? '')
    return (await this.#passwords.verify(by, password, stored)) ? stored : undefined
  }

  async has(userId: string): Promise<boolean> {
    return (await this.#stored(userId)) !== undefined
  }

  async #stored(userId: string): Promise<string | undefined> {
    const row = await this.#database.get<{ password_hash: string }>(
      sql(this.#database.dialect, 'SELECT password_hash FROM user_credential WHERE user_id = ?'),
      [userId],
    )
    return row?.password_hash
  }
}

/** A new password ends every session that there is. */
export async function storeCredential(tx: Transaction, userId: string, hash: string): Promise<void> {
  await tx.run(
    sql(
      tx.dialect,
      `INSERT INTO user_credential (user_id, password_hash, changed_at) VALUES (?, ?, ?)
       ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
    ),
    [userId, hash, formatInstant(Date.now())],
  )
  await endSessions(tx, 'user_id', [userId])
}
