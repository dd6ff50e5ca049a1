/** Who a request is from: a session cookie or a bearer token. A user who is no longer active is nobody. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '#graphql'
import type { ApiTokens } from './api-tokens.ts'
import type { Callers } from './callers.ts'
import type { Sessions } from './sessions.ts'

export interface Authenticated {
  readonly caller: Caller
  readonly by: 'session' | 'token' | 'nobody'
}

/** `__Host-` binds the cookie to this host and to HTTPS; browsers refuse it over plain HTTP, so development has another name. */
export const cookieName = (secure: boolean): string => (secure ? '__Host-milepost' : 'milepost_session')

export function cookieOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  for (const part of headers.cookie?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

export class Authenticator {
  readonly #sessions: Sessions
  readonly #tokens: ApiTokens
  readonly #callers: Callers
  readonly #cookie: string

  constructor(parts: {
    readonly sessions: Sessions
    readonly tokens: ApiTokens
    readonly callers: Callers
    readonly secure: boolean
  }) {
    this.#sessions = parts.sessions
    this.#tokens = parts.tokens
    this.#callers = parts.callers
    this.#cookie = cookieName(parts.secure)
  }

  /** A bad token is an error of its own (undefined), so that a program does not go on as nobody. */
  async of(headers: IncomingHttpHeaders, options: { readonly cookies: boolean }): Promise<Authenticated | undefined> {
    const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1]
    if (bearer) return this.#asToken(bearer)
    const cookie = options.cookies ? cookieOf(headers, this.#cookie) : undefined
    const userId = cookie ? await this.#sessions.userOf(cookie) : undefined
    const caller = userId ? await this.#callers.of(userId) : undefined
    return caller ? { caller, by: 'session' } : this.nobody()
  }

  nobody(): Authenticated {
    return { caller: this.#callers.anonymous(), by: 'nobody' }
  }

  async #asToken(token: string): Promise<Authenticated | undefined> {
    const holder = await this.#tokens.holderOf(token)
    const caller = holder && (await this.#callers.of(holder.userId))
    return caller && { caller: this.#callers.within(caller, holder.scope), by: 'token' }
  }
}
