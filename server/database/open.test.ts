import { describe, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { openDatabase } from './open.ts'
import { pendingMigrations } from './migrate.ts'

describe('opening fails with a sentence and a next step', () => {
  test('for an address that is none', async () => {
    await expect(openDatabase({ url: 'mysql://x' })).rejects.toMatchObject({
      code: 'BAD_URL',
      hint: expect.stringContaining('sqlite:'),
    })
  })

  test('for a folder that does not exist', async () => {
    await expect(openDatabase({ url: 'sqlite:/nowhere/at/all.db' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('/nowhere/at'),
    })
  })

  test('for a PostgreSQL that is down, without the password in the text', async () => {
    const opening = openDatabase({ url: 'postgres://me:secret@127.0.0.1:9/x', startUpPatience: 0.3 })
    await expect(opening).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      hint: expect.stringContaining('DATABASE_URL'),
      message: expect.not.stringContaining('secret'),
    })
  })

  test('for a wrong password', async () => {
    const url = new URL(process.env.MILEPOST_TEST_POSTGRES!)
    url.password = 'wrong'
    await expect(openDatabase({ url: url.href })).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
  })

  test('for a PostgreSQL database that does not exist', async () => {
    const url = new URL(process.env.MILEPOST_TEST_POSTGRES!)
    url.pathname = '/nobody_made_this'
    await expect(openDatabase({ url: url.href })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('nobody_made_this'),
    })
  })
})

test('a temporary SQLite database is empty and works', async () => {
  const db = await openDatabase({ url: 'sqlite::memory:' })
  expect(await db.all('SELECT key FROM setting')).toEqual([])
  await db.close()
})

describeDatabases('platform tables', (open) => {
  test('are there after opening, and opening again changes nothing', async () => {
    const url = await open.url()
    const db = await openDatabase({ url })
    expect(await pendingMigrations(db)).toEqual([])
    await db.transaction((tx) => tx.run(`INSERT INTO setting (key, value) VALUES ('instance', '"x"')`))
    await db.close()
    const again = await openDatabase({ url })
    expect(await again.all('SELECT key, value FROM setting')).toEqual([{ key: 'instance', value: '"x"' }])
    await again.close()
  })

  test('a database that is newer than the program is refused, and left alone', async () => {
    const url = await open.url()
    const db = await openDatabase({ url })
    await db.transaction((tx) => tx.run(`INSERT INTO platform_migration (name, at) VALUES ('9999_future', 'x')`))
    await db.close()
    await expect(openDatabase({ url })).rejects.toMatchObject({
      code: 'NEWER_VERSION',
      message: expect.stringContaining('9999_future'),
      hint: expect.stringContaining('newer version'),
    })
  })

  test('the clock agrees with the machine, since both stand on one', async () => {
    const db = await open()
    expect(Math.abs(db.clock.now() - Date.now())).toBeLessThan(5000)
    expect(Number.isInteger(db.clock.now())).toBe(true)
  })
})
