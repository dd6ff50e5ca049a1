import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { LIMITS } from '#graphql'
import { opener } from '#test/databases'
import { BodyReader } from './body-reader.ts'
import { startServer } from './testing.ts'

const MANY = 'mutation ($input: [AccountCreateInput!]!) { AccountCreateMany(input: $input) { saved } }'
const ONE =
  'mutation ($input: AccountCreateInput!) { AccountCreate(input: $input) { record { Id } errors { message } } }'
const open = opener('sqlite')

function read(json: string | Buffer, size = 65_536, bulk = true): unknown {
  const [reader, bytes] = [new BodyReader({ bulk }), Buffer.from(json)]
  for (let at = 0; at < bytes.length; at += size) reader.take(bytes.subarray(at, at + size))
  return reader.finish()
}

describe('a body', () => {
  test('is what JSON.parse makes of it, in pieces of any size', () => {
    const value = fc.jsonValue({ maxDepth: 4 })
    const variables = fc.dictionary(fc.string(), fc.oneof(value, fc.array(value)))
    fc.assert(
      fc.property(variables, fc.integer({ min: 1, max: 50 }), fc.constantFrom(undefined, 2), (given, size, indent) => {
        const json = JSON.stringify({ query: '{ a }', variables: given }, null, indent)
        expect(read(json, size)).toEqual(JSON.parse(json))
      }),
    )
  })

  const rows = Array.from({ length: 20_000 }, (_, i) => ({ Name: `"${i}", ü [{\\`, Parts: [i, [], {}], Blank: null }))
  test.each([
    ['the query first', { query: MANY, variables: { dry: true, input: rows, other: [1], more: rows.slice(0, 2000) } }],
    ['the query last', { variables: { input: rows, n: 1 }, operationName: null, query: MANY }],
    ['odd names', { query: MANY, variables: JSON.parse(`{ "__proto__": ${JSON.stringify(rows)} }`) }],
  ])('may hold long lists: %s', (_, body) => {
    const json = JSON.stringify(body)
    expect(json.length).toBeGreaterThan(LIMITS.bodyBytes * 10)
    for (const size of [1000, 65_536]) expect(read(json, size)).toEqual(body)
    expect(read(JSON.stringify(body, null, 1))).toEqual(body)
  })

  test('is parsed in small pieces only', () => {
    const json = JSON.stringify({ query: MANY, variables: { input: rows } })
    const parse = vi.spyOn(JSON, 'parse')
    onTestFinished(() => void parse.mockRestore())
    read(json)
    const lengths = parse.mock.calls.map(([text]) => text.length)
    expect(lengths.length).toBeGreaterThan(10)
    expect(Math.max(...lengths)).toBeLessThan(LIMITS.bodyBytes)
  })

  const long = JSON.stringify(rows)
  const depths = `${'['.repeat(LIMITS.nesting)}${']'.repeat(LIMITS.nesting)}`
  test.each([
    ['nested too deep', `{"variables":${depths}}`, 400],
    ['nested too deep, never closed', `{"variables":{"a":${'['.repeat(1_000_000)}`, 400],
    ['long, without a bulk mutation', `{"query":"{ a }","variables":{"input":${long}}}`, 413],
    ['long, its document only known at the end', `{"variables":{"input":${long}},"query":"{ a }"}`, 413],
    ['long, without a document', `{"variables":{"input":${long}}}`, 413],
    ['long elsewhere', `{"query":"${MANY}","extensions":{"input":${long}}}`, 413],
    ['long, but no list', `{"query":"{ a }","variables":{"input":"${'x'.repeat(200_000)}"}}`, 413],
    ['a long document', `{"query":"${MANY} #${'x'.repeat(200_000)}"}`, 413],
    ['a record too long', `{"query":"${ONE}","variables":{"input":{"Name":"${'x'.repeat(1_100_000)}"}}}`, 413],
    ['one entry too long', `{"query":"${MANY}","variables":{"input":[1,"${'x'.repeat(1_100_000)}"]}}`, 413],
    ['no JSON in a long list', `{"query":"${MANY}","variables":{"input":[${'1,'.repeat(100_000)}nothing]}}`, 400],
    ['a comma too many', `{"query":"${MANY}","variables":{"input":[${`"${'x'.repeat(99)}",`.repeat(5_000)}]}}`, 400],
    ['the wrong bracket', `{"query":"${MANY}","variables":{"input":[${'1,'.repeat(100_000)}1}}}`, 400],
    ['no object', '[]', 400],
    ['nothing', '', 400],
  ])('is refused: %s', (_, json, status) => {
    expect(() => read(json)).toThrow(expect.objectContaining({ status }))
  })

  test('of somebody who has not signed in is short', () => {
    const body = (bytes: number) => `{"query":"{ a } #${'x'.repeat(bytes)}"}`
    expect(read(body(10_000), 1000, false)).toEqual(JSON.parse(body(10_000)))
    expect(() => read(body(20_000), 1000, false)).toThrow(/larger than 16 kB; those who have signed in/)
  })
})

test('one record with the longest texts is saved, and the documents of a whole organisation are planned', async () => {
  const { admin } = await startServer(await open.url())
  const input = { Name: 'Long', Description: 'ü'.repeat(131_072) }
  const { AccountCreate } = await admin.data(ONE, { input })
  expect(AccountCreate.errors).toEqual([])
  const changes = Array.from({ length: 600 }, (_, i) => {
    const document = { kind: 'CustomLabel', name: `Label_${i}`, label: `Label ${i}`, value: 'x'.repeat(400) }
    return { kind: document.kind, name: document.name, document }
  })
  const { metadataPlan } = await admin.data(
    'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { steps { text } findings { message } } }',
    { changes },
  )
  expect([metadataPlan.findings, metadataPlan.steps.length]).toEqual([[], 600])
})

describe('JSON nested thousands of levels deep is refused at each door, and nothing is logged', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  const start = async () => {
    const logged: unknown[] = []
    const server = await startServer(await open.url(), { logError: (error) => `id${logged.push(error)}` })
    return { ...server, logged }
  }

  test('POST, before the rest of it has come', async () => {
    const { admin, logged } = await start()
    const parse = vi.spyOn(JSON, 'parse')
    onTestFinished(() => void parse.mockRestore())
    const body = `{"query":"${MANY}","variables":{"input":${deep(2_000_000)}}}`
    const answer = await admin.post('/graphql', body).catch((error: Error) => error)
    // The connection is closed while the client still sends; it may not get as far as reading why.
    if (answer instanceof Response) expect(answer.status).toBe(400)
    expect(parse.mock.calls.filter(([text]) => text.length > 10_000)).toEqual([])
    const short = await admin.post('/graphql', `{"query":"{ me { name } }","variables":{"a":${deep(9000)}}}`)
    expect([short.status, await short.json()]).toMatchObject([
      400,
      { errors: [{ message: 'JSON may be nested 64 levels deep at most.', extensions: { code: 'BAD_REQUEST' } }] },
    ])
    expect(logged).toEqual([])
  })

  test('GET', async () => {
    const { app, logged } = await start()
    for (const name of ['variables', 'extensions']) {
      const url = `${app.url}/graphql?query={serverTime}&${name}={"a":${deep(2000)}}`
      const answer = await fetch(url, { headers: { accept: 'application/json' } })
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('64 levels deep')])
    }
    expect(logged).toEqual([])
  })

  test('a WebSocket', async () => {
    const { app, admin, logged } = await start()
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers: admin.headers,
    })
    const closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve([code, String(reason)])))
    socket.on('open', () => socket.send(`{"type":"ping","payload":{"a":${deep(9000)}}}`))
    expect(await closed).toEqual([4400, 'JSON may be nested 64 levels deep at most.'])
    expect(logged).toEqual([])
  })
})

test('large bodies of one user come one after the other, and another user need not wait for them', async () => {
  const { app, admin, person } = await startServer(await open.url())
  const other = await person('other@example.com', 'System_Administrator')
  const input = Array.from({ length: 100 }, (_, i) => ({ Name: `Account ${i}`, Description: 'x'.repeat(2000) }))
  const under = { now: 0, most: 0 }
  const { save } = app.engine
  app.engine.save = async (...args) => {
    under.most = Math.max(under.most, ++under.now)
    try {
      return await save(...args)
    } finally {
      under.now--
    }
  }
  const saved = (who: typeof admin) => who.data(MANY, { input })
  const all = { AccountCreateMany: { saved: 100 } }
  expect(await Promise.all([saved(admin), saved(admin), saved(admin)])).toEqual([all, all, all])
  expect(under.most).toBe(1)
  expect(await Promise.all([saved(admin), saved(other)])).toEqual([all, all])
})
