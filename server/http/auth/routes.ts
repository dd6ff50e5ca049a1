/** /auth/*: sign in and out, who am I, the demo's users, the first administrator, tokens for programs. JSON in, JSON out. */
import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { Caller } from '#graphql'
import { isJson, isOwnOrigin, type SecurityOptions } from '../security.ts'
import type { ApiTokens } from './api-tokens.ts'
import { cookieName, cookieOf, type Authenticator } from './authenticate.ts'
import type { Callers } from './callers.ts'
import type { Credentials } from './credentials.ts'
import { MAX_PASSWORD, passwordProblem } from './passwords.ts'
import type { Sessions } from './sessions.ts'
import type { Setup } from './setup.ts'

export interface DemoUser {
  readonly username: string
  readonly password: string
  readonly name: string
  readonly role: string
}

export interface AuthRoom {
  readonly security: SecurityOptions
  readonly sessions: Sessions
  readonly credentials: Credentials
  readonly callers: Callers
  readonly tokens: ApiTokens
  readonly setup: Setup
  readonly authenticator: Authenticator
  /** Empty outside a demo organisation. */
  readonly demoUsers: () => readonly DemoUser[]
}

const WRONG = 'The username or the password is wrong, or the account is locked for a while.'
const COOKIE_AGE = 14 * 24 * 3_600_000

const fail = (response: Response, status: number, code: string, message: string): void =>
  void response.status(status).json({ error: { code, message } })
const text = (value: unknown, limit: number): string =>
  typeof value === 'string' && value.length <= limit ? value : ''

export function authRoutes(room: AuthRoom): Router {
  const router = Router()
  router.use(onlyOwnPages(room), express.json({ limit: '10kb' }), (_, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.post('/sign-in', guessLimit(), signIn(room))
  router.post('/sign-out', signOut(room))
  router.get('/me', me(room))
  router.get('/demo', demo(room))
  router.post('/setup', guessLimit(), setUp(room))
  router.post('/password', guessLimit(), changePassword(room))
  router.get(
    '/tokens',
    signedIn(
      room,
      async (caller, _, response) => void response.json({ tokens: await room.tokens.list(caller.actor.userId) }),
    ),
  )
  router.post('/tokens', signedIn(room, createToken(room)))
  router.delete('/tokens/:id', signedIn(room, revokeToken(room)))
  return router
}

function onlyOwnPages(room: AuthRoom): RequestHandler {
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
function guessLimit(): RequestHandler {
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

const publicUser = ({ user, actor }: Caller) => ({
  ...user,
  timeZone: actor.timeZone,
  locale: actor.locale,
  systemPermissions: [...actor.permissions.system],
})

function signIn(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const { username, password } = (request.body ?? {}) as { username?: unknown; password?: unknown }
    const userId = await room.callers.idByUsername(text(username, 200))
    const right = await room.credentials.check(userId, text(password, MAX_PASSWORD))
    const caller = right && userId ? await room.callers.of(userId) : undefined
    if (!caller) return fail(response, 401, 'WRONG_CREDENTIALS', WRONG)
    await open(room, request, response, caller.actor.userId)
    response.json({ user: publicUser(caller) })
  }
}

/** Always a new token: one that somebody planted before the sign-in is worth nothing after it. */
async function open(room: AuthRoom, request: Request, response: Response, userId: string): Promise<void> {
  const { secure } = room.security
  const old = cookieOf(request.headers, cookieName(secure))
  if (old) await room.sessions.end(old)
  const token = await room.sessions.start({ userId, address: request.ip, userAgent: request.headers['user-agent'] })
  response.cookie(cookieName(secure), token, { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: COOKIE_AGE })
}

function signOut(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const name = cookieName(room.security.secure)
    const token = cookieOf(request.headers, name)
    if (token) await room.sessions.end(token)
    response.clearCookie(name, { httpOnly: true, secure: room.security.secure, sameSite: 'lax', path: '/' })
    response.json({})
  }
}

function me(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const found = await room.authenticator.of(request.headers, { cookies: true })
    if (!found?.caller.user) return fail(response, 401, 'UNAUTHENTICATED', 'You are not signed in.')
    response.json({ user: publicUser(found.caller) })
  }
}

function demo(room: AuthRoom): RequestHandler {
  return (_, response) => {
    const users = room.demoUsers()
    if (!users.length) return fail(response, 404, 'NO_DEMO', 'This is not a demo organisation.')
    response.json({ users })
  }
}

function setUp(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const body = (request.body ?? {}) as { token?: unknown; username?: unknown; name?: unknown; password?: unknown }
    const username = text(body.username, 80).trim()
    const password = text(body.password, MAX_PASSWORD)
    const problem = passwordProblem(password) ?? (username ? undefined : 'Give a username, best your e-mail address.')
    if (problem) return fail(response, 422, 'INVALID', problem)
    const done = await room.setup.use(text(body.token, 100), { username, name: text(body.name, 120), password })
    if ('problem' in done) return fail(response, 422, 'SETUP_REFUSED', done.problem)
    await open(room, request, response, done.userId)
    const caller = await room.callers.of(done.userId)
    response.status(201).json({ user: caller && publicUser(caller) })
  }
}

/** The other sessions of the user end. */
function changePassword(room: AuthRoom): RequestHandler {
  return signedIn(room, async ({ actor }, request, response) => {
    const { current, password } = (request.body ?? {}) as { current?: unknown; password?: unknown }
    if (!(await room.credentials.check(actor.userId, text(current, MAX_PASSWORD))))
      return fail(response, 401, 'WRONG_CREDENTIALS', 'The present password is wrong.')
    const problem = passwordProblem(text(password, MAX_PASSWORD + 1))
    if (problem) return fail(response, 422, 'INVALID', problem)
    await room.credentials.set(actor.userId, password as string)
    await room.sessions.endAllOf(actor.userId)
    await open(room, request, response, actor.userId)
    response.json({})
  })
}

function signedIn(
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

const createToken =
  (room: AuthRoom) =>
  async (caller: Caller, request: Request, response: Response): Promise<void> => {
    const { label, days } = (request.body ?? {}) as { label?: unknown; days?: unknown }
    const name = text(label, 80).trim()
    if (!name) return fail(response, 422, 'INVALID', 'Give the token a label, so that you know later what it is for.')
    const span = typeof days === 'number' && days >= 1 ? Math.floor(days) : 90
    response.status(201).json(await room.tokens.create(caller.actor.userId, name, span))
  }

const revokeToken =
  (room: AuthRoom) =>
  async (caller: Caller, request: Request, response: Response): Promise<void> => {
    const found = await room.tokens.revoke(caller.actor.userId, String(request.params.id))
    if (!found) return fail(response, 404, 'NOT_FOUND', 'You have no such token.')
    response.json({})
  }
