import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { smtpMail } from '#automation'
import { describeDatabases } from '#test/databases'
import { mailServer, type MailServer } from '../automation/outbox/testing.ts'
import { OneTimeLinks } from './auth/one-time-links.ts'
import { createApp } from './index.ts'
import { cookieFrom, keepServer, Person, startServer, tokenOf, type TestServer } from './testing.ts'

const [PASSWORD, ANOTHER] = ['seven quiet herons wade', 'nine loud herons fly off']
const MINUTE = 60_000
const mailOf = ({ url }: MailServer) => smtpMail(url, 'milepost@example.com')

interface Sent {
  readonly kind: string
  readonly mailed: boolean
  readonly path?: string
}
const json = async (answer: Response | Promise<Response>) => (await (await answer).json()) as never
const errorOf = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  ((await answer.json()) as { error: { code: string } }).error.code,
]

/** The server's view of time, without a real second passing. */
function later(minutes: number): void {
  const now = Date.now() + minutes * MINUTE
  vi.useFakeTimers({ toFake: ['Date'], now })
  onTestFinished(() => void vi.useRealTimers())
}

/** Decodes quoted-printable; the links that stand in it. */
const linksIn = (mail: MailServer): string[] =>
  mail.messages.flatMap(
    ({ text }) =>
      text
        .replaceAll('=\r\n', '')
        .replaceAll('=3D', '=')
        .match(/https?:\S+#\S+/g) ?? [],
  )

async function invite(server: TestServer, email: string, more: object = {}): Promise<{ userId: string; sent: Sent }> {
  const answer = await server.admin.post('/auth/users', { email, permissionSets: ['System_Administrator'], ...more })
  expect(answer.status).toBe(201)
  return json(answer)
}
const look = (server: TestServer, token: string) => server.nobody.post('/auth/link', { token })
const enter = (server: TestServer, token: string, password = PASSWORD, name: object = {}) =>
  server.nobody.post('/auth/link/enter', { token, password, ...name })
const signIn = (server: TestServer, username: string, password = PASSWORD) =>
  server.nobody.post('/auth/sign-in', { username, password })
const sendLink = (server: TestServer, userId: string) => server.admin.post(`/auth/users/${userId}/link`, {})
const update = (server: TestServer, id: string, input: object) =>
  server.admin.data('mutation ($id: ID!, $input: UserUpdateInput!) { UserUpdate(Id: $id, input: $input) { errors { message } } }', { id, input }) // prettier-ignore
const outbox = async (server: TestServer) =>
  (
    await server.admin.data(
      '{ OutboxMessage(orderBy: [{ CreatedDate: ASC_NULLS_LAST }, { Id: ASC_NULLS_LAST }]) { nodes { Id Name Status Recipients Subject Payload LastError Parent { Id } } } }',
    )
  ).OutboxMessage.nodes

/** Somebody who has accepted an invitation, in a session. */
async function member(server: TestServer, email: string): Promise<{ id: string; person: Person }> {
  const { userId, sent } = await invite(server, email)
  let token = sent.path ? tokenOf(sent.path) : ''
  if (sent.mailed) {
    await server.app.engine.runDue()
    token = tokenOf((await latest(server))!)
  }
  const entered = await enter(server, token)
  expect(entered.status).toBe(200)
  return { id: userId, person: new Person(server.app, { cookie: cookieFrom(entered) }) }
}
let mail: MailServer
const latest = async (server: TestServer) => (await server.app.engine.runDue(), linksIn(mail).at(-1))
beforeAll(async () => {
  mail = await mailServer()
})
afterEach(() => mail.reset())
afterAll(() => mail.close())

describeDatabases('with a mail server', (open) => {
  let server: TestServer
  beforeAll(async () => {
    server = await keepServer(await open.url(), { mail: mailOf(mail), publicUrl: 'http://desk.example.com' })
  })
  const forgot = async (username: string) => {
    const answer = await server.nobody.post('/auth/forgot', { username })
    return [answer.status, await answer.text()]
  }

  test('an invitation goes by e-mail, lets its user choose name and password, and works once', async () => {
    const { userId, sent } = await invite(server, 'Ben@example.com')
    expect(sent).toEqual({ kind: 'invitation', to: 'Ben@example.com', mailed: true })
    const link = (await latest(server))!
    expect(link).toMatch(/^http:\/\/desk\.example\.com\/invitation#[\w-]{43}$/)
    expect(mail.messages).toMatchObject([{ to: ['Ben@example.com'] }])
    expect(mail.messages[0]!.text).toContain('Alex Admin has made an account for you at http://desk.example.com.')
    const facts = { kind: 'invitation', username: 'ben@example.com', firstName: '', lastName: '', by: 'Alex Admin' }
    for (let i = 0; i < 2; i++)
      expect(await json(look(server, tokenOf(link)))).toEqual({ link: { ...facts, expiresAt: expect.any(String) } })
    expect(await errorOf(await enter(server, tokenOf(link), 'short'))).toEqual([422, 'INVALID'])
    const entered = await enter(server, tokenOf(link), PASSWORD, { firstName: 'Ben', lastName: 'Okafor' })
    const ben = new Person(server.app, { cookie: cookieFrom(entered) })
    expect(await ben.data('{ me { id name permissionSets } }')).toEqual({
      me: { id: userId, name: 'Ben Okafor', permissionSets: ['System_Administrator'] },
    })
    expect(await errorOf(await enter(server, tokenOf(link), ANOTHER))).toEqual([410, 'LINK_USED'])
    expect(await errorOf(await look(server, tokenOf(link)))).toEqual([410, 'LINK_USED'])
    expect((await signIn(server, 'ben@example.com')).status).toBe(200)
  })

  test('what the outbox keeps holds no token, before it is sent and after', async () => {
    const { userId } = await invite(server, 'cleo@example.com')
    const [before] = (await outbox(server)).slice(-1)
    expect(before).toMatchObject({ Status: 'Pending', Recipients: 'cleo@example.com', Parent: { Id: userId } })
    expect(Object.keys(before.Payload)).toEqual(['link'])
    const token = tokenOf((await latest(server))!)
    const [after] = (await outbox(server)).slice(-1)
    expect(after).toEqual({ ...before, Status: 'Sent' })
    expect(JSON.stringify(after)).not.toContain(token)
  })

  test('of two who come with one link at once, one gets in', async () => {
    await invite(server, 'eli@example.com')
    const token = tokenOf((await latest(server))!)
    const answers = await Promise.all([enter(server, token), enter(server, token, ANOTHER)])
    const statuses = answers.map((answer) => answer.status)
    expect([...statuses].sort()).toEqual([200, 410])
    const right = statuses[0] === 200 ? PASSWORD : ANOTHER
    expect((await signIn(server, 'eli@example.com', right)).status).toBe(200)
  })

  test('a reset ends all sessions, is good for an hour, and nobody is told who exists', async () => {
    const { person } = await member(server, 'finn@example.com')
    mail.reset()
    const answers = [await forgot('Finn@example.com'), await forgot('nobody@example.com')]
    expect(answers).toEqual([
      [202, '{}'],
      [202, '{}'],
    ])
    await expect.poll(() => latest(server)).toMatch(/^http:\/\/desk\.example\.com\/reset#/)
    expect(mail.messages).toMatchObject([{ to: ['finn@example.com'] }])
    const token = tokenOf((await latest(server))!)
    expect(await json(look(server, token))).toMatchObject({ link: { kind: 'passwordReset' } })
    expect(await errorOf(await enter(server, token, PASSWORD))).toEqual([422, 'INVALID'])
    const entered = await enter(server, token, ANOTHER, { lastName: 'Somebody Else' })
    const back = new Person(server.app, { cookie: cookieFrom(entered) })
    expect(await back.data('{ me { name } }')).toEqual({ me: { name: 'finn@example.com' } })
    expect(await person.data('{ me { name } }')).toEqual({ me: null })
    expect((await signIn(server, 'finn@example.com')).status).toBe(401)
    expect((await signIn(server, 'finn@example.com', ANOTHER)).status).toBe(200)
  })

  describe('a password that was changed', () => {
    const CHROME =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
    const notices = async () => {
      await server.app.engine.runDue()
      return mail.messages.filter(({ text }) => /^Subject: Your password for Milepost was changed$/m.test(text))
    }
    /** Without the soft line breaks of quoted-printable. */
    const words = (text: string) => text.replaceAll('=\r\n', '').replaceAll('\r\n', '\n')

    test('is told to its user: when, from where, and what to do; not to those who read the outbox', async () => {
      const { id, person } = await member(server, 'nia@example.com')
      await update(server, id, { FirstName: 'Nia', TimeZone: 'Asia/Tokyo', Locale: 'en-GB' })
      mail.reset()
      later(0)
      vi.setSystemTime(Date.UTC(2026, 10, 28, 12, 30))
      const refused = await person.post('/auth/password', { current: 'wrong', password: ANOTHER })
      const headers = { 'user-agent': CHROME }
      const changed = await person.post('/auth/password', { current: PASSWORD, password: ANOTHER }, headers)
      expect([refused.status, changed.status]).toEqual([401, 200])
      const [notice, ...others] = await notices()
      expect([notice!.to, others]).toEqual([['nia@example.com'], []])
      const text = words(notice!.text)
      expect(text).toContain('Hello Nia,\n\nthe password of nia@example.com at http://desk.example.com was changed.')
      expect(text).toMatch(/When: 28 Nov 2026, 21:30 (GMT\+9|JST)\nFrom: Chrome on Linux, (::ffff:)?127\.0\.0\.1\n/)
      expect(text).toContain('choose another password at once: http://desk.example.com/forgot sends you a link.')
      const [row] = (await outbox(server)).slice(-1)
      expect(row).toMatchObject({ Status: 'Sent', Recipients: expect.stringContaining('nia'), Parent: { Id: id } })
      expect(Object.keys(row.Payload).sort()).toEqual(['passwordChanged', 'session', 'user'])
      expect(JSON.stringify(row)).not.toMatch(/127\.0\.0\.1|Chrome|nia@example\.com was/)
    })

    test('by a link for a new one is told too; the first one, of an invitation, is not', async () => {
      const { id } = await member(server, 'odo@example.com')
      expect(await notices()).toEqual([])
      await sendLink(server, id)
      const token = tokenOf((await latest(server))!)
      expect((await enter(server, token, ANOTHER)).status).toBe(200)
      expect((await notices()).map(({ to }) => to)).toEqual([['odo@example.com']])
    })

    test('is told although the session that did it has ended', async () => {
      const { person } = await member(server, 'pia@example.com')
      mail.reset()
      const changed = await person.post('/auth/password', { current: PASSWORD, password: ANOTHER })
      await new Person(server.app, { cookie: cookieFrom(changed) }).post('/auth/sign-out', {})
      const [notice] = await notices()
      expect(words(notice!.text)).toMatch(/\nWhen: .*\n\nAll other sessions were signed out\./)
    })
  })

  test('three requests an hour for one account are sent; more change nothing, silently', async () => {
    await member(server, 'hana@example.com')
    mail.reset()
    for (let i = 0; i < 3; i++) {
      expect(await forgot('hana@example.com')).toEqual([202, '{}'])
      await expect.poll(async () => (await latest(server), mail.messages.length)).toBe(i + 1)
    }
    const last = tokenOf((await latest(server))!)
    expect(await forgot('hana@example.com')).toEqual([202, '{}'])
    expect(await forgot('ivo@example.com')).toEqual([202, '{}'])
    await server.app.engine.runDue()
    expect(mail.messages).toHaveLength(3)
    expect((await look(server, last)).status).toBe(200)
  })

  test('who was deactivated gets no link, gets in by none, and stays so', async () => {
    const { id } = await member(server, 'jo@example.com')
    await sendLink(server, id)
    const token = tokenOf((await latest(server))!)
    await sendLink(server, id)
    await update(server, id, { IsActive: false })
    mail.reset()
    await server.app.engine.runDue()
    expect(mail.messages).toEqual([])
    expect((await outbox(server)).slice(-1)).toMatchObject([
      { Status: 'Dead', LastError: 'The user is not active, so the link was not sent.' },
    ])
    expect(await errorOf(await sendLink(server, id))).toEqual([422, 'NOT_ACTIVE'])
    expect(await forgot('jo@example.com')).toEqual([202, '{}'])
    expect(await errorOf(await enter(server, token))).toEqual([410, 'LINK_ENDED'])
    const { UserById } = await server.admin.data('query ($id: ID!) { UserById(Id: $id) { IsActive } }', { id })
    expect(UserById).toEqual({ IsActive: false })
  })

  test('a link that is out ends for good when its user is deactivated or deleted', async () => {
    const { userId } = await invite(server, 'kim@example.com')
    const token = tokenOf((await latest(server))!)
    await update(server, userId, { IsActive: false })
    expect(await errorOf(await look(server, token))).toEqual([410, 'LINK_ENDED'])
    expect(await errorOf(await enter(server, token))).toEqual([410, 'LINK_ENDED'])
    await update(server, userId, { IsActive: true })
    expect(await errorOf(await enter(server, token))).toEqual([410, 'LINK_ENDED'])
    await sendLink(server, userId)
    const another = tokenOf((await latest(server))!)
    const mutation = (name: string) => `mutation ($id: ID!) { User${name}(Id: $id) { errors { message } } }`
    await server.admin.data(mutation('Delete'), { id: userId })
    expect(await errorOf(await enter(server, another))).toEqual([410, 'LINK_ENDED'])
    await server.admin.data(mutation('Undelete'), { id: userId })
    expect(await errorOf(await enter(server, another))).toEqual([410, 'LINK_ENDED'])
    expect((await signIn(server, 'kim@example.com')).status).toBe(401)
  })

  test('a refused user leaves nothing behind, and each field is named', async () => {
    const count = 'query { PermissionSetAssignment { totalCount } User { totalCount } }'
    const before = await server.admin.data(count)
    const body = { email: 'admin@example.com', permissionSets: ['System_Administrator'], profileId: 'nonsense' }
    const answer = await server.admin.post('/auth/users', body)
    expect(answer.status).toBe(422)
    const { error } = (await answer.json()) as { error: { code: string; errors: { field: string }[] } }
    expect(error.errors.map(({ field }) => field).sort()).toEqual(['ProfileId', 'Username'])
    expect(await server.admin.data(count)).toEqual(before)
  })

  test('what the Host header says is in no link', async () => {
    const { id } = await member(server, 'lea@example.com')
    const { username } = (await server.admin.data('query ($id: ID!) { UserById(Id: $id) { username: Username } }', { id })).UserById // prettier-ignore
    const headers = { 'content-type': 'application/json', host: 'evil.example.net' }
    const { port } = new URL(server.app.url)
    await new Promise((done) =>
      request({ port, path: '/auth/forgot', method: 'POST', headers }, done).end(JSON.stringify({ username })),
    )
    await expect.poll(() => latest(server)).toMatch(/^http:\/\/desk\.example\.com\/reset#/)
    expect(mail.messages.map(({ text }) => text).join()).not.toContain('evil')
  })

  test('a link of one kind is none of another', async () => {
    await invite(server, 'mona@example.com')
    const token = tokenOf((await latest(server))!)
    const admin = { username: 'x@example.com', lastName: 'X', password: PASSWORD }
    expect(await errorOf(await server.nobody.post('/auth/setup', { ...admin, token }))).toEqual([410, 'LINK_UNKNOWN'])
    const links = new OneTimeLinks(server.app.engine.database)
    const setUp = (await links.issue({ id: await links.open('setUp', '', ''), kind: 'setUp' }))!.token
    expect(await errorOf(await enter(server, setUp))).toEqual([410, 'LINK_ENDED'])
    expect((await enter(server, token)).status).toBe(200)
  })
})

describeDatabases('as time goes by', (open) => {
  test('a link is good for its time, and a newer one takes its place', async () => {
    const server = await startServer(await open.url(), { mail: mailOf(mail) })
    const { userId } = await invite(server, 'dora@example.com')
    const first = tokenOf((await latest(server))!)
    await sendLink(server, userId)
    expect(await errorOf(await look(server, first))).toEqual([410, 'LINK_ENDED'])
    const second = tokenOf((await latest(server))!)
    later(7 * 24 * 60 - 1)
    expect((await look(server, second)).status).toBe(200)
    later(1)
    expect(await errorOf(await enter(server, second))).toEqual([410, 'LINK_EXPIRED'])
    expect((await signIn(server, 'dora@example.com')).status).toBe(401)
  })

  test('a link for a new password ends after an hour', async () => {
    const server = await startServer(await open.url(), { mail: mailOf(mail) })
    const { id } = await member(server, 'gus@example.com')
    expect(await json(sendLink(server, id))).toMatchObject({ sent: { kind: 'passwordReset', mailed: true } })
    const token = tokenOf((await latest(server))!)
    later(61)
    expect(await errorOf(await enter(server, token, ANOTHER))).toEqual([410, 'LINK_EXPIRED'])
    expect((await signIn(server, 'gus@example.com')).status).toBe(200)
  })
})

describeDatabases('without a mail server', (open) => {
  test('the link is shown once, and held for the day that there is one', async () => {
    const url = await open.url()
    const closes: (() => Promise<void>)[] = []
    const first = await startServer(url, {}, (close) => closes.push(close))
    const { userId, sent } = await invite(first, 'ben@example.com', { firstName: 'Ben', lastName: 'Okafor' })
    expect(sent).toMatchObject({ mailed: false, path: expect.stringMatching(/^\/invitation#[\w-]{43}$/) })
    await first.app.engine.runDue()
    expect(await outbox(first)).toMatchObject([{ Status: 'Held' }])
    expect(JSON.stringify(await outbox(first))).not.toContain(tokenOf(sent.path!))
    expect(await errorOf(await first.nobody.post('/auth/forgot', { username: 'ben@example.com' }))).toEqual([422, 'NO_MAIL']) // prettier-ignore
    const facts = { mails: false, hasPassword: false, link: { kind: 'invitation', problem: null } }
    const wayIn = () => fetch(`${first.app.url}/auth/users/${userId}`, { headers: first.admin.headers })
    expect(await json(wayIn())).toMatchObject(facts)
    await closes[0]!()

    const app = await createApp({ databaseUrl: url, worker: false, mail: mailOf(mail) })
    onTestFinished(() => app.close())
    const again = { ...first, app, admin: new Person(app, first.admin.headers), nobody: new Person(app, {}) }
    const [{ Id }] = await outbox(again)
    await again.admin.data('mutation ($id: ID!) { outbox { resend(id: $id) { errors { message } } } }', { id: Id })
    const link = (await latest(again))!
    expect(link.startsWith(`${app.url}/invitation#`)).toBe(true)
    expect(await errorOf(await look(again, tokenOf(sent.path!)))).toEqual([410, 'LINK_UNKNOWN'])
    expect((await enter(again, tokenOf(link))).status).toBe(200)
    mail.reset()
    await again.admin.data('mutation ($id: ID!) { outbox { resend(id: $id) { errors { message } } } }', { id: Id })
    expect(await latest(again)).toBeUndefined()
    expect(await outbox(again)).toMatchObject([{ Status: 'Dead', LastError: expect.stringMatching('accepted') }])
  })
})

describeDatabases('requests for a new password', (open) => {
  test('from one address are slowed down, whether the names exist or not', async () => {
    const server = await startServer(await open.url(), { mail: mailOf(mail) })
    const names = ['admin@example.com', 'nobody@example.com']
    const ask = async (i: number) => (await server.nobody.post('/auth/forgot', { username: names[i % 2] })).status
    const statuses = []
    for (let i = 0; i < 12; i++) statuses.push(await ask(i))
    expect(statuses).toEqual([...Array<number>(10).fill(202), 429, 429])
  })
})

describeDatabases('looking after ways in', (open) => {
  let server: TestServer
  beforeAll(async () => {
    server = await keepServer(await open.url())
  })
  const get = (person: Person, path: string) => fetch(server.app.url + path, { headers: person.headers })
  const remove = (person: Person, path: string) =>
    fetch(server.app.url + path, { method: 'DELETE', headers: person.headers })
  const sessions = async (person: Person, of = '') =>
    ((await json(get(person, `/auth${of}/sessions`))) as { sessions: { id: string; current: boolean }[] }).sessions
  const another = async (username: string) =>
    new Person(server.app, { cookie: cookieFrom(await signIn(server, username)) })
  const isIn = async (person: Person) => (await person.data('{ me { id } }')).me !== null

  test('people see their sessions and end one, or all', async () => {
    const { person } = await member(server, 'ben@example.com')
    const [phone, desk] = [await another('ben@example.com'), await another('ben@example.com')]
    const listed = await sessions(phone)
    expect(listed).toHaveLength(3)
    expect(listed.filter(({ current }) => current)).toHaveLength(1)
    const [mine] = (await sessions(desk)).filter(({ current }) => current)
    expect((await remove(phone, `/auth/sessions/${mine!.id}`)).status).toBe(200)
    expect(await Promise.all([person, phone, desk].map(isIn))).toEqual([true, true, false])
    expect((await remove(phone, `/auth/sessions/${mine!.id}`)).status).toBe(404)
    await remove(phone, '/auth/sessions')
    expect(await Promise.all([person, phone].map(isIn))).toEqual([false, false])
  })

  test('nobody sees or ends those of others by their ids', async () => {
    await member(server, 'cleo@example.com')
    const cleo = await another('cleo@example.com')
    const [theirs] = await sessions(server.admin)
    expect((await remove(cleo, `/auth/sessions/${theirs!.id}`)).status).toBe(404)
    expect(await isIn(server.admin)).toBe(true)
  })

  test('who manages users ends sessions and revokes tokens of others', async () => {
    const { id, person } = await member(server, 'dora@example.com')
    const made = (await json(person.post('/auth/tokens', { label: 'import' }))) as { id: string; token: string }
    const program = new Person(server.app, { authorization: `Bearer ${made.token}` })
    expect(await json(get(server.admin, `/auth/users/${id}/tokens`))).toMatchObject({ tokens: [{ id: made.id }] })
    expect(await sessions(server.admin, `/users/${id}`)).toMatchObject([{ current: false }])
    await remove(server.admin, `/auth/users/${id}/tokens/${made.id}`)
    expect((await program.post('/graphql', { query: '{ me { id } }' })).status).toBe(401)
    await remove(server.admin, `/auth/users/${id}/sessions`)
    expect(await isIn(person)).toBe(false)
  })

  test('links for one person have a limit, said in words', async () => {
    const { userId } = await invite(server, 'eli@example.com')
    for (let i = 0; i < 9; i++) expect((await sendLink(server, userId)).status).toBe(200)
    expect(await errorOf(await sendLink(server, userId))).toEqual([422, 'TOO_MANY_LINKS'])
  })

  describe('without manageUsers', () => {
    const PATHS = [
      ['POST', '/auth/users'],
      ['GET', '/auth/users/ID'],
      ['POST', '/auth/users/ID/link'],
      ['GET', '/auth/users/ID/sessions'],
      ['DELETE', '/auth/users/ID/sessions'],
      ['GET', '/auth/users/ID/tokens'],
    ] as const
    test.each(PATHS)('%s %s is refused, whoever it is about, and by a token or by nobody', async (method, path) => {
      const { person } = await member(
        server,
        `u${PATHS.findIndex((p) => p[1] === path && p[0] === method)}@example.com`,
      )
      const { me } = await server.admin.data('{ me { id } }')
      const program = await server.person(`p${crypto.randomUUID()}@example.com`, 'System_Administrator')
      const { nodes } = (await server.admin.data('{ PermissionSetAssignment(first: 200) { nodes { Id Assignee { Id } } } }')).PermissionSetAssignment // prettier-ignore
      const mine = (await person.data('{ me { id } }')).me.id
      const [{ Id }] = nodes.filter((row: { Assignee: { Id: string } }) => row.Assignee.Id === mine)
      await server.admin.data('mutation ($id: ID!) { PermissionSetAssignmentDelete(Id: $id) { errors { message } } }', { id: Id }) // prettier-ignore
      const ask = async (who: Person, id: string) =>
        errorOf(
          await fetch(server.app.url + path.replace('ID', id), {
            method,
            headers: { 'content-type': 'application/json', ...who.headers },
            ...(method === 'POST' ? { body: '{"email":"x@example.com"}' } : {}),
          }),
        )
      for (const id of [me.id, mine, 'nobody']) expect(await ask(person, id)).toEqual([403, 'NO_ACCESS'])
      for (const who of [program, server.nobody]) expect(await ask(who, me.id)).toEqual([401, 'UNAUTHENTICATED'])
    })
  })
})

describeDatabases('in production', (open) => {
  test('without MILEPOST_URL no link is sent into nowhere: it is shown, and the outbox says what to set', async () => {
    const server = await startServer(await open.url(), { production: true, clock: 'system', mail: mailOf(mail) })
    const { sent } = await invite(server, 'ben@example.com')
    expect(sent).toMatchObject({ mailed: false, path: expect.stringContaining('/invitation#') })
    await server.app.engine.runDue()
    expect(mail.messages).toEqual([])
    expect(await outbox(server)).toMatchObject([{ Status: 'Held', LastError: expect.stringMatching('MILEPOST_URL') }])
    expect((await enter(server, tokenOf(sent.path!))).status).toBe(200)
  })
})
