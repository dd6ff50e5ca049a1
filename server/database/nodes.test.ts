import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { describeDatabases, opener } from '#test/databases'
import { ClockOffset } from './clock/offset.ts'
import { pendingMigrations } from './migrate.ts'
import { openDatabase } from './open.ts'

describeDatabases('several nodes', (open) => {
  test.runIf(open.dialect === 'postgres')('that start together on an empty database make its tables once', async () => {
    const url = await open.empty()
    const nodes = await Promise.all([1, 2, 3].map(() => openDatabase({ url })))
    for (const node of nodes) expect(await pendingMigrations(node)).toEqual([])
    expect(await nodes[0]!.all('SELECT key FROM setting')).toEqual([])
    for (const node of nodes) await node.close()
  })

  test('see what another one has committed', async () => {
    const url = await open.url()
    const [a, b] = [await openDatabase({ url }), await openDatabase({ url })]
    await a.transaction((tx) => tx.run(`INSERT INTO setting (key, value) VALUES ('x', '1')`))
    await b.transaction((tx) => tx.run(`UPDATE setting SET value = '2' WHERE key = 'x'`))
    expect(await a.all('SELECT value FROM setting')).toEqual([{ value: '2' }])
    await a.close()
    await b.close()
  })
})

describe('PostgreSQL', () => {
  const open = opener('postgres')

  test('a node hears its own messages, in the order in which it sent them', async () => {
    const db = await open()
    const heard: number[] = []
    db.listen('order', (payload) => void heard.push(Number(payload)))
    const sent = Array.from({ length: 300 }, (_, n) => n + 1)
    for (const n of sent) db.notify('order', String(n))
    await expect.poll(() => heard.at(-1)).toBe(300)
    expect(heard).toEqual(sent)
  })

  test.each([false, true])(
    'a deadlock is no error: the loser runs again (in a savepoint whose error is swallowed: %s)',
    async (swallowed) => {
      const db = await open()
      await db.transaction((tx) => tx.run(`INSERT INTO setting (key, value) VALUES ('a', ''), ('b', '')`))
      let runs = 0
      const both = Promise.withResolvers<void>()
      const append = async (first: string, second: string): Promise<void> =>
        db.transaction(async (tx) => {
          const sql = `UPDATE setting SET value = value || $1 WHERE key = $2`
          await tx.run(sql, ['x', first])
          if (++runs === 2) both.resolve()
          await both.promise
          if (swallowed) await tx.savepoint(() => tx.run(sql, ['x', second])).catch(() => {})
          else await tx.run(sql, ['x', second])
        })
      await Promise.all([append('a', 'b'), append('b', 'a')])
      expect(runs).toBe(3)
      expect(await db.all('SELECT value FROM setting')).toEqual([{ value: 'xx' }, { value: 'xx' }])
    },
  )

  test('what a transaction finds by key, it finds by the index, however small the table was when the plan was made', async () => {
    const db = await open()
    const values = Array.from({ length: 100 }, (_, i) => `('${i}', '1')`).join(', ')
    const plan = await db.transaction((tx) =>
      tx.all<{ [column: string]: string }>(
        `EXPLAIN UPDATE setting SET value = v.column2 FROM (VALUES ${values}) v WHERE setting.key = v.column1`,
      ),
    )
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toMatch(/Index Scan using setting_pkey on setting/)
  })

  test('a server that is still starting is waited for', async () => {
    const target = new URL(await open.url())
    const reserved = createServer().listen(0, '127.0.0.1')
    await once(reserved, 'listening')
    const { port } = reserved.address() as { port: number }
    reserved.close()
    await once(reserved, 'close')
    const through = new URL(target)
    through.port = String(port)
    const opening = openDatabase({ url: through.href, startUpPatience: 20 })
    await wait(300)
    const proxy = createServer((client) => {
      const server = connect(Number(target.port), '127.0.0.1')
      client.pipe(server).pipe(client)
      for (const socket of [client, server]) socket.on('error', () => {})
    }).listen(port, '127.0.0.1')
    const db = await opening
    expect(await db.get('SELECT 1 AS x')).toEqual({ x: 1 })
    await db.close()
    proxy.close()
  })

  test('a connection that breaks is replaced, the listening one too', async () => {
    const db = await open()
    const heard = new Set<string | undefined>()
    db.listen('news', (payload) => heard.add(payload))
    const until = async (payload: string): Promise<void> => {
      for (let i = 0; i < 1_200 && !heard.has(payload); i++, await wait(50)) db.notify('news', payload)
      expect(heard).toContain(payload)
    }
    await until('before')
    await db.all(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    await until('after')
    expect([...heard]).toEqual(['before', undefined, 'after'])
    expect(await db.get('SELECT 2 AS x')).toEqual({ x: 2 })
  })

  test('exact numbers, dates and JSON come as text', async () => {
    const db = await open()
    const row = await db.get(
      `SELECT 9007199254740993::bigint AS big, 0.10::numeric AS dec, DATE '2026-03-06' AS day, TIME '09:30' AS clock, TIMESTAMPTZ '2026-03-06T17:00:00.5+01' AS at, '{"a":1}'::json AS j, true AS yes, 7::int AS n`,
    )
    expect(row).toEqual({
      big: '9007199254740993',
      dec: '0.10',
      day: '2026-03-06',
      clock: '09:30:00.000',
      at: '2026-03-06T16:00:00.500Z',
      j: '{"a":1}',
      yes: true,
      n: 7,
    })
  })
})

test('the clock’s offset is the server’s lead, from the quickest round trip', async () => {
  let machine = 0
  const delays = [30, 2, 20, 25, 30]
  const offset = new ClockOffset(
    async () => {
      const delay = delays.pop()!
      // The answer is made at once and takes its whole time to come back: the longer it takes, the more wrong it is.
      const answer = machine + 3_600_000
      machine += delay
      return answer
    },
    () => machine,
  )
  await offset.sample()
  offset.stop()
  expect(offset.value()).toBe(3_600_000 - 1)
})
