import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { inspect, quote } from '#database'
import type { Database, Reader } from '#database'
import { compileCatalog } from '#metadata'
import type { Catalog, Document, FieldDocument, ObjectDocument } from '#metadata'
import { catalogWith } from '#test/catalog'
import { describeDatabases } from '#test/databases'
import { formatFinding, formatInstant, idMaker } from '#util'
import type { Row } from '#util'
import { applyTableSteps, checkData, doctor, indexSteps, purgeSteps, tableSteps } from './tables.ts'
import { convertValue } from './tables/convert.ts'
import { insertRows, ownPaths, readRows } from './write.ts'

const field = (name: string, more: Partial<FieldDocument>): FieldDocument => ({
  kind: 'Field',
  name,
  label: name,
  type: 'Text',
  ...more,
})
const object = (name: string, more: Partial<ObjectDocument> = {}): ObjectDocument => ({
  kind: 'Object',
  name,
  label: name,
  pluralLabel: `${name}s`,
  nameField: { label: 'Name', type: 'Text' },
  ...more,
})
const picklist = { restricted: true, values: [{ value: 'A' }, { value: 'B' }] }
const DELETED = '2026-03-01T00:00:00.000Z'
const DAY = 86_400_000

const REGION: Document[] = [
  object('Region__c', { closedWhen: 'Amount__c > 1000' }),
  field('Region__c.Code__c', { type: 'Text', length: 20 }),
  field('Region__c.Amount__c', { type: 'Currency', precision: 15, scale: 2 }),
  field('Region__c.Open__c', { type: 'Checkbox' }),
  field('Region__c.Since__c', { type: 'Date' }),
  field('Region__c.Place__c', { type: 'Geolocation' }),
  field('Region__c.Tags__c', { type: 'MultiselectPicklist', valueSet: picklist }),
]
const SITE: Document[] = [
  object('Site__c'),
  field('Site__c.Region__c', {
    type: 'Lookup',
    referenceTo: ['Region__c'],
    deleteConstraint: 'SetNull',
    childRelationshipName: 'Sites__r',
  }),
  field('Site__c.Owner_Region__c', {
    type: 'MasterDetail',
    referenceTo: ['Region__c'],
    required: true,
    childRelationshipName: 'OwnSites__r',
  }),
  field('Site__c.Size__c', { type: 'Text', length: 20 }),
]
const START = catalogWith([...REGION, ...SITE])

const documentsOf = (catalog: Catalog): Document[] => [
  ...new Set([...[...catalog.documents.values()].flatMap((byName) => [...byName.values()]), ...catalog.deleted]),
]
/** The catalog after `edit` of its complete documents; what it does not return stays. */
function changed(
  catalog: Catalog,
  edit: (document: Document) => Document | undefined,
  added: readonly Document[] = [],
): Catalog {
  const { catalog: next, findings } = compileCatalog(
    [...documentsOf(catalog).flatMap((d) => edit(d) ?? []), ...added],
    catalog.version + 1,
  )
  if (!next) throw new Error(findings.map(formatFinding).join('\n'))
  return next
}
const added = (...documents: Document[]) => (catalog: Catalog): Catalog => changed(catalog, (d) => d, documents) // prettier-ignore
const edited = (name: string, more: Partial<FieldDocument> | Partial<ObjectDocument>) => (catalog: Catalog): Catalog =>
  changed(catalog, (d) => (d.name === name && (d.kind === 'Field' || d.kind === 'Object') ? ({ ...d, ...more } as Document) : d)) // prettier-ignore

/** One row a kind of change. */
const CHANGES: readonly [sentence: string, change: (catalog: Catalog) => Catalog][] = [
  ['a new object that refers to old ones', added(object('Visit__c'), field('Visit__c.Site__c', { type: 'Lookup', referenceTo: ['Site__c'] }))],
  ['a new text', added(field('Region__c.New__c', { length: 80 }))],
  ['a new checkbox, true by default', added(field('Region__c.Yes__c', { type: 'Checkbox', defaultValue: true }))],
  ['a new number', added(field('Site__c.New__c', { type: 'Number', precision: 18, scale: 4 }))],
  ['a new date-time and a time', added(field('Site__c.New__c', { type: 'DateTime', indexed: true }), field('Site__c.Time__c', { type: 'Time' }))],
  ['a new geolocation', added(field('Site__c.New__c', { type: 'Geolocation' }))],
  ['a new lookup to the parent', added(field('Site__c.New__c', { type: 'Lookup', referenceTo: ['Region__c'] }))],
  ['a new lookup of the parent to the child', added(field('Region__c.Main__c', { type: 'Lookup', referenceTo: ['Site__c'] }))],
  ['a new lookup to itself', added(field('Region__c.Up__c', { type: 'Lookup', referenceTo: ['Region__c'], deleteConstraint: 'Restrict' }))],
  ['a new polymorphic lookup', added(field('Site__c.New__c', { type: 'Lookup', referenceTo: ['Region__c', 'Account'] }))],
  ['a new unique external id', added(field('Region__c.Key__c', { type: 'ExternalId', unique: true, indexed: true }))],
  ['a new formula, which has no column', added(field('Region__c.Twice__c', { type: 'Formula', formulaType: 'Number', formula: 'Amount__c * 2' }))],
  ['a renamed field', changeName('Region__c.Code__c', 'Region__c.Label__c')],
  ['a renamed object', renameObject],
  ['a label', edited('Region__c.Code__c', { label: 'Other' })],
  ['required', edited('Region__c.Code__c', { required: true })],
  ['a longer text', edited('Region__c.Code__c', { length: 200 })],
  ['an index', edited('Region__c.Code__c', { indexed: true })],
  ['unique', edited('Region__c.Code__c', { unique: true })],
  ['a wider number', edited('Region__c.Amount__c', { precision: 18 })],
  ['other picklist values', edited('Region__c.Tags__c', { valueSet: { values: [{ value: 'B' }, { value: 'C' }] } })],
  ['another delete rule', edited('Site__c.Region__c', { deleteConstraint: 'Restrict' })],
  ['processes switched on', edited('Region__c', { enableProcesses: true })],
  ['a deleted field', edited('Region__c.Since__c', { deletedAt: DELETED })],
  ['a deleted lookup', edited('Site__c.Region__c', { deletedAt: DELETED })],
  ['a deleted child object', deleteObject('Site__c')],
  ['a new type in a new column', edited('Site__c.Size__c', { type: 'Number', precision: 6, scale: 1, length: undefined, physicalName: 'c_size_c_2' })],
] // prettier-ignore

function changeName(from: string, to: string): (catalog: Catalog) => Catalog {
  return (catalog) => changed(catalog, (d) => (d.name === from ? { ...d, name: to } : d))
}

function renameObject(catalog: Catalog): Catalog {
  const rename = (text: string): string => text.replace(/^Region__c(?=\.|$)/, 'Zone__c')
  return changed(catalog, (d) => {
    if (d.kind === 'Field' && d.referenceTo?.includes('Region__c')) return { ...d, referenceTo: ['Zone__c'] }
    return { ...d, name: rename(d.name) }
  })
}

function deleteObject(...names: string[]): (catalog: Catalog) => Catalog {
  return (catalog) =>
    changed(catalog, (d) => (names.includes(d.name.split('.')[0]!) ? ({ ...d, deletedAt: DELETED } as Document) : d))
}

const newId = idMaker(() => 0.3)
const USER = newId(START.object('User')!.keyPrefix, 1)
const AT = '2026-03-06T16:00:00.000Z'
const stamps = {
  OwnerId: USER,
  CreatedDate: AT,
  CreatedById: USER,
  LastModifiedDate: AT,
  LastModifiedById: USER,
  Version: 1,
  IsDeleted: false,
}
const row = (name: string, values: Row): Row & { readonly Id: string } => ({
  Id: newId(START.object(name)!.keyPrefix, 1),
  ...stamps,
  ...values,
})
const regions = ['North', 'South', 'East'].map((Name, i) =>
  row('Region__c', {
    Name,
    Code__c: `R${i}`,
    Amount__c: 10.25 * i,
    Open__c: i > 0,
    Since__c: '2026-01-01',
    Place__c: { latitude: 52.5, longitude: i },
    Tags__c: ['A', 'B'],
  }),
)
const sites = ['1.5', '12', 'big', null].map((Size__c, i) =>
  row('Site__c', { Name: `Site ${i}`, Region__c: regions[i % 3]!.Id, Owner_Region__c: regions[0]!.Id, Size__c }),
)
const TABLES = [START.object('Region__c')!, START.object('Site__c')!].map((o) => ({
  table: o.table,
  id: o.field('Id')!.column!,
}))

const populate = (db: Database): Promise<void> =>
  db.transaction(async (tx) => {
    await applyTableSteps(tx, tableSteps(undefined, START))
    await insertRows(tx, START.object('Site__c')!, sites)
    await insertRows(tx, START.object('Region__c')!, regions)
  })

describeDatabases(
  'tables follow metadata',
  (open) => {
    let db: Database
    let shared: Database | undefined
    const apply = (before: Catalog | undefined, after: Catalog): Promise<void> =>
      db.transaction((tx) => applyTableSteps(tx, tableSteps(before, after)))
    const errors = async (catalog: Catalog): Promise<string[]> => (await doctor(db, catalog)).map((f) => f.message)
    const columnsOf = async (table: string): Promise<string[]> => [
      ...((await inspect(db, db.dialect)).get(table)?.columns.keys() ?? []),
    ]

    /** Of every row, over the columns given. */
    async function checksum(
      reader: Reader,
      { table, id }: { table: string; id: string },
      columns: readonly string[],
    ): Promise<string> {
      const rows = await reader.all(
        `SELECT ${columns.map(quote).join(', ')} FROM ${quote(table)} ORDER BY ${quote(id)}`,
      )
      return `${rows.length} rows ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`
    }

    test('a fresh database is what the doctor expects, and applying again does nothing', async () => {
      db = await open()
      expect(await errors(START)).toEqual([])
      expect(tableSteps(START, START)).toEqual([])
      await apply(undefined, START)
      expect(await errors(START)).toEqual([])
    })

    describe('each kind of change', () => {
      let kept: Database
      beforeAll(async () => {
        kept = await open.keep()
      })

      // Rolled back at the end, which a change of tables must bear as well.
      test.each(CHANGES)('%s keeps every row of parent and child', async (_sentence, change) => {
        const undo = new Error('undo')
        const running = kept.transaction(async (tx) => {
          const before = await inspect(tx, tx.dialect)
          const sums = (): Promise<string[]> =>
            Promise.all(TABLES.map((table) => checksum(tx, table, [...before.get(table.table)!.columns.keys()])))
          const [then, next] = [await sums(), change(START)]
          await applyTableSteps(tx, tableSteps(START, next))
          expect(await sums()).toEqual(then)
          expect(
            (await doctor(tx, next)).map((f) => f.message).filter((m) => !m.includes('c_size_c belongs to no field')),
          ).toEqual([])
          throw undo
        })
        await expect(running).rejects.toBe(undo)
      })
    })

    test('the parent’s rows survive a new column while children point to them with every delete rule', async () => {
      db = await open()
      const next = added(field('Region__c.New__c', {}), field('Region__c.More__c', { type: 'Checkbox' }))(START)
      await apply(START, next)
      const read = await readRows(
        db,
        next,
        next.object('Site__c')!,
        sites.map((s) => s.Id),
        ['Region__r.Name', 'Owner_Region__r.Name', 'Region__r.More__c'],
      )
      expect(sites.map((s) => ({ ...read.get(s.Id) }))).toEqual(
        sites.map((_, i) => ({
          'Region__r.Name': regions[i % 3]!['Name'],
          'Owner_Region__r.Name': 'North',
          'Region__r.More__c': false,
        })),
      )
    })

    test('a deleted field comes back with its values', async () => {
      db = await open()
      const hidden = edited('Region__c.Since__c', { deletedAt: DELETED })(START)
      await apply(START, hidden)
      const back = edited('Region__c.Since__c', { deletedAt: undefined })(hidden)
      await apply(hidden, back)
      const read = await readRows(
        db,
        back,
        back.object('Region__c')!,
        [regions[0]!.Id],
        ownPaths(back.object('Region__c')!),
      )
      expect(read.get(regions[0]!.Id)).toMatchObject({
        Since__c: '2026-01-01',
        Place__c: { latitude: 52.5, longitude: 0 },
        Tags__c: ['A', 'B'],
      })
    })

    test('processes switched on, off and on again find their columns', async () => {
      db = await open()
      const on = edited('Region__c', { enableProcesses: true })(START)
      const off = edited('Region__c', { enableProcesses: false })(on)
      await apply(START, on)
      await apply(on, off)
      await apply(off, edited('Region__c', { enableProcesses: true })(off))
      expect(await errors(on)).toEqual([])
    })

    test('a deleted field is dropped after fifteen days and not before, with its index', async () => {
      db = await open()
      const indexed = edited('Region__c.Code__c', { indexed: true, unique: true })(START)
      await apply(START, indexed)
      const due = ['Region__c.Code__c', 'Region__c.Place__c', 'Site__c.Region__c']
      const hidden = changed(indexed, (d) => (due.includes(d.name) ? ({ ...d, deletedAt: DELETED } as Document) : d))
      await apply(indexed, hidden)
      const deleted = Date.parse(DELETED)
      expect(purgeSteps(hidden, deleted + 15 * DAY - 1)).toEqual([])
      await db.transaction((tx) => applyTableSteps(tx, purgeSteps(hidden, deleted + 15 * DAY)))
      const left = [...(await columnsOf(TABLES[0]!.table)), ...(await columnsOf(TABLES[1]!.table))]
      expect(left.filter((c) => /code|place|c_region_c/.test(c))).toEqual([])
      expect(await errors(hidden)).toEqual([])
      expect(
        (
          await readRows(
            db,
            hidden,
            hidden.object('Region__c')!,
            regions.map((r) => r.Id),
            ['Amount__c'],
          )
        ).size,
      ).toBe(3)
    })

    test('objects that refer to one another are dropped together, nothing else loses a row', async () => {
      db = await open()
      const circle = added(field('Region__c.Main__c', { type: 'Lookup', referenceTo: ['Site__c'] }))(START)
      await apply(START, circle)
      const [region, site] = [circle.object('Region__c')!, circle.object('Site__c')!]
      await db.transaction((tx) =>
        tx.run(`UPDATE ${quote(region.table)} SET ${quote(region.field('Main__c')!.column!)} = '${sites[0]!.Id}'`),
      )
      const gone = deleteObject('Site__c', 'Region__c')(circle)
      await db.transaction((tx) => applyTableSteps(tx, purgeSteps(gone, Date.parse(DELETED) + 16 * DAY)))
      const shapes = await inspect(db, db.dialect)
      expect([shapes.has(region.table), shapes.has(site.table), shapes.has('o_account')]).toEqual([false, false, true])
      expect(await errors(gone)).toEqual([])
    })

    test('a type change tells beforehand what does not convert, then fills the new column', async () => {
      db = await open()
      const next = edited('Site__c.Size__c', {
        type: 'Number',
        precision: 6,
        scale: 1,
        length: undefined,
        physicalName: 'c_size_c_2',
      })(START)
      expect((await checkData(db, START, next)).losses).toEqual([
        'Site__c.Size__c becomes blank in 1 record whose value is no Number: “big”.',
      ])
      await apply(START, next)
      const read = await readRows(
        db,
        next,
        next.object('Site__c')!,
        sites.map((s) => s.Id),
        ['Size__c'],
      )
      expect(sites.map((s) => read.get(s.Id)!['Size__c'])).toEqual([1.5, 12, null, null])
    })

    test.each<[string, (catalog: Catalog) => Catalog, string[]]>([
      ['nothing', (catalog) => catalog, []],
      ['a deleted field with values', edited('Region__c.Since__c', { deletedAt: DELETED }), ['The values of Region__c.Since__c in 3 records are hidden now and gone after 15 days: “2026-01-01”, “2026-01-01”, “2026-01-01”.']],
      ['a deleted checkbox', edited('Region__c.Open__c', { deletedAt: DELETED }), ['The values of Region__c.Open__c in 2 records are hidden now and gone after 15 days: “true”, “true”.']],
      ['a deleted object', deleteObject('Site__c'), ['Site__c is deleted with 4 records, which are hidden now and gone after 15 days.']],
      ['required where some are blank', edited('Site__c.Size__c', { required: true }), ['Site__c.Size__c will be required and is blank in 1 record.']],
      ['a new required field', added(field('Site__c.New__c', { required: true })), ['Site__c.New__c will be required and is blank in 4 records.']],
      ['unique where it is not', edited('Region__c.Since__c', { unique: true }), ['Region__c.Since__c can’t be unique: 1 value stands in more than one record.']],
      ['unique where it is', edited('Region__c.Code__c', { unique: true }), []],
      ['a type some do not fit', edited('Site__c.Size__c', { type: 'Number', precision: 6, scale: 1, length: undefined, physicalName: 'c_size_c_2' }), ['Site__c.Size__c becomes blank in 1 record whose value is no Number: “big”.']],
      ['a shorter text', edited('Site__c.Size__c', { length: 2 }), ['Site__c.Size__c is longer than 2 characters in 2 records: “1.5”, “big”. They stay as they are; whoever saves one next must shorten it.']],
      ['a narrower number', edited('Region__c.Amount__c', { precision: 3 }), ['Region__c.Amount__c has more digits in 2 records: “10.25”, “20.5”. They stay as they are; whoever saves one next must correct it.']],
      ['a picklist that lists less', edited('Region__c.Code__c', { type: 'Picklist', length: undefined, valueSet: { restricted: true, values: [{ value: 'R0' }] } }), ['Region__c.Code__c has a value that the picklist no longer lists in 2 records: “R1”, “R2”. They keep it; whoever saves one next must choose another.']],
    ])('the check against the data tells of %s', async (_what, change, messages) => {
      shared ??= await open.keep()
      const { findings, losses } = await checkData(shared, START, change(START))
      expect([...findings.map((f) => f.message), ...losses]).toEqual(messages)
    }) // prettier-ignore

    test('the doctor names what is missing, and the steps of a fresh start mend it', async () => {
      db = await open()
      const { table } = TABLES[0]!
      const spare = (await inspect(db, db.dialect)).get('o_site_c')!.indexes
      await db.transaction(async (tx) => {
        await tx.run(
          `DROP TABLE ${quote(START.object('Holiday')!.table)}${db.dialect === 'postgres' ? ' CASCADE' : ''}`,
        )
        await tx.run(`ALTER TABLE ${quote(table)} DROP COLUMN c_code_c`)
        await tx.run(`DROP INDEX ${quote([...spare.keys()].find((name) => name.includes('owner_region'))!)}`)
        await tx.run(`ALTER TABLE ${quote(table)} ADD COLUMN c_stray text`)
        await tx.run(`CREATE TABLE o_stray (x text)`)
      })
      const codes = (await doctor(db, START)).map((f) => f.code)
      expect(new Set(codes)).toEqual(
        new Set([
          'MISSING_TABLE',
          'MISSING_COLUMN',
          'MISSING_INDEX',
          'UNKNOWN_COLUMN',
          'UNKNOWN_TABLE',
          ...(db.dialect === 'postgres' ? ['MISSING_FOREIGN_KEY'] : []),
        ]),
      )
      await apply(undefined, START)
      expect((await doctor(db, START)).map((f) => f.code).sort()).toEqual(['UNKNOWN_COLUMN', 'UNKNOWN_TABLE'])
    })

    test('indexes of an earlier version go, this version’s come, and then there is nothing left to do', async () => {
      db = await open()
      const fresh = (await inspect(db, db.dialect)).get('o_site_c')!.indexes
      expect([...fresh.keys()]).toContain('r_o_site_c_c_region_c')
      await db.transaction(async (tx) => {
        await tx.run(`DROP INDEX "r_o_site_c_c_region_c"`)
        await tx.run(`CREATE INDEX "i_o_site_c_c_region_c" ON "o_site_c" ("c_region_c", "c_id")`)
        await tx.run(`DROP INDEX "i_o_site_c_c_owner_id"`)
        await tx.run(`CREATE INDEX "i_o_site_c_c_owner_id" ON "o_site_c" ("c_owner_id", "c_id")`)
        await tx.run(`CREATE INDEX "made_by_an_admin" ON "o_site_c" ("c_owner_id")`)
      })
      await db.transaction(async (tx) => applyTableSteps(tx, await indexSteps(tx, START)))
      const after = (await inspect(db, db.dialect)).get('o_site_c')!.indexes
      expect(new Map([...after].sort())).toEqual(
        new Map([...fresh, ['made_by_an_admin', ['c_owner_id']]].sort() as [string, string[]][]),
      )
      expect(await indexSteps(db, START)).toEqual([])
      expect(await doctor(db, START)).toEqual([])
    })

    test('a column of another type is told, not changed', async () => {
      db = await open()
      await db.transaction(async (tx) => {
        await tx.run(`ALTER TABLE ${quote(TABLES[0]!.table)} DROP COLUMN c_amount_c`)
        await tx.run(
          `ALTER TABLE ${quote(TABLES[0]!.table)} ADD COLUMN c_amount_c ${db.dialect === 'sqlite' ? 'TEXT' : 'text'}`,
        )
      })
      expect((await doctor(db, START)).map((f) => f.code)).toEqual(['WRONG_COLUMN_TYPE'])
    })
  },
  populate,
)

test('a change of type that keeps its column is a broken promise', () => {
  const next = edited('Site__c.Size__c', { type: 'Number', precision: 6, scale: 1, length: undefined })(START)
  expect(() => tableSteps(START, next)).toThrow('keeps its column')
})

describe('converting a value', () => {
  const to = (
    storage: Parameters<typeof convertValue>[1]['storage'],
    more: { precision?: number; scale?: number; length?: number } = {},
  ) => ({ type: 'Text' as const, storage, precision: 15, scale: 0, length: undefined, ...more })
  test.each([
    [12.5, to('text'), '12.5'],
    [['A', 'B'], to('text'), 'A;B'],
    ['too long', to('text', { length: 3 }), undefined],
    ['12.345', to('decimal', { scale: 2 }), 12.35],
    ['1234567890.123456789', to('decimal', { precision: 18, scale: 8 }), '1234567890.12345679'],
    ['99999', to('integer', { precision: 4 }), undefined],
    ['Yes', to('boolean'), true],
    ['perhaps', to('boolean'), undefined],
    [null, to('boolean'), false],
    [null, to('date'), null],
    ['2026-02-30', to('date'), undefined],
    ['2026-03-06T23:00:00.000Z', to('date'), '2026-03-06'],
    ['2026-03-06', to('datetime'), '2026-03-06T00:00:00.000Z'],
    ['09:30', to('time'), '09:30:00.000'],
    ['24:30', to('time'), undefined],
    [formatInstant(0), to('time'), '00:00:00.000'],
    ['A;B', to('multi'), ['A', 'B']],
    ['not an id', to('id'), undefined],
    [{ a: 1 }, to('json'), { a: 1 }],
    [5, to('geo'), undefined],
  ])('%o to %o is %o', (value, target, wanted) => expect(convertValue(value, target)).toEqual(wanted)) // prettier-ignore
})
