/** The first administrator of an empty organisation: a one-time link, printed at the start. */
import type { Engine } from '#automation'
import { automationActor, hasAdministrator } from '#automation'
import { findBy } from '#records'
import type { Refusal } from './account-links.ts'
import { linkPath } from './account-mail.ts'
import { storeCredential } from './credentials.ts'
import { createUser, usernameOf } from './new-user.ts'
import { linkProblem, takeLink, type OneTimeLinks } from './one-time-links.ts'
import type { Asker, Passwords } from './passwords.ts'

/** Of the permission set, and of the profile. */
const ADMINISTRATOR = 'System_Administrator'

export interface FirstAdministrator {
  readonly username: string
  readonly firstName: string
  readonly lastName: string
  readonly password: string
}

export class Setup {
  readonly #engine: Engine
  readonly #links: OneTimeLinks
  readonly #passwords: Passwords
  /** Once there is one, there always is: the last can't be taken away. */
  #administrated = false

  constructor(engine: Engine, links: OneTimeLinks, passwords: Passwords) {
    this.#engine = engine
    this.#links = links
    this.#passwords = passwords
  }

  /** Nobody can sign in yet who could look after the organisation. */
  async isOpen(): Promise<boolean> {
    this.#administrated ||= await hasAdministrator(this.#engine.database, this.#engine.catalogs.current())
    return !this.#administrated
  }

  /** Path of a new link; earlier ones stop working. */
  async newPath(): Promise<string> {
    const id = await this.#links.open('setUp', '', '')
    const issued = await this.#links.issue({ id, kind: 'setUp' })
    return linkPath('setUp', issued!.token)
  }

  /** Of two requests at once only one goes on; it gives the link back when the user can't be made. */
  async use(
    by: Asker,
    token: string,
    { username, firstName, lastName, password }: FirstAdministrator,
  ): Promise<{ readonly userId: string } | Refusal> {
    const link = await this.#links.byToken(token)
    const problem = linkProblem(link?.kind === 'setUp' ? link : undefined)
    if (!link || problem) return problem!
    const hash = await this.#passwords.hash(by, password)
    const { database } = this.#engine
    if (!(await database.transaction((tx) => takeLink(tx, link)))) return linkProblem({ ...link, used: true })!
    const values = { Username: usernameOf(username), Email: username, FirstName: firstName || null, LastName: lastName }
    const actor = automationActor('setting up the first administrator')
    const made = await createUser(this.#engine, actor, { ...values, ProfileId: await this.#profile() }, [ADMINISTRATOR])
    if ('errors' in made) {
      await this.#links.giveBack(link)
      return { code: 'INVALID', message: made.errors.map((error) => error.message).join(' ') }
    }
    await database.transaction((tx) => storeCredential(tx, made.userId, hash))
    return made
  }

  /** The shipped profile of administrators, as long as it is there. */
  async #profile(): Promise<string | null> {
    const object = this.#engine.catalogs.current().object('Profile')!
    const [found] = await findBy(this.#engine.database, object, object.field('DeveloperName')!, [ADMINISTRATOR])
    return found?.id ?? null
  }
}
