import { expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { jsonArray } from './json-array.ts'

describeDatabases('one JSON text', (open) => {
  test.each([1, 60, 900, 901, 1600])('holds %d values in order', async (count) => {
    const db = await open()
    const values = Array.from({ length: count }, (_, i) => (i % 3 ? `'v]${i}'` : 'null'))
    const row = await db.get<{ j: string }>(`SELECT ${jsonArray(db.dialect, values)} AS j`)
    const wanted = Array.from({ length: count }, (_, i) => (i % 3 ? `v]${i}` : null))
    expect(Object.values(JSON.parse(row!.j) as object)).toEqual(wanted)
  })
})
