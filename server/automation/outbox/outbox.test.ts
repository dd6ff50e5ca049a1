import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { automationActor, smtpMail } from '#automation'
import { openDatabase } from '#database'
import type { ActionDocument, Document } from '#metadata'
import { compilePermissions } from '#records'
import { formatInstant } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'
import { backOff, MAX_ATTEMPTS } from './deliver.ts'
import { mailServer, receiver } from './testing.ts'
import type { MailServer, Receiver } from './testing.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const DUE = '2026-03-09T21:00:00.001Z'
const admin = automationActor('test')

const template: Document = {
  kind: 'EmailTemplate',
  name: 'Order_Late',
  object: 'WorkOrder',
  subject: 'Order {!WorkOrderNumber} for {!Account.Name}',
  body: 'Dear {!Contact.FirstName},\n{!Subject} is late.',
}
const alert: ActionDocument = {
  kind: 'Action',
  name: 'Order_Mail',
  label: 'Mail',
  object: 'WorkOrder',
  type: 'EmailAlert',
  template: 'Order_Late',
  recipients: ['owner', { field: 'ContactId' }],
  cc: [{ address: 'boss@example.com' }, { group: 'Field' }],
}
const hook = (url: string): ActionDocument => ({
  kind: 'Action',
  name: 'Order_Hook',
  label: 'Hook',
  object: 'WorkOrder',
  type: 'OutboundMessage',
  url,
  secret: 'kept between us',
  fields: ['Subject', 'Priority'],
})

/** A work order whose target is missed at DUE, with these actions at the violation. */
async function lateOrder(o: Organisation, ...actions: ActionDocument[]): Promise<string> {
  const violations = [{ after: { minutes: 0 }, actions: actions.map((a) => a.name) }]
  const milestones = [{ name: 'Late', milestone: 'Dispatch', target: { hours: 7 }, violations }]
  const group = await o.create('Group', { Name: 'Field', Type: 'Queue' })
  await o.create('GroupMember', { GroupId: group, UserOrGroupId: o.ids.ben! })
  await deploy(o, template, ...actions, { ...simple, milestones })
  const values = {
    Subject: 'Pump',
    AccountId: o.ids.account!,
    ContactId: o.ids.contact!,
    EntitlementId: await entitle(o),
  }
  return o.create('WorkOrder', { ...values, Priority: 'High' }, 'ana')
}

const messages = async (o: Organisation) =>
  (await o.rows('OutboxMessage')).map((m) => [m.Kind, m.Status, m.Attempts, m.LastError])

describeDatabases(
  'the outbox',
  (open) => {
    let mail: MailServer
    let web: Receiver
    beforeAll(async () => {
      mail = await mailServer()
      web = await receiver()
    })
    afterEach(() => {
      mail.reset()
      web.reset()
    })
    afterAll(async () => {
      await mail.close()
      await web.close()
    })

    it('sends an e-mail with its merge fields to owner, contact, group and address, once', async () => {
      const o = await openOrganisation(open, MONDAY_10, smtpMail(mail.url, 'support@example.com'))
      const id = await lateOrder(o, alert)
      await o.at(DUE)
      await o.at('2026-03-10T14:00:00Z')
      expect(mail.messages).toHaveLength(1)
      const [{ to, text }] = mail.messages as [MailServer['messages'][number]]
      expect([...to].sort()).toEqual([
        'ana@example.com',
        'ben@example.com',
        'boss@example.com',
        'maya@acme.example.com',
      ])
      expect(text).toMatch(/^Subject: Order \S+ for Acme\r$/m)
      expect(text).toMatch(/^From: support@example\.com\r$/m)
      expect(text).toMatch(/Dear Maya,\r\nPump is late\./)
      const [row] = await o.rows('OutboxMessage')
      expect(row).toMatchObject({ Status: 'Sent', ParentId: id, SentDate: formatInstant(Date.parse(DUE)) })
      expect(text.replace(/\r\n\s+/g, ' ')).toContain(`Idempotency-Key: ${row!.IdempotencyKey}`)
    })

    it('tries again, each time later, when the mail server turns it away', async () => {
      const o = await openOrganisation(open, MONDAY_10, smtpMail(mail.url, 'support@example.com'))
      await lateOrder(o, alert)
      mail.refuse(true)
      await o.at(DUE)
      expect(await messages(o)).toEqual([['Email', 'Retrying', 1, expect.stringMatching(/Mailbox busy/)]])
      const again = Date.parse(DUE) + backOff(1)
      expect(await o.rows('OutboxMessage')).toMatchObject([{ NextAttemptDate: formatInstant(again) }])
      mail.refuse(false)
      await o.at(formatInstant(again - 1))
      expect(mail.messages).toHaveLength(0)
      await o.at(formatInstant(again))
      expect(mail.messages).toHaveLength(1)
      expect(await messages(o)).toEqual([['Email', 'Sent', 1, null]])
    })

    it('keeps e-mails while there is no mail server, and sends them when told to once there is one', async () => {
      const url = await open.url()
      const o = await openOrganisation((options) => openDatabase({ url, ...options }), MONDAY_10)
      await lateOrder(o, alert)
      await o.at(DUE)
      expect(await messages(o)).toEqual([['Email', 'Held', 0, expect.stringMatching(/No mail server is configured/)]])
      expect(await o.engine.diagnose()).toContainEqual(expect.objectContaining({ code: 'MESSAGES_HELD', severity: 'warning' })) // prettier-ignore
      await o.engine.stop()
      await o.database.close()
      const again = await organisationAt(
        (options) => openDatabase({ url, ...options }),
        DUE,
        smtpMail(mail.url, 'support@example.com'),
      )
      const [held] = await again.rows('OutboxMessage')
      const { system: _system, ...rest } = admin
      const nobody = { ...rest, permissions: compilePermissions([], again.engine.catalogs.current()) }
      expect(await again.engine.outbox.resend(nobody, String(held!.Id))).toMatchObject({
        errors: [{ code: 'NO_ACCESS' }],
      })
      expect(await again.engine.outbox.resend(admin, 'nothing')).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] })
      expect(await again.engine.outbox.resend(admin, String(held!.Id))).toMatchObject({ errors: [] })
      await again.engine.runDue()
      expect(mail.messages).toHaveLength(1)
      expect(await messages(again)).toEqual([['Email', 'Sent', 0, null]])
      await again.engine.stop()
      await again.database.close()
    })

    it('posts a signed webhook that names the record, the milestone and the fields', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await lateOrder(o, hook(web.url))
      await o.at(DUE)
      const [{ headers, body }] = web.requests as [Receiver['requests'][number]]
      const signed = `${headers['milepost-timestamp']}.${body}`
      const signature = createHmac('sha256', 'kept between us').update(signed).digest('hex')
      expect(headers['milepost-signature']).toBe(`sha256=${signature}`)
      const [row] = await o.rows('RecordMilestone')
      expect(JSON.parse(body)).toMatchObject({
        action: 'Order_Hook',
        object: 'WorkOrder',
        recordId: id,
        milestone: { id: row!.Id, step: 'violation:+0m', due: DUE },
        fields: { Subject: 'Pump', Priority: 'High' },
      })
      expect((await o.rows('OutboxMessage'))[0]).toMatchObject({ IdempotencyKey: headers['idempotency-key'] })
    })

    it('gives a webhook up after its last try, shows it, and sends it again under the same key', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await lateOrder(o, hook(web.url))
      web.answer(500)
      let at = Date.parse(DUE)
      for (let tries = 1; tries <= MAX_ATTEMPTS; tries++) {
        await o.at(formatInstant(at))
        at += backOff(tries)
      }
      expect(web.requests).toHaveLength(MAX_ATTEMPTS)
      expect(await messages(o)).toEqual([
        ['Webhook', 'Dead', MAX_ATTEMPTS, 'The receiver answered 500 Internal Server Error'],
      ])
      await o.at('2026-03-12T14:00:00Z')
      expect(web.requests).toHaveLength(MAX_ATTEMPTS)
      web.answer(204)
      const [dead] = await o.rows('OutboxMessage')
      expect(await o.engine.outbox.resend(admin, String(dead!.Id))).toMatchObject({ errors: [] })
      await o.engine.runDue()
      expect(await messages(o)).toEqual([['Webhook', 'Sent', 0, null]])
      expect(new Set(web.requests.map((r) => r.headers['idempotency-key'])).size).toBe(1)
    })
  },
  installShipped,
)
