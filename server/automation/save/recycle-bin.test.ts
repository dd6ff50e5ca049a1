import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { ActionDocument, Document } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { field, TREE } from '../testing/rollup-world.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const admin = automationActor('test')
const remind: ActionDocument = { kind: 'Action', name: 'Remind', label: 'Remind', object: 'WorkOrder', type: 'Task', subject: 'Late' } // prettier-ignore
const rename: ActionDocument = { kind: 'Action', name: 'Rename', label: 'Rename', object: 'WorkOrder', type: 'FieldUpdate', field: 'Subject', formula: '"Late pump"' } // prettier-ignore
const violations = [{ after: { minutes: 0 }, actions: ['Remind', 'Rename'] }]

/** Three milestones of two, four and six hours, all from now. */
async function order(o: Organisation): Promise<string> {
  const milestones = [
    { name: 'A', milestone: 'Dispatch', target: { hours: 2 }, violations },
    { name: 'B', milestone: 'Work Completed', target: { hours: 4 }, violations },
    { name: 'C', milestone: 'Go-Live', target: { hours: 6 }, violations },
  ]
  await deploy(o, remind, rename, { ...simple, milestones })
  return o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }, 'ana')
}

const move = async (o: Organisation, operation: 'delete' | 'undelete', id: string) =>
  expect(await o.engine.save(admin, [{ operation, object: 'WorkOrder', id }])).toMatchObject([{ errors: [] }])
const milestones = async (o: Organisation) =>
  (await o.rows('RecordMilestone')).map((m) => [m.Name, m.Cycle, m.Status, m.StartDate, m.TargetDate])
const violated = async (o: Organisation) => (await o.rows('MilestoneViolation')).map((v) => v.ViolatedAt)

describeDatabases(
  'lookups of what was in the recycle bin',
  (open) => {
    const save = async (o: Organisation, operation: 'delete' | 'undelete', object: string, id: string) =>
      expect(await o.engine.save(admin, [{ operation, object, id }])).toMatchObject([{ errors: [] }])

    it('lead back to it, but those that lead elsewhere by now', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, ...TREE)
      const [g, elsewhere] = [await o.create('G__c', { Name: 'g' }), await o.create('G__c', { Name: 'elsewhere' })]
      const [kept, moved, gone] = [await o.create('P__c', { Name: 'kept', G__c: g }), await o.create('P__c', { Name: 'moved', G__c: g }), await o.create('P__c', { Name: 'gone', G__c: g })] // prettier-ignore
      await save(o, 'delete', 'G__c', g)
      expect((await o.read(kept)).G__c).toBeNull()
      await o.update('P__c', moved, { G__c: elsewhere })
      await save(o, 'delete', 'P__c', gone)
      await save(o, 'undelete', 'G__c', g)
      expect((await o.read(kept)).G__c).toBe(g)
      expect((await o.read(moved)).G__c).toBe(elsewhere)
      expect((await o.read(gone)).G__c).toBeNull()
      expect(await o.database.all('SELECT * FROM emptied_lookup')).toEqual([])
    })

    it('of several objects too, and those to details that went with their master', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, ...TREE, field('K__c.Any__c', 'Lookup', { referenceTo: ['G__c', 'P__c'] }))
      const [g, p, other] = [await o.create('G__c', { Name: 'g' }), await o.create('P__c', { Name: 'p' }), await o.create('P__c', { Name: 'o' })] // prettier-ignore
      const detail = await o.create('K__c', { Name: 'detail', P__c: p })
      await deploy(o, field('G__c.K__c', 'Lookup', { referenceTo: ['K__c'] }))
      await o.update('G__c', g, { K__c: detail })
      const any = await o.create('K__c', { Name: 'any', P__c: other, Q__c: p, Any__c: p })
      await save(o, 'delete', 'P__c', p)
      expect([await o.read(any), await o.read(g)]).toMatchObject([{ Q__c: null, Any__c: null }, { K__c: null }])
      await save(o, 'undelete', 'P__c', p)
      expect([await o.read(any), await o.read(g)]).toMatchObject([{ Q__c: p, Any__c: p }, { K__c: detail }])
    })
  },
  installShipped,
)

describeDatabases(
  'the recycle bin',
  (open) => {
    it('holds the milestones of a record: none wakes there, and back outside they are as if it had never been in it', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await order(o)
      const [dispatch] = await o.rows('RecordMilestone', (m) => m.Name === 'Dispatch')
      await o.engine.milestones.complete(admin, String(dispatch!.Id))
      const before = await milestones(o)
      await o.at('2026-03-09T15:00:00Z')
      await move(o, 'delete', id)
      expect(await milestones(o)).toEqual([])
      await o.at('2026-03-09T19:00:00Z')
      expect(await o.rows('Task')).toEqual([])
      await move(o, 'undelete', id)
      await o.engine.runDue()
      expect(await milestones(o)).toEqual(before.map((m) => (m[0] === 'Work Completed' ? m.with(2, 'Overdue') : m)))
      expect(await violated(o)).toEqual(['2026-03-09T18:00:00.000Z'])
      expect(await o.read(id)).toMatchObject({ MilestoneStatus: 'Open Violation', Subject: 'Late pump' })
      expect(await o.rows('MilestoneTimer', (t) => t.Kind === 'violation' && t.Status === 'Fired')).toMatchObject([
        { LagMs: 3_600_000 - 1 },
      ])
      expect(await o.rows('Task')).toHaveLength(1)
      await o.at('2026-03-09T20:00:00.001Z')
      expect(await violated(o)).toEqual(['2026-03-09T18:00:00.000Z', '2026-03-09T20:00:00.000Z'])
      expect(await o.rows('Task')).toHaveLength(2)
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('does not let a violation count twice, and follows hours that changed meanwhile', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await order(o)
      await o.at('2026-03-09T16:30:00Z')
      expect(await violated(o)).toEqual(['2026-03-09T16:00:00.000Z'])
      await move(o, 'delete', id)
      const OPEN = [['09:00', '12:00'], ['14:00', '20:00']] // prettier-ignore
      await o.update('BusinessHours', o.ids['US Support']!, { Hours: { mon: OPEN } })
      await move(o, 'undelete', id)
      await o.engine.runDue()
      expect(await violated(o)).toEqual(['2026-03-09T16:00:00.000Z'])
      expect(await o.rows('Task')).toHaveLength(1)
      expect((await milestones(o)).map((m) => m[4])).toContain('2026-03-09T20:00:00.000Z')
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('does not keep a record in a version that is deactivated meanwhile: it is let go as of that time', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const gone = await order(o)
      await move(o, 'delete', gone)
      await o.at('2026-03-09T17:00:00Z') // two hours milestone: due at 16:00
      expect(await o.engine.processes.deactivate(admin, 'Simple_v1')).toMatchObject({ findings: [] })
      await o.at('2026-03-09T21:00:00Z')
      await move(o, 'undelete', gone)
      await o.engine.runDue()
      expect(await violated(o)).toEqual(['2026-03-09T16:00:00.000Z'])
      expect((await o.rows('RecordMilestone')).map((m) => [m.Name, m.Status, m.CancelReason, m.CancelledDate])).toEqual(
        ['Dispatch', 'Work Completed', 'Go-Live'].map((name) => [name, 'Cancelled', 'process deactivated', '2026-03-09T17:00:00.000Z']),
      ) // prettier-ignore
      expect(await o.read(gone)).toMatchObject({ EntitlementProcessVersionId: null, NextTargetDate: null })
      expect(await o.rows('MilestoneTimer', (t) => t.Status === 'Pending')).toEqual([])
      expect(await o.rows('MilestoneTimer', (t) => t.Status === 'Fired')).toHaveLength(1)
      expect(await o.rows('Task')).toHaveLength(1)
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('does not keep a record from a migration either, through several versions', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await order(o)
      await move(o, 'delete', id)
      for (const version of [2, 3]) {
        await o.engine.processes.draft(admin, `Simple_v${version - 1}`)
        await o.engine.processes.activate(admin, `Simple_v${version}`)
        const migrated = await o.engine.processes.migrate(admin, `Simple_v${version - 1}`, `Simple_v${version}`)
        expect(migrated.findings).toEqual([])
        await o.at(`2026-03-09T15:0${version}:00Z`)
      }
      await move(o, 'undelete', id)
      expect(await o.read(id)).toMatchObject({ EntitlementProcessVersionId: 'Simple_v3' })
      expect((await o.rows('RecordMilestone')).map((m) => [m.Status, m.ProcessVersion])).toEqual(
        Array.from({ length: 3 }, () => ['Running', 'Simple_v3']),
      )
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('takes no child along when a delete is refused, and says which record was against it', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const field = (name: string, more: object) => ({ kind: 'Field', name, label: 'Link', type: 'Lookup', referenceTo: ['Product2'], ...more }) as Document // prettier-ignore
      await deploy(
        o,
        field('Contact.Empties__c', { deleteConstraint: 'SetNull' }),
        field('Task.Goes__c', { deleteConstraint: 'Cascade' }),
        field('Account.Holds__c', { deleteConstraint: 'Restrict' }),
        { kind: 'ValidationRule', name: 'Contact.Keeps', errorConditionFormula: 'FirstName = "Never" && ISBLANK(Empties__c)', errorMessage: 'Never without a product.' }, // prettier-ignore
      )
      const product = async (Name: string) => o.create('Product2', { Name })
      const [held, kept, free] = [await product('Held'), await product('Kept'), await product('Free')]
      await o.create('Account', { Name: 'Holder', Holds__c: held })
      const task = await o.create('Task', { Subject: 'Goes', Goes__c: held })
      const loose = await o.create('Contact', { LastName: 'Loose', Empties__c: held })
      await o.create('Contact', { FirstName: 'Never', LastName: 'Lets', Empties__c: kept })
      const requests = [held, kept, free].map((id) => ({ operation: 'delete' as const, object: 'Product2', id }))
      const results = await o.engine.save(admin, requests, { mode: 'partial' })
      expect(results.map((r) => r.errors.map((e) => [e.code, e.message]))).toEqual([
        [['RESTRICTED', '1 Account still refers to it (Link). Delete or re-assign them first.']],
        [['VALIDATION_RULE', 'Contact Never Lets: Never without a product.']],
        [],
      ])
      expect(await o.read(task)).toMatchObject({ IsDeleted: false })
      expect(await o.read(loose)).toMatchObject({ Empties__c: held })
      expect((await o.rows('Product2', (p) => ['Held', 'Kept', 'Free'].includes(String(p.Name)))).map((p) => p.Name)).toEqual(['Held', 'Kept']) // prettier-ignore
    })
  },
  installShipped,
)
