/** One-time links: what one is, letting somebody in by it, and asking for one. A GET never spends a link: mail scanners follow them. */
import { Router, type RequestHandler, type Response } from 'express'
import type { Refusal } from './account-links.ts'
import { fail, open, publicUser } from './answers.ts'
import { addressLimit, addressOf, forgotLimit, linkLimit } from './attempts.ts'
import { limited } from './guards.ts'
import { ENTER, FORGOT, LINK, SET_UP, takes, type EnterBody, type ForgotBody, type LinkBody, type SetUpBody } from './input.ts' // prettier-ignore
import { passwordStrength } from './password-strength.ts'
import type { AuthRoom } from './room.ts'

export function linkRoutes(room: AuthRoom): Router {
  const router = Router()
  router.post('/setup', takes(SET_UP), limited(room, addressLimit), setUp(room))
  router.post('/link', takes(LINK), limited(room, linkLimit), look(room))
  router.post('/link/enter', takes(ENTER), limited(room, linkLimit), enter(room))
  router.post('/forgot', takes(FORGOT), limited(room, forgotLimit), forgot(room))
  return router
}

function setUp(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const { token, password, ...body } = request.body as SetUpBody
    const admin = { password, username: body.username.trim(), ...nameOf(body) }
    if (!admin.username) return fail(response, 422, 'INVALID', 'Give a username, best your e-mail address.', 'username')
    const { problem } = await passwordStrength(room, request, password, Object.values({ ...admin, password: '' }))
    if (problem) return fail(response, 422, 'INVALID', problem, 'password')
    if (!admin.lastName) return fail(response, 422, 'INVALID', NO_NAME, 'lastName')
    const done = await room.setup.use({ lane: addressOf(request) }, token, admin)
    if ('code' in done) return refuse(response, done)
    await open(room, request, response, done.userId)
    const caller = await room.callers.of(done.userId)
    response.status(201).json({ user: caller && publicUser(caller) })
  }
}

const NO_NAME = 'Give your last name, so that others know who you are.'
const nameOf = ({ firstName = '', lastName = '' }: EnterBody | Omit<SetUpBody, 'token' | 'password'>) => ({
  firstName: firstName.trim(),
  lastName: lastName.trim(),
})

/** A link that lets nobody in is gone; what else is wrong can be mended. */
const refuse = (response: Response, { code, message, field }: Refusal): void =>
  fail(response, code.startsWith('LINK_') ? 410 : 422, code, message, field)

function look(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const found = await room.linkEntry.look((request.body as LinkBody).token)
    if ('code' in found) return refuse(response, found)
    response.json({ link: found })
  }
}

function enter(room: AuthRoom): RequestHandler {
  return async (request, response) => {
    const { token, password, ...body } = request.body as EnterBody
    const found = await room.linkEntry.look(token)
    if ('code' in found) return refuse(response, found)
    const name = nameOf({ token, password, ...body })
    const names = [found.username, found.firstName, found.lastName, ...Object.values(name)]
    const { problem } = await passwordStrength(room, request, password, names)
    if (problem) return fail(response, 422, 'INVALID', problem, 'password')
    const done = await room.linkEntry.enter({ lane: addressOf(request) }, token, { ...name, password })
    if ('code' in done) return refuse(response, done)
    const session = await open(room, request, response, done.userId)
    if (found.kind === 'passwordReset') await room.accountLinks.passwordChanged(done.userId, session)
    const caller = await room.callers.of(done.userId)
    response.json({ user: caller && publicUser(caller) })
  }
}

/** The same answer for every name. */
function forgot(room: AuthRoom): RequestHandler {
  return (request, response) => {
    const username = (request.body as ForgotBody).username.trim()
    if (!username) return fail(response, 422, 'INVALID', 'Enter your username.', 'username')
    if (!room.mails) return fail(response, 422, 'NO_MAIL', NO_MAIL)
    response.status(202).json({})
    room.accountLinks.forgot(username)
  }
}

const NO_MAIL = 'This server sends no e-mails. Ask your administrator for a link to choose a new password.'
