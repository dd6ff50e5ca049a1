/** One count of requests for every way in: cached answers, GET and WebSockets too. By user; by address for those who have not signed in. */
import type { Request } from 'express'
import { RateLimit } from '#graphql'
import { addressOf } from './auth/attempts.ts'

export const TOO_MANY_REQUESTS = 'TOO_MANY_REQUESTS'

export class RequestLimit {
  readonly #limit: RateLimit
  constructor(perMinute: number) {
    this.#limit = new RateLimit(perMinute)
  }

  /** Seconds to wait; 0: go on. */
  ofUser(userId: string): number {
    return this.#limit.take(userId)
  }

  ofAddress(request: Request): number {
    return this.#limit.take(addressOf(request))
  }
}

export const tooManyRequests = (seconds: number): string =>
  `Too many requests. Try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`
