import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { ActionDocument, EntitlementProcessDocument, MilestoneItem } from '#metadata'
import { compilePermissions } from '#records'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
/** 17:00 in New York: the target of seven hours. */
const DUE = '2026-03-09T21:00:00.001Z'
const admin = automationActor('test')

type Body = ActionDocument extends infer A
  ? A extends ActionDocument
    ? Omit<A, 'kind' | 'label' | 'object'>
    : never
  : never
const action = (body: Body): ActionDocument =>
  ({ kind: 'Action', label: body.name, object: 'WorkOrder', ...body }) as ActionDocument

interface Plan {
  readonly actions: readonly ActionDocument[]
  readonly more?: Partial<EntitlementProcessDocument>
  readonly item?: Partial<MilestoneItem>
  readonly values?: Row
}

/** A work order whose violation, at DUE, asks for these actions. */
async function order(o: Organisation, { actions, more, item, values }: Plan): Promise<string> {
  const violations = [{ after: { minutes: 0 }, actions: actions.map((a) => a.name) }]
  const milestones = [{ name: 'Late', milestone: 'Dispatch', target: { hours: 7 }, violations, ...item }]
  await deploy(o, ...actions, { ...simple, milestones, ...more })
  const own = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o), ...values }
  return o.create('WorkOrder', own, 'ana')
}

const failures = async (o: Organisation) =>
  (await o.rows('MilestoneTimer', (t) => t.Status === 'Failed')).map((t) => t.Reason)

const save = (o: Organisation, id: string, values: Row) =>
  o.engine.save(admin, [{ operation: 'update', object: 'WorkOrder', id, values }])

describeDatabases(
  'actions',
  (open) => {
    it('update fields of record, milestone and parent, create records, change the owner, post, and start a milestone', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await order(o, {
        actions: [
          action({ name: 'A1', type: 'FieldUpdate', field: 'Description', formula: '"late: " & Subject' }),
          action({ name: 'A2', type: 'FieldUpdate', on: { through: 'AccountId' }, field: 'Phone', formula: '"+49"' }),
          action({
            name: 'A3',
            type: 'CreateRecord',
            create: 'Case',
            values: { Subject: '"About " & Subject', Priority: '"Low"', Status: '"New"' },
          }),
          action({ name: 'A4', type: 'OwnerChange', to: { user: 'ben@example.com' } }),
          action({ name: 'A5', type: 'FeedPost', body: '{!Subject} of {!Account.Name} is late' }),
          action({ name: 'A6', type: 'StartMilestone', milestone: 'Work Completed' }),
          action({ name: 'A7', type: 'Task', subject: 'Call {!Account.Name}', assignTo: { user: 'ana@example.com' } }),
        ],
        more: {
          milestones: [
            {
              name: 'Late',
              milestone: 'Dispatch',
              target: { hours: 7 },
              violations: [{ after: { minutes: 0 }, actions: ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7'] }],
            },
            { name: 'Further', milestone: 'Work Completed', when: 'FALSE', target: { hours: 1 } },
          ],
        },
      })
      await o.at(DUE)
      expect(await failures(o)).toEqual([])
      expect(await o.read(id)).toMatchObject({ Description: 'late: Pump', OwnerId: o.ids.ben })
      expect(await o.read(o.ids.account!)).toMatchObject({ Phone: '+49' })
      expect(await o.rows('Case')).toMatchObject([{ Subject: 'About Pump', Priority: 'Low' }])
      expect(await o.rows('FeedItem')).toMatchObject([{ ParentId: id, Body: 'Pump of Acme is late' }])
      expect(await o.rows('Task')).toMatchObject([{ Subject: 'Call Acme', OwnerId: o.ids.ana }])
      expect((await o.rows('RecordMilestone', (m) => m.ParentId === id)).map((m) => [m.Name, m.Status]).sort()).toEqual(
        [
          ['Dispatch', 'Overdue'],
          ['Work Completed', 'Running'],
        ],
      )
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('write to the milestone itself: a field of it that an admin added', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, { kind: 'Field', name: 'RecordMilestone.Note__c', label: 'Note', type: 'Text', length: 80 })
      const note = action({ name: 'Note', type: 'FieldUpdate', on: 'milestone', field: 'Note__c', formula: '"late: " & Subject' }) // prettier-ignore
      await order(o, { actions: [note] })
      await o.at(DUE)
      expect(await failures(o)).toEqual([])
      expect(await o.rows('RecordMilestone')).toMatchObject([{ Note__c: 'late: Pump', Status: 'Overdue', IsViolated: true }]) // prettier-ignore
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('that fail leave a row with the reason, the others are done, and the save holds', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const gone = await o.create('User', { Username: 'gone@example.com', LastName: 'Gone', Name: 'Gone', Email: 'gone@example.com' }) // prettier-ignore
      const id = await order(o, {
        actions: [
          action({ name: 'Bad_Value', type: 'FieldUpdate', field: 'Status', formula: '"No such status"' }),
          action({ name: 'Bad_User', type: 'OwnerChange', to: { user: 'gone@example.com' } }),
          action({
            name: 'Bad_Parent',
            type: 'FieldUpdate',
            on: { through: 'AssetId' },
            field: 'SerialNumber',
            formula: '"x"',
          }),
          action({ name: 'Good', type: 'Task', subject: 'Still made' }),
        ],
      })
      await o.force('User', gone, { Username: 'back@example.com' })
      await o.at(DUE)
      expect(await o.rows('MilestoneViolation')).toHaveLength(1)
      expect(await o.read(id)).toMatchObject({ Status: 'New', OwnerId: o.ids.ana, MilestoneStatus: 'Open Violation' })
      expect(await o.rows('Task')).toMatchObject([{ Subject: 'Still made' }])
      const reasons = (await failures(o)).sort()
      expect(reasons).toEqual([
        expect.stringMatching(/^Bad_Parent: Asset is blank/),
        expect.stringMatching(/^Bad_User: There is no user gone@example.com any more/),
        expect.stringMatching(/^Bad_Value: .*No such status/),
      ])
      expect(await o.engine.diagnose()).toContainEqual(expect.objectContaining({ code: 'STEPS_FAILED', message: '3 steps or actions failed.' })) // prettier-ignore
    })

    it('that write to one record are undone one by one: what holds stays', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const set = (name: string, field: string, formula: string) =>
        action({ name, type: 'FieldUpdate', field, formula })
      const id = await order(o, {
        actions: [
          set('First', 'Description', '"first"'),
          set('Bad', 'Status', '"No such status"'),
          set('Last', 'Description', 'Description & "last"'),
          set('Subject', 'Subject', '"Late pump"'),
        ],
      })
      await o.at(DUE)
      expect(await failures(o)).toEqual([expect.stringMatching(/^Bad: .*No such status/)])
      expect(await o.read(id)).toMatchObject({ Status: 'New', Subject: 'Late pump' })
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('that failed are tried again when told to: nothing changes while they still fail, and they are done once', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const give = action({ name: 'Give', type: 'OwnerChange', to: { user: 'ben@example.com' } })
      const id = await order(o, { actions: [give] })
      await o.force('User', o.ids.ben!, { IsActive: false })
      await o.at(DUE)
      const [row] = await o.rows('MilestoneTimer', (t) => t.Status === 'Failed')
      const again = async () => (await o.engine.timers.retry(admin, String(row!.Id))).errors
      expect(await again()).toEqual([{ code: 'FAILED_AGAIN', message: 'The user ben@example.com is not active any more. Mend the action.' }]) // prettier-ignore
      expect(await failures(o)).toHaveLength(1)
      await o.update('User', o.ids.ben!, { IsActive: true })
      expect(await again()).toEqual([])
      expect(await o.read(id)).toMatchObject({ OwnerId: o.ids.ben })
      expect(await o.read(String(row!.Id))).toMatchObject({ Status: 'Fired', Reason: expect.stringMatching(/^Give: failed at first/) }) // prettier-ignore
      expect(await again()).toMatchObject([{ code: 'NOT_FOUND' }])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('that set themselves off stop, too, and a cancelled timer or milestone says what it is', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await o.update('Milestone', o.ids.Dispatch!, { RecurrenceType: 'Independent' })
      const completion = [{ when: 'ISCHANGED(Description)' }]
      const id = await order(o, {
        actions: [action({ name: 'More', type: 'FieldUpdate', field: 'Description', formula: 'Description & "!"' })],
        more: { milestones: [{ name: 'Go', milestone: 'Dispatch', target: { hours: 7 }, completion, successActions: ['More'] }] },
      }) // prettier-ignore
      expect((await save(o, id, { Description: 'go' }))[0]?.errors).toMatchObject([
        { code: 'LOOP', message: expect.stringMatching(/8 rounds of actions: More keeps setting itself off\. Change/) },
      ])
      const [timer] = await o.rows('MilestoneTimer')
      const off = () => o.engine.timers.cancel(admin, String(timer!.Id), { reason: 'no' })
      await o.at('2026-03-10T14:00:00Z')
      expect((await off()).errors).toMatchObject([{ code: 'NOT_FOUND', message: expect.stringMatching(/no waiting step/) }]) // prettier-ignore
      const [milestone] = await o.rows('RecordMilestone')
      await o.engine.milestones.cancel(admin, String(milestone!.Id), { reason: 'no' })
      const twice = await o.engine.milestones.cancel(admin, String(milestone!.Id), { reason: 'no' })
      expect(twice.errors.map((e) => e.message)).toEqual([
        'Dispatch is already cancelled. A cancelled one stays so; another starts when its criteria hold anew.',
      ])
    })

    it('that keep setting each other off stop after eight rounds with an error that names them', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      for (const name of ['Dispatch', 'Work Completed'])
        await o.update('Milestone', o.ids[name]!, { RecurrenceType: 'Independent' })
      const id = await order(o, {
        actions: [
          action({ name: 'To_Stop', type: 'FieldUpdate', field: 'Description', formula: '"stop"' }),
          action({ name: 'To_Go', type: 'FieldUpdate', field: 'Description', formula: '"go"' }),
        ],
        more: {
          milestones: [
            {
              name: 'Go',
              milestone: 'Dispatch',
              target: { hours: 7 },
              completion: [{ when: 'Description = "go"' }],
              successActions: ['To_Stop'],
            },
            {
              name: 'Stop',
              milestone: 'Work Completed',
              target: { hours: 7 },
              completion: [{ when: 'Description = "stop"' }],
              successActions: ['To_Go'],
            },
          ],
        },
      })
      const [result] = await save(o, id, { Description: 'go' })
      expect(result?.errors).toMatchObject([
        { code: 'LOOP', message: expect.stringMatching(/8 rounds.*To_Stop → To_Go|8 rounds.*To_Go → To_Stop/) },
      ])
      expect(await o.read(id)).toMatchObject({ Description: null, Version: 1 })
      expect((await o.rows('RecordMilestone')).map((m) => m.Status)).toEqual(['Running', 'Running'])
    })

    it('and milestones that are gone: the log says so, and a strict process fails the save', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await order(o, { actions: [] })
      const erase = await o.engine.save(admin, [{ operation: 'delete', object: 'Milestone', id: o.ids.Dispatch! }])
      expect(erase).toMatchObject([{ errors: [{ code: 'RESTRICTED' }] }])
      await o.force('Milestone', o.ids.Dispatch!, { Name: 'Sent' })
      const decisions = (await o.rows('MilestoneEvent')).flatMap(
        (e) => e.Outcome as unknown as { what: string; why: string }[],
      )
      expect(decisions.filter((d) => d.what === 'error')).toMatchObject([{ why: 'There is no milestone Dispatch.' }])
      expect(await save(o, id, { Description: 'still saved' })).toMatchObject([{ errors: [] }])
      await o.force('Milestone', o.ids.Dispatch!, { Name: 'Dispatch' })
      await deploy(o, { ...simple, process: 'Strict', name: 'Strict_v1', strict: true })
      await o.force('Milestone', o.ids.Dispatch!, { Name: 'Sent' })
      const entitlement = await o.create('Entitlement', {
        Name: 'Strict',
        AccountId: o.ids.account!,
        EntitlementProcess: 'Strict',
      })
      const values = { Subject: 'Never made', AccountId: o.ids.account!, EntitlementId: entitlement }
      const made = await o.engine.save(
        admin,
        [
          { operation: 'create', object: 'WorkOrder', values },
          { operation: 'create', object: 'WorkOrder', values: { Subject: 'Other' } },
        ],
        { mode: 'partial' },
      )
      expect(made).toMatchObject([
        { errors: [{ code: 'PROCESS', message: 'There is no milestone Dispatch.' }] },
        { errors: [] },
      ])
      expect((await o.rows('WorkOrder')).map((row) => row.Subject).sort()).toEqual(['Other', 'Pump'])
    })

    it('of one waiting step can be taken off by hand, by whoever may edit the record', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await order(o, { actions: [action({ name: 'Remind', type: 'Task', subject: 'Late' })] })
      const timers = await o.rows('MilestoneTimer', (t) => t.Status === 'Pending')
      const step = timers.find((t) => t.Step === 'violation:+0m')!
      const { system: _system, ...rest } = admin
      const nobody = { ...rest, permissions: compilePermissions([], o.engine.catalogs.current()) }
      expect((await o.engine.timers.cancel(nobody, String(step.Id), { reason: 'no' })).errors).toMatchObject([
        { code: 'NOT_FOUND' },
      ])
      expect((await o.engine.timers.cancel(admin, String(step.Id), { reason: '' })).errors).toMatchObject([
        { code: 'REASON_NEEDED' },
      ])
      expect(await o.engine.timers.cancel(admin, String(step.Id), { reason: 'the customer knows' })).toMatchObject({
        errors: [],
      })
      expect(await o.rows('MilestoneTimer', (t) => t.Status === 'Skipped')).toMatchObject([
        { Step: 'violation:+0m', Reason: expect.stringMatching(/the customer knows/) },
      ])
      const [fact] = await o.rows('MilestoneTimer', (t) => t.Status === 'Pending' && t.Step === 'violate')
      expect((await o.engine.timers.cancel(admin, String(fact!.Id), { reason: 'no' })).errors).toMatchObject([
        { code: 'NO_STEP' },
      ])
      await o.at(DUE)
      expect(await o.rows('Task')).toEqual([])
      expect(await o.read(id)).toMatchObject({ MilestoneStatus: 'Open Violation' })
      expect((await o.engine.timers.cancel(admin, String(step.Id), { reason: 'again' })).errors).toMatchObject([
        { code: 'NOT_FOUND' },
      ])
    })
  },
  installShipped,
)
