import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { automationActor, createEngine, smtpMail } from '#automation'
import type { Mail } from '#automation'
import type { ActionDocument, Document } from '#metadata'
import { formatInstant } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'
import { backOff } from './deliver.ts'
import { mailServer, receiver } from './testing.ts'
import type { MailServer, Receiver } from './testing.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const DUE = '2026-03-09T21:00:00.001Z'
const FROM = 'support@example.com'
const admin = automationActor('test')
const template: Document = { kind: 'EmailTemplate', name: 'T', object: 'WorkOrder', subject: 'Late', body: 'Late' }
const own = { kind: 'Action', label: 'Act', object: 'WorkOrder' } as const
const mailTo = (...addresses: string[]): ActionDocument => ({
  ...own,
  name: 'Mail',
  type: 'EmailAlert',
  template: 'T',
  recipients: addresses.map((address) => ({ address })),
})
const hook = (name: string, url: string): ActionDocument => ({ ...own, name, type: 'OutboundMessage', url })

/** A work order whose target is missed at DUE, with these actions at the violation. */
async function late(o: Organisation, ...actions: ActionDocument[]): Promise<void> {
  const violations = [{ after: { minutes: 0 }, actions: actions.map((a) => a.name) }]
  await deploy(o, template, ...actions, { ...simple, milestones: [{ name: 'Late', milestone: 'Dispatch', target: { hours: 7 }, violations }] }) // prettier-ignore
  await o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }, 'ana')
}

const messages = async (o: Organisation) =>
  (await o.rows('OutboxMessage')).map((m) => [m.Action, m.Status, m.Attempts, m.LastError])

describeDatabases(
  'messages that can not be delivered',
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

    it('are dead at once when the mail server will never take them, and can be sent again', async () => {
      const o = await openOrganisation(open, MONDAY_10, smtpMail(mail.url, FROM))
      await late(o, mailTo('a@example.com'))
      mail.refuse(552)
      await o.at(DUE)
      expect(await messages(o)).toEqual([['Mail', 'Dead', 1, expect.stringMatching(/552 Not taken/)]])
      mail.refuse(false)
      const [dead] = await o.rows('OutboxMessage')
      expect(await o.engine.outbox.resend(admin, String(dead!.Id))).toMatchObject({ errors: [] })
      await o.engine.runDue()
      expect(await messages(o)).toEqual([['Mail', 'Sent', 0, null]])
    })

    it('to one of several say whom the mail server refused; to nobody are dead', async () => {
      const o = await openOrganisation(open, MONDAY_10, smtpMail(mail.url, FROM))
      await late(o, mailTo('a@example.com', 'gone@example.com'), { ...mailTo('gone@example.com'), name: 'Alone' })
      mail.unknown('gone@example.com')
      await o.at(DUE)
      expect((await messages(o)).sort()).toEqual([
        ['Alone', 'Dead', 1, expect.stringMatching(/550 No such user/)],
        ['Mail', 'Sent', 0, 'The mail server did not take it for gone@example.com.'],
      ])
      expect(mail.messages.map((m) => m.to)).toEqual([['a@example.com']])
    })

    it('wait when nobody listens', async () => {
      const gone = await mailServer()
      await gone.close()
      const o = await openOrganisation(open, MONDAY_10, smtpMail(gone.url, FROM))
      await late(o, mailTo('a@example.com'), hook('Hook', gone.url.replace('smtp', 'http')))
      await o.at(DUE)
      expect((await messages(o)).sort()).toEqual([
        ['Hook', 'Retrying', 1, expect.stringMatching(/ECONNREFUSED/)],
        ['Mail', 'Retrying', 1, expect.stringMatching(/ECONNREFUSED/)],
      ])
      const next = formatInstant(Date.parse(DUE) + backOff(1))
      expect((await o.rows('OutboxMessage')).map((m) => m.NextAttemptDate)).toEqual([next, next])
    })

    it('are not sent on where a receiver points to, nor into the own network, and end at once when the receiver is gone for good', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const elsewhere = await receiver()
      const port = new URL(web.url).port
      await late(
        o,
        hook('Redirected', web.url),
        hook('Named', `http://localhost:${port}/hook`),
        hook('Mapped', `http://[::ffff:127.0.0.1]:${port}/hook`),
        hook('Cloud', 'http://169.254.169.254/latest/meta-data'),
      )
      web.answer(307, { location: elsewhere.url })
      await o.at(DUE)
      expect((await messages(o)).sort()).toEqual([
        [
          'Cloud',
          'Dead',
          1,
          expect.stringMatching(/169\.254\.169\.254 is inside a private network.*WEBHOOK_PRIVATE_HOSTS/),
        ],
        ['Mapped', 'Dead', 1, expect.stringMatching(/inside a private network/)],
        ['Named', 'Dead', 1, expect.stringMatching(/localhost is inside a private network/)],
        ['Redirected', 'Retrying', 1, 'The receiver answered 307 Temporary Redirect; redirects are not followed.'],
      ])
      web.answer(410)
      await o.at(formatInstant(Date.parse(DUE) + backOff(1)))
      expect((await messages(o)).find(([name]) => name === 'Redirected')).toEqual(['Redirected', 'Dead', 2, 'The receiver answered 410 Gone']) // prettier-ignore
      expect(elsewhere.requests).toEqual([])
      expect(web.requests).toHaveLength(2)
      await elsewhere.close()
    })

    it('are sent although the receiver never stops to answer', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await late(o, hook('Hook', web.url))
      web.talk(true)
      await o.at(DUE)
      expect(await messages(o)).toEqual([['Hook', 'Sent', 0, null]])
    })

    it('were sent but not noted, because the node stopped in between: another sends them again under the same key', async () => {
      const real = smtpMail(mail.url, FROM)
      let sent: () => void = () => {}
      const reached = new Promise<void>((resolve) => (sent = resolve))
      const stops: Mail = {
        ...real,
        send: async (message, signal) => {
          await real.send(message, signal)
          sent()
          return new Promise<never>(() => {})
        },
      }
      const o = await openOrganisation(open, MONDAY_10, stops)
      await late(o, mailTo('a@example.com'))
      void o.at(DUE)
      await reached
      const other = createEngine({ database: o.database, catalog: o.engine.catalogs.current(), mail: real })
      await other.runDue()
      expect(mail.messages).toHaveLength(1)
      o.clock.set(Date.parse(DUE) + 60_001)
      await other.runDue()
      expect(mail.messages).toHaveLength(2)
      const keys = mail.messages.map((m) => /^Idempotency-Key: (.*(?:\r\n\s.*)*)/m.exec(m.text)?.[1])
      expect(keys[0]).toBeTruthy()
      expect(keys[1]).toBe(keys[0])
      expect(await messages(o)).toEqual([['Mail', 'Sent', 0, null]])
    })
  },
  installShipped,
)
