/** What the routes under /auth read from a body and send back. */
import type { Request, Response } from 'express'
import type { Caller } from '#graphql'
import { cookieName, cookieOf } from './authenticate.ts'
import type { AuthRoom } from './room.ts'
import { sessionId } from './sessions.ts'

const COOKIE_AGE = 14 * 24 * 3_600_000

/** `field`: which part of the body is wrong, so that a form can say it there. */
export const fail = (response: Response, status: number, code: string, message: string, field?: string): void =>
  void response.status(status).json({ error: { code, message, ...(field ? { field } : {}) } })

export function tooMany(response: Response, seconds: number): void {
  const wait = seconds === 1 ? '1 second' : `${seconds} seconds`
  response.setHeader('Retry-After', seconds)
  fail(response, 429, 'TOO_MANY_ATTEMPTS', `Too many attempts. Try again in ${wait}.`)
}

export const publicUser = ({ user, actor }: Caller) => ({
  ...user,
  timeZone: actor.timeZone,
  locale: actor.locale,
  systemPermissions: [...actor.permissions.system],
})

/** The new session's id. Always a new token: one that somebody planted before the sign-in is worth nothing after it. undefined: the credential is not the user's any more. */
export async function open(
  room: AuthRoom,
  request: Request,
  response: Response,
  userId: string,
  credential?: string,
): Promise<string | undefined> {
  const { secure } = room.security
  const old = cookieOf(request.headers, cookieName(secure))
  if (old) await room.sessions.end(old)
  const userAgent = request.headers['user-agent']
  const token = await room.sessions.start({ userId, credential, address: request.ip, userAgent })
  if (!token) return undefined
  response.cookie(cookieName(secure), token, { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: COOKIE_AGE })
  room.devices.remember(request.headers, response, userId)
  return sessionId(token)
}
