/** The first administrator of an empty organisation: a one-time link, printed at the start, whose token is stored hashed and ends after a day. */
import type { Database } from '#database'
import type { Engine } from '#automation'
import { automationActor } from '#automation'
import { findBy } from '#records'
import { formatInstant, type Row } from '#util'
import type { Credentials } from './credentials.ts'
import { sql } from './sessions.ts'
import { hashToken, newToken } from './tokens.ts'

const DAY = 86_400_000
/** Of the permission set, and of the profile. */
const ADMINISTRATOR = 'System_Administrator'

export class Setup {
  readonly #database: Database
  readonly #engine: Engine
  readonly #credentials: Credentials

  constructor(database: Database, engine: Engine, credentials: Credentials) {
    this.#database = database
    this.#engine = engine
    this.#credentials = credentials
  }

  /** Earlier links stop working. */
  async newToken(): Promise<string> {
    const token = newToken()
    const now = Date.now()
    await this.#database.transaction(async (tx) => {
      await tx.run('DELETE FROM setup_token')
      await tx.run(sql(tx.dialect, 'INSERT INTO setup_token (token_hash, created_at, expires_at) VALUES (?, ?, ?)'), [
        hashToken(token),
        formatInstant(now),
        formatInstant(now + DAY),
      ])
    })
    return token
  }

  /** Takes the token first, in its own transaction: of two requests at once only one goes on. */
  async use(
    token: string,
    admin: { readonly username: string; readonly name: string; readonly password: string },
  ): Promise<{ readonly userId: string } | { readonly problem: string }> {
    const now = formatInstant(Date.now())
    const hash = hashToken(token)
    const taken = await this.#database.transaction((tx) =>
      tx.run(
        sql(
          tx.dialect,
          'UPDATE setup_token SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?',
        ),
        [now, hash, now],
      ),
    )
    if (!taken) return { problem: 'This link has been used or has run out. Restart the server to get a new one.' }
    const made = await this.#makeAdministrator(admin)
    if ('problem' in made)
      await this.#database.transaction((tx) =>
        tx.run(sql(tx.dialect, 'UPDATE setup_token SET used_at = NULL WHERE token_hash = ?'), [hash]),
      )
    return made
  }

  /** The shipped profile of administrators, as long as it is there. */
  async #profile(): Promise<string | null> {
    const object = this.#engine.catalogs.current().object('Profile')!
    const [found] = await findBy(this.#database, object, object.field('DeveloperName')!, [ADMINISTRATOR])
    return found?.id ?? null
  }

  async #makeAdministrator({
    username,
    name,
    password,
  }: {
    username: string
    name: string
    password: string
  }): Promise<{ userId: string } | { problem: string }> {
    const actor = automationActor('setting up the first administrator')
    const [firstName, ...rest] = name.trim().split(/\s+/)
    const names: Row = rest.length
      ? { FirstName: firstName!, LastName: rest.join(' ') }
      : { LastName: firstName || 'Administrator' }
    const [user] = await this.#engine.save(actor, [
      {
        operation: 'create',
        object: 'User',
        values: {
          ...names,
          Username: username,
          Email: username,
          IsActive: true,
          IsInternal: true,
          ProfileId: await this.#profile(),
        },
      },
    ])
    if (!user?.id)
      return { problem: user?.errors.map((error) => error.message).join(' ') ?? 'The user could not be made.' }
    const [assignment] = await this.#engine.save(actor, [
      {
        operation: 'create',
        object: 'PermissionSetAssignment',
        values: { AssigneeId: user.id, PermissionSet: ADMINISTRATOR },
      },
    ])
    if (!assignment?.id)
      return {
        problem: assignment?.errors.map((error) => error.message).join(' ') ?? 'The permissions could not be given.',
      }
    await this.#credentials.set(user.id, password)
    return { userId: user.id }
  }
}
