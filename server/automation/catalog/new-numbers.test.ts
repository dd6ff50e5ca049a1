import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document } from '#metadata'
import { compilePermissions } from '#records'
import type { Actor } from '#records'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { field, TREE } from '../testing/rollup-world.ts'
import { deploy } from '../testing/simple-process.ts'

const NOON = '2026-03-04T17:00:00Z'
const actor = automationActor('test')
const NUMBER = field('G__c.No__c', 'AutoNumber', { displayFormat: 'G-{000}' })

const planOf = (o: Organisation, document: Document, options = {}) =>
  o.engine.catalogs.plan(actor, [{ kind: document.kind, name: document.name, document }], options)

/** Undoes the newest change, and gives what the plan says. */
async function undoLast(o: Organisation): Promise<readonly string[]> {
  const { version } = o.engine.catalogs.current()
  const { planId, warnings } = await o.engine.catalogs.planUndo(actor, version, { allowDestructive: true })
  expect((await o.engine.catalogs.apply(actor, planId)).findings).toEqual([])
  return warnings
}

/** Three records made one after the other, the second of them deleted. */
async function three(o: Organisation, values: readonly Row[] = [{}, {}, {}]): Promise<string[]> {
  const ids: string[] = []
  for (const [i, row] of values.entries()) {
    await o.at(`2026-03-04T18:0${i}:00Z`)
    ids.push(await o.create('G__c', { Name: `g${i}`, ...row }))
  }
  await o.engine.save(actor, [{ operation: 'delete', object: 'G__c', id: ids[1]! }])
  await o.at('2026-03-04T19:00:00Z')
  return ids
}

const numbersOf = async (o: Organisation, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await o.read(id)).No__c))

/** May do everything, as an administrator who imports. */
const importer = (o: Organisation): Actor => ({
  ...actor,
  system: undefined as never,
  userId: o.ids.ana!,
  permissions: compilePermissions([{ kind: 'PermissionSet', name: 'All', label: 'All', modifyAll: true }], o.engine.catalogs.current()), // prettier-ignore
})

const importing = async (o: Organisation, values: readonly Row[], by = importer(o)) => {
  const requests = values.map((row) => ({
    operation: 'create' as const,
    object: 'G__c',
    values: { Name: 'x', ...row },
  }))
  const results = await o.engine.save(by, requests, { mode: 'partial' })
  return Promise.all(results.map(async (r) => (r.id ? (await o.read(r.id)).No__c : r.errors[0]!.code)))
}

describeDatabases(
  'an auto-number on an object with records',
  (open) => {
    it('numbers them in the order of their creation, those in the recycle bin too, and says so in the plan', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE)
      const ids = await three(o)
      expect((await planOf(o, NUMBER)).steps.map((s) => s.text)).toEqual([
        'Add the field G__c.No__c (AutoNumber).',
        'Number G__c.No__c of 3 records in the order of their creation.',
      ])
      await deploy(o, NUMBER)
      expect(await numbersOf(o, ids)).toEqual(['G-001', 'G-002', 'G-003'])
      const next = await o.create('G__c', { Name: 'next' })
      expect(await numbersOf(o, [next])).toEqual(['G-004'])
      expect((await o.read(ids[0]!)).Version).toBe(1)
    })

    it('goes with an undo, and counts on when it comes back, for the records of meanwhile too', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE)
      const ids = await three(o)
      await deploy(o, NUMBER)
      await undoLast(o)
      expect(o.engine.catalogs.current().object('G__c')!.field('No__c')).toBeUndefined()
      ids.push(await o.create('G__c', { Name: 'meanwhile' }))
      await undoLast(o)
      expect(await numbersOf(o, ids)).toEqual(['G-001', 'G-002', 'G-003', 'G-004'])
    })

    it('made of a text keeps the texts, counts on above them, and an undo leaves the texts as they were', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE, field('G__c.No__c', 'Text', { length: 20 }))
      const ids = await three(o, [{}, { No__c: 'G-041' }, { No__c: 'old' }])
      expect((await planOf(o, NUMBER)).steps.map((s) => s.text)).toEqual([
        'Change G__c.No__c from Text to AutoNumber.',
        'Number G__c.No__c of 1 record in the order of their creation.',
      ])
      await deploy(o, NUMBER)
      await o.at('2026-03-04T20:00:00Z')
      ids.push(await o.create('G__c', { Name: 'next' }))
      expect(await numbersOf(o, ids)).toEqual(['G-042', 'G-041', 'old', 'G-043'])
      await undoLast(o)
      expect(await numbersOf(o, ids)).toEqual([null, 'G-041', 'old', 'G-043'])
    })

    it('as the name keeps the names and counts on above them', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE)
      const nameField = (displayFormat: string) =>
        ({ ...TREE[0], nameField: { label: 'Number', type: 'AutoNumber', displayFormat } }) as Document
      const ids = await three(o, [{}, { Name: 'N-007' }, { Name: 'N-12x' }])
      await deploy(o, nameField('N-{000}'))
      ids.push(await o.create('G__c', {}))
      expect(await Promise.all(ids.map(async (id) => (await o.read(id)).Name))).toEqual(['g0', 'N-007', 'N-12x', 'N-008']) // prettier-ignore
      await deploy(o, nameField('N-{0}x'))
      expect((await o.read(await o.create('G__c', {}))).Name).toBe('N-13x')
      await expect(o.create('G__c', { Name: 'N-13x' })).rejects.toThrow('UNIQUE')
    })

    it('that an earlier release left blank is given once, when the server starts', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE, NUMBER)
      const ids = await three(o)
      const { table } = o.engine.catalogs.current().object('G__c')!
      await o.database.transaction(async (tx) => {
        await tx.run(`UPDATE ${table} SET c_no_c = NULL WHERE c_id <> '${ids[2]}'`)
        await tx.run(`DELETE FROM setting WHERE key = 'auto-numbers given'`)
      })
      await o.engine.start()
      await o.engine.runDue()
      await o.engine.stop()
      expect(await numbersOf(o, ids)).toEqual(['G-004', 'G-005', 'G-003'])
    })

    it('of many records is worked off from the journal on whichever node, and new records are above them', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE)
      const values = Array.from({ length: 2_100 }, (_, i) => ({ Name: `g${i}` }))
      const ids = (await o.engine.save(actor, values.map((row) => ({ operation: 'create', object: 'G__c', values: row })))).map((r) => r.id!) // prettier-ignore
      expect((await planOf(o, NUMBER)).steps.at(-1)!.text).toBe(
        'Number G__c.No__c of 2,100 records in the order of their creation, in the background; until then it shows “Calculating…”.',
      )
      await deploy(o, NUMBER)
      const isCalculating = ({ engine }: Organisation) =>
        engine.catalogs.current().object('G__c')!.field('No__c')!.calculating
      expect(isCalculating(o)).toBe(true)
      expect((await o.rows('G__c', (row) => row.No__c === null)).length).toBeGreaterThan(1_000)
      expect((await o.read(await o.create('G__c', { Name: 'new' }))).No__c).toBe('G-2101')
      expect(await importing(o, [{ No__c: 'G-005' }])).toEqual(['CALCULATING'])
      // Saved by a node that did not know the field yet.
      const late = await o.create('G__c', { Name: 'late' })
      const { table } = o.engine.catalogs.current().object('G__c')!
      await o.database.transaction((tx) => tx.run(`UPDATE ${table} SET c_no_c = NULL WHERE c_id = '${late}'`))
      // Another node, or this one after it was killed.
      const other = await organisationAt(() => Promise.resolve(o.database), NOON)
      await other.engine.runDue()
      expect(isCalculating(other)).toBe(false)
      const sorted = [...ids].sort()
      expect(await numbersOf(other, [sorted[0]!, sorted[2_099]!, late])).toEqual(['G-001', 'G-2100', 'G-2103'])
      const all = await other.rows('G__c')
      expect(new Set(all.map((row) => row.No__c)).size).toBe(2_102)
    })
  },
  installShipped,
)

describeDatabases(
  'an auto-number that comes with an import',
  (open) => {
    it('is kept, and the counter goes on above the highest that fits the format', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE, NUMBER)
      expect(await importing(o, [{}, { No__c: 'G-017' }, { No__c: 'X99' }, { No__c: 'G-9999999999999999999' }])).toEqual(['G-018', 'G-017', 'X99', 'G-9999999999999999999']) // prettier-ignore
      expect(await importing(o, [{}])).toEqual(['G-019'])
    })

    it('stands in one record only', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE, NUMBER)
      await importing(o, [{ No__c: 'G-002' }])
      expect(await importing(o, [{ No__c: 'G-002' }, { No__c: 'G-001' }, { No__c: 'G-001' }])).toEqual(['UNIQUE', 'G-001', 'UNIQUE']) // prettier-ignore
    })

    it('is for those who may modify everything, and for new records', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE, NUMBER)
      const agent = compilePermissions([{ kind: 'PermissionSet', name: 'Some', label: 'Some', viewAll: true, objects: { G__c: { create: true, fields: { Name: 'edit' } } } }], o.engine.catalogs.current()) // prettier-ignore
      expect(await importing(o, [{ No__c: 'G-002' }], { ...importer(o), permissions: agent })).toEqual(['READ_ONLY'])
      const id = await o.create('G__c', { Name: 'x' })
      const update = (No__c: string) =>
        o.engine.save(importer(o), [{ operation: 'update', object: 'G__c', id, values: { No__c } }], {
          mode: 'partial',
        })
      expect((await update('G-077'))[0]!.errors).toMatchObject([{ code: 'READ_ONLY', field: 'No__c' }])
      expect((await update('G-001'))[0]!.errors).toEqual([])
    })
  },
  installShipped,
)
