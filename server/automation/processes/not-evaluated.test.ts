import { expect, it } from 'vitest'
import type { Document, EntitlementProcessDocument } from '#metadata'
import { describeDatabases } from '#test/databases'
import type { RecordChange } from '../types.ts'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York
const HOUR_LATER = '2026-03-09T15:00:00.000Z'

const days: Document = { kind: 'Field', name: 'WorkOrder.Minutes__c', label: 'Minutes', type: 'Number', precision: 12, scale: 4 } // prettier-ignore
const process = (more: Partial<EntitlementProcessDocument>): EntitlementProcessDocument => ({
  ...simple,
  businessHours: 'US Support',
  milestones: [{ name: 'Only', milestone: 'Dispatch', target: { hours: 1 } }],
  ...more,
})
const byField = process({ milestones: [{ name: 'Only', milestone: 'Dispatch', target: { minutesFormula: 'Minutes__c' } }] }) // prettier-ignore

const apply: Document = { kind: 'AutoApplyRule', name: 'WorkOrder_Simple', object: 'WorkOrder', order: 1, when: 'always', apply: { process: 'Simple' } } // prettier-ignore
const order = (o: Organisation, values = {}) => o.create('WorkOrder', { Subject: 'Pump', ...values }, 'ana')
const seen = async (o: Organisation, id: string) => ({
  record: (await o.read(id)).MilestoneStatus,
  milestones: (await o.rows('RecordMilestone', (m) => m.ParentId === id)).map((m) => [m.Status, m.TargetDate, m.EvaluationError]), // prettier-ignore
})
const running = { record: 'Compliant', milestones: [['Running', HOUR_LATER, null]] }

describeDatabases(
  'a record that its process could not evaluate',
  (open) => {
    it('is never compliant while hours are missing, says why, and is looked at again when they are back', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, process({}), apply)
      await o.force('BusinessHours', o.ids['US Support']!, { IsActive: false })
      const id = await order(o)
      const why = 'The business hours US Support (process) are missing, not active or cannot be used.'
      expect(await seen(o, id)).toEqual({ record: 'Not evaluated', milestones: [['Not evaluated', null, why]] })
      expect(await o.rows('MilestoneTimer', (t) => t.ParentId === id)).toMatchObject([
        { Status: 'Failed', Reason: why },
      ])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
      await o.update('BusinessHours', o.ids['US Support']!, { IsActive: true })
      expect(await seen(o, id)).toEqual(running)
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('recovers when the milestone is back, and when hours that the record names are', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const { businessHours: _, ...own } = process({})
      await deploy(o, own, apply)
      await o.force('Milestone', o.ids.Dispatch!, { Name: 'Sent' })
      const BusinessHoursId = await o.create('BusinessHours', { Name: 'Own', IsActive: true, TimeZone: 'UTC', Always24x7: true }) // prettier-ignore
      const id = await order(o, { BusinessHoursId })
      expect(await seen(o, id)).toMatchObject({ record: 'Not evaluated', milestones: [['Not evaluated', null, 'There is no milestone Dispatch.']] }) // prettier-ignore
      await o.force('BusinessHours', BusinessHoursId, { IsActive: false })
      await o.force('Milestone', o.ids.Dispatch!, { Name: 'Dispatch' })
      expect(await seen(o, id)).toMatchObject({
        record: 'Not evaluated',
        milestones: [['Not evaluated', null, expect.stringMatching(/are missing/)]],
      })
      await o.update('BusinessHours', BusinessHoursId, { IsActive: true })
      expect(await seen(o, id)).toEqual(running)
    })

    it('starts with the field that its target needs; an action takes no hold of it before, and its row has one id', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, days, byField, apply)
      const id = await order(o)
      const [row] = await o.rows('RecordMilestone', (m) => m.ParentId === id)
      expect(row).toMatchObject({ Status: 'Not evaluated', TargetDate: null, IsViolated: false })
      await o.at('2026-03-09T14:30:00Z')
      expect(await o.rows('MilestoneViolation')).toEqual([])
      await o.update('WorkOrder', id, { Minutes__c: 60 })
      expect(await seen(o, id)).toEqual(running)
      expect((await o.rows('RecordMilestone', (m) => m.ParentId === id)).map((m) => m.Id)).toEqual([row!.Id])
      await o.update('WorkOrder', id, { Minutes__c: 0 })
      expect(await seen(o, id)).toMatchObject({ record: 'Not evaluated', milestones: [['Running', HOUR_LATER, expect.stringMatching(/no minutes/)]] }) // prettier-ignore
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('loses the row again when the milestone does not apply any more, and tells subscribers', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const when = 'ISPICKVAL(Priority, "High")'
      await deploy(o, days, process({ milestones: [{ ...byField.milestones[0]!, when }] }), apply)
      const id = await order(o, { Priority: 'High' })
      const changes: RecordChange[] = []
      o.engine.onChange((change) => void (change.object === 'RecordMilestone' && changes.push(change)))
      await o.update('WorkOrder', id, { Priority: 'Low' })
      expect(await seen(o, id)).toEqual({ record: 'Compliant', milestones: [] })
      await o.engine.changesHeard()
      expect(changes.at(-1)).toMatchObject({ change: 'deleted' })
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('has minutes as exact as they are shown, whatever they are, so that repair finds nothing', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const thirds = process({ milestones: [{ name: 'Only', milestone: 'Dispatch', target: { minutesFormula: 'Minutes__c / 3' } }] }) // prettier-ignore
      await deploy(o, days, thirds, apply)
      for (const [given, minutes] of [
        [0.9174, 0.306],
        [1, 0.333],
        [2, 0.667],
        [0.0015, 0.001],
        [99_999.9999, 33_333.333],
      ] as const) {
        const id = await order(o, { Minutes__c: given })
        const [row] = await o.rows('RecordMilestone', (m) => m.ParentId === id)
        expect(row).toMatchObject({ Status: 'Running', TargetMinutes: minutes })
        await o.update('WorkOrder', id, { Minutes__c: given + 3 })
      }
      await o.at('2026-03-09T14:00:18.361Z')
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })
  },
  installShipped,
)
