import { afterAll, beforeAll, expect, test } from 'vitest'
import { AUTOMATION_USER_ID, automationActor, smtpMail } from '#automation'
import { quote } from '#database'
import { describeDatabases } from '#test/databases'
import { mailServer, type MailServer } from '../../automation/outbox/testing.ts'
import { ApiTokens } from './api-tokens.ts'
import { OneTimeLinks } from './one-time-links.ts'
import { Sessions } from './sessions.ts'
import { cookieFrom, givePassword, keepServer, Person, type TestServer } from '../testing.ts'

const PASSWORD = 'seven quiet herons wade'
const USERNAME = 'automation@milepost.invalid'
const id = AUTOMATION_USER_ID

let mail: MailServer
beforeAll(async () => {
  mail = await mailServer()
})
afterAll(() => mail.close())

describeDatabases('nobody is the user Automation', (open) => {
  let server: TestServer
  beforeAll(async () => {
    server = await keepServer(await open.url(), { mail: smtpMail(mail.url, 'milepost@example.com') })
    await givePassword(server.app, id, PASSWORD)
  })
  const code = async (answer: Response) => [answer.status, ((await answer.json()) as { error?: { code: string } }).error?.code] // prettier-ignore
  const mutate = (text: string) =>
    server.admin.ask(`mutation ($id: ID!) { result: ${text} { errors { code message } } }`, { id })

  /** As it is, and as an earlier release let it be made. The save of another user has it looked up anew. */
  const state = async (active: boolean) => {
    const user = server.app.engine.catalogs.current().object('User')!
    const [column, key] = [user.field('IsActive')!.column!, user.field('Id')!.column!].map(quote)
    const value = open.dialect === 'sqlite' ? String(Number(active)) : String(active)
    await server.app.engine.database.transaction((tx) =>
      tx.run(`UPDATE ${quote(user.table)} SET ${column} = ${value} WHERE ${key} = '${id}'`),
    )
    await server.person(`another${String(active)}@example.com`)
  }

  test.each([false, true])('while it is active: %s', async (active) => {
    await state(active)
    mail.reset()
    const { database } = server.app.engine
    const { nobody, admin } = server

    const signedIn = await nobody.post('/auth/sign-in', { username: USERNAME, password: PASSWORD })
    expect(await code(signedIn)).toEqual([401, 'WRONG_CREDENTIALS'])
    expect(await code(await admin.post(`/auth/users/${id}/link`, {}))).toEqual([422, 'NOT_ACTIVE'])
    expect((await nobody.post('/auth/forgot', { username: USERNAME })).status).toBe(202)

    const links = new OneTimeLinks(database)
    for (const kind of ['invitation', 'passwordReset'] as const) {
      const { token } = (await links.issue({ id: await links.open(kind, id, ''), kind }))!
      expect(await code(await nobody.post('/auth/link', { token }))).toEqual([410, 'LINK_ENDED'])
      const entered = await nobody.post('/auth/link/enter', { token, password: 'nine loud herons fly off' })
      expect([await code(entered), cookieFrom(entered)]).toEqual([[410, 'LINK_ENDED'], ''])
    }

    const made = await new ApiTokens(server.app.engine).create(id, { label: 'x', days: 1 })
    const program = new Person(server.app, { authorization: `Bearer ${made!.token}` })
    expect((await program.post('/graphql', { query: '{ me { id } }' })).status).toBe(401)

    const sessions = new Sessions(database)
    const session = await sessions.start({ userId: id })
    sessions.close()
    const person = new Person(server.app, { cookie: `${cookieFrom(await adminAgain()).split('=')[0]}=${session}` })
    expect(await person.data('{ me { id } }')).toEqual({ me: null })
    expect((await person.post('/auth/tokens', { label: 'x' })).status).toBe(401)

    await server.app.engine.runDue()
    expect(mail.messages).toEqual([])
  })

  const adminAgain = () =>
    server.nobody.post('/auth/sign-in', { username: 'admin@example.com', password: 'correct horse battery' })

  test.each([
    'UserUpdate(Id: $id, input: { IsActive: true })',
    'UserUpdate(Id: $id, input: { Username: "mine@example.com" })',
    'UserUpdate(Id: $id, input: { Email: "mine@example.com" })',
    'UserDelete(Id: $id)',
  ])('an administrator may not %s', async (text) => {
    expect(await mutate(text)).toMatchObject({ data: { result: { errors: [{ code: 'NO_ACCESS' }] } } })
  })

  test('nor is it changed by a bulk update, an upsert or the platform', async () => {
    const by = { field: 'Username', value: USERNAME }
    const admin = { ...automationActor('x') }
    const values = { IsActive: true }
    const saved = await server.app.engine.save(admin, [
      { operation: 'upsert', object: 'User', by, values },
      { operation: 'update', object: 'User', id, values },
    ])
    expect(saved.map(({ errors }) => errors[0]?.code)).toEqual(['NO_ACCESS', 'NO_ACCESS'])
    const bulk = await server.admin.ask(
      'mutation { UserUpdateMany(where: { Username: { eq: "automation@milepost.invalid" } }, input: { IsActive: true }) { saved errors { code } results { errors { code } } } }',
    )
    expect(JSON.stringify(bulk)).toContain('NO_ACCESS')
  })
})
