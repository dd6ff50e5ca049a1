import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import type { ActionDocument, Document, EntitlementProcessDocument } from '#metadata'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York
const admin = automationActor('test')

const change = (o: Organisation, object: string, id: string, values: Row) =>
  o.engine.save(admin, [{ operation: 'update', object, id, values }])

const plan = (o: Organisation, ...documents: Document[]) =>
  o.engine.catalogs.plan(
    admin,
    documents.map((document) => ({ kind: document.kind, name: document.name, document })),
  )

const process = (o: Organisation, name: string) => o.engine.catalogs.current().processes.get(name)
const broken = async (o: Organisation) => (await o.engine.diagnose()).filter((f) => f.code === 'NO_SUCH_ROW')

const newCase = (o: Organisation) =>
  o.create('Case', { Subject: 'Router', Priority: 'High', Status: 'New', ContactId: o.ids.contact! }, 'ana')
const targets = async (o: Organisation, record: string) =>
  (await o.rows('RecordMilestone', (m) => m.ParentId === record)).map((m) => m.TargetDate).sort()

const handOver: ActionDocument = { kind: 'Action', label: 'Hand over', object: 'WorkOrder', name: 'Hand_Over', type: 'OwnerChange', to: { user: 'ben@example.com' } } // prettier-ignore
const escalating: EntitlementProcessDocument = {
  ...simple,
  milestones: [{ name: 'Only', milestone: 'Dispatch', target: { hours: 8 }, violations: [{ after: { minutes: 0 }, actions: ['Hand_Over'] }] }],
} // prettier-ignore

describeDatabases(
  'a row that a process names',
  (open) => {
    it('is renamed: active versions follow in the same transaction, records in flight go on, and the log replays', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const id = await newCase(o)
      const before = await targets(o, id)
      const { version } = o.engine.catalogs.current()
      expect(await change(o, 'BusinessHours', o.ids['US Support']!, { Name: 'Americas' })).toMatchObject([
        { errors: [] },
      ])
      expect(process(o, 'Standard_Support_v1')).toMatchObject({
        businessHours: 'Americas',
        version: 1,
        status: 'active',
      })
      expect(o.engine.catalogs.current().version).toBe(version + 1)
      expect((await o.engine.catalogs.history(1))[0]?.steps).toEqual([
        'What names BusinessHours US Support follows it to Americas.',
      ])
      expect((await o.engine.catalogs.planUndo(admin, version + 1)).findings).toMatchObject([
        { code: 'NO_SUCH_CHANGE' },
      ])
      expect(await targets(o, id)).toEqual(before)
      expect(await targets(o, await newCase(o))).toEqual(before)
      expect(await broken(o)).toEqual([])
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
    })

    it('or a user, or a milestone that no log names yet: actions and what waits for it follow, too', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, handOver, escalating)
      await change(o, 'User', o.ids.ben!, { Username: 'benjamin@example.com' })
      expect(o.engine.catalogs.current().actions.get('Hand_Over')).toMatchObject({
        to: { user: 'benjamin@example.com' },
      })
      await change(o, 'Milestone', o.ids['Kickoff Held']!, { Name: 'Kick-off' })
      const followed = process(o, 'Customer_Onboarding_v1')?.milestones ?? []
      expect(followed.map((item) => item.milestone)).toContain('Kick-off')
      expect(followed.flatMap((item) => item.after ?? [])).not.toContain('Kickoff Held')
      expect(await broken(o)).toEqual([])
    })

    it('keeps the name that logs have: then a rename is refused with where it is used, and nothing of it stays', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await newCase(o)
      expect(await change(o, 'Milestone', o.ids['First Response']!, { Name: 'Answer' })).toMatchObject([
        { errors: [{ code: 'RESTRICTED', field: 'Name', message: expect.stringMatching(/log of records .*EntitlementProcess Standard_Support_v1/) }] },
      ]) // prettier-ignore
      expect(await o.read(o.ids['First Response']!)).toMatchObject({ Name: 'First Response' })
    })

    it('stays active while an active version, its actions, records in flight or an entitlement need it; a user may always be shut out', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const off = async (object: string, id: string) => (await change(o, object, id, { IsActive: false }))[0]!.errors
      expect(await off('BusinessHours', o.ids['US Support']!)).toMatchObject([
        { code: 'RESTRICTED', field: 'IsActive', message: expect.stringMatching(/EntitlementProcess Standard_Support_v1/) },
      ]) // prettier-ignore
      await deploy(o, handOver)
      await deploy(o, escalating)
      expect(await off('User', o.ids.ben!)).toEqual([])
      const hours = await o.create('BusinessHours', { Name: 'Own', IsActive: true, TimeZone: 'UTC', Always24x7: true })
      const order = await o.create('WorkOrder', {
        Subject: 'Pump',
        EntitlementId: await entitle(o),
        BusinessHoursId: hours,
      })
      expect(await off('BusinessHours', hours)).toMatchObject([
        { message: 'It is used by a record in flight. Change them first.' },
      ])
      await o.update('WorkOrder', order, { Status: 'Completed', BusinessHoursId: null })
      expect(await off('BusinessHours', hours)).toEqual([])
    })

    it('stays while a version that is no longer active governs records, and while it is the default', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await newCase(o)
      await o.engine.processes.deactivate(admin, 'Standard_Support_v1', { records: 'keepRunning' })
      expect(await change(o, 'BusinessHours', o.ids['US Support']!, { IsActive: false })).toMatchObject([
        { errors: [{ code: 'RESTRICTED', message: expect.stringMatching(/EntitlementProcess Standard_Support_v1/) }] },
      ])
      const hours = { Name: 'Usual', IsActive: true, IsDefault: true, TimeZone: 'UTC', Always24x7: true }
      const usual = await o.create('BusinessHours', hours)
      const [organization] = await o.rows('Organization')
      if (organization?.DefaultBusinessHoursId)
        await o.update('Organization', String(organization.Id), { DefaultBusinessHoursId: usual })
      expect(await change(o, 'BusinessHours', usual, { IsActive: false })).toMatchObject([{ errors: [{ message: expect.stringMatching(/default|used by/) }] }]) // prettier-ignore
    })

    it('must be there and active when a version becomes active; a draft is warned', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await o.create('BusinessHours', { Name: 'Closed', IsActive: false, TimeZone: 'UTC', Always24x7: true })
      const wrong = {
        ...escalating,
        businessHours: 'Closed',
        milestones: [{ name: 'Only', milestone: 'Nope', target: { hours: 8 } }],
      }
      const messages = [
        'EntitlementProcess Simple_v1 names the Milestone Nope, and there is none.',
        'EntitlementProcess Simple_v1 names the Business Hours Closed, which is not active.',
      ].sort()
      const active = await plan(o, wrong)
      expect(active.findings.map((f) => f.message).sort()).toEqual(messages)
      const draft = { ...wrong, status: 'draft', isDefault: false } as const
      const drafted = await plan(o, draft)
      expect(drafted.findings).toEqual([])
      const hint = 'Make it, activate it, or name another one; until then what needs it fails.'
      expect(drafted.warnings).toEqual(expect.arrayContaining(messages.map((m) => `Simple_v1: ${m} ${hint}`)))
      await deploy(o, draft)
      const activated = await o.engine.processes.activate(admin, 'Simple_v1')
      expect(activated.findings.filter((f) => f.severity === 'error').map((f) => f.message)).toEqual(
        expect.arrayContaining(messages),
      )
      expect((await broken(o)).map((f) => [f.severity, f.message])).toEqual(
        expect.arrayContaining(messages.map((m) => ['warning', m])),
      )
      const nobody = { ...handOver, to: { user: 'nobody@example.com' } }
      expect((await plan(o, nobody, escalating)).findings).toMatchObject([{ code: 'NO_SUCH_ROW', message: expect.stringMatching(/Hand_Over/) }]) // prettier-ignore
      await deploy(o, nobody)
      expect((await plan(o, escalating)).findings).toMatchObject([
        { message: expect.stringMatching(/nobody@example\.com/) },
      ])
    })

    it('may come with the same plan, and a row document that renames it takes the process along', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const row = (Name: string): Document => ({ kind: 'Row', name: 'BusinessHours.Night', values: { Name, TimeZone: 'UTC', Always24x7: true } }) as never // prettier-ignore
      await deploy(o, row('Night'), { ...simple, businessHours: 'Night' })
      await deploy(o, row('Nights'))
      expect(process(o, 'Simple_v1')?.businessHours).toBe('Nights')
      expect(await broken(o)).toEqual([])
      expect(await plan(o, row('Nights'))).toMatchObject({ steps: [] })
    })
  },
  installShipped,
)
