import { expect, it, vi } from 'vitest'

import { automationActor } from '#automation'
import { formatInstant, parseInstant } from '#util'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const DUE = '2026-03-09T21:00:00.001Z'
const PATIENT = { timeout: 60_000 }

const milestones = [{ name: 'Late', milestone: 'Dispatch', target: { hours: 7 } }]

const newCase = (o: Organisation, Priority: string) =>
  o.create('Case', { Subject: Priority, Priority, Status: 'New' }, 'ana')

describeDatabases(
  'the worker',
  (open) => {
    it('fires what became due in a down time once, each step with its lag', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      for (const priority of ['Low', 'High', 'Critical']) await newCase(o, priority)
      await o.at('2026-04-01T14:00:00Z')
      await o.at('2026-04-01T15:00:00Z')
      const fired = await o.rows('MilestoneTimer', (t) => t.Status === 'Fired' && t.Kind === 'violation')
      expect(fired).toHaveLength(6)
      for (const timer of fired)
        expect(timer.LagMs).toBe(parseInstant('2026-04-01T14:00:00Z')! - parseInstant(String(timer.DueDate))!)
      expect(await o.rows('MilestoneViolation')).toHaveLength(6)
      expect(await o.rows('Task')).toHaveLength(6)
      expect(await o.engine.runDue()).toBe(0)
    })

    it('does once what a step would have repeated in thirty days, says how often, and goes on with the next', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const remind = { kind: 'Action', name: 'Remind', label: 'Remind', object: 'WorkOrder', type: 'Task', subject: 'Late' } as const // prettier-ignore
      const hook = { kind: 'Action', name: 'Hook', label: 'Hook', object: 'WorkOrder', type: 'OutboundMessage', url: 'https://hooks.example.com/' } as const // prettier-ignore
      const violations = [{ after: { minutes: 0 }, every: { hours: 1 }, times: 1000, actions: ['Remind', 'Hook'] }]
      const target = { dateTimeFormula: 'CreatedDate + 1 / 24' }
      const businessHours = '24x7'
      await o.create('BusinessHours', { Name: businessHours, TimeZone: 'UTC', Always24x7: true, IsActive: true })
      await deploy(o, remind, hook, { ...simple, milestones: [{ ...milestones[0]!, businessHours, target, violations }] }) // prettier-ignore
      await o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }, 'ana') // prettier-ignore
      const steps = async (status: string) =>
        (await o.rows('MilestoneTimer', (t) => t.Status === status && t.Kind === 'violation')).map((t) => [t.Step, t.DueDate, t.Reason]) // prettier-ignore
      await o.at('2026-04-08T14:30:00Z')
      expect(await steps('Fired')).toEqual([
        ['violation:+0m/60m', '2026-03-09T15:00:00.001Z', '720 missed, fired once'],
      ])
      expect(await steps('Pending')).toEqual([['violation:+0m/60m#720', '2026-04-08T15:00:00.000Z', null]])
      expect(await o.rows('Task')).toHaveLength(1)
      const bodies = (await o.rows('OutboxMessage')).map((m) => (m.Payload as { body: Row }).body)
      expect(bodies).toMatchObject([{ milestone: { step: 'violation:+0m/60m', missed: 720 } }])
      const [event] = (await o.rows('MilestoneEvent', (e) => e.Kind === 'wake')).map((e) => e.Text)
      expect(event).toContain('Dispatch fired violation:+0m/60m, due 2026-03-09 15:00:00.001, 720 missed, fired once')
      expect(String(event).split('\n')).toHaveLength(3)
      await o.at('2026-04-08T15:00:00Z')
      expect(await o.rows('Task')).toHaveLength(2)
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('leaves a row for each step that fired: repetitions that a down time held up, and what was due at once when a target came', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const remind = { kind: 'Action', name: 'Remind', label: 'Remind', object: 'WorkOrder', type: 'Task', subject: 'Late' } as const // prettier-ignore
      const violations = [
        { after: { minutes: 0 }, actions: ['Remind'] },
        { after: { hours: 1 }, every: { hours: 1 }, times: 2, missed: 'each' as const, actions: ['Remind'] },
      ]
      const target = { dateTimeFormula: 'CreatedDate + IF(ISPICKVAL(Priority, "Low"), 7, -0.5) / 24' }
      await deploy(o, remind, { ...simple, milestones: [{ ...milestones[0]!, target, violations }] })
      const values = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }
      const order = (Priority: string) => o.create('WorkOrder', { ...values, Priority }, 'ana')
      const fired = async (id: string) =>
        (await o.rows('MilestoneTimer', (t) => t.ParentId === id && t.Status === 'Fired' && t.Kind === 'violation')).map((t) => [t.Step, t.DueDate, t.LagMs]) // prettier-ignore
      const atOnce = [['violation:+0m', '2026-03-09T13:30:00.001Z', 0]] // half an hour before it was made: that is no lag
      expect(await fired(await order('High'))).toEqual(atOnce)
      const [raised, low] = [await order('Low'), await order('Low')]
      expect(await fired(raised)).toEqual([])
      await o.update('WorkOrder', raised, { Priority: 'High' })
      expect(await fired(raised)).toEqual(atOnce)
      await o.at('2026-03-12T14:00:00Z')
      expect(await fired(low)).toEqual([
        ['violation:+0m', '2026-03-09T21:00:00.001Z', 65 * 3_600_000 - 1],
        ['violation:+60m/60m', '2026-03-10T14:00:00.000Z', 48 * 3_600_000],
        ['violation:+60m/60m#1', '2026-03-10T15:00:00.000Z', 47 * 3_600_000],
      ])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it.runIf(open.dialect === 'sqlite')(
      'does not hold a full disk against the records: they fire at once when there is room again',
      async () => {
        const o = await openOrganisation(open, MONDAY_10)
        for (let i = 0; i < 20; i++) await newCase(o, 'Critical')
        const room = (pages: number) => o.database.transaction((tx) => tx.all(`PRAGMA max_page_count = ${pages}`))
        await room(1)
        await expect(o.at('2026-04-01T14:00:00Z')).rejects.toMatchObject({ code: 'FULL' })
        expect(await o.rows('MilestoneTimer', (t) => Number(t.Attempts ?? 0) > 0)).toEqual([])
        await room(1_000_000)
        await o.engine.runDue()
        expect(await o.rows('MilestoneViolation')).toHaveLength(40)
      },
    )

    it('catches hundreds of records up side by side, each step once and in its order', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const values = { Subject: 'Late', Priority: 'High', Status: 'New' }
      const requests = Array.from({ length: 450 }, () => ({ operation: 'create' as const, object: 'Case', values }))
      await o.engine.save(automationActor('test'), requests)
      await o.at('2026-04-01T14:00:00Z')
      const fired = await o.rows('MilestoneTimer', (t) => t.Status === 'Fired')
      expect(new Set(fired.map((t) => `${t.ParentId} ${t.Key}`)).size).toBe(fired.length)
      expect(await o.rows('MilestoneViolation')).toHaveLength(900)
      const log = Map.groupBy(await o.rows('MilestoneEvent', (e) => e.Kind === 'wake'), (e) => e.ParentId)
      expect([...log.values()].map((events) => events.length)).toEqual(Array(450).fill(1))
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('sleeps until the next timer, and is woken by one that is armed earlier', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await newCase(o, 'Low')
      await o.engine.start()
      await newCase(o, 'Critical')
      await vi.waitFor(() => expect(o.engine.health()).toMatchObject({ running: true, lagMs: 0 }), PATIENT)
      o.clock.set(parseInstant('2026-03-09T15:00:00.001Z')!)
      await vi.waitFor(async () => expect(await o.rows('MilestoneViolation')).toHaveLength(1), PATIENT)
      await o.engine.stop()
      expect(o.engine.health()).toMatchObject({ running: false })
    })

    it('puts off a record that can not be worked on, holds nobody else up, and catches up once it is mended', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, { ...simple, milestones, strict: true })
      const values = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }
      const bad = await o.create('WorkOrder', values, 'ana')
      await o.force('Milestone', o.ids.Dispatch!, { Name: 'Sent' })
      await o.engine.runDue()
      expect(await o.engine.processes.journal(1)).toMatchObject([
        { kind: 'set-up', status: 'failed', problems: [`${bad}: There is no milestone Dispatch.`] },
      ])
      const good = await newCase(o, 'Critical')
      await o.at(DUE)
      expect((await o.read(good)).IsEscalated).toBe(true)
      const timer = async () => (await o.rows('MilestoneTimer', (t) => t.ParentId === bad))[0]!
      expect(await timer()).toMatchObject({ Status: 'Pending', Attempts: 1, Reason: 'There is no milestone Dispatch.' })
      for (let hour = 1; hour <= 6; hour++) await o.at(formatInstant(parseInstant(DUE)! + hour * 3_600_000))
      expect(await timer()).toMatchObject({ Status: 'Failed', Attempts: 6 })
      expect(await o.rows('MilestoneViolation', (v) => v.ParentId === bad)).toEqual([])
      await o.force('Milestone', o.ids.Dispatch!, { Name: 'Dispatch' })
      expect(await o.rows('MilestoneViolation', (v) => v.ParentId === bad)).toMatchObject([
        { ViolatedAt: '2026-03-09T21:00:00.000Z' },
      ])
      expect(await o.rows('MilestoneTimer', (t) => t.ParentId === bad && t.Status !== 'Fired')).toEqual([])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })
  },
  installShipped,
)
