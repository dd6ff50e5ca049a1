import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ddl, quote } from '#database'
import type { Database, SqlValue } from '#database'
import { opener } from '#test/databases'
import { formatInstant, formatTimeOfDay } from '#util'
import type { Value } from '#util'
import { columnNames, columnsOf, encode, encodeColumns, encodeList, inList, placeholder, selectJson } from './codec.ts'
import type { CodecField } from './codec.ts'
import { decimalText, scaledDigits } from './codec/decimal.ts'

const field = (storage: CodecField['storage'], precision = 15, scale = 0): CodecField => ({
  storage,
  precision,
  scale,
  column: `c_${storage}_${precision}_${scale}`,
})
const text = fc.string({ unit: 'binary', minLength: 1 }).map((s) => s.replaceAll('\0', '0'))
const digits = (precision: number, scale: number): fc.Arbitrary<string> =>
  fc
    .bigInt({ min: -(10n ** BigInt(precision)) + 1n, max: 10n ** BigInt(precision) - 1n })
    .map((n) => decimalText(n.toString(), scale))
const number = (precision: number, scale: number): fc.Arbitrary<number> =>
  digits(precision, scale).map((d) => Number(d) + 0)
const instant = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9999, 11, 31) })
const coordinate = (limit: number): fc.Arbitrary<number> =>
  fc.integer({ min: -limit * 1e6, max: limit * 1e6 }).map((n) => n / 1e6 + 0)
/** What JSON itself gives back; numbers of any exponent are each database's to keep, so they stay small here. */
const json = fc
  .jsonValue({ maxDepth: 3, noUnicodeString: false })
  .map(
    (v) =>
      JSON.parse(
        JSON.stringify(v, (_k, x: unknown) => (typeof x === 'number' ? Math.round(x % 1e6) + 0 : x)).replaceAll(
          '\\u0000',
          '0',
        ),
      ) as Value,
  )

/** Each with the values that come back as they went in. */
const KINDS: readonly [CodecField, fc.Arbitrary<Value>][] = [
  [field('text'), text],
  [field('id'), fc.stringMatching(/^[0-9A-Za-z]{18}$/)],
  [field('integer'), number(15, 0)],
  [field('decimal', 15, 2), number(15, 2)],
  [field('decimal', 12, 9), number(12, 9)],
  [field('decimal', 18, 0), digits(18, 0)],
  [field('decimal', 18, 3), digits(18, 3)],
  [field('decimal', 18, 17), digits(18, 17)],
  [field('boolean'), fc.boolean()],
  [field('date'), instant.map((i) => formatInstant(i).slice(0, 10))],
  [field('datetime'), instant.map(formatInstant)],
  [field('time'), fc.integer({ min: 0, max: 86_399_999 }).map(formatTimeOfDay)],
  [field('multi'), fc.uniqueArray(text.map((s) => s.replaceAll(';', ',')), { minLength: 1, maxLength: 4 })],
  [field('json'), json],
  [field('geo'), fc.record({ latitude: coordinate(90), longitude: coordinate(180) }, { noNullPrototype: true })],
] // prettier-ignore
const FIELDS = KINDS.map(([f]) => f)
const row = fc.tuple(...KINDS.map(([, values]) => fc.option(values, { nil: null })))

const openers = [opener('sqlite'), opener('postgres')]
let databases: Database[] = []
beforeAll(async () => {
  databases = await Promise.all(openers.map((open) => open.keep()))
  for (const db of databases) {
    const columns = FIELDS.flatMap((f) => columnsOf(db.dialect, f))
    await db.transaction((tx) =>
      tx.run(ddl[db.dialect].createTable({ name: 'bag', columns: [{ name: 'n', type: 'integer' }, ...columns] })),
    )
  }
})
afterAll(() => {
  databases = []
})

async function write(db: Database, n: number, values: readonly Value[]): Promise<void> {
  const bound: SqlValue[] = [n, ...values.flatMap((value, i) => encodeColumns(db.dialect, FIELDS[i]!, value))]
  const names = ['n', ...FIELDS.flatMap(columnNames)].map(quote).join(', ')
  let at = 1
  const marks = FIELDS.flatMap((f) => columnNames(f).map(() => placeholder(db.dialect, f, ++at))).join(', ')
  await db.transaction(async (tx) => {
    await tx.run(`DELETE FROM bag WHERE n = ${db.dialect === 'sqlite' ? '?' : '$1'}`, [n])
    await tx.run(`INSERT INTO bag (${names}) VALUES (${db.dialect === 'sqlite' ? '?' : '$1'}, ${marks})`, bound)
  })
}

async function read(db: Database, n: number): Promise<Value[]> {
  const parts = FIELDS.map((f) => selectJson(db.dialect, f, 'bag')).join(', ')
  const sql =
    db.dialect === 'sqlite'
      ? `SELECT json_array(${parts}) AS j FROM bag WHERE n = ?`
      : `SELECT row_to_json(row(${parts})) AS j FROM bag WHERE n = $1`
  return Object.values(JSON.parse((await db.get<{ j: string }>(sql, [n]))!.j) as Record<string, Value>)
}

describe('the codec', () => {
  test('gives back what was stored, the same on both databases', async () => {
    let n = 0
    const property = fc.asyncProperty(row, async (values) => {
      n++
      for (const db of databases) {
        await write(db, n, values)
        expect(await read(db, n), db.dialect).toEqual(values)
      }
    })
    await fc.assert(property, { numRuns: 150 })
  })

  test('finds each value by equality and in a list, on both databases', async () => {
    const property = fc.asyncProperty(row, async (values) => {
      for (const db of databases) {
        await write(db, 0, values)
        for (const [i, value] of values.entries()) {
          const f = FIELDS[i]!
          if (value === null || f.storage === 'geo' || f.storage === 'json') continue
          const equal = `SELECT n FROM bag WHERE n = 0 AND bag.${quote(f.column!)} = ${placeholder(db.dialect, f, 1)}`
          expect(await db.all(equal, [encode(db.dialect, f, value)]), `${db.dialect} ${f.column} =`).toEqual([{ n: 0 }])
          const listed = `SELECT n FROM bag WHERE n = 0 AND ${inList(db.dialect, f, 'bag', 1)}`
          expect(
            await db.all(listed, [encodeList(db.dialect, f, [value, null])]),
            `${db.dialect} ${f.column} in`,
          ).toEqual([{ n: 0 }])
        }
      }
    })
    await fc.assert(property, { numRuns: 25 })
  })

  test('sorts texts, numbers and instants alike on both databases', async () => {
    const values = ['a', 'B', 'ä', 'Z', 'aa', '~', '€', '10', '9']
    for (const db of databases)
      for (const [i, value] of values.entries())
        await write(
          db,
          1000 + i,
          FIELDS.map((f) => (f.storage === 'text' ? value : null)),
        )
    const orders = await Promise.all(
      databases.map((db) => db.all('SELECT c_text_15_0 AS v FROM bag WHERE n >= 1000 AND n < 1100 ORDER BY 1')),
    )
    expect(orders[0]).toEqual(orders[1])
    expect(orders[0]!.map((r) => r['v']).slice(0, 3)).toEqual(['10', '9', 'B'])
  })

  test.each<[CodecField, Value, Value]>([
    [field('text'), '', null],
    [field('text'), 'a\0b\uD800', 'a\uFFFDb\uFFFD'],
    [field('json'), { a: 'x\0\uDC00' }, { a: 'x\uFFFD\uFFFD' }],
    [field('multi'), [], null],
    [field('decimal', 15, 2), 1.005, 1.01],
    [field('decimal', 15, 2), '-0.005', -0.01],
    [field('decimal', 18, 3), '1e3', '1000.000'],
    [field('datetime'), '2026-03-06T16:00:00+01:00', '2026-03-06T15:00:00.000Z'],
  ])('normalises %o: %o → %o', async (f, given, stored) => {
    for (const db of databases) {
      await write(
        db,
        2000,
        FIELDS.map((g) => (g.column === f.column ? given : null)),
      )
      expect((await read(db, 2000))[FIELDS.findIndex((g) => g.column === f.column)], db.dialect).toEqual(stored)
    }
  })

  test.each<[CodecField, Value]>([
    [field('integer'), 'twelve'],
    [field('decimal', 15, 2), { a: 1 }],
    [field('boolean'), 'yes'],
    [field('datetime'), 'tomorrow'],
    [field('text'), 5],
    [field('multi'), 'A'],
    [field('geo'), { latitude: 1 }],
  ])('refuses %o = %o', (f, value) => {
    for (const dialect of ['sqlite', 'postgres'] as const)
      expect(() => encodeColumns(dialect, f, value)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
  })

  test('scaling is exact for decimal text of any form', () => {
    const cases: [string, number, string][] = [['0', 2, '0'], ['.5', 0, '1'], ['-.5', 0, '-1'], ['1.23e-1', 2, '12'], ['5e-3', 2, '1'], ['4e-3', 2, '0'], ['999999999999999.995', 2, '100000000000000000'], ['1e-9', 2, '0']] // prettier-ignore
    for (const [given, scale, wanted] of cases) expect(scaledDigits(given, scale), given).toBe(wanted)
    expect(scaledDigits('1,5', 2)).toBeUndefined()
  })
})
