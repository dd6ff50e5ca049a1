/** /auth/*: sign in and out, who am I, what sign-in offers, the first administrator, tokens for programs. JSON in, JSON out. */
import express, { Router, type Request, type RequestHandler, type Response } from 'express'
import type { Caller } from '#graphql'
import { fail, open, publicUser, tooMany } from './answers.ts'
import { addressLimit, addressOf, askerOf, passwordChangeLimit, signInLimits, strengthLimit } from './attempts.ts'
import { cookieName, cookieOf } from './authenticate.ts'
import { busy, limited, onlyOwnPages, signedIn } from './guards.ts'
import { NEW_PASSWORD, NEW_TOKEN, SIGN_IN, STRENGTH, takes, type NewPasswordBody, type NewTokenBody, type SignInBody, type StrengthBody } from './input.ts' // prettier-ignore
import { linkRoutes } from './link-routes.ts'
import { namesOf, passwordStrength } from './password-strength.ts'
import { isSamePassword, NOT_NEW, type Asker } from './passwords.ts'
import { peopleRoutes } from './people-routes.ts'
import type { AuthRoom } from './room.ts'
import type { Allowed } from './throttle.ts'

const WRONG = 'The username or the password is wrong.'

export function authRoutes(room: AuthRoom): Router {
  const router = Router()
  router.use(onlyOwnPages(room), express.json({ limit: '10kb' }), (_, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  router.get('/sign-in', signInOptions(room))
  router.post('/sign-in', takes(SIGN_IN), signIn(room))
  router.post('/sign-out', signOut(room))
  router.get('/me', me(room))
  router.post('/password', takes(NEW_PASSWORD), changePassword(room))
  router.post('/password-strength', takes(STRENGTH), limited(room, strengthLimit), strength(room))
  router.post('/tokens', takes(NEW_TOKEN), signedIn(room, createToken(room)))
  router.use(linkRoutes(room), peopleRoutes(room))
  router.use(busy)
  return router
}

/** The attempt is counted before the password is looked at, and given back when it was right. */
function signIn(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const { username, password } = request.body as SignInBody
    const address = addressOf(request)
    // A flood from there does not even cost the look at who has the name.
    const flood = room.devices.isKnown(request.headers) ? undefined : room.throttle.refused([addressLimit(address)])
    if (flood) return tooMany(response, flood.retryAfter)
    const userId = await room.callers.idByUsername(username)
    const attempt = {
      address,
      account: userId ?? username.toLowerCase(),
      device: userId && room.devices.idFor(request.headers, userId),
    }
    const permit = await room.throttle.take(signInLimits(attempt))
    if (!permit.allowed) return tooMany(response, permit.retryAfter)
    const found = await counted(permit, callerWith(room, askerOf(attempt), userId, password))
    if (!found || !(await open(room, request, response, found.caller.actor.userId, found.credential)))
      return fail(response, 401, 'WRONG_CREDENTIALS', WRONG)
    response.json({ user: publicUser(found.caller) })
  }
}

async function callerWith(room: AuthRoom, by: Asker, userId: string | undefined, password: string) {
  const credential = await room.credentials.check(by, userId, password)
  const caller = credential && userId ? await room.callers.of(userId) : undefined
  return caller && { caller, credential }
}

/** Only what was refused counts: nothing that succeeded, nor what could not be looked at. */
async function counted<T>(permit: Allowed, work: Promise<T>): Promise<T> {
  let refused = false
  try {
    const result = await work
    refused = !result
    return result
  } finally {
    if (!refused) await permit.giveBack()
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

/** What the sign-in page may offer: the demo's people (outside a demo none), a reset by e-mail, the way in of the first administrator. */
function signInOptions(room: AuthRoom): RequestHandler {
  return async (_, response) =>
    void response.json({ demoUsers: room.demoUsers(), reset: room.mails, setUp: await room.setup.isOpen() })
}

/** The other sessions of the user end. */
function changePassword(room: AuthRoom): RequestHandler {
  return signedIn(room, async ({ actor, user }, request, response) => {
    const { current, password } = request.body as NewPasswordBody
    const permit = await room.throttle.take([passwordChangeLimit(actor.userId)])
    if (!permit.allowed) return tooMany(response, permit.retryAfter)
    const asker = { lane: actor.userId, known: true }
    if (!(await counted(permit, room.credentials.check(asker, actor.userId, current))))
      return fail(response, 401, 'WRONG_CREDENTIALS', 'The present password is wrong.', 'current')
    if (isSamePassword(current, password)) return fail(response, 422, 'INVALID', NOT_NEW, 'password')
    const { problem } = await passwordStrength(room, request, password, namesOf(user))
    if (problem) return fail(response, 422, 'INVALID', problem, 'password')
    await room.credentials.set(actor.userId, password)
    await room.sessions.endAllOf(actor.userId)
    const session = await open(room, request, response, actor.userId)
    await room.accountLinks.passwordChanged(actor.userId, session)
    response.json({})
  })
}

/** For a form, while somebody types: what the server will say of the password. */
function strength(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const { password, username = '', name = '' } = request.body as StrengthBody
    const found = await room.authenticator.of(request.headers, { cookies: true })
    response.json(await passwordStrength(room, request, password, [username, name, ...namesOf(found?.caller.user)]))
  }
}

const createToken =
  (room: AuthRoom) =>
  async (caller: Caller, request: Request, response: Response): Promise<void> => {
    const { days, readOnly, permissionSets, ...body } = request.body as NewTokenBody
    const label = body.label.trim()
    if (!label) return fail(response, 422, 'INVALID', 'Give the token a label, so that you know later what it is for.', 'label') // prettier-ignore
    const held = room.callers.setsOf(caller)
    const foreign = permissionSets?.find((name) => !held.some((set) => set.name === name))
    if (foreign !== undefined)
      return fail(response, 422, 'INVALID', `You don’t have the permission set “${foreign}”. Choose among your own.`, 'permissionSets') // prettier-ignore
    const chosen = permissionSets && held.filter((set) => permissionSets.includes(set.name)).map((set) => set.id!)
    const scope = { readOnly: readOnly ?? false, permissionSets: chosen ?? null }
    const made = await room.tokens.create(caller.actor.userId, { label, days: days ?? 90, scope })
    if (!made) return fail(response, 422, 'TOO_MANY_TOKENS', 'You have as many tokens as one may have. Revoke one that you don’t use.') // prettier-ignore
    response.status(201).json(made)
  }
