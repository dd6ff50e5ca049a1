import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document } from '#metadata'
import { compilePermissions } from '#records'
import type { Actor } from '#records'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { field, rollup, TREE } from '../testing/rollup-world.ts'
import { deploy } from '../testing/simple-process.ts'

const NOON = '2026-03-04T17:00:00Z'
const actor = automationActor('test')
const detailOf = (name: string, more = {}): Document => field(name, 'MasterDetail', { referenceTo: ['P__c'], ...more })
const planOf = (o: Organisation, document: Document) =>
  o.engine.catalogs.plan(actor, [{ kind: document.kind, name: document.name, document }])

describeDatabases(
  'a master-detail field',
  (open) => {
    it('is refused where records would have no master, with their number', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE)
      const p = await o.create('P__c', { Name: 'p' })
      for (const Q__c of [p, null, null]) await o.create('K__c', { Name: 'k', P__c: p, Q__c })
      expect((await planOf(o, detailOf('K__c.Q__c'))).findings).toMatchObject([
        {
          code: 'NO_MASTER',
          message:
            'K__c.Q__c can’t be a master-detail field: 2 records have no P__c there, and nobody would see them any more.',
        },
      ])
      expect((await planOf(o, detailOf('K__c.New__c'))).findings).toMatchObject([{ code: 'NO_MASTER' }])
      for (const { Id } of await o.rows('K__c', (row) => row.Q__c === null))
        await o.update('K__c', String(Id), { Q__c: p })
      expect((await planOf(o, detailOf('K__c.Q__c'))).findings).toEqual([])
    })

    it('lets a record move to another master only when it says so', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE, rollup('P__c.Kids__c', 'count', 'K__c', 'P__c'))
      const [p, other] = [await o.create('P__c', { Name: 'p' }), await o.create('P__c', { Name: 'other' })]
      const id = await o.create('K__c', { Name: 'k', P__c: p })
      const move = async () => {
        const all = { kind: 'PermissionSet' as const, name: 'All', label: 'All', modifyAll: true }
        const permissions = compilePermissions([all], o.engine.catalogs.current())
        const person: Actor = { ...actor, system: undefined, userId: o.ids.ana!, permissions }
        const values = { P__c: other }
        return (await o.engine.save(person, [{ operation: 'update', object: 'K__c', id, values }]))[0]!.errors
      }
      expect(await move()).toMatchObject([{ code: 'READ_ONLY', field: 'P__c' }])
      await deploy(o, detailOf('K__c.P__c', { childRelationshipName: 'Kids__r', reparentableMasterDetail: true }))
      expect(await move()).toEqual([])
      expect([(await o.read(p)).Kids__c, (await o.read(other)).Kids__c]).toEqual([0, 1])
    })

    it('lets a detail come back from the recycle bin only to a master that is there', async () => {
      const o = await openOrganisation(open, NOON)
      await deploy(o, ...TREE)
      const p = await o.create('P__c', { Name: 'p' })
      const k = await o.create('K__c', { Name: 'k', P__c: p })
      await o.engine.save(actor, [{ operation: 'delete', object: 'P__c', id: p }])
      const back = { operation: 'undelete', object: 'K__c', id: k } as const
      expect(await o.engine.save(actor, [back])).toMatchObject([{ errors: [{ code: 'MASTER_DELETED' }] }])
      await o.engine.save(actor, [back, { operation: 'undelete', object: 'P__c', id: p }])
      expect(await o.read(k)).toMatchObject({ IsDeleted: false, P__c: p })
    })
  },
  installShipped,
)
