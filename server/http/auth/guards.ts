/** Who may come in to the routes under /auth: our own pages, not too often, and, for most, somebody who is signed in. */
import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { Caller } from '#graphql'
import { isJson, isOwnOrigin } from '../security.ts'
import { fail, text } from './answers.ts'
import type { AuthRoom } from './room.ts'

export function onlyOwnPages(room: AuthRoom): RequestHandler {
  return (request, response, next) => {
    if (request.method === 'GET') return next()
    if (!isOwnOrigin(request, room.security))
      return fail(response, 403, 'FOREIGN_ORIGIN', 'This request comes from another site.')
    if (request.method === 'POST' && !isJson(request))
      return fail(response, 415, 'CONTENT_TYPE', 'Send the body as application/json.')
    return next()
  }
}

/** Wrong guesses by address and name; right ones don't count. */
export function guessLimit(): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: 20,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    keyGenerator: (request) =>
      `${ipKeyGenerator(request.ip ?? '')} ${text((request.body as { username?: unknown } | undefined)?.username, 200).toLowerCase()}`,
    handler: (_, response) =>
      fail(response as Response, 429, 'TOO_MANY_ATTEMPTS', 'Too many attempts. Wait a minute and try again.'),
  })
}

export function signedIn(
  room: AuthRoom,
  handle: (caller: Caller, request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return async (request, response) => {
    const found = await room.authenticator.of(request.headers, { cookies: true })
    // A token may not make further tokens or change a password: that needs a person.
    if (!found?.caller.user || found.by !== 'session') return fail(response, 401, 'UNAUTHENTICATED', 'Sign in first.')
    await handle(found.caller, request, response)
  }
}
