import { expect, it } from 'vitest'
import type { ActionDocument, Document, FieldDocument, MilestoneItem, Recipient } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

/** 10:00 in New York. */
const MONDAY_10 = '2026-03-09T14:00:00Z'
/** 17:00 in New York: the target of seven hours. */
const DUE = '2026-03-09T21:00:00.001Z'
const TARGET = '2026-03-09T21:00:00.000Z'

type Body = ActionDocument extends infer A
  ? A extends ActionDocument
    ? Omit<A, 'kind' | 'label' | 'object'>
    : never
  : never
const action = (body: Body): ActionDocument =>
  ({ kind: 'Action', label: body.name, object: 'WorkOrder', ...body }) as ActionDocument
const field = (name: string, type: FieldDocument['type'], more: Partial<FieldDocument> = {}): FieldDocument =>
  ({ kind: 'Field', name, label: name, type, ...more }) as FieldDocument
const mail = (body: string, recipients: readonly Recipient[], more: Row = {}): Document[] => [
  { kind: 'EmailTemplate', name: 'T', object: 'WorkOrder', subject: 'Late', body, ...more } as Document,
  action({ name: 'Mail', type: 'EmailAlert', template: 'T', recipients }),
]

const late = (names: readonly string[], more: Partial<MilestoneItem> = {}): MilestoneItem => ({
  name: 'Late',
  milestone: 'Dispatch',
  target: { hours: 7 },
  violations: [{ after: { minutes: 0 }, actions: names }],
  ...more,
})

/** A work order of Ana's; its one milestone is missed at DUE, with these actions. */
async function order(o: Organisation, documents: readonly Document[], values: Row = {}, item?: MilestoneItem) {
  const names = documents.filter(({ kind }) => kind === 'Action').map(({ name }) => name)
  await deploy(o, ...documents, { ...simple, milestones: [item ?? late(names)] })
  const own = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o), ...values }
  return o.create('WorkOrder', own, 'ana')
}

const failures = async (o: Organisation) =>
  (await o.rows('MilestoneTimer', (t) => t.Status === 'Failed')).map((t) => t.Reason)
const sent = async (o: Organisation) => (await o.rows('OutboxMessage')).map((m) => m.Payload as Row)

describeDatabases(
  'what actions and e-mails say',
  (open) => {
    it('of the milestone that fired: its row as it stands, its parents, and in every kind of action', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(
        o,
        field('WorkOrder.Due__c', 'DateTime'),
        field('RecordMilestone.Note__c', 'Text', { length: 80 }),
        field('RecordMilestone.Short__c', 'Formula', { formulaType: 'Text', formula: 'LEFT(Name, 4) & "/" & Note__c' }),
      )
      const note = action({ name: 'A', type: 'FieldUpdate', on: 'milestone', field: 'Note__c', formula: '"of " & $Milestone.Process' }) // prettier-ignore
      const id = await order(o, [
        note,
        action({ name: 'B', type: 'FieldUpdate', field: 'Due__c', formula: '$Milestone.TargetDate' }),
        action({ name: 'C', type: 'CreateRecord', create: 'Case', values: { Subject: '$Milestone.Name & " " & TEXT($Milestone.Status)', Status: '"New"' } }), // prettier-ignore
        action({ name: 'D', type: 'Task', subject: '{!$Milestone.Short__c} of {!$Milestone.PromiseOwner:User.Name}: {!$Milestone.TargetDate}', assignTo: { field: '$Milestone.PromiseOwnerId' } }), // prettier-ignore
        action({ name: 'E', type: 'FeedPost', body: 'Overdue: {!$Milestone.IsViolated}, in {!$Milestone.BusinessHours.Name}' }), // prettier-ignore
        action({ name: 'F', type: 'OutboundMessage', url: 'https://example.com', fields: ['Subject', 'Account.Name', '$Milestone.TargetDate', '$Milestone.TargetMinutes'] }), // prettier-ignore
        ...mail('{!$Milestone.Name} was due {!$Milestone.TargetDate}.', ['owner'], { html: '<b>{!$Milestone.Parent:WorkOrder.Subject}</b>' }), // prettier-ignore
      ])
      await o.at(DUE)
      expect(await failures(o)).toEqual([])
      expect(await o.read(id)).toMatchObject({ Due__c: TARGET })
      expect(await o.rows('Case')).toMatchObject([{ Subject: 'Dispatch Overdue' }])
      expect(await o.rows('Task')).toMatchObject([
        { Subject: 'Disp/of Simple of Silva: Mar 9, 2026, 9:00 PM UTC', OwnerId: o.ids.ana },
      ])
      expect(await o.rows('FeedItem')).toMatchObject([{ Body: 'Overdue: Yes, in US Support' }])
      const [hook, message] = (await sent(o)).sort((a) => ('url' in a ? -1 : 1))
      expect((hook!.body as Row).fields).toEqual({ Subject: 'Pump', 'Account.Name': 'Acme', '$Milestone.TargetDate': TARGET, '$Milestone.TargetMinutes': 420 }) // prettier-ignore
      expect(message).toMatchObject({ text: 'Dispatch was due Mar 9, 2026, 5:00 PM EDT.', html: '<b>Pump</b>' })
    })

    it('of the milestone that is completed in this very save, and of one that starts and is missed in it', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const done = action({ name: 'Done', type: 'Task', subject: '{!$Milestone.Status} {!$Milestone.StartDate}', values: { Description: 'TEXT($Milestone.ElapsedMinutes) & " " & $Milestone.Id & " " & TEXT($Milestone.CreatedDate)' } }) // prettier-ignore
      const item = late(['Done'], {
        completion: [{ when: 'ISPICKVAL(Status, "Completed")' }],
        successActions: ['Done'],
      })
      const id = await order(o, [done], {}, item)
      o.clock.set(Date.parse('2026-03-09T14:30:00Z'))
      await o.update('WorkOrder', id, { Status: 'Completed' })
      const entitlement = (await o.read(id)).EntitlementId!
      const fresh = await o.create('WorkOrder', {
        Subject: 'Old',
        SlaStartDate: '2026-03-06T15:00:00Z',
        EntitlementId: entitlement,
      })
      expect(await failures(o)).toEqual([])
      const [{ Id: first }] = (await o.rows('RecordMilestone', (m) => m.ParentId === id)) as [Row]
      const said = async (of: string) => (await o.rows('Task', (t) => t.WhatId === of)).map((t) => [t.Subject, t.Description]) // prettier-ignore
      expect(await said(id)).toEqual([['Met Mar 9, 2026, 2:00 PM UTC', `30 ${String(first)} 2026-03-09 14:00:00Z`]])
      const made = await o.rows('RecordMilestone', (m) => m.ParentId === fresh)
      expect(await said(fresh)).toEqual(made.map((m) => ['Overdue Mar 6, 2026, 3:00 PM UTC', `510 ${String(m.Id)} 2026-03-09 14:30:00Z`])) // prettier-ignore
      expect(made).toHaveLength(1)
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('each of the milestone that it acts for, when several fire at once', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const task = action({ name: 'Each', type: 'Task', subject: '{!$Milestone.Name}' })
      await deploy(o, task, {
        ...simple,
        milestones: [late(['Each']), { ...late(['Each']), name: 'Further', milestone: 'Work Completed' }],
      })
      await o.create('WorkOrder', { Subject: 'Pump', EntitlementId: await entitle(o) })
      await o.at(DUE)
      expect((await o.rows('Task')).map((t) => t.Subject).sort()).toEqual(['Dispatch', 'Work Completed'])
    })

    it('numbers, amounts, dates, labels and checkboxes as the reader writes them: the recipient, else the organisation', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const organisation = String((await o.rows('Organization'))[0]!.Id)
      await o.update('Organization', organisation, { Locale: 'en_GB', TimeZone: 'Europe/London', Currency: 'GBP' })
      await o.update('User', o.ids.ben!, { Locale: 'de_DE', TimeZone: 'Europe/Berlin' })
      await deploy(
        o,
        field('WorkOrder.Price__c', 'Currency', { precision: 12, scale: 2 }),
        field('WorkOrder.Share__c', 'Percent', { precision: 5, scale: 1 }),
        field('WorkOrder.Count__c', 'Number', { precision: 9, scale: 0 }),
        field('WorkOrder.Empty__c', 'Number', { precision: 9, scale: 0 }),
        field('WorkOrder.Day__c', 'Date'),
        field('WorkOrder.Urgent__c', 'Checkbox'),
        field('WorkOrder.Kind__c', 'Picklist', { valueSet: { values: [{ value: 'x1', label: 'Big one' }] } }),
      )
      const body = '{!Price__c}|{!Share__c}|{!Count__c}|{!Empty__c}|{!Day__c}|{!Urgent__c}|{!Kind__c}|{!Count__c + 0.25}|{!$Milestone.TargetDate}' // prettier-ignore
      const values = { Price__c: 12345.5, Share__c: 46, Count__c: 1234567, Day__c: '2026-03-09', Urgent__c: true, Kind__c: 'x1' } // prettier-ignore
      const both = action({ name: 'Both', type: 'EmailAlert', template: 'T', recipients: ['owner', { address: 'x@example.com' }] }) // prettier-ignore
      await order(o, [...mail(body, ['owner']), both], { ...values, OwnerId: o.ids.ben! })
      await o.at(DUE)
      expect(await failures(o)).toEqual([])
      const texts = (await sent(o)).map((m) => String(m.text).replaceAll('\u00a0', ' ').split('|'))
      expect(texts.sort()).toEqual([
        ['12.345,50 £', '46,0%', '1.234.567', '', '09.03.2026', 'Yes', 'Big one', '1.234.567,25', '9. März 2026, 22:00 MEZ'], // prettier-ignore
        ['£12,345.50', '46.0%', '1,234,567', '', '9 Mar 2026', 'Yes', 'Big one', '1,234,567.25', '9 Mar 2026, 21:00 GMT'], // prettier-ignore
      ])
    })

    it('a text and a value of one name are two things, and a percent is what its field holds', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, field('WorkOrder.Share__c', 'Percent', { precision: 5, scale: 2 }))
      const id = await order(o, [
        action({ name: 'A', type: 'Task', subject: 'Priority {!Priority}', values: { Priority: '"High"' } }),
        action({ name: 'B', type: 'FieldUpdate', field: 'Share__c', formula: '0.5' }),
      ], { Priority: 'Low' }) // prettier-ignore
      await o.at(DUE)
      expect(await failures(o)).toEqual([])
      expect(await o.rows('Task')).toMatchObject([{ Subject: 'Priority Low', Priority: 'High' }])
      expect(await o.read(id)).toMatchObject({ Share__c: 50 })
    })
  },
  installShipped,
)
