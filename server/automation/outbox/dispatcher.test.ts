import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { automationActor, createEngine, smtpMail } from '#automation'
import { quote } from '#database'
import type { ActionDocument, Document } from '#metadata'
import { compilePermissions } from '#records'
import { formatInstant } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'
import { mailServer, receiver, silentServer } from './testing.ts'
import type { MailServer, Receiver } from './testing.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const DUE = Date.parse('2026-03-09T21:00:00.001Z')
const TUESDAY_10 = Date.parse('2026-03-10T14:00:00Z')
const PATIENT = { timeout: 60_000 }
const FROM = 'support@example.com'
const admin = automationActor('test')
const template: Document = { kind: 'EmailTemplate', name: 'T', object: 'WorkOrder', subject: 'Late', body: 'Late' }
const own = { kind: 'Action', label: 'Act', object: 'WorkOrder' } as const
const mailTo: ActionDocument = { ...own, name: 'Mail', type: 'EmailAlert', template: 'T', recipients: [{ address: 'a@example.com' }] } // prettier-ignore
const hook = (name: string, url: string): ActionDocument => ({ ...own, name, type: 'OutboundMessage', url })
const remind: ActionDocument = { ...own, name: 'Remind', type: 'Task', subject: 'Late' }

/** Work orders whose targets are missed at DUE, with these actions then; an open hour later each gets a task. */
async function late(o: Organisation, count: number, ...actions: ActionDocument[]): Promise<void> {
  const violations = [
    { after: { minutes: 0 }, actions: actions.map((a) => a.name) },
    { after: { hours: 1 }, actions: ['Remind'] },
  ]
  const milestones = [{ name: 'Late', milestone: 'Dispatch', target: { hours: 7 }, violations }]
  await deploy(o, template, remind, ...actions, { ...simple, milestones })
  const values = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }
  const requests = Array.from({ length: count }, () => ({ operation: 'create' as const, object: 'WorkOrder', values }))
  const saved = await o.engine.save(admin, requests)
  expect(saved.flatMap((one) => one.errors)).toEqual([])
}

/** How many messages of an action are in each state. */
async function states(o: Organisation, action: string): Promise<{ [status: string]: number }> {
  const rows = await o.rows('OutboxMessage', (m) => m.Action === action)
  return Object.fromEntries([...Map.groupBy(rows, (m) => String(m.Status))].map(([status, of]) => [status, of.length]))
}
const attempts = async (o: Organisation) => (await o.rows('OutboxMessage')).map((m) => Number(m.Attempts)).sort()
const hostOf = (url: string) => new URL(url).host

describeDatabases(
  'hosts that do not answer',
  (open) => {
    let mail: MailServer
    let web: Receiver
    let hanging: Receiver
    beforeAll(async () => {
      ;[mail, web, hanging] = await Promise.all([mailServer(), receiver(), receiver()])
    })
    afterEach(() => {
      for (const server of [mail, web, hanging]) server.reset()
    })
    afterAll(async () => {
      for (const server of [mail, web, hanging]) await server.close()
    })

    it('keep neither timers nor the messages of other hosts waiting, and nobody who stops the server', async () => {
      const o = await openOrganisation(open, MONDAY_10, smtpMail(mail.url, FROM))
      await late(o, 30, hook('A_Hangs', hanging.url), hook('Healthy', web.url), mailTo)
      hanging.hang()
      await o.engine.start()
      o.clock.set(DUE)
      await vi.waitFor(() => expect([web.requests.length, mail.messages.length]).toEqual([30, 30]), PATIENT)
      o.clock.set(TUESDAY_10)
      await vi.waitFor(async () => expect(await o.rows('Task')).toHaveLength(30), PATIENT)
      await vi.waitFor(async () => expect(await o.engine.outbox.lanes(admin)).toMatchObject([{ host: hostOf(hanging.url) }]), PATIENT) // prettier-ignore
      const { Sending: sending = 0, Sent: sent = 0 } = await states(o, 'A_Hangs')
      expect([sending <= 4, sent]).toEqual([true, 0])
      await o.engine.stop()
      expect((await states(o, 'A_Hangs')).Sending).toBeUndefined()
      expect([await states(o, 'Healthy'), await states(o, 'Mail')]).toEqual([{ Sent: 30 }, { Sent: 30 }])
    })

    it('may be a mail server: a silent one keeps timers and webhooks from nothing', async () => {
      const silent = await silentServer()
      const o = await openOrganisation(open, MONDAY_10, smtpMail(`smtp://127.0.0.1:${silent.port}`, FROM))
      await late(o, 10, mailTo, hook('Healthy', web.url))
      await o.engine.start()
      o.clock.set(DUE)
      await vi.waitFor(() => expect([web.requests.length, silent.connections() > 0]).toEqual([10, true]), PATIENT)
      o.clock.set(TUESDAY_10)
      await vi.waitFor(async () => expect(await o.rows('Task')).toHaveLength(10), PATIENT)
      await o.engine.stop()
      expect((await states(o, 'Mail')).Sending).toBeUndefined()
      await silent.close()
    })

    it('may be a mail server, whose greeting is not waited for for ever', async () => {
      const silent = await silentServer()
      const url = `smtp://127.0.0.1:${silent.port}?greetingTimeout=50`
      const o = await openOrganisation(open, MONDAY_10, smtpMail(url, FROM))
      await late(o, 1, mailTo)
      await o.at(formatInstant(DUE))
      expect(await o.rows('OutboxMessage')).toMatchObject([{ Status: 'Retrying', Attempts: 1, LastError: expect.stringMatching(/Greeting never received/) }]) // prettier-ignore
      await silent.close()
    })

    it('are left alone after five failures in a row, which costs their messages no try, and get everything once they are back', async () => {
      const gone = await receiver()
      await gone.close()
      const o = await openOrganisation(open, MONDAY_10)
      await late(o, 10, hook('Hook', gone.url))
      await o.at(formatInstant(DUE))
      expect(await attempts(o)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
      const lane = { host: hostOf(gone.url), waiting: 10, inFlight: 0, since: DUE, lastError: expect.stringMatching(/ECONNREFUSED/) } // prettier-ignore
      expect(await o.engine.outbox.lanes(admin)).toEqual([{ ...lane, state: 'open', openUntil: DUE + 30_000 }])
      expect(o.engine.health()).toMatchObject({ silentHosts: 1 })
      await o.at(formatInstant(DUE + 29_999))
      expect(await attempts(o)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
      await o.at(formatInstant(DUE + 30_000))
      expect(await attempts(o)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
      expect(await o.engine.outbox.lanes(admin)).toEqual([{ ...lane, state: 'open', openUntil: DUE + 90_000 }])
      const back = await receiver(Number(new URL(gone.url).port))
      await o.at(formatInstant(DUE + 89_999))
      expect(back.requests).toHaveLength(0)
      await o.at(formatInstant(DUE + 90_000))
      expect(await states(o, 'Hook')).toEqual({ Sent: 10 })
      expect(await o.engine.outbox.lanes(admin)).toEqual([])
      await back.close()
    })

    it('are tried at once when somebody who may says so, on every node', async () => {
      const gone = await receiver()
      await gone.close()
      const o = await openOrganisation(open, MONDAY_10)
      await late(o, 10, hook('Hook', gone.url))
      await o.at(formatInstant(DUE))
      const back = await receiver(Number(new URL(gone.url).port))
      const other = createEngine({ database: o.database, catalog: o.engine.catalogs.current() })
      const { system: _system, ...rest } = admin
      const nobody = { ...rest, permissions: compilePermissions([], o.engine.catalogs.current()) }
      expect(await other.outbox.lanes(nobody)).toEqual([])
      expect(await other.outbox.tryNow(nobody, hostOf(gone.url))).toMatchObject({ errors: [{ code: 'NO_ACCESS' }] })
      await o.engine.runDue()
      expect(back.requests).toHaveLength(0)
      expect(await other.outbox.tryNow(admin, hostOf(gone.url))).toMatchObject({ errors: [] })
      await vi.waitFor(async () => {
        await o.engine.runDue()
        expect(await states(o, 'Hook')).toEqual({ Sent: 5, Retrying: 5 })
      }, PATIENT)
      const [tried] = await o.rows('OutboxMessage', (m) => m.Status === 'Retrying')
      expect(await other.outbox.resend(admin, String(tried!.Id))).toMatchObject({ errors: [] })
      await o.engine.runDue()
      expect(await states(o, 'Hook')).toEqual({ Sent: 6, Retrying: 4 })
      await back.close()
    })

    it('hold up no more messages than are under way: the others are free for another node, and what a node gives up as well', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await late(o, 12, hook('Hook', hanging.url))
      hanging.hang()
      await o.engine.start()
      o.clock.set(DUE)
      await vi.waitFor(() => expect(hanging.requests).toHaveLength(4), PATIENT)
      expect(await states(o, 'Hook')).toEqual({ Sending: 4, Pending: 8 })
      const other = createEngine({ database: o.database, catalog: o.engine.catalogs.current(), privateHosts: ['*'] })
      await other.start()
      await vi.waitFor(() => expect(hanging.requests).toHaveLength(8), PATIENT)
      expect(await states(o, 'Hook')).toEqual({ Sending: 8, Pending: 4 })
      const keys = () => new Set(hanging.requests.map((r) => r.headers['idempotency-key']))
      expect(keys().size).toBe(8)
      await other.stop()
      await o.engine.stop()
      expect([await states(o, 'Hook'), await attempts(o)]).toEqual([{ Pending: 12 }, Array(12).fill(0)])
      const [first, before] = [keys(), hanging.requests.length]
      hanging.reset()
      const third = createEngine({ database: o.database, catalog: o.engine.catalogs.current(), privateHosts: ['*'] })
      await third.runDue()
      expect(await states(o, 'Hook')).toEqual({ Sent: 12 })
      expect([before, first.size, keys().size, [...first].filter((key) => !keys().has(key))]).toEqual([8, 8, 12, []])
    })

    it('are told from the messages of an earlier release, too', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await late(o, 2, hook('Hook', web.url), mailTo)
      web.answer(503)
      await o.at(formatInstant(DUE))
      const object = o.engine.catalogs.current().object('OutboxMessage')!
      await o.database.transaction((tx) => tx.run(`UPDATE ${quote(object.table)} SET ${quote(object.field('Host')!.column!)} = NULL`)) // prettier-ignore
      web.answer(200)
      const other = createEngine({ database: o.database, catalog: o.engine.catalogs.current(), privateHosts: ['*'] })
      o.clock.set(DUE + 30_000)
      await other.runDue()
      expect(await states(o, 'Hook')).toEqual({ Sent: 2 })
      expect(new Set((await o.rows('OutboxMessage')).map((m) => m.Host))).toEqual(new Set([hostOf(web.url), null]))
    })
  },
  installShipped,
)
