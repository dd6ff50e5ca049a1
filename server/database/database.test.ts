import { expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import type { Database, SqlValue, Transaction } from './types.ts'
import { placeholders } from './sql.ts'

const make = (db: Database): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.run('CREATE TABLE item (id varchar(20) PRIMARY KEY, n integer)')
  })
const insert = (tx: Transaction, id: string, n: number): Promise<number> =>
  tx.run(`INSERT INTO item (id, n) VALUES (${placeholders(tx.dialect, 2)})`, [id, n])
const count = async (db: Database): Promise<number> =>
  Number((await db.get<{ c: number }>('SELECT count(*) AS c FROM item'))!.c)

describeDatabases('transactions', (open) => {
  test('what is written is read after the commit', async () => {
    const db = await open()
    await make(db)
    await db.transaction((tx) => insert(tx, 'a', 1))
    expect(await db.all('SELECT id, n FROM item')).toEqual([{ id: 'a', n: 1 }])
  })

  test('an error undoes everything and runs no hook', async () => {
    const db = await open()
    await make(db)
    const hooks: string[] = []
    const failing = db.transaction(async (tx) => {
      tx.afterCommit(() => hooks.push('ran'))
      await insert(tx, 'a', 1)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect([await count(db), hooks]).toEqual([0, []])
  })

  test('a savepoint undoes its own part and its hooks alone', async () => {
    const db = await open()
    await make(db)
    const hooks: string[] = []
    await db.transaction(async (tx) => {
      tx.afterCommit(() => hooks.push('outer'))
      await insert(tx, 'a', 1)
      const inner = tx.savepoint(async () => {
        tx.afterCommit(() => hooks.push('inner'))
        await insert(tx, 'b', 2)
        await insert(tx, 'a', 3)
      })
      await expect(inner).rejects.toMatchObject({ code: 'UNIQUE' })
      await tx.savepoint(() => insert(tx, 'c', 4))
    })
    expect(await db.all('SELECT id FROM item ORDER BY id')).toEqual([{ id: 'a' }, { id: 'c' }])
    expect(hooks).toEqual(['outer'])
  })

  test('a swallowed error saves nothing: it takes a savepoint to go on', async () => {
    const db = await open()
    await make(db)
    const swallowing = db.transaction(async (tx) => {
      await insert(tx, 'a', 1)
      await insert(tx, 'a', 2).catch(() => {})
      await expect(insert(tx, 'b', 3)).rejects.toMatchObject({ code: 'SQL' })
    })
    await expect(swallowing).rejects.toMatchObject({ message: expect.stringContaining('swallowed') })
    expect(await count(db)).toBe(0)
  })

  test('statements still under way when the work fails are undone with it', async () => {
    const db = await open()
    await make(db)
    const failing = db.transaction(async (tx) => {
      const bad = tx.run('INSERT INTO nowhere (id) VALUES (1)')
      const more = Array.from({ length: 5 }, (_, i) => tx.run(`INSERT INTO item (id, n) VALUES ('fresh${i}', ${i})`))
      await Promise.all([bad, ...more])
    })
    await expect(failing).rejects.toMatchObject({ code: 'SQL' })
    expect(await count(db)).toBe(0)
  })

  test('statements nobody waited for are in the transaction or refused, never on their own', async () => {
    const db = await open()
    await make(db)
    let late: Promise<unknown> | undefined
    await db.transaction(async (tx) => {
      insert(tx, 'a', 1).catch(() => {})
      late = Promise.resolve()
        .then(() => new Promise((resolve) => setTimeout(resolve, 50)))
        .then(() => insert(tx, 'b', 2))
      late.catch(() => {})
    })
    await expect(late).rejects.toMatchObject({ code: 'CLOSED' })
    expect(await count(db)).toBeLessThanOrEqual(1)
  })

  test('fifty transactions that read and then write lose no update', async () => {
    const db = await open()
    await make(db)
    await db.transaction((tx) => insert(tx, 'a', 0))
    const lock = open.dialect === 'postgres' ? ' FOR UPDATE' : ''
    const bump = (): Promise<unknown> =>
      db.transaction(async (tx) => {
        const row = await tx.get<{ n: number }>(`SELECT n FROM item WHERE id = 'a'${lock}`)
        await tx.run(`UPDATE item SET n = ${placeholders(tx.dialect, 1)}`, [row!.n + 1])
      })
    await Promise.all(Array.from({ length: 50 }, bump))
    expect(await db.get('SELECT n FROM item')).toEqual({ n: 50 })
  })

  test('the database itself refuses to be used inside its open transaction', async () => {
    const db = await open()
    await make(db)
    await db.transaction(async () => {
      await expect(db.all('SELECT 1')).rejects.toMatchObject({ code: 'NESTED_USE' })
      await expect(db.transaction(async () => 1)).rejects.toMatchObject({ code: 'NESTED_USE' })
    })
    expect(await count(db)).toBe(0)
  })

  test('a hook after the commit may use the database', async () => {
    const db = await open()
    await make(db)
    const seen = Promise.withResolvers<number>()
    await db.transaction(async (tx) => {
      await insert(tx, 'a', 1)
      tx.afterCommit(() => void count(db).then(seen.resolve, seen.reject))
    })
    expect(await seen.promise).toBe(1)
  })

  test('a transaction object is dead after its end', async () => {
    const db = await open()
    let kept: Transaction | undefined
    await db.transaction(async (tx) => void (kept = tx))
    await expect(kept!.all('SELECT 1')).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test.each([[10n], [Number.NaN], [undefined], [new Date(0)], [Infinity]])('refuses to bind %s', async (value) => {
    const db = await open()
    const bound = db.all(`SELECT ${placeholders(db.dialect, 1)} AS x`, [value as unknown as SqlValue])
    await expect(bound).rejects.toMatchObject({ code: 'BAD_VALUE' })
  })

  test('a read that takes too long is interrupted, and the next one works', async () => {
    const db = await open({ statementTimeout: 100, readers: 1 })
    const slow =
      open.dialect === 'sqlite'
        ? 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM (SELECT x FROM c LIMIT 500000000)'
        : 'SELECT pg_sleep(20)'
    await expect(db.all(slow)).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await db.all('SELECT 1 AS x')).toEqual([{ x: 1 }])
  })

  test('listeners hear what is told on their channel until they leave', async () => {
    const db = await open()
    const heard: (string | undefined)[] = []
    const got = Promise.withResolvers<void>()
    const leave = db.listen('catalog', (payload) => {
      heard.push(payload)
      got.resolve()
    })
    const telling = setInterval(() => db.notify('catalog', '7'), 20)
    await got.promise
    clearInterval(telling)
    leave()
    expect(heard[0]).toBe('7')
  })

  test('a statement keeps working after its table changed', async () => {
    const db = await open()
    await make(db)
    await db.transaction((tx) => insert(tx, 'a', 1))
    const read = (): Promise<unknown[]> => db.all(`SELECT n FROM item WHERE id = ${placeholders(db.dialect, 1)}`, ['a'])
    await read()
    await db.transaction((tx) => tx.run('ALTER TABLE item ADD COLUMN extra integer'))
    expect(await read()).toEqual([{ n: 1 }])
  })

  test('closing waits for what is under way', async () => {
    const db = await open()
    await make(db)
    const writing = db.transaction(async (tx) => {
      await insert(tx, 'a', 1)
      return await tx.all('SELECT id FROM item')
    })
    const reading = db.all('SELECT id FROM item')
    await db.close()
    expect(await writing).toEqual([{ id: 'a' }])
    expect([[], [{ id: 'a' }]]).toContainEqual(await reading)
  })

  test('after close everything is refused', async () => {
    const db = await open()
    await db.close()
    await expect(db.all('SELECT 1')).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
