import { expect, it } from 'vitest'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { automationActor } from '#automation'
import { installShipped, openOrganisation } from './testing/organisation.ts'
import type { Organisation } from './testing/organisation.ts'

const FRIDAY_16 = '2026-03-06T21:00:00Z' // 16:00 in New York; the clocks go forward on Sunday

const newCase = (o: Organisation, values: Row = {}) =>
  o.create(
    'Case',
    { Subject: 'Router is down', Priority: 'High', Status: 'New', ContactId: o.ids.contact!, ...values },
    'ana',
  )

const milestones = async (o: Organisation, record: string) =>
  (await o.rows('RecordMilestone', (m) => m.ParentId === record)).sort((a, b) =>
    String(a.Name).localeCompare(String(b.Name)),
  )

const states = async (o: Organisation, record: string) =>
  (await milestones(o, record)).map((m) => [m.Name, m.Status, m.TargetDate])

describeDatabases(
  'Standard Support Process',
  (open) => {
    it('starts both milestones with the targets of the priority, over a weekend and a clock change', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const id = await newCase(o)
      expect(await states(o, id)).toEqual([
        ['First Response', 'Running', '2026-03-09T16:00:00.000Z'], // 1 h on Friday, 3 h on Monday in daylight time
        ['Resolution Time', 'Running', '2026-03-10T20:00:00.000Z'],
      ])
      expect(await o.read(id)).toMatchObject({
        MilestoneStatus: 'Compliant',
        NextTargetDate: '2026-03-09T16:00:00.000Z',
        SlaStartDate: '2026-03-06T21:00:00.000Z',
        Version: 1,
      })
    })

    it('warns with a task for the owner, then violates once and escalates, a millisecond after the target', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const id = await newCase(o)
      await o.at('2026-03-09T15:29:59.999Z')
      expect(await o.rows('Task')).toEqual([])
      await o.at('2026-03-09T15:30:00Z')
      expect(await o.rows('Task')).toMatchObject([{ WhatId: id, OwnerId: o.ids.ana }])
      expect((await states(o, id))[0]).toEqual(['First Response', 'Warning', '2026-03-09T16:00:00.000Z'])
      expect((await o.read(id)).MilestoneStatus).toBe('At Risk')
      await o.at('2026-03-09T16:00:00Z')
      expect((await o.read(id)).IsEscalated).toBe(false)
      await o.at('2026-03-09T16:00:00.001Z')
      expect(await o.read(id)).toMatchObject({ IsEscalated: true, MilestoneStatus: 'Open Violation' })
      expect((await states(o, id))[0]).toEqual(['First Response', 'Overdue', '2026-03-09T16:00:00.000Z'])
      await o.at('2026-03-09T19:00:00Z')
      expect(await o.rows('MilestoneViolation')).toMatchObject([
        { ViolatedAt: '2026-03-09T16:00:00.000Z', PromiseOwnerId: o.ids.ana },
      ])
      expect(await o.rows('Task')).toHaveLength(1)
    })

    it('re-targets when the priority is raised, keeping the start, and violates at once what is then late', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const id = await newCase(o)
      await o.at('2026-03-09T14:00:00Z') // Monday 10:00: two hours of work time gone
      await o.update('Case', id, { Priority: 'Critical' }, 'ana')
      expect(await states(o, id)).toEqual([
        ['First Response', 'Overdue', '2026-03-06T22:00:00.000Z'],
        ['Resolution Time', 'Running', '2026-03-09T20:00:00.000Z'],
      ])
      expect((await o.read(id)).IsEscalated).toBe(true)
      const skipped = await o.rows('MilestoneTimer', (t) => t.Status === 'Skipped')
      expect(skipped.map((t) => [t.Step, t.Reason])).toEqual([['warning:-30m', expect.stringMatching(/re-target/i)]])
    })

    it('completes First Response by an e-mail to the contact, but not by an automatic one', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const id = await newCase(o)
      await o.update('Case', id, { Status: 'In Progress' }, 'ana')
      const mail = {
        ParentId: id,
        Subject: 'Re',
        FromAddress: 'ana@example.com',
        ToAddress: 'maya@acme.example.com',
        Incoming: false,
        Status: 'Sent',
      }
      await o.create('EmailMessage', { ...mail, IsAutomatic: true, MessageDate: '2026-03-06T21:00:00Z' }, 'ana')
      await o.create('EmailMessage', { ...mail, ToAddress: 'Xmaya@acme.example.com' }, 'ana')
      expect((await states(o, id))[0]![1]).toBe('Running')
      await o.at('2026-03-06T21:20:00Z')
      await o.create(
        'EmailMessage',
        {
          ...mail,
          ToAddress: '"Brandt, Maya" <Maya@acme.example.com>; x@example.com',
          IsAutomatic: false,
          MessageDate: '2026-03-06T21:20:00Z',
        },
        'ana',
      )
      expect(await milestones(o, id)).toMatchObject([
        { Status: 'Met', CompletionDate: '2026-03-06T21:20:00.000Z', ElapsedMinutes: 20, IsCompleted: true },
        { Status: 'Running' },
      ])
      expect((await o.read(id)).NextTargetDate).toBe('2026-03-10T20:00:00.000Z')
    })

    it('completes by a public comment of the owner and not by another one', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const id = await newCase(o, { Status: 'In Progress' })
      await o.create('CaseComment', { ParentId: id, CommentBody: 'mine', IsPublished: true }, 'ben')
      await o.create('CaseComment', { ParentId: id, CommentBody: 'private', IsPublished: false }, 'ana')
      expect((await states(o, id))[0]![1]).toBe('Running')
      await o.create('CaseComment', { ParentId: id, CommentBody: 'hello', IsPublished: true }, 'ana')
      expect((await states(o, id))[0]![1]).toBe('Met')
    })

    it('a comment made public late completes late, and the violation stays', async () => {
      const o = await openOrganisation(open, '2026-03-09T14:00:00Z')
      const id = await newCase(o, { Status: 'In Progress', Priority: 'Critical' })
      const comment = await o.create('CaseComment', { ParentId: id, CommentBody: 'private', IsPublished: false }, 'ana')
      await o.at('2026-03-09T17:00:00Z')
      expect((await states(o, id))[0]![1]).toBe('Overdue')
      await o.update('CaseComment', comment, { IsPublished: true }, 'ana')
      const [response] = await milestones(o, id)
      expect(response).toMatchObject({ Status: 'Met late', CompletionDate: '2026-03-09T17:00:00.000Z', IsViolated: true }) // prettier-ignore
      expect(await o.rows('MilestoneViolation', (v) => v.RecordMilestoneId === response!.Id)).toMatchObject([{ Status: 'Closed' }]) // prettier-ignore
      await o.update('CaseComment', comment, { CommentBody: 'public' }, 'ana')
      expect((await milestones(o, id))[0]).toEqual(response)
    })

    it('completes Resolution Time when an internal user closes the case, and exits; nothing fires any more', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const id = await newCase(o)
      await o.at('2026-03-09T13:30:00Z')
      await o.update('Case', id, { Status: 'Closed', Reason: 'Other' }, 'ana')
      expect(await milestones(o, id)).toMatchObject([{ Status: 'Cancelled' }, { Status: 'Met' }])
      expect(await o.read(id)).toMatchObject({ SlaExitDate: '2026-03-09T13:30:00.000Z', NextTargetDate: null })
      await o.at('2026-04-01T00:00:00Z')
      expect(await o.rows('Task')).toEqual([])
      expect((await o.read(id)).IsEscalated).toBe(false)
      expect(await o.rows('MilestoneTimer', (t) => t.Status === 'Pending')).toEqual([])
    })

    it('completes, pauses, resumes and reopens by hand', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const id = await newCase(o)
      const [first] = await milestones(o, id)
      const actor = { ...automationActor('test'), userId: o.ids.ana! }
      const blank = await o.engine.milestones.pause(actor, { recordId: id }, { reason: '  ' })
      expect(blank.errors).toMatchObject([{ code: 'REASON_NEEDED' }])
      expect(await o.engine.milestones.pause(actor, { recordId: id }, { reason: 'waiting for parts' })).toMatchObject({
        errors: [],
      })
      expect(await o.read(id)).toMatchObject({
        IsPaused: true,
        PausedSince: '2026-03-06T21:00:00.000Z',
        PauseReason: 'waiting for parts',
      })
      await o.at('2026-03-09T14:00:00Z')
      await o.engine.milestones.resume(actor, { recordId: id })
      expect((await states(o, id))[0]).toEqual(['First Response', 'Running', '2026-03-09T18:00:00.000Z'])
      expect(await o.engine.milestones.complete(actor, String(first!.Id))).toMatchObject({ errors: [] })
      expect((await states(o, id))[0]![1]).toBe('Met')
      expect((await o.engine.milestones.complete(actor, String(first!.Id))).errors).toHaveLength(1)
      await o.engine.milestones.reopen(actor, String(first!.Id), { reason: 'wrong one' })
      expect((await states(o, id))[0]![1]).toBe('Running')
    })

    it('keeps a target that was set by hand, through a raised priority and repair, until it is taken back', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const id = await newCase(o)
      const [first] = await milestones(o, id)
      const actor = { ...automationActor('test'), userId: o.ids.ana! }
      const { setTarget, clearTarget } = o.engine.milestones
      const before = first!.TargetDate
      const agreed = { target: '2026-03-12T15:00:00Z', reason: ' agreed with the customer ' }
      expect(await setTarget(actor, String(first!.Id), { ...agreed, target: 'soon' })).toMatchObject({ errors: [{ code: 'BAD_USER_INPUT' }] }) // prettier-ignore
      expect(await setTarget(actor, String(first!.Id), { ...agreed, reason: ' ' })).toMatchObject({ errors: [{ code: 'REASON_NEEDED' }] }) // prettier-ignore
      expect(await setTarget(actor, String(first!.Id), agreed)).toMatchObject({ errors: [] })
      await o.update('Case', id, { Priority: 'Critical' }, 'ana')
      const set = { TargetDate: '2026-03-12T15:00:00.000Z', IsTargetManual: true, TargetReason: 'agreed with the customer', TargetSetById: o.ids.ana! } // prettier-ignore
      expect((await milestones(o, id))[0]).toMatchObject(set)
      const due = (t: Row) => t.RecordMilestoneId === first!.Id && t.Kind === 'violation'
      expect((await o.rows('MilestoneTimer', due)).every((t) => String(t.DueDate) > set.TargetDate)).toBe(true)
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
      const { text } = (await o.engine.milestones.explain(actor, String(first!.Id)))!
      expect(text).toMatch(/^Target 12 Mar 11:00 EDT, set by hand 6 Mar 16:00 EST by Silva: agreed with the customer\. Pauses do not move it\.\nWithout it: Target/) // prettier-ignore
      const [logged] = await o.rows('MilestoneEvent', (e) => e.ParentId === id && e.Kind === 'setTarget')
      expect(logged!.Text).toMatch(/^By hand \(setTarget\)\nFirst Response got a target by hand \(.* → 2026-03-12 15:00\).*: agreed with the customer$/) // prettier-ignore
      expect(await clearTarget(actor, String(first!.Id))).toMatchObject({ errors: [] })
      const [now] = await milestones(o, id)
      expect(now).toMatchObject({ IsTargetManual: false, TargetReason: null, TargetSetById: null })
      expect(String(now!.TargetDate) < String(before)).toBe(true)
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('runs on a custom object and on WorkOrder as it does on Case', async () => {
      const o = await openOrganisation(open, FRIDAY_16)
      const onboarding = await o.create('Onboarding__c', { Name: 'Acme goes live', Account__c: o.ids.account! }, 'ana')
      const order = await o.create('WorkOrder', { Subject: 'Replace the pump', AccountId: o.ids.account! }, 'ana')
      expect((await milestones(o, onboarding)).length).toBeGreaterThan(0)
      expect((await milestones(o, order)).length).toBeGreaterThan(0)
    })
  },
  installShipped,
)
