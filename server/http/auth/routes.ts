/** /auth/*: sign in and out, who am I, the demo's users, the first administrator, tokens for programs. JSON in, JSON out. */
import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import type { Caller } from '#graphql'
import { fail, open, publicUser, text } from './answers.ts'
import { cookieName, cookieOf } from './authenticate.ts'
import { guessLimit, onlyOwnPages, signedIn } from './guards.ts'
import { MAX_PASSWORD, passwordProblem } from './passwords.ts'
import type { AuthRoom } from './room.ts'

const WRONG = 'The username or the password is wrong, or the account is locked for a while.'
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
