import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { quote } from '#database'
import type { Database } from '#database'
import { planChange } from '#metadata'
import type { Catalog, Document, FieldDocument } from '#metadata'
import { applyTableSteps, checkData, insertRows, tableSteps } from '#records'
import { describeDatabases } from '#test/databases'
import { catalogWith } from '#test/catalog'
import { idMaker } from '#util'
import type { Value } from '#util'

const RUNS = Number(process.env.MILEPOST_UNDO_RUNS ?? 25)
const AT = '2026-03-06T16:00:00.000Z'
const picklist = { restricted: false, values: [{ value: 'A' }, { value: 'B' }, { value: '1' }] }

/** Ways to store a value, and values of each. */
const TYPES: { readonly [name: string]: readonly [Partial<FieldDocument>, fc.Arbitrary<Value>] } = {
  text: [
    { type: 'Text', length: 60 },
    fc.oneof(fc.string({ minLength: 1, maxLength: 20 }).filter((s) => !s.includes('\0') && s.isWellFormed()), fc.constantFrom('42', '007', '$1,200.50', 'abc', '2026-02-30', '2026-03-01', AT, 'true', 'A;B', '09:30')),
  ],
  integer: [{ type: 'Number', precision: 9, scale: 0 }, fc.integer({ min: -999_999_999, max: 999_999_999 })],
  cents: [{ type: 'Currency', precision: 12, scale: 2 }, fc.integer({ min: -99_999_999, max: 99_999_999 }).map((n) => n / 100)],
  exact: [{ type: 'Number', precision: 18, scale: 8 }, fc.integer({ min: -999_999_999, max: 999_999_999 }).map((n) => (n / 1e4).toFixed(8))],
  large: [{ type: 'Number', precision: 18, scale: 2 }, fc.constantFrom('1234567890123.12', '-0.01', '5.00')],
  day: [{ type: 'Date' }, fc.constantFrom('2026-03-08', '1999-12-31', '2024-02-29')],
  instant: [{ type: 'DateTime' }, fc.constantFrom(AT, '2026-03-08T23:59:59.999Z', '2024-02-29T00:00:00.000Z')],
  time: [{ type: 'Time' }, fc.constantFrom('09:30:00.000', '23:59:59.999')],
  box: [{ type: 'Checkbox', defaultValue: true }, fc.boolean()],
  several: [{ type: 'MultiselectPicklist', valueSet: picklist }, fc.constantFrom<Value>(['A'], ['A', 'B'], ['1'])],
  one: [{ type: 'Picklist', valueSet: picklist }, fc.constantFrom('A', 'B', '1')],
} // prettier-ignore
const NAMES = Object.keys(TYPES)

const documentOf = (name: string): FieldDocument => ({ kind: 'Field', name: 'Thing__c.X__c', label: 'X', type: 'Text', ...TYPES[name]![0] }) // prettier-ignore
const thing: Document = { kind: 'Object', name: 'Thing__c', label: 'Thing', pluralLabel: 'Things', nameField: { label: 'Name', type: 'Text' } } // prettier-ignore
const shipped = catalogWith()
const starts = new Map(NAMES.map((name) => [name, catalogWith([thing, documentOf(name)])]))
const start = (name: string): Catalog => starts.get(name)!
const newId = idMaker(() => 0.3)

const to = (catalog: Catalog, document: FieldDocument): Catalog | undefined =>
  planChange(catalog, [{ kind: 'Field', name: document.name, document }], { at: AT }).next

const changes = NAMES.flatMap((from) => NAMES.filter((name) => to(start(from), documentOf(name))).map((name) => [from, name] as const)) // prettier-ignore

test('the changes are of many kinds', () => {
  expect(changes.length).toBeGreaterThan(30)
})

describeDatabases('any change of a type and its undo', (open) => {
  const apply = (db: Database, before: Catalog | undefined, after: Catalog) =>
    db.transaction((tx) => applyTableSteps(tx, tableSteps(before, after)))

  async function checksum(db: Database, catalog: Catalog): Promise<string> {
    const object = catalog.object('Thing__c')!
    const columns = ['Id', 'X__c', 'Version', 'LastModifiedDate'].map((name) => quote(object.field(name)!.column!))
    const rows = await db.all(`SELECT ${columns.join(', ')} FROM ${quote(object.table)} ORDER BY 1`)
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
  }

  test('leave every untouched row as it was', async () => {
    const db = await open()
    await apply(db, undefined, shipped)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...changes).chain(([from, name]) =>
          fc.tuple(fc.constant(from), fc.constant(name), fc.array(fc.option(TYPES[from]![1]), { minLength: 1, maxLength: 8 }))), // prettier-ignore
        async ([from, name, values]) => {
          const before = start(from)
          const object = before.object('Thing__c')!
          await db.transaction((tx) => tx.run(`DROP TABLE IF EXISTS ${quote(object.table)}`))
          await apply(db, shipped, before)
          await db.transaction(async (tx) => {
            await insertRows(tx, object, values.map((X__c) => ({ Id: newId(object.keyPrefix, 1), Name: 'T', OwnerId: null, CreatedDate: AT, LastModifiedDate: AT, Version: 1, IsDeleted: false, X__c: X__c ?? (from === 'box' ? false : null) }))) // prettier-ignore
          })
          const sum = await checksum(db, before)
          const there = to(before, documentOf(name))!
          await apply(db, before, there)
          const back = to(there, documentOf(from))!
          expect((await checkData(db, there, back)).losses).toEqual([])
          await apply(db, there, back)
          expect(await checksum(db, back)).toBe(sum)
        },
      ),
      { numRuns: RUNS },
    )
  })
})
