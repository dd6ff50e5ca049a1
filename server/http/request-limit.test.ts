import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { LIMITS } from '#graphql'
import { opener } from '#test/databases'
import { ReadBack } from '../graphql/execute/read-back.ts'
import { harmOf } from './testing-load.ts'
import { hear } from './testing-sockets.ts'
import { keepServer, startServer, type Person, type TestServer } from './testing.ts'

const open = opener('sqlite')
const SET = 'System_Administrator'
const query = '{ Case(first: 1) { nodes { Id } } }'

test('cached answers, GET, SDL and WebSockets are counted together, by user', async () => {
  const limit = 30
  const { app, person, nobody } = await startServer(await open.url(), { requestsPerMinute: limit })
  const [busy, other] = [await person('busy@example.com', SET), await person('other@example.com', SET)]
  const answers = []
  for (let i = 0; i < limit; i++) answers.push(await busy.post('/graphql', { query }))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(answers.filter(({ headers }) => headers.has('content-security-policy'))).toHaveLength(1)
  const refused = { errors: [{ message: expect.stringMatching(/^Too many requests\. Try again in (a|\d+) seconds?\.$/), extensions: { code: 'TOO_MANY_REQUESTS' } }] } // prettier-ignore
  const get = (path: string, { headers }: Person) => fetch(app.url + path, { headers })
  for (const answer of [await busy.post('/graphql', { query }), await get(`/graphql?query=${query}`, busy)]) {
    expect([answer.status, Number(answer.headers.get('retry-after')), await answer.json()]).toEqual([429, expect.any(Number), refused]) // prettier-ignore
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  expect((await get('/graphql/schema.graphql', busy)).status).toBe(429)
  expect(await (await hear(busy, '{ serverTime }')).ended).toMatchObject(refused.errors)
  expect((await other.post('/graphql', { query })).status).toBe(200)
  const unknown = []
  for (let i = 0; i < limit + 1; i++) unknown.push((await nobody.post('/graphql', { query: '{ serverTime }' })).status)
  expect([unknown.at(0), unknown.at(-1)]).toEqual([200, 429])
  expect((await other.post('/graphql', { query })).status).toBe(200)
})

describe('WebSockets', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await keepServer(await open.url())
  })
  let number = 0
  const newPerson = () => server.person(`p${++number}@example.com`, SET)

  /** Its messages, and the code that it was closed with. */
  async function socket({ headers }: Person) {
    const opened = new WebSocket(`${server.app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
    onTestFinished(() => opened.terminate())
    const messages: { type: string; id?: string; payload?: unknown }[] = []
    let wake = () => {}
    let code = 0
    opened.on('message', (text) => (messages.push(JSON.parse(String(text))), wake()))
    opened.on('close', (closed) => ((code = closed), wake()))
    opened.on('open', () => opened.send('{"type":"connection_init"}'))
    const until = async (seen: () => boolean) => {
      while (!seen() && !code) await new Promise<void>((resolve) => (wake = resolve))
    }
    await until(() => messages.length > 0)
    const subscribe = (id: string, text: string, variables = {}) =>
      opened.send(JSON.stringify({ type: 'subscribe', id, payload: { query: text, variables } }))
    /** The server has begun all that was sent before it answers this. */
    const settle = async () => {
      for (let i = 0; i < 3; i++) {
        subscribe(`settle${i}`, '{ serverTime }')
        await until(() => messages.some(({ id, type }) => id === `settle${i}` && type !== 'next'))
      }
    }
    return { messages, subscribe, until, settle, close: () => opened.close(), code: () => code }
  }

  test('of one user are limited; another has some', async () => {
    const [person, other] = [await newPerson(), await newPerson()]
    const sockets = await Promise.all(Array.from({ length: LIMITS.sockets.user }, () => socket(person)))
    expect(sockets.map(({ messages }) => messages[0]?.type)).toEqual(sockets.map(() => 'connection_ack'))
    const more = await socket(person)
    await more.until(() => false)
    expect(more.code()).toBe(4429)
    expect((await socket(other)).messages).toMatchObject([{ type: 'connection_ack' }])
    sockets[0]!.close()
    await sockets[0]!.until(() => false)
    expect((await socket(person)).messages).toMatchObject([{ type: 'connection_ack' }])
  })

  test('subscriptions of one user are limited, over all sockets', async () => {
    const person = await newPerson()
    const sockets = [await socket(person), await socket(person)]
    for (const [s, one] of sockets.entries()) {
      for (let i = 0; i < LIMITS.subscriptions.user / 2 + s; i++) one.subscribe(`s${i}`, 'subscription { CaseChanged { id } }')
      await one.settle()
    } // prettier-ignore
    const errors = sockets.flatMap(({ messages }) => messages.filter(({ type }) => type === 'error'))
    expect(errors.length).toBeGreaterThan(0)
    for (const error of errors)
      expect(error).toMatchObject({ payload: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }] })
  })

  test('a change is looked at once for one user and filter, few at a time, and others are answered meanwhile', async () => {
    const [person, victim] = [await newPerson(), await newPerson()]
    const FILTERED = 'subscription ($w: CaseWhere) { CaseChanged(where: $w) { id record { Subject } } }'
    const sockets = await Promise.all(Array.from({ length: 10 }, () => socket(person)))
    for (const one of sockets)
      for (let i = 0; i < 15; i++) one.subscribe(`e${i}`, FILTERED, { w: { Subject: { ne: `other ${i}` } } })
    for (const one of sockets) await one.settle()
    const seen = { now: 0, most: 0, all: 0 }
    const { fits } = ReadBack.prototype
    const spy = vi.spyOn(ReadBack.prototype, 'fits').mockImplementation(async function (this: ReadBack, ...args) {
      seen.all++
      seen.most = Math.max(seen.most, ++seen.now)
      return fits.apply(this, args).finally(() => seen.now--)
    })
    onTestFinished(() => spy.mockRestore())
    const heard = ({ messages }: (typeof sockets)[number]) =>
      messages.filter(({ type, id }) => type === 'next' && id![0] === 'e').length
    const attack = async () => {
      await server.admin.data('mutation { CaseCreate(input: { Subject: "news" }) { record { Id } } }')
      for (const one of sockets) await one.until(() => heard(one) >= 15)
    }
    const harm = await harmOf(victim, attack)
    expect(sockets.map(heard)).toEqual(sockets.map(() => 15))
    expect(seen.all).toBe(15)
    expect(seen.most).toBeLessThanOrEqual(LIMITS.eventPlaces.all)
    expect(harm.answered).toBeGreaterThanOrEqual(3)
  })
})
