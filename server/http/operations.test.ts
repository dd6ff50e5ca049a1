import { request } from 'node:http'
import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { describeDatabases, opener } from '#test/databases'
import { atMostEvery } from './at-most-every.ts'
import { readiness } from './health.ts'
import { startServer } from './testing.ts'

const open = opener('sqlite')

describeDatabases('the state of a server', (fresh) => {
  test('is told to probes, and to Prometheus in figures', async () => {
    const { app, admin } = await startServer(await fresh.url())
    await admin.data('mutation { CaseCreate(input: { Subject: "x" }) { record { Id } } }')
    expect(await (await fetch(`${app.url}/healthz`)).json()).toMatchObject({ status: 'ok', database: fresh.dialect })
    const ready = await fetch(`${app.url}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
    const metrics = await fetch(`${app.url}/metrics`)
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const figures = await metrics.text()
    for (const line of [
      /^# TYPE milepost_http_requests_total counter$/m,
      /^milepost_http_requests_total\{route="graphql",status="2xx"\} [1-9]/m,
      /^milepost_event_loop_delay_seconds\{quantile="0.99"\} \d/m,
      /^milepost_ready 1$/m,
      /^milepost_worker_running 0$/m,
      /^milepost_timers\{status="Pending"\} \d/m,
      /^milepost_timers_due 0$/m,
      /^milepost_outbox_messages\{status="Dead"\} 0$/m,
    ])
      expect(figures).toMatch(line)
    expect(figures).not.toMatch(/NaN|undefined/)
  })
})

test('a server that can’t write is not ready, and says no more than that', async () => {
  const { app } = await startServer(await open.url())
  const { database } = app.engine
  const pragma = (text: string) => database.transaction((tx) => tx.all(`PRAGMA ${text}`))
  const fill = () => database.transaction((tx) => tx.run(`INSERT INTO setting (key, value) VALUES (hex(randomblob(8)), hex(randomblob(200)))`)) // prettier-ignore
  await pragma('max_page_count = 1')
  await expect((async () => { for (;;) await fill() })()).rejects.toMatchObject({ code: 'FULL' }) // prettier-ignore
  const full = await fetch(`${app.url}/readyz`)
  expect([full.status, full.headers.get('retry-after'), await full.json()]).toEqual([
    503,
    '5',
    { status: 'not ready', reason: 'The disk of the database is full.' },
  ])
  const alive = await fetch(`${app.url}/healthz`)
  expect([alive.status, await alive.json()]).toMatchObject([200, { status: 'The disk of the database is full.' }])
  expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch(/^milepost_ready 0$/m)
  await pragma('max_page_count = 1000000')
  expect(await readiness(database)()).toBeUndefined()
  await pragma('query_only = ON')
  expect(await readiness(database)()).toBe('The database takes no writes.')
})

test('however many probes ask, the database is asked once, and a probe is not kept waiting', async () => {
  let asked = 0
  const answer = Promise.withResolvers<string>()
  const often = atMostEvery(60_000, () => (asked++, answer.promise))
  const all = [often(), often(), often()]
  answer.resolve('yes')
  expect([await Promise.all(all), await often(), asked]).toEqual([['yes', 'yes', 'yes'], 'yes', 1])
  const { app } = await startServer(await open.url())
  const go = Promise.withResolvers<void>()
  const busy = app.engine.database.transaction(() => go.promise)
  expect(await readiness(app.engine.database)(10)).toBe('The database does not answer.')
  go.resolve()
  await busy
})

test('figures are for programs on this machine, or for who has the token', async () => {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
  const status = async (url: string, init?: RequestInit) => (await fetch(`${url}/metrics`, init)).status
  const { app: here } = await startServer(await open.url())
  expect([await status(here.url), await status(here.url, { headers: { 'x-forwarded-for': '1.2.3.4' } })]).toEqual([
    200, 404,
  ])
  const { app: guarded } = await startServer(await open.url(), { metricsToken: 'right' })
  expect(await Promise.all([status(guarded.url), status(guarded.url, bearer('wrong')), status(guarded.url, bearer('right'))])).toEqual([404, 404, 200]) // prettier-ignore
  const { app: proxied } = await startServer(await open.url(), { publicUrl: 'http://service.example.com' })
  expect(await status(proxied.url)).toBe(404)
})

test('a name that nobody gave the server is refused, and the way out is named', async () => {
  const { app } = await startServer(await open.url(), { host: '127.0.0.1' })
  const { port } = new URL(app.url)
  const ask = (host: string, path: string, url = app.url) =>
    new Promise<[number | undefined, string]>((resolve, reject) => {
      const asked = request(url + path, { headers: { host } }, (response) => {
        let text = ''
        response.on('data', (chunk) => (text += String(chunk))).on('end', () => resolve([response.statusCode, text]))
      })
      asked.on('error', reject).end()
    })
  const query = '/graphql?query={serverTime}'
  for (const own of ['localhost', `LOCALHOST:${port}`, 'app.localhost', `127.0.0.1:${port}`, '192.168.1.5', '[::1]:80', hostname()])
    expect([own, (await ask(own, query))[0]]).toEqual([own, 200]) // prettier-ignore
  for (const strange of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example', 'a b'])
    for (const path of ['/', '/auth/sign-in', query, '/metrics'])
      expect([strange, path, ...(await ask(strange, path))]).toEqual([strange, path, 421, expect.stringContaining('MILEPOST_URL')]) // prettier-ignore
  expect((await ask('evil.example', '/readyz'))[0]).toBe(200)
  const refused = new Promise((_, reject) =>
    new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { headers: { host: 'evil.example' } }).on('error', reject),
  ) // prettier-ignore
  await expect(refused).rejects.toThrow('421')
  const { app: known } = await startServer(await open.url(), { publicUrl: 'http://service.example.com' })
  expect((await ask('whatever.the.proxy.says', query, known.url))[0]).toBe(200)
})
