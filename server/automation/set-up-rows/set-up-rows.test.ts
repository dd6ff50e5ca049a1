import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { Document, RowDocument } from '#metadata'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'
import { undo } from '../testing/undo.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const admin = automationActor('test')
const OPEN = [['09:00', '17:00']]
const WEEK = { mon: OPEN, tue: OPEN, wed: OPEN, thu: OPEN, fri: OPEN }

const row = (name: string, values: RowDocument['values']): RowDocument => ({ kind: 'Row', name, values })
const change = (document: RowDocument) => ({ kind: 'Row' as const, name: document.name, document })

const plan = (o: Organisation, ...rows: RowDocument[]) => o.engine.catalogs.plan(admin, rows.map(change))

async function put(o: Organisation, ...rows: RowDocument[]): Promise<number> {
  const { planId, findings } = await plan(o, ...rows)
  expect(findings).toEqual([])
  const applied = await o.engine.catalogs.apply(admin, planId)
  expect(applied.findings).toEqual([])
  return applied.version
}

const texts = (view: { readonly steps: readonly { readonly text: string }[] }) => view.steps.map((s) => s.text)
const stored = async (o: Organisation, name: string) =>
  (await o.engine.catalogs.rows()).find(({ document }) => document.name === name)?.document.values

const europe = row('BusinessHours.Europe', {
  Name: 'Europe',
  TimeZone: 'Europe/Berlin',
  Hours: WEEK,
  Holidays: ['Unity_Day', 'May_Day'],
})
const both = row('BusinessHours.Both', { Name: 'Both', TimeZone: 'UTC', IntersectionOfAId: 'Europe', IntersectionOfBId: 'US' }) // prettier-ignore
const us = row('BusinessHours.US', { Name: 'US Support', TimeZone: 'America/New_York' })
const template = row('EntitlementTemplate.Gold', { Name: 'Gold', BusinessHoursId: 'Europe', EntitlementProcess: 'Simple', Term: 365 }) // prettier-ignore
const holidays = [
  row('Holiday.Unity_Day', { Name: 'Day of German Unity', ActivityDate: '2026-10-03' }),
  row('Holiday.May_Day', { Name: 'Labour Day', ActivityDate: '2026-05-01' }),
]

describeDatabases(
  'set-up rows as documents',
  (open) => {
    it('are planned, saved with what they refer to, and give an empty plan the second time', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, { ...simple, status: 'draft', isDefault: false })
      const all = [template, both, europe, us, ...holidays]
      expect(texts(await plan(o, ...all))).toEqual([
        'Change the Business Hours US: API name.',
        'Add the Holiday Unity_Day.',
        'Add the Holiday May_Day.',
        'Add the Business Hours Both.',
        'Add the Business Hours Europe.',
        'Add the Entitlement Template Gold.',
      ])
      expect(await stored(o, 'BusinessHours.Europe')).toBeUndefined()
      await put(o, ...all)
      expect(texts(await plan(o, ...all))).toEqual([])
      expect(await stored(o, 'BusinessHours.Europe')).toMatchObject({ Hours: WEEK, Holidays: ['May_Day', 'Unity_Day'] })
      expect(await stored(o, 'BusinessHours.Both')).toMatchObject({ IntersectionOfAId: 'Europe' })
      expect(await stored(o, 'EntitlementTemplate.Gold')).toMatchObject(template.values)
      const downloaded = (await o.engine.catalogs.rows()).map((r) => r.document)
      expect(texts(await plan(o, ...downloaded.filter((d) => !d.name.endsWith('.Default'))))).toEqual(
        expect.arrayContaining(['Change the Milestone Dispatch: API name.']),
      )
    })

    it('take over rows that were made by hand: by their name, or by all they hold where names are not unique', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const days = ['2026-05-01', '2027-05-01'].map((ActivityDate) => ({ Name: 'Labour Day', ActivityDate, IsAllDay: true })) // prettier-ignore
      const ids = []
      for (const values of days) ids.push(await o.create('Holiday', values))
      await put(o, row('Holiday.May_2027', days[1]!), row('Milestone.Sent', { Name: 'Dispatch' }))
      expect(await o.read(ids[1]!)).toMatchObject({ DeveloperName: 'May_2027' })
      expect(await o.read(ids[0]!)).toMatchObject({ DeveloperName: null })
      expect(await o.read(o.ids.Dispatch!)).toMatchObject({ DeveloperName: 'Sent' })
      expect(await o.rows('Holiday')).toHaveLength(2)
    })

    it('change, are renamed, deleted, and taken back', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await put(o, europe, ...holidays)
      const changed = row('BusinessHours.Europe', { TimeZone: 'Europe/Paris', Holidays: ['May_Day'] })
      expect(texts(await plan(o, changed))).toEqual(['Change the Business Hours Europe: TimeZone, Holidays.'])
      const version = await put(o, changed)
      expect(await stored(o, 'BusinessHours.Europe')).toMatchObject({ TimeZone: 'Europe/Paris', Holidays: ['May_Day'] })
      expect((await undo(o.engine, admin, version)).findings).toEqual([])
      const before = await stored(o, 'BusinessHours.Europe')
      expect(before).toMatchObject({ TimeZone: 'Europe/Berlin', Holidays: ['May_Day', 'Unity_Day'] })

      const rename = { ...change(row('BusinessHours.EU', {})), renameFrom: 'BusinessHours.Europe' }
      const renamed = await o.engine.catalogs.plan(admin, [rename])
      expect(texts(renamed)).toEqual(['Rename the Business Hours EU, which was Europe.'])
      const renamedAt = (await o.engine.catalogs.apply(admin, renamed.planId)).version
      expect(await stored(o, 'BusinessHours.EU')).toEqual(before)
      await undo(o.engine, admin, renamedAt)

      const gone = await o.engine.catalogs.plan(admin, [{ kind: 'Row', name: 'BusinessHours.Europe', document: null }])
      expect(texts(gone)).toEqual(['Delete the Business Hours Europe; it stays in the recycle bin for 15 days.'])
      const { version: last } = await o.engine.catalogs.apply(admin, gone.planId)
      expect(await stored(o, 'BusinessHours.Europe')).toBeUndefined()
      await undo(o.engine, admin, last)
      expect(await stored(o, 'BusinessHours.Europe')).toEqual(before)
      expect((await o.engine.catalogs.history(1))[0]!.steps).toEqual(['Bring back the Business Hours Europe.'])
    })

    it('are refused whole, each mistake with its document and place', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const bad = await plan(
        o,
        row('BusinessHours.Europe', { Name: 'Europe', TimeZone: 'Mars/Olympus', Hours: WEEK }),
        row('Milestone.M', { Name: 'M', RecurrenceType: 'Sometimes', Colour: 'red' }),
      )
      expect(bad.findings.map((f) => [f.code, f.file, f.path])).toEqual([
        ['WRONG_TYPE', 'objects/BusinessHours/rows/Europe.json', 'values.TimeZone'],
        ['UNKNOWN_FIELD', 'objects/Milestone/rows/M.json', 'values.Colour'],
        ['NOT_IN_PICKLIST', 'objects/Milestone/rows/M.json', 'values.RecurrenceType'],
      ])
      expect((await o.engine.catalogs.apply(admin, bad.planId)).findings[0]).toMatchObject({ code: 'PLAN_HAS_ERRORS' })
      const zone = await plan(o, row('BusinessHours.Europe', { Name: 'Europe', TimeZone: 'Mars/Olympus', Hours: WEEK }))
      expect(zone.findings).toMatchObject([
        {
          code: 'WRONG_TYPE',
          path: 'values.TimeZone',
          message: 'Time Zone must be the IANA name of a time zone such as Europe/Berlin.',
        },
      ])
      const unknown = await plan(o, row('BusinessHours.X', { Name: 'X', TimeZone: 'UTC', Hours: WEEK, Holidays: ['Nope'] })) // prettier-ignore
      expect(unknown.findings).toMatchObject([
        { code: 'UNKNOWN_ROW', file: 'objects/BusinessHours/rows/X.json', path: 'values.Holidays[0]' },
      ])
      const us = row('BusinessHours.US_Support', { Name: 'US Support' })
      expect((await plan(o, us, us)).findings).toMatchObject([{ code: 'CHANGED_TWICE', path: 'name' }])
      expect((await plan(o, row('Case.X', { Subject: 'x' }))).findings).toMatchObject([{ code: 'NOT_DEPLOYABLE' }])
      expect((await plan(o, { kind: 'Row', name: 'nothing' } as never)).findings.map((f) => [f.code, f.path])).toEqual([
        ['MISSING', 'values'],
        ['BAD_FORMAT', 'name'],
      ])
      expect(await o.rows('BusinessHours', (r) => r.Name === 'Europe')).toEqual([])
    })

    it('of hours re-target the records in flight, like a row that is edited; the plan says how many', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, simple)
      const id = await o.create('WorkOrder', { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }) // prettier-ignore
      const target = async () => (await o.read(id)).NextTargetDate
      expect(await target()).toBe('2026-03-10T14:00:00.000Z')
      const later = row('BusinessHours.US_Support', {
        Name: 'US Support',
        Hours: { ...WEEK, tue: [['12:00', '17:00']] },
      })
      expect((await plan(o, later)).warnings).toEqual(['1 record in flight will be looked at again.'])
      expect(await target()).toBe('2026-03-10T14:00:00.000Z')
      const version = await put(o, later)
      expect(await target()).toBe('2026-03-10T17:00:00.000Z')
      await undo(o.engine, admin, version)
      expect(await target()).toBe('2026-03-10T14:00:00.000Z')
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('go with other documents in one change: a field and a row that fills it, a process and its milestone', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const field: Document = { kind: 'Field', name: 'Milestone.Colour__c', label: 'Colour', type: 'Text', length: 20 }
      const fill = row('Milestone.Paint', { Name: 'Paint', RecurrenceType: 'None', Colour__c: 'red' })
      const changes = [{ kind: field.kind, name: field.name, document: field }, change(fill)]
      const view = await o.engine.catalogs.plan(admin, changes)
      expect(texts(view)).toEqual(['Add the field Milestone.Colour__c (Text).', 'Add the Milestone Paint.'])
      const { version, findings } = await o.engine.catalogs.apply(admin, view.planId)
      expect(findings).toEqual([])
      expect(await stored(o, 'Milestone.Paint')).toMatchObject({ Colour__c: 'red' })
      await undo(o.engine, admin, version)
      expect(await stored(o, 'Milestone.Paint')).toBeUndefined()
    })

    it('a plan is refused when the row has been edited since', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await put(o, europe, ...holidays)
      const view = await plan(o, row('BusinessHours.Europe', { TimeZone: 'Europe/Paris' }))
      const id = String((await o.rows('BusinessHours', (r) => r.Name === 'Europe'))[0]!.Id)
      await o.update('BusinessHours', id, { TimeZone: 'Europe/Paris' })
      expect((await o.engine.catalogs.apply(admin, view.planId)).findings).toMatchObject([{ code: 'STALE_PLAN' }])
    })
  },
  installShipped,
)
