import { expect, it } from 'vitest'
import type { ActionDocument, MilestoneItem } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York
const FAILED = 'The owner that the formula of Late gives is no active user or group.'

/** A work order whose promise is owed by whomever its description names. */
async function order(o: Organisation, owner: string, more: Partial<MilestoneItem> = {}): Promise<string> {
  const milestones = [{ name: 'Late', milestone: 'Dispatch', owner: 'Description', target: { hours: 1 }, ...more }]
  await deploy(o, { ...simple, milestones })
  const values = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o), Description: owner }
  return o.create('WorkOrder', values, 'ana')
}

const promises = async (o: Organisation) =>
  (await o.rows('RecordMilestone')).map((m) => [m.PromiseOwnerId, m.Status, m.CancelReason])

const failures = async (o: Organisation) =>
  (await o.rows('MilestoneTimer', (t) => t.Status === 'Failed')).map((t) => t.Reason)

describeDatabases(
  'who owes a promise',
  (open) => {
    it.each([
      ['no id', () => 'junk'],
      ['a record of an object that owns nothing', (o: Organisation) => o.ids.account!],
      ['nobody', (o: Organisation) => `${o.ids.ben!.slice(0, -1)}!`],
    ])('is the record’s owner and a failed row where the formula gives %s', async (_, junk) => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await order(o, junk(o))
      expect(await promises(o)).toEqual([[o.ids.ana, 'Running', null]])
      expect(await failures(o)).toEqual([FAILED])
      await o.update('WorkOrder', id, { Description: o.ids.ben! })
      expect(await promises(o)).toEqual([[o.ids.ben, 'Running', null]])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('may be a queue, and is no user who was deactivated; the promise itself goes on', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const queue = await o.create('Group', { Name: 'Second line', Type: 'Queue' })
      const id = await order(o, queue, { completion: [{ when: 'ISPICKVAL(Status, "Completed")' }] })
      expect(await promises(o)).toEqual([[queue, 'Running', null]])
      await o.update('User', o.ids.ben!, { IsActive: false })
      await o.update('WorkOrder', id, { Description: o.ids.ben! })
      expect(await promises(o)).toEqual([[o.ids.ana, 'Running', null]])
      expect(await failures(o)).toEqual([FAILED])
      await o.update('WorkOrder', id, { Status: 'Completed' })
      expect(await promises(o)).toEqual([[o.ids.ana, 'Met', null]])
    })

    it('strict processes refuse the save instead', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const milestones = [{ name: 'Late', milestone: 'Dispatch', owner: 'Description', target: { hours: 1 } }]
      await deploy(o, { ...simple, strict: true, milestones })
      const values = { Subject: 'Pump', EntitlementId: await entitle(o), Description: 'junk' }
      await expect(o.create('WorkOrder', values, 'ana')).rejects.toThrow(FAILED)
    })

    it('an action that gives a record to a user who was deactivated fails', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const give: ActionDocument = { kind: 'Action', label: 'Give', object: 'WorkOrder', name: 'Give', type: 'OwnerChange', to: { formula: 'Description' } } // prettier-ignore
      await deploy(o, give)
      const id = await order(o, o.ids.ben!, { owner: 'OwnerId', violations: [{ after: { minutes: 0 }, actions: ['Give'] }] }) // prettier-ignore
      await o.update('User', o.ids.ben!, { IsActive: false })
      await o.at('2026-03-09T16:00:00Z')
      expect(await o.read(id)).toMatchObject({ OwnerId: o.ids.ana })
      expect(await failures(o)).toEqual(['Give: The owner that the formula gives is no active user or group.'])
    })
  },
  installShipped,
)
