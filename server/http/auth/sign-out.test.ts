import { afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { automationActor } from '#automation'
import { describeDatabases, opener } from '#test/databases'
import { createApp } from '../create-app.ts'
import { hear } from '../testing-sockets.ts'
import { cookieFrom, givePassword, keepServer, Person, startServer, type TestServer } from '../testing.ts'
import { storeCredential } from './credentials.ts'
import { Sessions } from './sessions.ts'

afterEach(() => void vi.useRealTimers())

const PASSWORD = 'a password of some length'
const NEW_PASSWORD = 'lantern otter fjord 81'
const WATCH = 'subscription { catalogChanged { version } }'
const SIGNED_OUT = { code: 4403, reason: 'Your session has ended.' }

let last = 0
/** A user with a password. */
async function user(server: TestServer): Promise<{ readonly id: string; readonly username: string }> {
  const username = `user${++last}@example.com`
  const { me } = await (await server.person(username, 'System_Administrator')).data('{ me { id } }')
  await givePassword(server.app, me.id, PASSWORD)
  return { id: me.id, username }
}
async function signIn(server: TestServer, username: string, password = PASSWORD): Promise<Person> {
  return new Person(server.app, { cookie: cookieFrom(await server.nobody.post('/auth/sign-in', { username, password })) }) // prettier-ignore
}
async function program(person: Person): Promise<Person & { readonly id: string }> {
  const { id, token } = (await (await person.post('/auth/tokens', { label: 'test' })).json()) as { id: string; token: string } // prettier-ignore
  return Object.assign(new Person(person.app, { authorization: `Bearer ${token}` }), { id })
}
const remove = (person: Person, path: string) => fetch(person.app.url + path, { method: 'DELETE', headers: person.headers }) // prettier-ignore
const isIn = async (person: Person): Promise<boolean> => {
  const answer = await person.post('/graphql', { query: '{ me { id } }' })
  return answer.status === 200 && ((await answer.json()) as { data: { me: unknown } }).data.me !== null
}

describeDatabases('an end', (open) => {
  let server: TestServer
  beforeAll(async () => {
    server = await keepServer(await open.url())
  })
  const setActive = (id: string, IsActive: boolean) =>
    server.app.engine.save(automationActor('test'), [{ operation: 'update', object: 'User', id, values: { IsActive } }])

  test('of a session ends its sockets in the other tab, and nobody else’s', async () => {
    const { username } = await user(server)
    const [person, other] = [await signIn(server, username), await signIn(server, username)]
    const [gone, stays] = [await hear(person, WATCH), await hear(other, WATCH)]
    await person.post('/auth/sign-out', {})
    expect(await gone.ended).toMatchObject(SIGNED_OUT)
    await server.change({ kind: 'PermissionSet', name: `S${last}`, document: { kind: 'PermissionSet', name: `S${last}`, label: 'S' } }) // prettier-ignore
    expect(await stays.wait(1)).toHaveLength(1)
    expect(gone.events).toEqual([])
  })

  test('of a token ends its sockets', async () => {
    const person = await signIn(server, (await user(server)).username)
    const token = await program(person)
    const gone = await hear(token, WATCH)
    await remove(person, `/auth/tokens/${token.id}`)
    expect(await gone.ended).toMatchObject(SIGNED_OUT)
    expect(await isIn(token)).toBe(false)
  })

  test('of an account is for good: sessions, tokens and sockets do not come back with it', async () => {
    const { id, username } = await user(server)
    const person = await signIn(server, username)
    const token = await program(person)
    const sockets = [await hear(person, WATCH), await hear(token, WATCH)]
    await setActive(id, false)
    for (const socket of sockets) expect(await socket.ended).toMatchObject(SIGNED_OUT)
    expect([await isIn(person), await isIn(token)]).toEqual([false, false])
    expect(await isIn(await signIn(server, username))).toBe(false)
    await setActive(id, true)
    expect([await isIn(person), await isIn(token)]).toEqual([false, false])
    expect(await isIn(await signIn(server, username))).toBe(true)
  })

  test('of a password ends the other sessions and their sockets, not the tokens; a refused one ends nothing', async () => {
    const { username } = await user(server)
    const [here, there] = [await signIn(server, username), await signIn(server, username)]
    const token = await program(here)
    const socket = await hear(there, WATCH)
    expect((await here.post('/auth/password', { current: PASSWORD, password: 'aaaaaaaaaaaa' })).status).toBe(422)
    expect(await isIn(there)).toBe(true)
    const same = await here.post('/auth/password', { current: PASSWORD, password: PASSWORD })
    expect([same.status, await same.json()]).toEqual([
      422,
      { error: { code: 'INVALID', message: 'This is the present password. Choose another one.', field: 'password' } },
    ])
    const changed = await here.post('/auth/password', { current: PASSWORD, password: NEW_PASSWORD })
    expect(await socket.ended).toMatchObject(SIGNED_OUT)
    const again = new Person(server.app, { cookie: cookieFrom(changed) })
    expect([await isIn(here), await isIn(there), await isIn(again), await isIn(token)]).toEqual([false, false, true, true]) // prettier-ignore
  })

  test('that was not told, and a session that has run out, end the socket when it is looked at', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const own = await startServer(await open.url())
    const { id, username } = await user(own)
    const [session, admin] = [await hear(await signIn(own, username), WATCH), await hear(own.admin, WATCH)]
    await own.app.engine.database.transaction((tx) => tx.run(`DELETE FROM session WHERE user_id = '${id}'`))
    vi.advanceTimersByTime(30_000)
    expect(await session.ended).toMatchObject(SIGNED_OUT)
    vi.setSystemTime(Date.now() + 12 * 3_600_000)
    vi.advanceTimersByTime(30_000)
    expect(await admin.ended).toMatchObject(SIGNED_OUT)
  })

  test('of a password that comes while the old one is being looked at lets nobody in by it', async () => {
    const { database } = server.app.engine
    const sessions = new Sessions(database)
    onTestFinished(() => sessions.close())
    const store = (hash: string) => database.transaction((tx) => storeCredential(tx, 'somebody', hash))
    await store('old')
    const start = (credential: string) => sessions.start({ userId: 'somebody', credential })
    const token = await start('old')
    const [, ...started] = await Promise.all([store('new'), start('old'), start('old')])
    const live = await Promise.all([token, ...started].map((each) => each && sessions.userOf(each)))
    expect(live).toEqual([undefined, undefined, undefined])
    expect(await sessions.userOf((await start('new'))!)).toBe('somebody')
    expect(await start('old')).toBeUndefined()
  })

  test('comes to the oldest session of somebody who has a hundred', async () => {
    const { database } = server.app.engine
    const sessions = new Sessions(database)
    onTestFinished(() => sessions.close())
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 60_000 })
    const first = await sessions.start({ userId: 'many' })
    vi.useRealTimers()
    for (let i = 0; i < 102; i++) await sessions.start({ userId: 'many' })
    const rows = await database.all(`SELECT token_hash FROM session WHERE user_id = 'many'`)
    expect([rows.length, await sessions.userOf(first!)]).toEqual([100, undefined])
  })
})

describe('on another node', () => {
  const open = opener('postgres')

  test('a session ends with the message; were it lost, a second later', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const url = await open.url()
    const here = await startServer(url)
    const there = await createApp({ databaseUrl: url, worker: false, clock: here.clock })
    onTestFinished(() => there.close())
    const { username } = await user(here)
    const [person, other] = [await signIn(here, username), await signIn(here, username)]
    const elsewhere = (who: Person) => new Person(there, who.headers)
    const socket = await hear(elsewhere(other), WATCH)
    expect(await isIn(elsewhere(other))).toBe(true)
    const changed = await person.post('/auth/password', { current: PASSWORD, password: NEW_PASSWORD })
    expect(await socket.ended).toMatchObject(SIGNED_OUT)
    // The clock stands still: nothing was looked up again for its age.
    expect(await isIn(elsewhere(other))).toBe(false)

    const again = elsewhere(new Person(here.app, { cookie: cookieFrom(changed) }))
    expect(await isIn(again)).toBe(true)
    await here.app.engine.database.transaction((tx) => tx.run('DELETE FROM session'))
    vi.advanceTimersByTime(1_000)
    expect(await isIn(again)).toBe(false)
  })
})
