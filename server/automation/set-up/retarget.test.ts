import { expect, it } from 'vitest'
import { createEngine, loadCatalog } from '#automation'
import { manualClock, openDatabase } from '#database'
import { parseInstant } from '#util'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York

const newCase = (o: Organisation, n = 0) =>
  o.create('Case', { Subject: `Router ${n}`, Priority: 'High', Status: 'New', ContactId: o.ids.contact! }, 'ana')

const targets = async (o: Organisation, record: string) =>
  (await o.rows('RecordMilestone', (m) => m.ParentId === record))
    .sort((a, b) => String(a.Name).localeCompare(String(b.Name)))
    .map((m) => m.TargetDate)

const BEFORE = ['2026-03-09T18:00:00.000Z', '2026-03-11T14:00:00.000Z']

const hoursOf = (o: Organisation) => o.ids['US Support']!

describeDatabases(
  'a change of set-up',
  (open) => {
    it('moves open targets when hours change, at once for a few, with a log row that says why', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await newCase(o)
      expect(await targets(o, id)).toEqual(BEFORE)
      const short = [['09:00', '13:00']]
      await o.update('BusinessHours', hoursOf(o), {
        Hours: { mon: short, tue: short, wed: short, thu: short, fri: short },
      })
      expect(await targets(o, id)).toEqual(['2026-03-10T14:00:00.000Z', '2026-03-13T14:00:00.000Z'])
      const events = await o.rows('MilestoneEvent', (e) => e.ParentId === id)
      expect(events.find((e) => e.Seq === 2)).toMatchObject({
        Cause: { kind: 'calendar', what: 'Business Hours US Support' },
        Outcome: [{ what: 'retargeted', why: 'business hours changed' }, { what: 'retargeted' }],
      })
      expect(await o.rows('MilestoneTimer', (t) => t.Status === 'Pending' && t.Kind === 'violation')).toMatchObject([
        { DueDate: expect.stringMatching(/^2026-03-1[03]T14:00:00.001Z/) },
        { DueDate: expect.stringMatching(/^2026-03-1[03]T14:00:00.001Z/) },
      ])
    })

    it('moves them when a holiday is added to the hours and when it is taken away again', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await newCase(o)
      const holiday = await o.create('Holiday', { Name: 'Storm', ActivityDate: '2026-03-10', IsAllDay: true })
      expect(await targets(o, id)).toEqual(BEFORE)
      const link = await o.create('BusinessHoursHoliday', { BusinessHoursId: hoursOf(o), HolidayId: holiday })
      expect(await targets(o, id)).toEqual([BEFORE[0], '2026-03-12T14:00:00.000Z'])
      const [result] = await o.engine.save(await actor(), [
        { operation: 'delete', object: 'BusinessHoursHoliday', id: link },
      ])
      expect(result?.errors).toEqual([])
      expect(await targets(o, id)).toEqual(BEFORE)
    })

    it('is refused when it leaves business hours without an open minute, and nothing of it stays', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await newCase(o)
      const update = async (object: string, id: string, values: Row) =>
        (await o.engine.save(await actor(), [{ operation: 'update', object, id, values }]))[0]?.errors
      expect(await update('BusinessHours', hoursOf(o), { Hours: {} })).toMatchObject([
        { code: 'BUSINESS_HOURS', message: expect.stringMatching(/no open minute/) },
      ])
      expect(await update('BusinessHours', hoursOf(o), { Hours: { mon: [['9 am', '17:00']] } })).toMatchObject([
        { code: 'BUSINESS_HOURS', field: 'Hours' },
      ])
      expect(await update('BusinessHours', hoursOf(o), { TimeZone: 'Mars/Base' })).toMatchObject([
        { field: 'TimeZone' },
      ])
      const holiday = await o.create('Holiday', {
        Name: 'Every day',
        ActivityDate: '2000-01-01',
        IsAllDay: true,
        IsRecurrence: true,
        RecurrenceType: 'RecursDaily',
        RecurrenceStartDate: '1900-01-01',
        RecurrenceInterval: 1,
      })
      const values = { BusinessHoursId: hoursOf(o), HolidayId: holiday }
      const linked = await o.engine.save(await actor(), [
        { operation: 'create', object: 'BusinessHoursHoliday', values },
      ])
      expect(linked).toMatchObject([{ errors: [{ code: 'BUSINESS_HOURS' }] }])
      expect(await o.rows('BusinessHoursHoliday')).toEqual([])
      expect(await targets(o, id)).toEqual(BEFORE)
    })

    it('leaves completed milestones and records in other hours alone', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await newCase(o)
      const [first] = await o.rows('RecordMilestone', (m) => m.Name === 'First Response')
      await o.engine.milestones.complete({ ...(await actor()), userId: o.ids.ana! }, String(first!.Id))
      await o.create('BusinessHours', { Name: 'Other', IsActive: true, TimeZone: 'UTC', Always24x7: true })
      await o.update('BusinessHours', hoursOf(o), { TimeZone: 'America/Chicago' })
      expect(await targets(o, id)).toEqual([BEFORE[0], '2026-03-10T22:00:00.000Z'])
      expect((await o.rows('MilestoneEvent')).map((e) => e.Kind)).toEqual(['evaluate', 'complete', 'evaluate'])
    })

    it('works a great many off in batches, goes on after a stop, and replays over a restart', async () => {
      const url = await open.url()
      const o = await openOrganisation((options) => openDatabase({ url, ...options }), MONDAY_10)
      const values = (n: number) => ({ Subject: `Router ${n}`, Priority: 'High', Status: 'New' })
      const requests = Array.from({ length: 230 }, (_, n) => ({
        operation: 'create' as const,
        object: 'Case',
        values: values(n),
      }))
      await o.engine.save(await actor(), requests)
      await o.update('BusinessHours', hoursOf(o), { TimeZone: 'America/Chicago' })
      const moved = async (at: Organisation) =>
        (await at.rows('RecordMilestone', (m) => m.TargetDate === '2026-03-10T22:00:00.000Z')).length
      expect(await moved(o)).toBe(200)
      await o.engine.stop()
      await o.database.close()
      const again = await organisationAt((options) => openDatabase({ url, ...options }), MONDAY_10)
      await again.engine.runDue()
      expect(await moved(again)).toBe(230)
      expect(await again.database.all('SELECT status, progress FROM journal')).toEqual([
        { status: 'done', progress: '230' },
      ])
      expect(await again.engine.repair()).toMatchObject({ records: 230, differences: 0 })
      await again.engine.stop()
      await again.database.close()
    })

    it('computes open targets again when the machine has other time zone rules', async () => {
      const url = await open.url()
      const o = await openOrganisation((options) => openDatabase({ url, ...options }), MONDAY_10)
      await o.engine.start()
      const id = await newCase(o)
      await o.engine.stop()
      await o.database.close()
      const database = await openDatabase({ url, clock: manualClock(parseInstant(MONDAY_10)!) })
      const engine = createEngine({ database, catalog: (await loadCatalog(database))!, tzdata: '2999z' })
      await engine.start()
      await engine.runDue()
      const rows = await database.all<{ version: string }>('SELECT version FROM calendar_version')
      expect(rows.map((r) => r.version.split('@')[1])).toEqual(expect.arrayContaining([process.versions.tz, '2999z']))
      await engine.stop()
      const at = await organisationAt(async () => database, MONDAY_10)
      const events = await at.rows('MilestoneEvent', (e) => e.ParentId === id)
      expect(events.map((e) => (e.Cause as { kind: string }).kind).sort()).toEqual(['save', 'tzdata'])
      expect(events.find((e) => e.Seq === 2)).toMatchObject({ CalendarVersion: expect.stringMatching(/@2999z$/) })
      expect(await at.engine.repair()).toMatchObject({ differences: 0 })
      await at.engine.stop()
      await database.close()
    })

    it('follows an entitlement that gets other hours, and another process', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, simple)
      const hours = await o.create('BusinessHours', {
        Name: 'Always',
        IsActive: true,
        TimeZone: 'UTC',
        Always24x7: true,
      })
      const entitlement = await entitle(o)
      const order = await o.create(
        'WorkOrder',
        { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: entitlement },
        'ana',
      )
      expect(await targets(o, order)).toEqual(['2026-03-10T14:00:00.000Z'])
      await o.update('Entitlement', entitlement, { BusinessHoursId: hours })
      expect(await targets(o, order)).toEqual(['2026-03-09T22:00:00.000Z'])
      await o.update('Entitlement', entitlement, { EntitlementProcess: 'Field_Service' })
      expect((await o.read(order)).EntitlementProcessVersionId).toBe('Field_Service_v1')
    })

    it('works off from the journal what a lookup changes for a great many', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, simple)
      const entitlement = await entitle(o)
      const values = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: entitlement }
      await o.engine.save(
        await actor(),
        Array.from({ length: 230 }, () => ({ operation: 'create' as const, object: 'WorkOrder', values })),
      )
      await o.update('Account', o.ids.account!, { Name: 'Important' })
      const at = async (target: string) => (await o.rows('RecordMilestone', (m) => m.TargetDate === target)).length
      expect(await at('2026-03-10T14:00:00.000Z')).toBe(230)
      await o.engine.runDue()
      expect(await at('2026-03-09T15:00:00.000Z')).toBe(230)
      expect((await o.rows('MilestoneEvent', (e) => e.Seq === 2))[0]).toMatchObject({
        Cause: { kind: 'lookup', what: 'Account' },
      })
    })
  },
  installShipped,
)

const actor = async () => (await import('#automation')).automationActor('test')
