import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { automationActor, smtpMail } from '#automation'
import type { SaveRequest } from '#automation'
import type { ActionDocument, Document, Recipient } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'
import { mailServer } from '../outbox/testing.ts'
import type { MailServer } from '../outbox/testing.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const DUE = '2026-03-09T21:00:00.001Z'
const admin = automationActor('test')

const template = (more: Partial<Document>): Document =>
  ({ kind: 'EmailTemplate', name: 'T', object: 'WorkOrder', subject: 'Late', body: 'Late', ...more }) as Document
const alert = (name: string, recipients: readonly Recipient[], cc: readonly Recipient[] = []): ActionDocument => ({
  kind: 'Action',
  label: name,
  object: 'WorkOrder',
  name,
  type: 'EmailAlert',
  template: 'T',
  recipients,
  cc,
})

async function late(
  o: Organisation,
  actions: readonly ActionDocument[],
  values: Row = {},
  more: Partial<Document> = {},
) {
  const violations = [{ after: { minutes: 0 }, actions: actions.map((a) => a.name) }]
  const milestones = [{ name: 'Late', milestone: 'Dispatch', target: { hours: 7 }, violations }]
  await deploy(o, template(more), ...actions, { ...simple, milestones })
  const own = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o), ...values }
  return o.create('WorkOrder', own, 'ana')
}

const failures = async (o: Organisation) =>
  (await o.rows('MilestoneTimer', (t) => t.Status === 'Failed')).map((t) => t.Reason)

describeDatabases(
  'e-mail alerts',
  (open) => {
    let mail: MailServer
    beforeAll(async () => {
      mail = await mailServer()
    })
    afterEach(() => mail.reset())
    afterAll(() => mail.close())
    const organisation = () => openOrganisation(open, MONDAY_10, smtpMail(mail.url, 'support@example.com'))

    it('go to owner, creator, role, groups of groups, fields and addresses; not to inactive people, and to nobody twice', async () => {
      const o = await organisation()
      const role = await o.create('UserRole', { Name: 'Managers' })
      const person = (key: string, more: Row) =>
        o.create('User', { Username: `${key}@example.com`, LastName: key, Name: key, Email: `${key}@example.com`, IsActive: true, TimeZone: 'UTC', Locale: 'en-US', ...more }) // prettier-ignore
      await person('boss', { RoleId: role })
      await person('left', { RoleId: role, IsActive: false })
      const inner = await o.create('Group', { Name: 'Inner', Type: 'Group' })
      await o.create('GroupMember', { GroupId: inner, UserOrGroupId: await person('deep', {}) })
      const outer = await o.create('Group', { Name: 'Outer', Type: 'Group' })
      await o.create('GroupMember', { GroupId: outer, UserOrGroupId: inner })
      await o.create('GroupMember', { GroupId: inner, UserOrGroupId: outer })
      await late(
        o,
        [
          alert(
            'Everybody',
            [
              'owner',
              'creator',
              { role: 'Managers' },
              { group: 'Outer' },
              { field: 'ContactId' },
              { field: 'Contact.Email' },
            ],
            [{ address: 'MAYA@acme.example.com' }, { address: 'copy@example.com' }],
          ),
        ],
        { OwnerId: o.ids.ben!, ContactId: o.ids.contact! },
      )
      await o.at(DUE)
      expect(await failures(o)).toEqual([])
      const [{ to, text }] = mail.messages as [MailServer['messages'][number]]
      expect([...to].sort()).toEqual([
        'ana@example.com',
        'ben@example.com',
        'boss@example.com',
        'copy@example.com',
        'deep@example.com',
        'maya@acme.example.com',
      ])
      expect(text).toMatch(/^Cc: copy@example\.com\r$/m)
    })

    it('without anybody to go to fail visibly: blank addresses, an empty role, people who have left', async () => {
      const o = await organisation()
      await o.create('UserRole', { Name: 'Nobody' })
      await late(o, [
        alert('Blank', [{ field: 'ContactId' }, { field: 'Contact.Email' }]),
        alert('Empty', [{ role: 'Nobody' }]),
        alert('Left', ['owner']),
        alert('Other', [{ address: 'still@example.com' }]),
      ])
      await o.update('User', o.ids.ana!, { IsActive: false })
      await o.at(DUE)
      expect((await failures(o)).sort()).toEqual(
        ['Blank', 'Empty', 'Left'].map((name) => `${name}: None of the recipients has an e-mail address.`),
      )
      expect(mail.messages.map((m) => m.to)).toEqual([['still@example.com']])
    })

    it('merge fields of the record and its parents; blanks give nothing, HTML is escaped, a subject stays one line', async () => {
      const o = await organisation()
      await late(
        o,
        [alert('Mail', [{ address: 'a@example.com' }])],
        { Subject: 'Pump\r\nBcc: victim@example.com', Description: '<b>"Tom" & \'Jerry\'</b>' },
        {
          subject: '{!Subject} of {!Account.Name}',
          body: '[{!Contact.Name}] {!Description} {!NextMilestone.Name}',
          html: '<p title="{!Description}">{!Account.Name}{!Contact.Name}</p>',
        } as Partial<Document>,
      )
      await o.at(DUE)
      expect(await failures(o)).toEqual([])
      const [{ to, text }] = mail.messages as [MailServer['messages'][number]]
      expect(to).toEqual(['a@example.com'])
      expect(text).toMatch(/^Subject: Pump Bcc: victim@example\.com of Acme\r$/m)
      expect(text).not.toMatch(/^Bcc:/m)
      const plain = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))) // prettier-ignore
      expect(plain).toContain(`[] <b>"Tom" & 'Jerry'</b>`)
      expect(plain).toContain('<p title="&#60;b&#62;&#34;Tom&#34; &#38; &#39;Jerry&#39;&#60;/b&#62;">Acme</p>')
    })

    it('and other actions hold on to what they name: a user, group, role or milestone can not be deleted, a field or template neither', async () => {
      const o = await organisation()
      const role = await o.create('UserRole', { Name: 'Managers' })
      const field: Document = { kind: 'Field', name: 'WorkOrder.Mail__c', label: 'Mail', type: 'Email' }
      await deploy(o, field)
      await late(o, [alert('Mail', [{ role: 'Managers' }, { field: 'Mail__c' }])])
      expect(await o.engine.save(admin, [{ operation: 'delete', object: 'UserRole', id: role }])).toMatchObject([
        { errors: [{ code: 'RESTRICTED', message: 'It is used by Action Mail. Change them first.' }] },
      ])
      const unused = o.ids['Kickoff Held']!
      expect(await o.engine.save(admin, [{ operation: 'delete', object: 'Milestone', id: unused }])).toMatchObject([
        {
          errors: [{ code: 'RESTRICTED', message: expect.stringMatching(/EntitlementProcess Customer_Onboarding_v1/) }],
        },
      ])
      for (const [kind, name] of [
        ['Field', field.name],
        ['EmailTemplate', 'T'],
      ] as const) {
        // prettier-ignore
        const { findings } = await o.engine.catalogs.plan(admin, [{ kind, name, document: null }], { allowDestructive: true }) // prettier-ignore
        expect(findings).toMatchObject([{ code: 'IN_USE', message: expect.stringMatching(/used by .*Action Mail/) }])
      }
    })

    it('a plan warns of people that are not there, and a user may be deactivated all the same: then the step fails and says so', async () => {
      const o = await organisation()
      const owner = (name: string, user: string): ActionDocument => ({ kind: 'Action', label: name, object: 'WorkOrder', name, type: 'OwnerChange', to: { user } }) // prettier-ignore
      const missing = owner('Missing', 'nobody@example.com')
      const { warnings } = await o.engine.catalogs.plan(admin, [{ kind: 'Action', name: 'Missing', document: missing }])
      expect(warnings).toEqual([
        expect.stringContaining('Action Missing names the User nobody@example.com, and there is none.'),
      ])
      const id = await late(o, [owner('Hand_Over', 'ben@example.com')])
      const off: SaveRequest = { operation: 'update', object: 'User', id: o.ids.ben!, values: { IsActive: false } }
      expect(await o.engine.save(admin, [off])).toMatchObject([{ errors: [] }])
      await o.at(DUE)
      expect(await failures(o)).toEqual([expect.stringMatching(/ben@example.com.*is not active any more/)])
      expect(await o.read(id)).not.toMatchObject({ OwnerId: o.ids.ben })
    })
  },
  installShipped,
)
