/** Sends invitations, password resets and word of a changed password. With no way to send e-mails the link is shown, once, to whoever asked for it on behalf of the user. */
import type { Engine } from '#automation'
import type { Caller } from '#graphql'
import { formatInstant } from '#util'
import { linkPath, SUBJECTS, type SentKind } from './account-mail.ts'
import { queueAccountMail } from './account-outbox.ts'
import type { Callers } from './callers.ts'
import type { Credentials } from './credentials.ts'
import type { OneTimeLinks } from './one-time-links.ts'
import { CHANGED } from './password-notice.ts'

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

  #queue(link: string, kind: SentKind, user: NonNullable<Caller['user']>): Promise<void> {
    return queueAccountMail(this.#parts.engine, { user, subject: SUBJECTS[kind], payload: { link } })
  }

  /**
   * Tells a user that the password is another now. `session`: the one that the change began, of which the e-mail says device and address; the row in the
   * outbox, which others may read, holds neither. The password is changed whatever becomes of the e-mail.
   */
  async passwordChanged(userId: string, session = ''): Promise<void> {
    const payload = { user: userId, passwordChanged: formatInstant(Date.now()), session }
    try {
      const user = (await this.#parts.callers.of(userId))?.user
      if (user?.email) await queueAccountMail(this.#parts.engine, { user, subject: CHANGED, payload })
    } catch (error) {
      this.#parts.logError(error)
    }
  }
}
