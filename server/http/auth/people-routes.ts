/** Ways in, looked after: sessions and tokens, of one's own and, for those who manage users, of others; invitations and resets. */
import { Router, type Request, type Response } from 'express'
import type { Caller } from '#graphql'
import { fail } from './answers.ts'
import { cookieName, cookieOf } from './authenticate.ts'
import { about, managing } from './guards.ts'
import { INVITATION, takes, type InvitationBody } from './input.ts'
import { createUser, usernameOf } from './new-user.ts'
import { linkProblem, type OneTimeLink } from './one-time-links.ts'
import type { AuthRoom } from './room.ts'

type About = (userId: string, request: Request, response: Response) => Promise<void>

export function peopleRoutes(room: AuthRoom): Router {
  const router = Router()
  const both = (method: 'get' | 'delete', path: string, handle: About) => {
    const [own, others] = about(room, handle)
    router[method](path, own)
    router[method](`/users/:user${path}`, others)
  }
  both('get', '/sessions', listSessions(room))
  both('delete', '/sessions', endSessions(room))
  both('delete', '/sessions/:id', endSession(room))
  both('get', '/tokens', listTokens(room))
  both('delete', '/tokens/:id', revokeToken(room))
  router.get('/users', managing(room, choices(room)))
  router.post('/users', takes(INVITATION), managing(room, invite(room)))
  router.get('/users/:user', managing(room, wayIn(room)))
  router.post('/users/:user/link', managing(room, sendLink(room)))
  return router
}

const listSessions =
  (room: AuthRoom): About =>
  async (userId, request, response) => {
    const token = cookieOf(request.headers, cookieName(room.security.secure))
    response.json({ sessions: await room.sessions.list(userId, token) })
  }

const endSessions =
  (room: AuthRoom): About =>
  async (userId, _, response) => {
    await room.sessions.endAllOf(userId)
    response.json({})
  }

const endSession =
  (room: AuthRoom): About =>
  async (userId, request, response) => {
    const found = await room.sessions.endOne(userId, String(request.params.id))
    if (!found) return fail(response, 404, 'NOT_FOUND', 'There is no such session; it may have ended already.')
    response.json({})
  }

const listTokens =
  (room: AuthRoom): About =>
  async (userId, _, response) =>
    void response.json({ tokens: await room.tokens.list(userId) })

const revokeToken =
  (room: AuthRoom): About =>
  async (userId, request, response) => {
    const found = await room.tokens.revoke(userId, String(request.params.id))
    if (!found) return fail(response, 404, 'NOT_FOUND', 'There is no such token.')
    response.json({})
  }

type Managing = (caller: Caller, request: Request, response: Response) => Promise<void>

/** What somebody who is invited can be given. */
const choices =
  (room: AuthRoom): Managing =>
  async (_caller, _request, response) => {
    const { permissionSets } = room.engine.catalogs.current()
    const shown = [...permissionSets.values()].map(({ name, label, description = null }) => ({ name, label, description })) // prettier-ignore
    response.json({ mails: room.mails, permissionSets: shown.sort((a, b) => a.label.localeCompare(b.label)) })
  }

/** A new user, made as whoever invites: rules and permissions hold. Without a link when the user is made inactive. */
const invite =
  (room: AuthRoom): Managing =>
  async ({ actor }, request, response) => {
    const { permissionSets, ...values } = invitationOf(request.body as InvitationBody)
    const made = await createUser(room.engine, actor, values, permissionSets)
    if ('errors' in made) {
      const message = made.errors.map((error) => error.message).join(' ')
      return void response.status(422).json({ error: { code: 'INVALID', message, errors: made.errors } })
    }
    const sent = await room.accountLinks.send(made.userId, actor.userId)
    response.status(201).json({ userId: made.userId, sent })
  }

/** The username is the e-mail address where none is given, and so is a name that its owner is to give. */
function invitationOf({ email, username, firstName, lastName, profileId, permissionSets = [] }: InvitationBody) {
  const given = (value: string | undefined): string | null => value?.trim() || null
  const name = given(username) ?? given(email)
  const Username = name && usernameOf(name)
  return {
    Email: given(email),
    Username,
    FirstName: given(firstName),
    LastName: given(lastName) ?? Username,
    ProfileId: given(profileId),
    permissionSets,
  }
}

/** How a user gets in: whether there is a password, and the last link that was sent. */
const wayIn =
  (room: AuthRoom): Managing =>
  async (_, request, response) => {
    const userId = String(request.params.user)
    const link = await room.links.latestOf(userId)
    response.json({
      mails: room.mails,
      hasPassword: await room.credentials.has(userId),
      link: link ? factsOf(link) : null,
    })
  }

const factsOf = (link: OneTimeLink) => ({
  kind: link.kind,
  createdAt: link.createdAt,
  expiresAt: link.expiresAt,
  /** Why it lets nobody in: LINK_USED, LINK_EXPIRED …; null when it does. */
  problem: linkProblem(link)?.code ?? null,
})

const sendLink =
  (room: AuthRoom): Managing =>
  async ({ actor }, request, response) => {
    const sent = await room.accountLinks.send(String(request.params.user), actor.userId)
    if ('code' in sent) return fail(response, 422, sent.code, sent.message)
    response.json({ sent })
  }
