import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import { inspect } from '#database'
import { compilePermissions, doctor, type Actor } from '#records'
import type { Document, FieldDocument } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, type Organisation } from '../testing/organisation.ts'
import { deploy } from '../testing/simple-process.ts'
import { undo } from '../testing/undo.ts'

const admin = automationActor('test')
const AT = '2026-03-09T14:00:00Z'
const thing: Document = {
  kind: 'Object',
  name: 'Thing__c',
  label: 'Thing',
  pluralLabel: 'Things',
  nameField: { label: 'Name', type: 'Text' },
}
const field = (name: string, type: FieldDocument['type'], more: Partial<FieldDocument> = {}): FieldDocument => ({
  kind: 'Field',
  name: `Thing__c.${name}`,
  label: name,
  type,
  ...more,
})
const write = (document: Document) => ({ kind: document.kind, name: document.name, document })
const picklist = { restricted: true, values: [{ value: 'A' }, { value: 'B' }] }

const TEXT = field('X__c', 'Text', { length: 20 })
const NUMBER = field('X__c', 'Number', { precision: 10 })

/** Changes metadata and reads no record. */
const modeller = (o: Organisation): Actor => ({
  ...admin,
  system: undefined,
  userId: o.ids.ana!,
  permissions: compilePermissions(
    [{ kind: 'PermissionSet', name: 'Modeller', label: 'Modeller', system: ['manageMetadata'] }],
    o.engine.catalogs.current(),
  ),
})

type Case = readonly [string, FieldDocument, FieldDocument, readonly Row[string][], readonly Row[string][], string[]]
/** What, from, to, values, what becomes of them, what is lost. */
const CASES: readonly Case[] = [
  ['text to a number', field('X__c', 'Text', { length: 20 }), field('X__c', 'Number', { precision: 10, scale: 2 }),
    ['42', '$1,200.50', 'abc', '007', null], [42, null, null, 7, null],
    ['Thing__c.X__c becomes blank in 2 records whose value is no Number: “$1,200.50”, “abc”.', 'Thing__c.X__c would not be quite the same in 1 record: “007” becomes “7”.']],
  ['a date-time to a date', field('X__c', 'DateTime'), field('X__c', 'Date'),
    ['2026-03-06T23:00:00.000Z', '2026-03-06T00:00:00.000Z'], ['2026-03-06', '2026-03-06'],
    ['Thing__c.X__c would not be quite the same in 1 record: “2026-03-06T23:00:00.000Z” becomes “2026-03-06”.']],
  ['text to a date', field('X__c', 'Text', { length: 40 }), field('X__c', 'Date'),
    ['2026-03-06', '6 March', '2026-02-30'], ['2026-03-06', null, null],
    ['Thing__c.X__c becomes blank in 2 records whose value is no Date: “6 March”, “2026-02-30”.']],
  ['a number to a checkbox', field('X__c', 'Number', { precision: 5 }), field('X__c', 'Checkbox', { defaultValue: true }),
    [1, 0, 7, null], [true, false, false, false],
    ['Thing__c.X__c becomes blank in 1 record whose value is no Checkbox: “7”.']],
  ['more digits after the point', field('X__c', 'Number', { precision: 18, scale: 2 }), field('X__c', 'Number', { precision: 18, scale: 8 }),
    ['1234567890123.12', '1.50', '-0.01'], [null, '1.50000000', '-0.01000000'],
    ['Thing__c.X__c becomes blank in 1 record whose value does not fit: “1234567890123.12”.']],
  ['fewer digits after the point', field('X__c', 'Number', { precision: 10, scale: 3 }), field('X__c', 'Number', { precision: 10, scale: 1 }),
    [1.25, 1.5], [1.3, 1.5], ['Thing__c.X__c would not be quite the same in 1 record: “1.25” becomes “1.3”.']],
  ['a choice of several to one', field('X__c', 'MultiselectPicklist', { valueSet: picklist }), field('X__c', 'Picklist', { valueSet: picklist }),
    [['A', 'B'], ['B'], null], [null, 'B', null],
    ['Thing__c.X__c becomes blank in 1 record whose value is no Picklist: “A;B”.']],
] // prettier-ignore

describeDatabases(
  'a change of metadata and its undo',
  (open) => {
    const organisation = async (...documents: Document[]): Promise<Organisation> => {
      const o = await openOrganisation(open, AT)
      await deploy(o, thing, ...documents)
      return o
    }
    const change = async (o: Organisation, allowDestructive: boolean, ...documents: Document[]) => {
      const plan = await o.engine.catalogs.plan(admin, documents.map(write), { allowDestructive })
      return { plan, ...(await o.engine.catalogs.apply(admin, plan.planId)) }
    }
    const applied = async (o: Organisation, ...documents: Document[]): Promise<number> => {
      const { version, findings } = await change(o, true, ...documents)
      expect(findings).toEqual([])
      return version
    }
    const planUndo = (o: Organisation, version: number, allowDestructive = false) =>
      o.engine.catalogs.planUndo(admin, version, { allowDestructive })
    const create = async (o: Organisation, values: readonly Row[string][]): Promise<string[]> => {
      const ids: string[] = []
      for (const X__c of values) ids.push(await o.create('Thing__c', { Name: 'T', X__c }))
      return ids
    }
    const read = async (o: Organisation, ids: readonly string[]) =>
      Promise.all(ids.map(async (id) => (await o.read(id))['X__c']))

    it.each(CASES)('%s: asks with the count and examples, then gives back what there was', async (_what, from, to, values, now, losses) => {
      const o = await organisation(from)
      const ids = await create(o, values)
      const refused = await change(o, false, to)
      expect(refused.plan.losses).toEqual(losses)
      expect(refused.findings.map((f) => f.code)).toEqual(['PLAN_HAS_ERRORS', 'DESTRUCTIVE'])
      expect(await read(o, ids)).toEqual(values)
      const version = await applied(o, to)
      expect(await read(o, ids)).toEqual(now)
      const undo = await planUndo(o, version)
      expect(undo).toMatchObject({ losses: [], warnings: [], findings: [] })
      expect(undo.steps.map((s) => s.text)).toEqual([expect.stringContaining('bring back its former values')])
      const back = await o.engine.catalogs.apply(admin, undo.planId)
      expect(back.findings).toEqual([])
      expect(await read(o, ids)).toEqual(values)
      const again = await planUndo(o, back.version)
      expect((await o.engine.catalogs.apply(admin, again.planId)).findings).toMatchObject([{ code: 'PLAN_HAS_ERRORS' }, { code: 'DESTRUCTIVE' }]) // prettier-ignore
    }) // prettier-ignore

    it('converts what was saved since, and says so; all others get back what they had', async () => {
      const o = await organisation(TEXT)
      const ids = await create(o, ['42', '$1', 'old'])
      const version = await applied(o, NUMBER)
      await o.update('Thing__c', ids[0]!, { X__c: 43 })
      await o.update('Thing__c', ids[2]!, { X__c: 5 })
      ids.push(...(await create(o, [9])))
      const undo = await planUndo(o, version)
      expect(undo.warnings).toEqual(['Thing__c.X__c holds another value than then in 3 records, where the present one is converted: “43”, “5”, “9”. All others get back what they had.']) // prettier-ignore
      expect((await o.engine.catalogs.apply(admin, undo.planId)).findings).toEqual([])
      expect(await read(o, ids)).toEqual(['43', '$1', '5', '9'])
    })

    it('after fifteen days the former values are gone: the worker drops their column, the undo says so', async () => {
      const o = await organisation(TEXT)
      const ids = await create(o, ['42', '$1'])
      const version = await applied(o, NUMBER)
      const columns = async () => [...(await inspect(o.database, o.database.dialect)).get('o_thing_c')!.columns.keys()].filter((c) => c.startsWith('c_x_c')) // prettier-ignore
      await o.at('2026-03-24T13:59:00Z')
      expect(await columns()).toEqual(['c_x_c', 'c_x_c_2'])
      await o.at('2026-03-25T14:00:00Z')
      expect(await columns()).toEqual(['c_x_c_2'])
      expect(await doctor(o.database, o.engine.catalogs.current())).toEqual([])
      const undo = await planUndo(o, version)
      expect(undo.losses).toEqual(['The values that Thing__c.X__c had before were kept for fifteen days and are gone: the present ones are converted.']) // prettier-ignore
      expect(undo.findings.map((f) => f.code)).toEqual(['DESTRUCTIVE'])
      const { planId } = await planUndo(o, version, true)
      expect((await o.engine.catalogs.apply(admin, planId)).findings).toEqual([])
      expect(await read(o, ids)).toEqual(['42', null])
    })

    it('of a new object asks with its records, and says which later changes go with it', async () => {
      const o = await organisation()
      const { version } = o.engine.catalogs.current()
      const later = await applied(o, TEXT)
      await create(
        o,
        Array.from({ length: 50 }, () => 'x'),
      )
      const undo = await planUndo(o, version)
      expect(undo.losses).toEqual(['Thing__c is deleted with 50 records, which are hidden now and gone after 15 days.'])
      expect(undo.warnings).toEqual([`What version ${later} did goes with Thing__c: Add the field Thing__c.X__c (Text).`]) // prettier-ignore
      expect(undo.findings.map((f) => f.code)).toEqual(['DESTRUCTIVE'])
      const { planId } = await planUndo(o, version, true)
      const back = await o.engine.catalogs.apply(admin, planId)
      expect(o.engine.catalogs.current().object('Thing__c')).toBeUndefined()
      const again = await planUndo(o, back.version)
      expect((await o.engine.catalogs.apply(admin, again.planId)).findings).toEqual([])
      expect(await o.rows('Thing__c')).toHaveLength(50)
    })

    it('of an older change leaves later ones alone, and names those that stand in its way', async () => {
      const o = await organisation(TEXT)
      const version = await applied(o, { ...TEXT, label: 'Size', helpText: 'How big' })
      const help = await applied(o, { ...TEXT, label: 'Size', helpText: 'How big it is' })
      expect((await planUndo(o, version)).findings).toMatchObject([{
        code: 'UNDO_CHANGED_SINCE',
        message: `Thing__c.X__c was changed again by version ${help} (Change the field Thing__c.X__c: helpText.), so version ${version} can’t be undone by itself.`,
        hint: `Undo ${help} first.`,
      }]) // prettier-ignore
      const label = await applied(o, { ...TEXT, label: 'Width', helpText: 'How big it is' })
      await undo(o.engine, admin, help)
      expect(o.engine.catalogs.current().object('Thing__c')!.field('X__c')).toMatchObject({ label: 'Width', helpText: 'How big' }) // prettier-ignore
      expect((await planUndo(o, version)).findings[0]?.message).toContain(`version ${label}`)
    })

    it('follows a field under its new name, and says why when it is gone', async () => {
      const o = await organisation()
      const added = await applied(o, TEXT)
      const { id } = o.engine.catalogs.current().object('Thing__c')!.field('X__c')!
      await applied(o, { ...TEXT, id, name: 'Thing__c.Y__c' })
      expect((await planUndo(o, added)).steps.map((s) => s.text)).toEqual([expect.stringContaining('Delete the field Thing__c.Y__c')]) // prettier-ignore
      const { planId } = await o.engine.catalogs.plan(admin, [{ kind: 'Field', name: 'Thing__c.Y__c', document: null }])
      const { version } = await o.engine.catalogs.apply(admin, planId)
      expect((await planUndo(o, version)).findings).toEqual([])
      await o.at('2026-03-25T14:00:00Z')
      expect((await planUndo(o, version)).findings).toMatchObject([{ code: 'UNDO_GONE' }])
      expect((await planUndo(o, version + 1)).findings[0]?.message).toContain('removed for good')
      expect((await planUndo(o, 1)).findings[0]?.message).toContain('set up the organisation')
    })

    it('loses nothing that was saved after the plan without asking again', async () => {
      const o = await organisation(TEXT)
      const plan = await o.engine.catalogs.plan(admin, [write(NUMBER)])
      expect(plan.findings).toEqual([])
      await create(o, ['abc'])
      expect((await o.engine.catalogs.apply(admin, plan.planId)).findings).toMatchObject([{ code: 'STALE_PLAN' }])
    })

    it('shows values only to those who may read the field', async () => {
      const o = await organisation(TEXT)
      await create(o, ['secret'])
      const { losses } = await o.engine.catalogs.plan(modeller(o), [write(NUMBER)])
      expect(losses).toEqual(['Thing__c.X__c becomes blank in 1 record whose value is no Number.'])
    })

    it('a reference that drops an object asks about the records that point there', async () => {
      const both = field('X__c', 'Lookup', { referenceTo: ['Account', 'Contact'] })
      const o = await organisation({ ...both, referenceTo: ['Account', 'Contact', 'Case'] })
      await create(o, [o.ids.account!])
      const lossesOf = async (...referenceTo: string[]) => (await o.engine.catalogs.plan(admin, [write({ ...both, referenceTo })])).losses // prettier-ignore
      expect(await lossesOf('Contact', 'Case')).toEqual([expect.stringContaining('names a record of an object that it may not refer to any more in 1 record: “' + o.ids.account)]) // prettier-ignore
      expect(await lossesOf('Contact')).toEqual([`Thing__c.X__c becomes blank in 1 record whose value does not fit: “${o.ids.account}”.`]) // prettier-ignore
      expect(await lossesOf('Account')).toEqual([])
    })

    it('a lookup that pointed elsewhere points back', async () => {
      const lookup = field('X__c', 'Lookup', { referenceTo: ['Account'] })
      const o = await organisation(lookup)
      const ids = await create(o, [o.ids.account!, null])
      const version = await applied(o, { ...lookup, referenceTo: ['Contact'] })
      expect(await read(o, ids)).toEqual([null, null])
      expect(await planUndo(o, version)).toMatchObject({ losses: [], warnings: [], findings: [] })
      await undo(o.engine, admin, version)
      expect(await read(o, ids)).toEqual([o.ids.account, null])
    })
  },
  installShipped,
)
