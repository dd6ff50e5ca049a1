import { expect, it } from 'vitest'
import type { EntitlementProcessDocument } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York
const ON_HOLD = 'ISPICKVAL(Status, "On Hold")'

const waiting = (when: string, more: Partial<EntitlementProcessDocument> = {}): EntitlementProcessDocument => ({
  ...simple,
  pauses: [{ name: 'wait', when, reason: 'waiting for parts' }],
  milestones: [{ name: 'Any', milestone: 'Dispatch', target: { hours: 4 }, warnings: [{ before: { hours: 3 }, actions: [] }] }], // prettier-ignore
  ...more,
})

/** In force alone: work orders have no process until they get an entitlement. */
const alone = (o: Organisation, process: EntitlementProcessDocument) => {
  const rules = [...o.engine.catalogs.current().autoApplyRules('WorkOrder')]
  return deploy(o, process, ...rules.map((rule) => ({ ...rule, active: false })))
}

const order = (o: Organisation, values: Row = {}) =>
  o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, ...values }, 'ana')

const of = async (o: Organisation, object: string, record: string) => o.rows(object, (row) => row.ParentId === record)

/** On hold from 10:30 to 11:00, and given an entitlement at 12:00. */
async function attachedAtNoon(o: Organisation): Promise<string> {
  const id = await order(o)
  await o.at('2026-03-09T14:30:00Z')
  await o.update('WorkOrder', id, { Status: 'On Hold' })
  await o.at('2026-03-09T15:00:00Z')
  await o.update('WorkOrder', id, { Status: 'In Progress' })
  await o.at('2026-03-09T16:00:00Z')
  await o.update('WorkOrder', id, { EntitlementId: await entitle(o) })
  return id
}

describeDatabases(
  'a process that attaches late',
  (open) => {
    it('counts from the start, with the pauses that field history shows; a warning that is past is skipped, visibly', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await alone(o, waiting(ON_HOLD))
      const id = await attachedAtNoon(o)
      expect(await of(o, 'RecordMilestone', id)).toMatchObject([
        { StartDate: '2026-03-09T14:00:00.000Z', TargetDate: '2026-03-09T18:30:00.000Z', IsLateAttach: true },
      ])
      expect(await of(o, 'RecordMilestonePause', id)).toMatchObject([
        { StartDate: '2026-03-09T14:30:00.000Z', EndDate: '2026-03-09T15:00:00.000Z', Reason: 'waiting for parts', OpenMinutes: 30 },
      ]) // prettier-ignore
      expect(await o.rows('MilestoneTimer', (t) => t.Status === 'Skipped')).toMatchObject([
        { Step: 'warning:-180m', Reason: expect.stringMatching(/late attach/) },
      ])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('also where the pause rule reads a parent', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await alone(o, waiting(`AND(Account.Name = "Acme", ${ON_HOLD})`))
      const id = await attachedAtNoon(o)
      expect(await of(o, 'RecordMilestone', id)).toMatchObject([{ TargetDate: '2026-03-09T18:30:00.000Z' }])
    })

    it('follows a start date that is edited, and tells who edited it', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await alone(o, waiting(ON_HOLD))
      const id = await order(o, { EntitlementId: await entitle(o) })
      await o.at('2026-03-09T15:00:00Z')
      await o.update('WorkOrder', id, { SlaStartDate: '2026-03-09T13:00:00Z' }, 'ana')
      expect(await of(o, 'RecordMilestone', id)).toMatchObject([
        { StartDate: '2026-03-09T13:00:00.000Z', TargetDate: '2026-03-09T17:00:00.000Z' },
      ])
      const events = await of(o, 'MilestoneEvent', id)
      expect(events.find((e) => e.Kind === 'edit')).toMatchObject({
        Cause: { userId: o.ids.ana, fields: ['SlaStartDate'] },
      })
      expect(await o.read(id)).toMatchObject({ SlaStartDate: '2026-03-09T13:00:00.000Z' })
    })

    it('begins anew at each reopening where the process says restart: runs are counted, old rows stay', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await alone(o, waiting(ON_HOLD, { onReopen: 'restart' }))
      const id = await order(o, { EntitlementId: await entitle(o) })
      for (const [at, Status] of [
        ['14:10', 'Completed'],
        ['14:20', 'In Progress'],
        ['14:30', 'Completed'],
        ['14:40', 'New'],
      ]) {
        // prettier-ignore
        await o.at(`2026-03-09T${at}:00Z`)
        await o.update('WorkOrder', id, { Status: Status! }, 'ana')
      }
      expect(await o.read(id)).toMatchObject({ ProcessRun: 3, SlaStartDate: '2026-03-09T14:40:00.000Z', SlaExitDate: null }) // prettier-ignore
      const rows = (await of(o, 'RecordMilestone', id)).sort((a, b) => Number(a.Run) - Number(b.Run))
      expect(rows.map((m) => [m.Run, m.Status, m.CancelReason])).toEqual([
        [1, 'Cancelled', 'process exit'],
        [2, 'Cancelled', 'process exit'],
        [3, 'Running', null],
      ])
    })
  },
  installShipped,
)
