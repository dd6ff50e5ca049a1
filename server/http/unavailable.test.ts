import { createClient } from 'graphql-ws'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { opener } from '#test/databases'
import { startPostgres } from '#test/postgres'
import { startServer, type Answer, type Person } from './testing.ts'

const open = opener('sqlite')
const CASES = '{ Case(first: 1) { nodes { Subject } } }'
const CREATE = 'mutation ($s: String!) { CaseCreate(input: { Subject: $s }) { record { Subject } errors { message } } }'
const SIGN_IN = { username: 'admin@example.com', password: 'correct horse battery' }

/** What a program needs to try again, and nothing that tells of the database. */
async function expectTryLater(response: Response): Promise<void> {
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  const body = (await response.json()) as Answer & { error?: object }
  const message = 'The database is not available at the moment. Try again in a few seconds.'
  const told = { code: 'UNAVAILABLE', retryable: true }
  expect(body).toEqual(body.error ? { error: { message, ...told } } : { errors: [expect.objectContaining({ message, extensions: told })] }) // prettier-ignore
}

const ask = (person: Person, query: string, variables?: object) => person.post('/graphql', { query, variables })

/** Hears of changed cases, and connects again by itself. */
function subscriber(url: string, headers: { readonly [name: string]: string }) {
  const heard: string[] = []
  const closed: number[] = []
  const connected = Promise.withResolvers<void>()
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers })
    }
  }
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: Socket,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
    on: { connected: () => connected.resolve(), closed: (event) => void closed.push((event as CloseEvent).code) },
  })
  const error = (given: unknown) => void heard.push(JSON.stringify(given))
  const query = 'subscription { CaseChanged { id } }'
  client.subscribe({ query }, { next: () => void heard.push('changed'), error, complete: () => {} })
  return { client, connected: connected.promise, heard, closed }
}

test(
  'while PostgreSQL is down every way in says to try again, and it goes on by itself when it is back',
  { timeout: 240_000 },
  async () => {
    // With PostgreSQL’s own settings: what was committed survives its crash.
    const postgres = await startPostgres({ asServed: true })
    const closes: (() => Promise<void>)[] = []
    const logged: unknown[] = []
    const logError = (error: unknown) => String(logged.push(error))
    try {
      const { app, admin, nobody, person } = await startServer(
        postgres.url,
        { worker: true, clock: 'system', logError },
        (close) => closes.push(close),
      )
      const program = await person('program@example.com', 'System_Administrator')
      for (const query of [CASES, CASES]) expect((await ask(admin, query)).status).toBe(200)
      const live = subscriber(app.url, program.headers)
      await live.connected
      const cutShort = app.engine.database.transaction(async (tx) => {
        await tx.all('SELECT pg_sleep(0)')
        await postgres.crash()
        await tx.all('SELECT 1')
      })
      await expect(cutShort).rejects.toMatchObject({ code: 'UNAVAILABLE' })

      for (const query of [CASES, '{ Account(first: 1) { nodes { Name } } }', '{ me { name } Case(first: 1) { nodes { Id } } }'])
        await expectTryLater(await ask(admin, query)) // prettier-ignore
      await expectTryLater(await ask(admin, CREATE, { s: 'lost' }))
      await expectTryLater(await nobody.post('/auth/sign-in', SIGN_IN))
      await expectTryLater(await nobody.post('/graphql', { query: CASES }, { cookie: 'milepost_session=unknown' }))
      const late = subscriber(app.url, { cookie: 'milepost_session=unknown' })
      await expect.poll(() => late.closed).toContain(1013)
      // It waits for the connection under way first, which is refused once more.
      await Promise.resolve(late.client.dispose()).catch(() => {})
      await expect(app.engine.runDue()).rejects.toMatchObject({ code: 'UNAVAILABLE' })

      await postgres.restart()
      await expect.poll(async () => (await ask(admin, CASES)).status).toBe(200)
      await app.engine.runDue()
      expect(await (await nobody.post('/auth/sign-in', SIGN_IN)).json()).toMatchObject({
        user: { username: SIGN_IN.username },
      })
      const answer = await ask(admin, CREATE, { s: 'kept' })
      expect(await answer.json()).toEqual({ data: { CaseCreate: { record: { Subject: 'kept' }, errors: [] } } })
      // It was told that it may have missed something, and has come back.
      await expect.poll(() => live.closed).toContain(1013)
      await expect.poll(async () => (await ask(admin, CREATE, { s: 'again' })) && live.heard).toContain('changed')
      expect(new Set(live.heard)).toEqual(new Set(['changed']))
      await live.client.dispose()
      expect(logged.length).toBeGreaterThan(0)
    } finally {
      for (const close of closes) await close()
      await postgres.stop()
    }
  },
)

test('a full disk and a file that may only be read refuse what writes and go on reading', async () => {
  const { app, admin } = await startServer(await open.url())
  const pragma = (text: string) => app.engine.database.transaction((tx) => tx.all(`PRAGMA ${text}`))
  const text = 'x'.repeat(30_000)
  await pragma('max_page_count = 1')
  const note = `mutation ($s: String!) { CaseCreate(input: { Subject: "large", Description: $s }) { record { Id } } }`
  for (let i = 0; i < 2; i++) await expectTryLater(await ask(admin, note, { s: text }))
  expect((await ask(admin, CASES)).status).toBe(200)
  await pragma('max_page_count = 1000000')
  expect((await ask(admin, note, { s: text })).status).toBe(200)
  await pragma('query_only = ON')
  await expectTryLater(await ask(admin, note, { s: text }))
  expect((await ask(admin, CASES)).status).toBe(200)
})
