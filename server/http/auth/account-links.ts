/** Sends invitations and password resets. With no way to send e-mails the link is shown, once, to whoever asked for it on behalf of the user. */
import { randomUUID } from 'node:crypto'
import { automationActor, hostOf, type Engine } from '#automation'
import type { Caller } from '#graphql'
import { formatInstant } from '#util'
import { linkPath, SUBJECTS, type SentKind } from './account-mail.ts'
import type { Callers } from './callers.ts'
import type { Credentials } from './credentials.ts'
import type { OneTimeLinks } from './one-time-links.ts'

/** Links an hour for one user: asked for by anybody on the sign-in page, and by administrators. */
const MOST = { anybody: 3, administrator: 10 }

export interface SentLink {
  readonly kind: SentKind
  readonly to: string
  readonly mailed: boolean
  /** The only time that it can be read. Absent when it goes by e-mail. */
  readonly path?: string
  readonly expiresAt?: string
}
export interface Refusal {
  readonly code: string
  readonly message: string
  /** Which part of what was sent. */
  readonly field?: string
}

export interface AccountLinksParts {
  readonly engine: Engine
  readonly links: OneTimeLinks
  readonly credentials: Credentials
  readonly callers: Callers
  /** Whether e-mails can leave. */
  readonly mails: boolean
  readonly logError: (error: unknown) => string
}

export class AccountLinks {
  readonly #parts: AccountLinksParts
  readonly #underWay = new Set<Promise<void>>()

  constructor(parts: AccountLinksParts) {
    this.#parts = parts
  }

  /** What a user needs to get in: an invitation before there is a password, a reset afterwards. */
  async send(userId: string, by: string): Promise<SentLink | Refusal> {
    const { callers, credentials, links, mails } = this.#parts
    const user = (await callers.of(userId))?.user
    if (!user?.email) return { code: 'NOT_ACTIVE', message: 'There is no such user, or the user is not active. Activate the user first.' } // prettier-ignore
    const kind: SentKind = (await credentials.has(userId)) ? 'passwordReset' : 'invitation'
    if ((await links.lately(kind, userId)) >= MOST.administrator)
      return { code: 'TOO_MANY_LINKS', message: 'This user got many links within the hour. Wait a while before the next.' } // prettier-ignore
    const id = await links.open(kind, userId, by)
    await this.#queue(id, kind, user)
    if (mails) return { kind, to: user.email, mailed: true }
    const issued = (await links.issue({ id, kind }))!
    return { kind, to: user.email, mailed: false, path: linkPath(kind, issued.token), expiresAt: issued.expiresAt }
  }

  /** Somebody on the sign-in page asks. Nothing is told, not even by the time it takes: the answer goes out before anything is looked up. */
  forgot(username: string): void {
    const work = this.#reset(username)
      .catch((error: unknown) => void this.#parts.logError(error))
      .finally(() => this.#underWay.delete(work))
    this.#underWay.add(work)
  }

  async close(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  async #reset(username: string): Promise<void> {
    const { callers, links } = this.#parts
    const userId = await callers.idByUsername(username)
    const user = userId === undefined ? undefined : (await callers.of(userId))?.user
    if (!userId || !user?.email || (await links.lately('passwordReset', userId)) >= MOST.anybody) return
    await this.#queue(await links.open('passwordReset', userId, ''), 'passwordReset', user)
  }

  /** The row says who it is for; the address is looked up as it is sent. */
  async #queue(link: string, kind: SentKind, user: NonNullable<Caller['user']>): Promise<void> {
    const { engine } = this.#parts
    const values = {
      Name: `${SUBJECTS[kind]} → ${user.name}`.slice(0, 255),
      Kind: 'Email',
      Host: hostOf('Email'),
      Status: 'Pending',
      Recipients: user.name,
      ParentId: user.id,
      Subject: SUBJECTS[kind],
      IdempotencyKey: randomUUID(),
      Payload: { link },
      Attempts: 0,
      NextAttemptDate: formatInstant(engine.database.clock.now()),
    }
    const [saved] = await engine.save(automationActor(kind), [{ operation: 'create', object: 'OutboxMessage', values }])
    if (!saved?.id) throw new Error(`The e-mail could not be queued: ${JSON.stringify(saved?.errors)}`)
  }
}
