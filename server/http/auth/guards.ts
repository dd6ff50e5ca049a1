/** Who may come in to the routes under /auth: our own pages, not too often, and, for most, somebody who is signed in. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Caller } from '#graphql'
import { isJson, isOwnOrigin } from '../security.ts'
import { fail, tooMany } from './answers.ts'
import { addressOf } from './attempts.ts'
import { BusyError } from './passwords.ts'
import type { AuthRoom } from './room.ts'
import type { Limit } from './throttle.ts'

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

/** Counts every request, also the good ones. */
export function limited(room: AuthRoom, limit: (address: string) => Limit): RequestHandler {
  return async (request, response, next) => {
    const permit = await room.throttle.take([limit(addressOf(request))])
    return permit.allowed ? next() : tooMany(response, permit.retryAfter)
  }
}

/** The last in the line: passwords that could not be looked at because too many wait already. */
export const busy: ErrorRequestHandler = (error, _request, response, next) => {
  if (!(error instanceof BusyError)) return next(error)
  response.setHeader('Retry-After', 5)
  fail(response, 503, 'BUSY', error.message)
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

/** For those who manage users. */
export function managing(
  room: AuthRoom,
  handle: (caller: Caller, request: Request, response: Response) => Promise<void>,
): RequestHandler {
  return signedIn(room, async (caller, request, response) => {
    if (!caller.actor.permissions.system.has('manageUsers'))
      return fail(response, 403, 'NO_ACCESS', 'Only people with the permission manageUsers may do this.')
    await handle(caller, request, response)
  })
}

/** About oneself or, where the address names a user, about that one. */
export function about(
  room: AuthRoom,
  handle: (userId: string, request: Request, response: Response) => Promise<void>,
): readonly [own: RequestHandler, others: RequestHandler] {
  return [
    signedIn(room, ({ actor }, request, response) => handle(actor.userId, request, response)),
    managing(room, (_, request, response) => handle(String(request.params.user), request, response)),
  ]
}
