import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeDatabases } from '#test/databases'
import { cookieFrom, givePassword, keepServer, type TestServer } from '../testing.ts'
import { signInLimits } from './attempts.ts'
import { Passwords } from './passwords.ts'
import { Throttle } from './throttle.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const PASSWORD = 'a password of some length'
const statuses = (answers: readonly Response[]): { [status: number]: number } =>
  Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([status, some]) => [status, some.length]))

describeDatabases('guesses', (open) => {
  let server: TestServer
  let last = 0
  beforeAll(async () => {
    server = await keepServer(await open.url(), { trustProxy: 1 })
  })

  async function user(): Promise<{ readonly id: string; readonly username: string }> {
    const username = `user${++last}@example.com`
    const person = await server.person(username)
    const { me } = await person.data('{ me { id } }')
    await givePassword(server.app, me.id, PASSWORD)
    return { id: me.id, username }
  }
  const newAddress = () => `198.51.${Math.floor(++last / 250)}.${(last % 250) + 1}`
  const signIn = (username: string, password: string, address: string, headers = {}) =>
    server.nobody.post('/auth/sign-in', { username, password }, { 'x-forwarded-for': address, ...headers })
  const guess = (n: number, username: string, address: string) =>
    Promise.all(Array.from({ length: n }, (_, i) => signIn(username, `guess ${i}`, address)))

  /** Wrong names until nobody may try from there. */
  const flood = (address: string) =>
    Promise.all(Array.from({ length: 31 }, (_, i) => signIn(`nobody ${i}`, 'x', address)))

  test('from one address at one account: ten, parallel ones too, then one a minute, with words that say so', async () => {
    const [{ username }, address] = [await user(), newAddress()]
    expect(statuses(await guess(25, username, address))).toEqual({ 401: 10, 429: 15 })
    const refused = await signIn(username, PASSWORD, address)
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      429,
      '60',
      { error: { code: 'TOO_MANY_ATTEMPTS', message: 'Too many attempts. Try again in 60 seconds.' } },
    ])
    vi.advanceTimersByTime(60_000)
    expect(statuses(await guess(3, username, address))).toEqual({ 401: 1, 429: 2 })
    vi.advanceTimersByTime(60_000)
    expect((await signIn(username, PASSWORD, address)).status).toBe(200)
  })

  test('at a name that nobody has are answered and slowed down alike', async () => {
    const [{ username }, address] = [await user(), newAddress()]
    const unknown = `no-${username}`
    const answers = async (name: string) => {
      const all = [...(await guess(10, name, address)), await signIn(name.toUpperCase(), 'x', address)]
      return Promise.all(all.map(async (answer) => [answer.status, await answer.text()]))
    }
    expect(await answers(unknown)).toEqual(await answers(username))
  })

  test('of others from everywhere keep nobody out of a known device, and a new one only until the crowd is slowed', async () => {
    const { id, username } = await user()
    const cookies = (await signIn(username, PASSWORD, newAddress())).headers.getSetCookie()
    const device = cookies.find((cookie) => cookie.startsWith('milepost_device='))!
    expect(device).toMatch(/HttpOnly; SameSite=Strict/)
    const crowd = new Throttle(server.app.engine.database)
    for (let i = 0; i < 101; i++) await crowd.take(signInLimits({ address: `crowd ${i}`, account: id, device: undefined })) // prettier-ignore
    const cookie = device.split(';')[0]!
    expect((await signIn(username, PASSWORD, newAddress())).status).toBe(429)
    const busy = newAddress()
    await flood(busy)
    expect((await signIn(username, PASSWORD, busy, { cookie })).status).toBe(200)
    vi.advanceTimersByTime(10_000)
    expect((await signIn(username, PASSWORD, newAddress())).status).toBe(200)
  })

  test('with a device that somebody made up are anybody’s', async () => {
    const [{ username }, address] = [await user(), newAddress()]
    const cookie = `milepost_device=${['i', 'p', 'q'].map((each) => each.repeat(43)).join('.')}`
    await flood(address)
    expect((await signIn(username, PASSWORD, address, { cookie })).status).toBe(429)
  })

  test('on a known device count there, and its proof is good for its own account only', async () => {
    const [{ username }, other] = [await user(), await user()]
    const cookie = (await signIn(username, PASSWORD, newAddress())).headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ')
    const tries = async (name: string) =>
      statuses(await Promise.all(Array.from({ length: 12 }, () => signIn(name, 'wrong', newAddress(), { cookie }))))
    expect([await tries(username), await tries(other.username)]).toEqual([{ 401: 10, 429: 2 }, { 401: 12 }])
  })

  test('are not won back by signing in to an account of one’s own', async () => {
    const [victim, own, address] = [await user(), await user(), newAddress()]
    await guess(9, victim.username, address)
    expect((await signIn(own.username, PASSWORD, address)).status).toBe(200)
    expect(statuses(await guess(3, victim.username, address))).toEqual({ 401: 1, 429: 2 })
  })

  test('from one network of IPv6 count together, from another apart', async () => {
    const { username } = await user()
    const from = (network: number, n: number) =>
      Promise.all(
        Array.from({ length: n }, (_, i) => signIn(username, 'wrong', `2001:db8:${last}:${network}::${i + 1}`)),
      )
    expect(statuses(await from(1, 12))).toEqual({ 401: 10, 429: 2 })
    expect(statuses(await from(2, 1))).toEqual({ 401: 1 })
  })

  test('with invented names: thirty from an address are looked at, and the others at the desk do not wait for them', async () => {
    const address = newAddress()
    const [verify, looking] = [Passwords.prototype.verify, Promise.withResolvers<void>()]
    const looks = vi.spyOn(Passwords.prototype, 'verify').mockImplementation(async function (this: Passwords, ...of) {
      await looking.promise
      return verify.apply(this, of)
    })
    onTestFinished(() => looks.mockRestore())
    const answers = Array.from({ length: 60 }, (_, i) => signIn(`invented ${i}`, 'x', address))
    await expect.poll(() => looks.mock.calls.length).toBe(30)
    // None is answered before this is.
    await server.admin.data('{ me { name } User { totalCount } }')
    looking.resolve()
    expect(statuses(await Promise.all(answers))).toEqual({ 401: 30, 429: 30 })
    expect(looks).toHaveBeenCalledTimes(30)
  })

  test('at the present password of a session that was left open are slowed down', async () => {
    const { username } = await user()
    const cookie = cookieFrom(await signIn(username, PASSWORD, newAddress()))
    const change = (current: string) =>
      server.nobody.post('/auth/password', { current, password: 'lantern otter fjord 81' }, { cookie })
    expect(statuses(await Promise.all(Array.from({ length: 12 }, (_, i) => change(`guess ${i}`))))).toEqual({ 401: 10, 429: 2 }) // prettier-ignore
    expect((await change(PASSWORD)).status).toBe(429)
  })

  describe('bodies', () => {
    test.each([
      ['/auth/sign-in', { username: 5, password: 'x' }, 'username', /must be text in quotes, not 5/],
      ['/auth/sign-in', { username: { like: '%' }, password: 'x' }, 'username', /must be text/],
      ['/auth/sign-in', { username: 'a' }, 'password', /is missing/],
      ['/auth/sign-in', [], '', /must be an object/],
      ['/auth/sign-in', { username: 'a\u0000b', password: 'x' }, 'username', /control characters/],
      ['/auth/sign-in', { username: 'a'.repeat(300), password: 'x' }, 'username', /longer than 200/],
      ['/auth/sign-in', { username: 'a', password: 'x'.repeat(1001) }, 'password', /longer than 1000/],
      ['/auth/setup', { token: 'x', username: 'a', password: 'y', admin: true }, 'admin', /no key `admin`/],
      ['/auth/password-strength', { password: null }, 'password', /must be text/],
    ])('%s %j is refused with its place', async (path, body, field, message) => {
      const answer = await server.nobody.post(path, body, { 'x-forwarded-for': newAddress() })
      const { error } = (await answer.json()) as { error: { code: string; message: string; field?: string } }
      expect([answer.status, error.code, error.field ?? '']).toEqual([400, 'BAD_REQUEST', field])
      expect(error.message).toMatch(message)
    })
  })

  test('weak new passwords are refused at the field, by one measure that forms may ask beforehand', async () => {
    const { username } = await user()
    const cookie = cookieFrom(await signIn(username, PASSWORD, newAddress()))
    const answers = await Promise.all([
      server.nobody.post('/auth/password', { current: PASSWORD, password: 'aaaaaaaaaaaa' }, { cookie }),
      server.nobody.post('/auth/setup', { token: 'x', username, password: 'aaaaaaaaaaaa' }),
    ])
    const message = 'This password is easy to guess. Repeated characters like "aaa" are easy to guess. Add more words that are less common.' // prettier-ignore
    for (const answer of answers)
      expect([answer.status, await answer.json()]).toEqual([422, { error: { code: 'INVALID', message, field: 'password' } }]) // prettier-ignore
    const ask = async (password: string, headers = {}) =>
      (await server.nobody.post('/auth/password-strength', { password }, headers)).json()
    expect(await ask('aaaaaaaaaaaa')).toEqual({ score: 0, problem: message })
    expect(await ask('lantern otter fjord 81')).toEqual({ score: 4 })
    expect(await ask(`${username} 1`, { cookie })).toMatchObject({ problem: expect.stringMatching(/easy to guess/) })
  })
})
