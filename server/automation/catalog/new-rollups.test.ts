import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { field, rollup, TREE } from '../testing/rollup-world.ts'
import { deploy } from '../testing/simple-process.ts'

const NOON = '2026-03-04T17:00:00Z'
const actor = automationActor('test')
const KIDS = rollup('P__c.Kids__c', 'count', 'K__c', 'P__c')

const planOf = (o: Organisation, document: Document) =>
  o.engine.catalogs.plan(actor, [{ kind: document.kind, name: document.name, document }])

async function family(o: Organisation): Promise<{ p: string; none: string }> {
  await deploy(o, ...TREE)
  const [p, none] = [await o.create('P__c', { Name: 'p' }), await o.create('P__c', { Name: 'none' })]
  for (const A__c of [2, 8, 9]) await o.create('K__c', { Name: 'k', P__c: p, A__c })
  return { p, none }
}

describeDatabases(
  'a roll-up that is new or counted otherwise',
  (open) => {
    it('is right for the records that are there when the change is in force, and the plan says so', async () => {
      const o = await openOrganisation(open, NOON)
      const { p, none } = await family(o)
      expect((await planOf(o, KIDS)).steps.map((s) => s.text)).toEqual([
        'Add the field P__c.Kids__c (RollupSummary).',
        'Calculate P__c.Kids__c of 2 records.',
      ])
      await deploy(o, KIDS)
      const kids = async () => [(await o.read(p)).Kids__c, (await o.read(none)).Kids__c]
      expect(await kids()).toEqual([3, 0])
      const filtered = rollup('P__c.Kids__c', 'count', 'K__c', 'P__c', { filter: 'Big__c' })
      await deploy(o, filtered)
      expect(await kids()).toEqual([2, 0])
      await deploy(o, field('K__c.Big__c', 'Formula', { formulaType: 'Checkbox', formula: 'A__c > 8' }))
      expect(await kids()).toEqual([1, 0])
      expect((await planOf(o, { ...filtered, label: 'Big kids' } as Document)).steps).toHaveLength(1)
    })

    it('that an earlier release left blank is counted once, when the server starts', async () => {
      const o = await openOrganisation(open, NOON)
      const { p, none } = await family(o)
      await deploy(o, KIDS)
      await o.engine.runDue()
      const { table } = o.engine.catalogs.current().object('P__c')!
      await o.database.transaction((tx) => tx.run(`UPDATE ${table} SET c_kids_c = NULL`))
      await o.engine.start()
      await o.engine.runDue()
      await o.engine.stop()
      expect([(await o.read(p)).Kids__c, (await o.read(none)).Kids__c]).toEqual([3, 0])
    })

    it('comes back from deletion as the children are by then', async () => {
      const o = await openOrganisation(open, NOON)
      const { p } = await family(o)
      await deploy(o, KIDS)
      const stored = o.engine.catalogs.current().documents.get('Field')!.get('P__c.Kids__c')!
      const gone = [{ kind: 'Field' as const, name: 'P__c.Kids__c', document: null }]
      const { planId } = await o.engine.catalogs.plan(actor, gone, { allowDestructive: true })
      expect((await o.engine.catalogs.apply(actor, planId)).findings).toEqual([])
      await o.create('K__c', { Name: 'late', P__c: p })
      await deploy(o, stored)
      expect((await o.read(p)).Kids__c).toBe(4)
    })

    it('of many records says that it is being calculated until the journal is through, on whichever node', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE)
      const parents = Array.from({ length: 2_100 }, (_, i) => ({
        operation: 'create' as const,
        object: 'P__c',
        values: { Name: `p${i}` },
      }))
      const ids = (await o.engine.save(actor, parents)).map((r) => r.id!)
      await o.engine.save(
        actor,
        ids.slice(-50).map((P__c) => ({ operation: 'create', object: 'K__c', values: { Name: 'k', P__c } })),
      )
      expect((await planOf(o, KIDS)).steps.at(-1)!.text).toBe(
        'Calculate P__c.Kids__c of 2,100 records in the background; until then it shows “Calculating…”.',
      )
      await deploy(o, KIDS)
      const isCalculating = ({ engine }: Organisation) =>
        engine.catalogs.current().object('P__c')!.field('Kids__c')!.calculating
      expect(isCalculating(o)).toBe(true)
      // Another node, or this one after it was killed.
      const other = await organisationAt(() => Promise.resolve(o.database), NOON)
      expect(isCalculating(other)).toBe(true)
      await other.engine.runDue()
      expect(isCalculating(other)).toBe(false)
      expect(await other.rows('P__c', (row) => row.Kids__c === 1)).toHaveLength(50)
      expect(await other.rows('P__c', (row) => row.Kids__c === 0)).toHaveLength(2_050)
      expect((await other.engine.catalogs.history(1))[0]!.steps).toEqual(['P__c.Kids__c is calculated.'])
    })
  },
  installShipped,
)
