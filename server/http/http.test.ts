import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { auditServer } from 'graphql-http'
import { expect, test } from 'vitest'
import { describeDatabases, opener } from '#test/databases'
import { createApp } from './index.ts'
import { parseMediaRange } from './media.ts'
import { startServer } from './testing.ts'

const open = opener('sqlite')
const start = async (options = {}) => startServer(await open.url(), options)

test('every audit of GraphQL over HTTP passes, with and without the front handler', async () => {
  for (const front of [true, false]) {
    const { app, person } = await start({ front })
    const { headers } = await person('auditor@example.com', 'System_Administrator')
    // Some of them ask for the schema, which nobody who has not signed in sees.
    const fetchFn = (url: string, init?: RequestInit) => fetch(url, { ...init, headers: { ...init?.headers, ...headers } }) // prettier-ignore
    const results = await auditServer({ url: `${app.url}/graphql`, fetchFn })
    const failed = results
      .filter((audit) => audit.status !== 'ok')
      .map((audit) => `${audit.status} ${audit.id} ${audit.name}: ${'reason' in audit ? audit.reason : ''}`)
    expect(failed).toEqual([])
  }
})

test('a document that was answered before is answered before Express, everything else goes the long way', async () => {
  const { admin, change } = await start()
  /** Express sets the policy; the front handler has no page to protect. */
  const byExpress = async (query: string, variables?: object) =>
    (await admin.post('/graphql', { query, variables })).headers.has('content-security-policy')
  const list = 'query ($s: String) { Case(where: { Subject: { eq: $s } }, first: 5) { nodes { Id } } }'
  expect([
    await byExpress(list, { s: 'a' }),
    await byExpress(list, { s: 'b' }),
    await byExpress(list, { s: null }),
  ]).toEqual([true, false, true])
  expect(await byExpress(list, { s: 5 })).toBe(true)
  const create = 'mutation { CaseCreate(input: { Subject: "x" }) { record { Id } } }'
  expect([await byExpress(create), await byExpress(create)]).toEqual([true, true])
  await change({ kind: 'PermissionSet', name: 'Any', document: { kind: 'PermissionSet', name: 'Any', label: 'Any' } })
  expect([await byExpress(list, { s: 'a' }), await byExpress(list, { s: 'a' })]).toEqual([true, false])
  const { admin: other } = await start({ front: false })
  for (let i = 0; i < 2; i++)
    expect((await other.post('/graphql', { query: list })).headers.has('content-security-policy')).toBe(true)
})

test('another site can neither post nor read', async () => {
  const { admin, app, person } = await start()
  const query = { query: '{ me { name } }' }
  expect((await admin.post('/graphql', query, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await admin.post('/graphql', query, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await admin.post('/graphql', query, { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await admin.post('/auth/sign-out', {}, { origin: 'https://evil.example' })).status).toBe(403)
  const get = await fetch(`${app.url}/graphql?query={me{name}}`, { headers: admin.headers })
  expect(get.status).toBe(403)
  expect(await get.json()).toMatchObject({
    errors: [
      {
        message: expect.stringMatching(/^A GET can’t be asked as .* Send a POST with a JSON body/),
        extensions: { code: 'FORBIDDEN' },
      },
    ],
  })
  expect(await (await fetch(`${app.url}/graphql?query={me{name}}`)).json()).toEqual({ data: { me: null } })
  const program = await person('program@example.com')
  const asProgram = await fetch(`${app.url}/graphql?query={me{name}}`, { headers: program.headers })
  expect(await asProgram.json()).toEqual({ data: { me: { name: 'program@example.com' } } })
  expect((await admin.post('/graphql', query, { origin: app.url })).status).toBe(200)
})

test('bodies that are too large or no JSON are refused in words', async () => {
  const { admin, nobody } = await start()
  const large = { query: `{ me { name } } #${'x'.repeat(150_000)}` }
  for (const person of [admin, nobody]) expect((await person.post('/graphql', large)).status).toBe(413)
  const bad = await admin.post('/graphql', '{"query":')
  expect([bad.status, await bad.json()]).toEqual([
    400,
    { errors: [{ message: 'The body must be a JSON object with a "query".', extensions: { code: 'BAD_REQUEST' } }] },
  ])
  expect((await admin.post('/auth/sign-in', '{"username":')).status).toBe(400)
  const other = await (await admin.post('/graphql', { query: '{ me { name } }', operationName: 'Other' })).json()
  expect(other).toMatchObject({ errors: [{ message: expect.stringMatching(/no operation of this name/), extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] }) // prettier-ignore
})

test('a bulk mutation may be large', async () => {
  const { admin } = await start()
  const input = Array.from({ length: 300 }, (_, i) => ({ Name: `Account ${i}`, Description: 'x'.repeat(500) }))
  const { AccountCreateMany } = await admin.data(
    'mutation ($input: [AccountCreateInput!]!) { AccountCreateMany(input: $input) { saved } }',
    { input },
  )
  expect(AccountCreateMany.saved).toBe(300)
})

test('an attacker’s documents are refused before they cost anything', async () => {
  const { admin } = await start()
  const bombs = {
    tokens: `{ ${'me { name } '.repeat(2000)} }`,
    aliases: `{ ${Array.from({ length: 40 }, (_, i) => `a${i}: serverTime`).join(' ')} }`,
    deep: `{ Case { nodes { ${'Parent { '.repeat(20)} Id ${'} '.repeat(20)} } } }`,
    fragments: `{ ...f0 } ${Array.from({ length: 60 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ')} fragment f60 on Query { serverTime }`,
    nesting: '{'.repeat(3000),
  }
  for (const [name, query] of Object.entries(bombs)) {
    const answer = await admin.ask(query)
    expect([name, answer.data ?? null, answer.errors?.length]).toEqual([name, null, 1])
  }
  const { errors } = await admin.ask(
    '{ Case(first: 2000) { nodes { Contact { Cases(first: 2000) { nodes { Id } } } } } }',
  )
  expect(errors?.[0]?.message).toMatch(/asks for up to 4,002,000 records/)
})

test('unknown fields are not guessed at', async () => {
  const { admin } = await start()
  const { errors } = await admin.ask('{ Case { nodes { Subjec } } }')
  expect(errors?.[0]?.message).toBe('Cannot query field "Subjec" on type "Case".')
})

test('a fault of the server is masked under a number', async () => {
  const logged: string[] = []
  const { admin, app } = await start({ logError: (error: unknown) => `id${logged.push(String(error))}` })
  app.engine.save = () => Promise.reject(new Error('INSERT INTO secret'))
  const answer = await admin.ask('mutation { CaseCreate(input: { Subject: "x" }) { record { Id } } }')
  expect(answer.errors?.[0]).toMatchObject({
    extensions: { code: 'INTERNAL_SERVER_ERROR', id: 'id1' },
    path: ['CaseCreate'],
  })
  expect(JSON.stringify(answer)).not.toMatch(/secret|stack/)
  expect(logged).toEqual(['Error: INSERT INTO secret'])
})

test('pages: health, schema, explorer, security headers', async () => {
  const { app, admin } = await start()
  expect(await (await fetch(`${app.url}/healthz`)).json()).toMatchObject({
    status: 'ok',
    database: 'sqlite',
    catalogVersion: 2,
    clock: '2026-03-09T14:00:00.000Z',
  })
  const anonymous = await fetch(`${app.url}/graphql/schema.graphql`)
  expect([anonymous.status, await anonymous.text()]).toEqual([401, expect.stringContaining('Sign in first')])
  expect(await (await fetch(`${app.url}/graphql/schema.graphql`, { headers: admin.headers })).text()).toContain(
    'type Case ',
  )
  const page = await fetch(`${app.url}/graphql`, { headers: { accept: 'text/html' } })
  expect(await page.text()).toContain('<title>Milepost API</title>')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect((await fetch(`${app.url}/graphql/explorer.js`)).headers.get('content-type')).toMatch(/javascript/)
  const time = (await admin.post('/graphql', { query: '{ serverTime }' })).headers.get('milepost-time')
  expect(time).toBe(String(Date.UTC(2026, 2, 9, 14, 0)))
})

test('files of the studio come zipped to those who can unzip them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'milepost-studio-'))
  try {
    const script = 'export const answer = 42\n'
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Milepost</title>')
    await writeFile(join(folder, 'routes.json'), '["/","/o/:object","/setup/objects"]')
    await writeFile(join(folder, 'assets/answer-1a2b.js'), script)
    await writeFile(join(folder, 'assets/answer-1a2b.js.gz'), gzipSync(script))
    const { app } = await start({ studioFolder: folder })
    for (const encoding of ['gzip', 'identity']) {
      const response = await fetch(`${app.url}/assets/answer-1a2b.js`, { headers: { 'accept-encoding': encoding } })
      expect(await response.text()).toBe(script)
      expect(response.headers.get('content-type')).toMatch(/^text\/javascript/)
      expect(response.headers.get('cache-control')).toMatch(/immutable/)
      expect(response.headers.get('content-encoding')).toBe(encoding === 'gzip' ? 'gzip' : null)
    }
    expect((await fetch(`${app.url}/assets/none.js`)).status).toBe(404)
    const browser = { accept: 'text/html,*/*;q=0.8' }
    const get = async (path: string, headers: { readonly accept?: string } = {}, method = 'GET') => {
      const response = await fetch(app.url + path, { headers, method })
      return `${response.status} ${response.headers.get('content-type')?.split(';')[0]}`
    }
    for (const path of ['/', '/o/Case', '/o/Case?view=1', '/setup/objects']) {
      expect([path, await get(path, browser), await get(path)]).toEqual([path, '200 text/html', '200 text/html'])
      expect(await get(path, { accept: 'application/json' })).toBe('404 application/json')
    }
    // People are told by the studio's own page, programs in JSON; the status is the same.
    for (const path of [
      '/o',
      '/o/',
      '/o/Case/1',
      '/setup',
      '/wp-admin',
      '/metrics.txt',
      '/readyz/x',
      '/%00',
      '/none.js',
    ])
      expect([path, await get(path, browser), await get(path)]).toEqual([path, '404 text/html', '404 application/json'])
    expect(await get('/assets/none.js', browser)).toBe('404 application/json')
    expect(await get('/o/Case', browser, 'POST')).toBe('404 application/json')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('no demo users and no manual clock in production', async () => {
  const { app, nobody } = await start({ production: true, clock: 'system' })
  const offered = await fetch(`${app.url}/auth/sign-in`)
  expect([offered.status, await offered.json()]).toEqual([200, { demoUsers: [], reset: false, setUp: false }])
  expect((await nobody.ask('mutation { clockAdvance(by: "PT1H") }')).errors).toHaveLength(1)
  await expect(createApp({ databaseUrl: await open.url(), clock: 'manual', production: true })).rejects.toThrow(
    'refused in production',
  )
})

test('a port in use is one clear sentence', async () => {
  const { app } = await start()
  const port = Number(new URL(app.url).port)
  await expect(
    createApp({ databaseUrl: await open.url(), port, organisation: 'empty', worker: false }),
  ).rejects.toThrow(`Port ${port} is in use by another program.`)
})

test('a stop lets the request under way finish', async () => {
  const closes: (() => Promise<void>)[] = []
  const { app, admin } = await startServer(await open.url(), {}, (close) => closes.push(close))
  const slow = admin.data('mutation { AccountCreateMany(input: [{ Name: "a" }, { Name: "b" }]) { saved } }')
  await new Promise((resolve) => app.server.once('request', resolve))
  await closes[0]!()
  expect(await slow).toEqual({ AccountCreateMany: { saved: 2 } })
  const port = Number(new URL(app.url).port)
  await expect(new Promise((_, reject) => connect(port, '127.0.0.1').on('error', reject))).rejects.toThrow(
    'ECONNREFUSED',
  )
})

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  ['application/json, application/graphql-response+json', 'application/json'],
  ['text/html', undefined],
  ['application/json;q=0.1, application/graphql-response+json', undefined],
])('Accept: %s', (accept, type) => expect(parseMediaRange(accept)).toBe(type))

describeDatabases('a restart', (fresh) => {
  test('keeps people, records and the clock', async () => {
    const url = await fresh.url()
    const closes: (() => Promise<void>)[] = []
    const first = await startServer(url, { clock: 'manual' }, (close) => closes.push(close))
    await first.admin.data('mutation { clockAdvance(by: "P3DT4H") }')
    const { serverTime } = await first.admin.data('{ serverTime }')
    await closes[0]!()
    const app = await createApp({ databaseUrl: url, clock: 'manual', worker: false })
    const answer = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...first.admin.headers },
      body: '{"query":"{ serverTime me { name } }"}',
    })
    expect(await answer.json()).toEqual({ data: { serverTime, me: { name: 'Alex Admin' } } })
    expect(app.setupUrl).toBeUndefined()
    await app.close()
  })
})
