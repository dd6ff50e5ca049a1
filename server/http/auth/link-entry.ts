/** What the page behind a link shows, and letting somebody in by it: a password is set, every session of before ends. */
import { automationActor, type Engine } from '#automation'
import { readRows } from '#records'
import type { Row } from '#util'
import type { SentKind } from './account-mail.ts'
import type { Refusal } from './account-links.ts'
import type { Callers } from './callers.ts'
import { storeCredential, type Credentials } from './credentials.ts'
import { ENDED, linkProblem, takeLink, type OneTimeLink, type OneTimeLinks } from './one-time-links.ts'
import { NOT_NEW, type Asker, type Passwords } from './passwords.ts'
import type { Sessions } from './sessions.ts'

export interface LinkFacts {
  readonly kind: SentKind
  readonly username: string
  readonly firstName: string
  readonly lastName: string
  /** Name of the administrator who sent it. */
  readonly by?: string
  readonly expiresAt: string
}
export interface Chosen {
  readonly password: string
  /** Blank: it stays. */
  readonly firstName: string
  readonly lastName: string
}

export interface LinkEntryParts {
  readonly engine: Engine
  readonly links: OneTimeLinks
  readonly callers: Callers
  readonly sessions: Sessions
  readonly passwords: Passwords
  readonly credentials: Credentials
}

export class LinkEntry {
  readonly #parts: LinkEntryParts

  constructor(parts: LinkEntryParts) {
    this.#parts = parts
  }

  async look(token: string): Promise<LinkFacts | Refusal> {
    const found = await this.#open(token)
    if ('code' in found) return found
    const { link, user, by } = found
    const [firstName, lastName] = [String(user.FirstName ?? ''), String(user.LastName ?? '')]
    return {
      kind: link.kind as SentKind,
      username: String(user.Username),
      firstName,
      lastName: lastName === user.Username ? '' : lastName,
      ...(by ? { by } : {}),
      expiresAt: link.expiresAt,
    }
  }

  /** The link is spent with the password it sets, in one transaction; what is wrong with the name is found before. */
  async enter(by: Asker, token: string, chosen: Chosen): Promise<{ readonly userId: string } | Refusal> {
    const found = await this.#open(token)
    if ('code' in found) return found
    const { link, user } = found
    const { engine, sessions, passwords, credentials } = this.#parts
    if (link.kind === 'passwordReset' && (await credentials.check(by, link.userId, chosen.password)))
      return { code: 'INVALID', message: NOT_NEW, field: 'password' }
    const hash = await passwords.hash(by, chosen.password)
    const refused = link.kind === 'invitation' ? await this.#rename(user, chosen) : undefined
    if (refused) return refused
    const taken = await engine.database.transaction(async (tx) => {
      const mine = await takeLink(tx, link)
      if (mine) await storeCredential(tx, link.userId, hash)
      return mine
    })
    if (!taken) return linkProblem(await this.#parts.links.byToken(token)) ?? ENDED
    await sessions.endAllOf(link.userId)
    return { userId: link.userId }
  }

  async #open(token: string): Promise<{ link: OneTimeLink; user: Row; by: string | undefined } | Refusal> {
    const { engine, links, callers } = this.#parts
    const link = await links.byToken(token)
    const problem = linkProblem(link)
    if (problem || !link) return problem ?? ENDED
    if (link.kind === 'setUp' || !(await callers.of(link.userId))) return ENDED
    const catalog = engine.catalogs.current()
    const fields = ['Name', 'Username', 'FirstName', 'LastName']
    const ids = [link.userId, link.createdBy].filter(Boolean)
    const people = await readRows(engine.database, catalog, catalog.object('User')!, ids, fields)
    const by = people.get(link.createdBy)?.Name
    return { link, user: { ...people.get(link.userId)!, Id: link.userId }, by: by ? String(by) : undefined }
  }

  async #rename(user: Row, { firstName, lastName }: Chosen): Promise<Refusal | undefined> {
    const given = Object.entries({ FirstName: firstName, LastName: lastName })
    const values = Object.fromEntries(given.filter(([name, value]) => value && value !== user[name]))
    if (Object.keys(values).length === 0) return undefined
    const [saved] = await this.#parts.engine.save(automationActor('accepting an invitation'), [
      { operation: 'update', object: 'User', id: String(user.Id), values },
    ])
    return saved?.errors[0] && { code: 'INVALID', message: saved.errors.map((e) => e.message).join(' ') }
  }
}
