/** Who a request is from: a session cookie or a bearer token. A user who is no longer active is nobody. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '#graphql'
import { tokenId, type ApiTokens } from './api-tokens.ts'
import type { Callers } from './callers.ts'
import type { Sessions } from './sessions.ts'
import { hashToken } from './tokens.ts'

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

const bearerOf = ({ authorization = '' }: IncomingHttpHeaders): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(authorization)?.[1]

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

  /** What the request comes with, by the name that an end of it is told under: the hash of a session, the id of a token. Live or not. */
  keyOf(headers: IncomingHttpHeaders): string | undefined {
    const token = bearerOf(headers)
    if (token) return tokenId(token)
    const cookie = cookieOf(headers, this.#cookie)
    return cookie && hashToken(cookie)
  }

  hasSessionOnly(headers: IncomingHttpHeaders): boolean {
    return bearerOf(headers) === undefined && cookieOf(headers, this.#cookie) !== undefined
  }

  /** Which of these keys are live. */
  async liveOf(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const [sessions, tokens] = [await this.#sessions.liveOf(keys), await this.#tokens.liveOf(keys)]
    return new Set([...sessions, ...tokens])
  }

  /** A bad token is an error of its own (undefined), so that a program does not go on as nobody. */
  async of(headers: IncomingHttpHeaders, options: { readonly cookies: boolean }): Promise<Authenticated | undefined> {
    const bearer = bearerOf(headers)
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
