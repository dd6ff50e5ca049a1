import { expect, it } from 'vitest'
import { automationActor, removeDoubleAssignments } from '#automation'
import type { DocumentChange, SaveOptions, SaveRequest } from '#automation'
import { indexName, openDatabase, quote } from '#database'
import type { PermissionSetDocument } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy } from '../testing/simple-process.ts'

const NOON = '2026-03-04T17:00:00Z'
const OBJECT = 'PermissionSetAssignment'
const actor = automationActor('test')
const set = (name: string): PermissionSetDocument => ({ kind: 'PermissionSet', name, label: name })
const renamed = (from: string, to: string): DocumentChange => ({ kind: 'PermissionSet', name: to, document: set(to), renameFrom: from }) // prettier-ignore

describeDatabases(
  'a permission set that a user has',
  (open) => {
    const start = (): Promise<Organisation> => openOrganisation(open, NOON)
    const give = (AssigneeId: string, PermissionSet = 'Read_Only'): SaveRequest => ({ operation: 'create', object: OBJECT, values: { AssigneeId, PermissionSet } }) // prettier-ignore
    const save = async (o: Organisation, requests: readonly SaveRequest[], options?: SaveOptions) =>
      (await o.engine.save(actor, requests, options)).map((r) => r.errors.map((e) => `${e.field ?? ''} ${e.code}`.trim())) // prettier-ignore
    const of = (o: Organisation, user: string) => o.rows(OBJECT, (row) => row.AssigneeId === user)

    it('is not given again, whatever the letter case; others get it, and get others', async () => {
      const o = await start()
      const [ana, ben] = [o.ids.ana!, o.ids.ben!]
      expect(await save(o, [give(ana)])).toEqual([[]])
      const [again] = await o.engine.save(actor, [give(ana, 'READ_only')])
      expect(again!.errors).toEqual([{ code: 'UNIQUE', field: 'PermissionSet', message: 'Another Permission Set Assignment has this Permission Set and this Assignee already.' }]) // prettier-ignore
      expect(await save(o, [give(ben), give(ana, 'Support_Agent')])).toEqual([[], []])
    })

    it('is not given by changing another assignment, its set or its user', async () => {
      const o = await start()
      const [ana, ben] = [o.ids.ana!, o.ids.ben!]
      await o.create(OBJECT, { AssigneeId: ana, PermissionSet: 'Read_Only' })
      const other = await o.create(OBJECT, { AssigneeId: ana, PermissionSet: 'Support_Agent' })
      const bens = await o.create(OBJECT, { AssigneeId: ben, PermissionSet: 'Read_Only' })
      const update = (id: string, values: object): SaveRequest => ({ operation: 'update', object: OBJECT, id, values: { ...values } }) // prettier-ignore
      expect(await save(o, [update(other, { PermissionSet: 'Read_Only' })])).toEqual([['PermissionSet UNIQUE']])
      expect(await save(o, [update(bens, { AssigneeId: ana })])).toEqual([['PermissionSet UNIQUE']])
      expect(await save(o, [update(bens, { AssigneeId: ben, PermissionSet: 'Read_Only' })])).toEqual([[]])
    })

    it('is not given twice in one call; of a partial one the first is kept', async () => {
      const o = await start()
      const twice = [give(o.ids.ana!), give(o.ids.ana!)]
      expect(await save(o, twice)).toEqual([['NOTHING_SAVED'], ['PermissionSet UNIQUE']])
      expect(await save(o, twice, { mode: 'partial' })).toEqual([[], ['PermissionSet UNIQUE']])
      expect(await of(o, o.ids.ana!)).toHaveLength(1)
    })

    it('does not come back from the recycle bin when it was given anew; what was taken away can be given', async () => {
      const o = await start()
      const id = await o.create(OBJECT, { AssigneeId: o.ids.ana!, PermissionSet: 'Read_Only' })
      expect(await save(o, [{ operation: 'delete', object: OBJECT, id }])).toEqual([[]])
      expect(await save(o, [give(o.ids.ana!)])).toEqual([[]])
      const [back] = await o.engine.save(actor, [{ operation: 'undelete', object: OBJECT, id }])
      expect(back!.errors).toMatchObject([{ code: 'UNIQUE', message: /has this Permission Set and this Assignee/ }].map((e) => ({ ...e, message: expect.stringMatching(e.message) }))) // prettier-ignore
    })

    it('is given once by many at once, on every node', async () => {
      const url = await open.url()
      const nodes = await Promise.all(
        Array.from({ length: open.dialect === 'postgres' ? 3 : 1 }, () =>
          organisationAt((options) => openDatabase({ url, ...options }), NOON),
        ),
      )
      try {
        const [ana] = await nodes[0]!.rows('User', (row) => row.Username === 'ana@example.com')
        const results = await Promise.all(
          Array.from({ length: 24 }, (_, i) => save(nodes[i % nodes.length]!, [give(String(ana!.Id))])),
        )
        const outcomes = results.map(([errors]) => errors!.join() || 'saved').sort()
        expect(outcomes).toEqual([...Array.from({ length: 23 }, () => 'PermissionSet UNIQUE'), 'saved'])
        expect(await of(nodes[0]!, String(ana!.Id))).toHaveLength(1)
      } finally {
        for (const node of nodes) {
          await node.engine.stop()
          await node.database.close()
        }
      }
    })

    it('stays when two sets that somebody has change names', async () => {
      const o = await start()
      await deploy(o, set('A'), set('B'))
      const ids = [
        await o.create(OBJECT, { AssigneeId: o.ids.ana!, PermissionSet: 'A' }),
        await o.create(OBJECT, { AssigneeId: o.ids.ana!, PermissionSet: 'B' }),
      ]
      const { planId, findings } = await o.engine.catalogs.plan(actor, [renamed('A', 'B'), renamed('B', 'A')], {})
      expect(findings).toEqual([])
      expect((await o.engine.catalogs.apply(actor, planId)).findings).toEqual([])
      const names = await Promise.all(ids.map(async (id) => (await o.read(id)).PermissionSet))
      expect(names).toEqual(['B', 'A'])
    })

    it('that an earlier release gave twice is had once, by the older assignment, when it is brought in', async () => {
      const o = await start()
      const catalog = o.engine.catalogs.current()
      const object = catalog.object(OBJECT)!
      const first = await o.create(OBJECT, { AssigneeId: o.ids.ana!, PermissionSet: 'Read_Only' })
      const second = await o.create(OBJECT, { AssigneeId: o.ids.ana!, PermissionSet: 'Support_Agent' })
      const [column, id] = [object.field('PermissionSet')!.column!, object.field('Id')!.column!].map(quote)
      const double = `UPDATE ${quote(object.table)} SET ${column} = 'Read_Only' WHERE ${id} = '${second}'`
      await expect(o.database.transaction((tx) => tx.run(double))).rejects.toMatchObject({ code: 'UNIQUE' })
      await o.database.transaction(async (tx) => {
        await tx.run(`DROP INDEX ${quote(indexName('u', object.table, object.field('PermissionSet')!.column!))}`)
        await tx.run(double)
      })
      await removeDoubleAssignments(o.database, catalog)
      expect((await of(o, o.ids.ana!)).map((row) => row.Id)).toEqual([first])
    })
  },
  installShipped,
)
