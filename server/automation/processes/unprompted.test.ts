import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document, EntitlementProcessDocument } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

/** What makes a record's process look at it again although nobody saves the record itself. */
const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York

const actor = automationActor('test')

const order = (o: Organisation, values: Row = {}) =>
  o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, ...values }, 'ana')

const milestonesOf = async (o: Organisation, record: string) =>
  (await o.rows('RecordMilestone', (m) => m.ParentId === record))
    .sort((a, b) => String(a.Name).localeCompare(String(b.Name)) || Number(a.Cycle) - Number(b.Cycle))
    .map((m) => [m.Name, m.Status, m.TargetDate])

/** An hour for what matters, a day for the rest. */
const when = (criteria: string, more: Partial<EntitlementProcessDocument> = {}): EntitlementProcessDocument => ({
  ...simple,
  ...more,
  milestones: [
    { name: 'Important', milestone: 'Dispatch', when: criteria, target: { hours: 1 } },
    { name: 'Other', milestone: 'Dispatch', target: { hours: 8 } },
  ],
})

const SOON = '2026-03-09T15:00:00.000Z'
const LATE = '2026-03-10T14:00:00.000Z'

describeDatabases(
  'without a dummy edit',
  (open) => {
    it('records of an entitlement that gains a process get it, closed ones without milestones', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, simple)
      const entitlement = await o.create('Entitlement', { Name: 'Bare', AccountId: o.ids.account! })
      const running = await order(o, { EntitlementId: entitlement })
      const closed = await order(o, { EntitlementId: entitlement, Status: 'Completed' })
      expect((await o.read(running)).EntitlementProcessVersionId).toBeNull()
      await o.update('Entitlement', entitlement, {
        EntitlementProcess: 'Simple',
        BusinessHoursId: o.ids['US Support']!,
      })
      expect(await milestonesOf(o, running)).toEqual([['Dispatch', 'Running', LATE]])
      expect(await milestonesOf(o, closed)).toEqual([])
      const events = await o.rows('MilestoneEvent', (e) => e.ParentId === running)
      expect(events).toHaveLength(1)
      await o.update('Entitlement', entitlement, { EntitlementProcess: null })
      expect(await milestonesOf(o, running)).toEqual([['Dispatch', 'Cancelled', LATE]])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('a rule that comes to hold through a lookup gives a record its process', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const rules = [...o.engine.catalogs.current().autoApplyRules('WorkOrder')].map((r) => ({ ...r, active: false }))
      const rule: Document = { kind: 'AutoApplyRule', name: 'Important', object: 'WorkOrder', order: 1, when: 'Account.Name = "Important"', apply: { process: 'Simple' } } // prettier-ignore
      await deploy(o, { ...simple, businessHours: 'US Support' }, rule, ...rules)
      const id = await order(o)
      expect(await milestonesOf(o, id)).toEqual([])
      await o.update('Account', o.ids.account!, { Name: 'Important' })
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', SOON]])
    })

    it('also when they are a great many: in batches, from the journal', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, simple)
      const entitlement = await o.create('Entitlement', { Name: 'Bare', AccountId: o.ids.account! })
      const values = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: entitlement }
      const requests = Array.from({ length: 230 }, () => ({
        operation: 'create' as const,
        object: 'WorkOrder',
        values,
      }))
      await o.engine.save(actor, requests)
      await o.update('Entitlement', entitlement, {
        EntitlementProcess: 'Simple',
        BusinessHoursId: o.ids['US Support']!,
      })
      await o.engine.runDue()
      expect(await o.rows('RecordMilestone', (m) => m.TargetDate === LATE)).toHaveLength(230)
    })

    it('when the first version of the process that their entitlement names is activated', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, { ...simple, status: 'draft', isDefault: false })
      const id = await order(o, { EntitlementId: await entitle(o) })
      await o.update('WorkOrder', id, { Subject: 'Other pump' })
      expect((await o.read(id)).EntitlementProcessVersionId).not.toBe('Simple_v1')
      expect(await o.engine.processes.activate(actor, 'Simple_v1')).toMatchObject({ findings: [], records: 1 })
      expect(await o.read(id)).toMatchObject({ EntitlementProcessVersionId: 'Simple_v1', SlaStartDate: '2026-03-09T14:00:00.000Z' }) // prettier-ignore
      expect(await o.engine.processes.activate(actor, 'Simple_v1')).toMatchObject({ records: 0 })
    })

    it('over two lookups', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, when('Account.Parent.Name = "Group"'))
      const group = await o.create('Account', { Name: 'Holding' })
      await o.update('Account', o.ids.account!, { ParentId: group })
      const id = await order(o, { EntitlementId: await entitle(o) })
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', LATE]])
      await o.update('Account', group, { Name: 'Group' })
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', SOON]])
      await o.update('Account', o.ids.account!, { ParentId: null })
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', LATE]])
    })

    it('through a formula field that reads a lookup', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(
        o,
        {
          kind: 'Field',
          name: 'WorkOrder.Matters__c',
          label: 'Matters',
          type: 'Formula',
          formulaType: 'Checkbox',
          formula: 'Account.Name = "Important"',
        } as Document,
        when('Matters__c'),
      )
      const id = await order(o, { EntitlementId: await entitle(o) })
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', LATE]])
      await o.update('Account', o.ids.account!, { Name: 'Important' })
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', SOON]])
    })

    it('when the owner changes, and when the owner is changed', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, when('Owner:User.Title = "Expert"'))
      const id = await order(o, { EntitlementId: await entitle(o) })
      await o.update('User', o.ids.ana!, { Title: 'Expert' })
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', SOON]])
      await o.update('WorkOrder', id, { OwnerId: o.ids.ben! })
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', LATE]])
      expect(await o.rows('RecordMilestone')).toMatchObject([{ PromiseOwnerId: o.ids.ben }])
    })

    it('when an action writes what its criteria read, in the same save', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const raise = { kind: 'Action', name: 'Raise', label: 'Raise', object: 'WorkOrder', type: 'FieldUpdate', field: 'Priority', formula: '"Critical"' } as const // prettier-ignore
      const criteria = 'ISPICKVAL(Priority, "Critical")'
      const milestones: EntitlementProcessDocument['milestones'] = [
        { name: 'Dispatch', milestone: 'Dispatch', target: { hours: 1 }, violations: [{ after: { minutes: 0 }, actions: ['Raise'] }] },
        { name: 'Soon', milestone: 'Work Completed', when: criteria, target: { hours: 2 } },
        { name: 'Later', milestone: 'Work Completed', target: { hours: 8 } },
      ] // prettier-ignore
      await deploy(o, raise, { ...simple, milestones })
      const id = await order(o, { EntitlementId: await entitle(o), Priority: 'Low' })
      expect((await milestonesOf(o, id))[1]).toEqual(['Work Completed', 'Running', LATE])
      await o.at('2026-03-09T15:00:00.001Z')
      expect((await milestonesOf(o, id))[1]).toEqual(['Work Completed', 'Running', '2026-03-09T16:00:00.000Z'])
    })

    it('when a roll-up that its criteria read counts anew', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, ...VISITS)
      await deploy(o, when('Visits__c > 1'))
      const id = await order(o, { EntitlementId: await entitle(o) })
      const visit = () => o.create('Visit__c', { Name: 'Visit', WorkOrderId__c: id }, 'ana')
      await visit()
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', LATE]])
      await visit()
      await o.engine.runDue()
      expect(await milestonesOf(o, id)).toEqual([['Dispatch', 'Running', SOON]])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })
  },
  installShipped,
)

const VISITS: Document[] = [
  {
    kind: 'Object',
    name: 'Visit__c',
    label: 'Visit',
    pluralLabel: 'Visits',
    nameField: { type: 'Text', label: 'Name' },
  } as unknown as Document,
  {
    kind: 'Field',
    name: 'Visit__c.WorkOrderId__c',
    label: 'Work Order',
    type: 'MasterDetail',
    referenceTo: ['WorkOrder'],
    childRelationshipName: 'Visits__r',
  } as unknown as Document,
  {
    kind: 'Field',
    name: 'WorkOrder.Visits__c',
    label: 'Visits',
    type: 'RollupSummary',
    rollup: { object: 'Visit__c', through: 'WorkOrderId__c', operation: 'count' },
  } as unknown as Document,
]
