import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import { openDatabase } from '#database'
import type { EntitlementProcessDocument } from '#metadata'
import { compilePermissions } from '#records'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation, organisationAt } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy, entitle, simple } from '../testing/simple-process.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z'
const admin = automationActor('test')

/** Two hours instead of eight, and a second milestone. */
const shorter: EntitlementProcessDocument = {
  ...simple,
  name: 'Simple_v2',
  version: 2,
  status: 'draft',
  isDefault: false,
  milestones: [
    { name: 'Other', milestone: 'Dispatch', target: { hours: 2 } },
    { name: 'Done', milestone: 'Work Completed', target: { hours: 16 } },
  ],
}

async function withOrders(o: Organisation, count: number): Promise<string[]> {
  await deploy(o, simple, shorter)
  const values = { Subject: 'Pump', AccountId: o.ids.account!, EntitlementId: await entitle(o) }
  const requests = Array.from({ length: count }, () => ({ operation: 'create' as const, object: 'WorkOrder', values }))
  return (await o.engine.save(admin, requests)).map((result) => result.id!)
}

const codes = (result: { readonly findings: readonly { readonly code: string }[] }) =>
  result.findings.map((f) => f.code)

const versionsOf = async (o: Organisation) => (await o.rows('WorkOrder')).map((row) => row.EntitlementProcessVersionId)

describeDatabases(
  'versions of a process',
  (open) => {
    it('makes a draft of a version, activates it for new records, and leaves those in flight where they are', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const [old] = await withOrders(o, 1)
      const drafted = await o.engine.processes.draft(admin, 'Simple_v1')
      expect(drafted).toMatchObject({ name: 'Simple_v3', findings: [] })
      expect(o.engine.catalogs.current().processes.get('Simple_v3')).toMatchObject({ status: 'draft', version: 3 })
      expect(await o.engine.processes.activate(admin, 'Simple_v2')).toMatchObject({ findings: [] })
      const { processes } = o.engine.catalogs.current()
      expect([...processes.values()].filter((d) => d.process === 'Simple' && d.isDefault).map((d) => d.name)).toEqual([
        'Simple_v2',
      ])
      const [entitlement] = await o.rows('Entitlement')
      const made = await o.create('WorkOrder', {
        Subject: 'New',
        AccountId: o.ids.account!,
        EntitlementId: entitlement!.Id!,
      })
      expect((await o.read(made)).EntitlementProcessVersionId).toBe('Simple_v2')
      await o.update('WorkOrder', old!, { Subject: 'Old' })
      expect((await o.read(old!)).EntitlementProcessVersionId).toBe('Simple_v1')
    })

    it('never changes what has been active, and refuses whoever may not', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await deploy(o, simple)
      const changed = { ...o.engine.catalogs.current().processes.get('Simple_v1')!, milestones: shorter.milestones }
      const plan = await o.engine.catalogs.plan(admin, [
        { kind: 'EntitlementProcess', name: 'Simple_v1', document: changed },
      ])
      expect(codes(plan)).toEqual(['VERSION_IMMUTABLE'])
      const { system: _system, ...rest } = admin
      const nobody = { ...rest, permissions: compilePermissions([], o.engine.catalogs.current()) }
      expect(codes(await o.engine.processes.deactivate(nobody, 'Simple_v1'))).toEqual(['NO_ACCESS'])
      expect(codes(await o.engine.processes.migrate(nobody, 'Simple_v1', 'Simple_v2'))).toEqual(['NO_ACCESS'])
      expect(codes(await o.engine.processes.activate(admin, 'Nothing_v1'))).toEqual(['UNKNOWN_VERSION'])
    })

    it('deactivates: its milestones are cancelled, or run on when told', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const [id] = await withOrders(o, 1)
      expect(await o.engine.processes.deactivate(admin, 'Simple_v1', { records: 'keepRunning' })).toMatchObject({
        records: 0,
        findings: [],
      })
      await o.update('WorkOrder', id!, { Subject: 'Still in it' })
      expect(await o.rows('RecordMilestone')).toMatchObject([{ Status: 'Running', ProcessVersion: 'Simple_v1' }])
      await o.engine.processes.activate(admin, 'Simple_v1')
      expect(await o.engine.processes.deactivate(admin, 'Simple_v1')).toMatchObject({ records: 1, findings: [] })
      expect(await o.rows('RecordMilestone')).toMatchObject([
        { Status: 'Cancelled', CancelReason: 'process deactivated' },
      ])
      expect(await o.read(id!)).toMatchObject({ EntitlementProcessVersionId: null, NextTargetDate: null })
      expect(await o.rows('MilestoneTimer', (t) => t.Status === 'Pending')).toEqual([])
    })

    it('deletes only what no record is in and no history names', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await withOrders(o, 1)
      expect(codes(await o.engine.processes.remove(admin, 'Simple_v1'))).toContain('VERSION_ACTIVE')
      await o.engine.processes.deactivate(admin, 'Simple_v1', { records: 'keepRunning' })
      expect(await o.engine.processes.remove(admin, 'Simple_v1')).toMatchObject({
        findings: [{ code: 'VERSION_IN_USE', message: expect.stringMatching(/^1 record is in Simple_v1/) }],
      })
      await o.engine.processes.activate(admin, 'Simple_v1')
      await o.engine.processes.deactivate(admin, 'Simple_v1')
      expect(await o.engine.processes.remove(admin, 'Simple_v1')).toMatchObject({
        findings: [
          { code: 'VERSION_IN_USE', message: expect.stringMatching(/^1 milestone was promised by Simple_v1/) },
        ],
      })
      expect(await o.engine.processes.remove(admin, 'Simple_v2')).toMatchObject({ findings: [] })
      expect(o.engine.catalogs.current().processes.has('Simple_v2')).toBe(false)
    })

    it('previews a migration without touching anything, then moves every record, with what is late raised', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      await withOrders(o, 3)
      await o.at('2026-03-09T17:00:00Z')
      expect(codes(await o.engine.processes.previewMigration(admin, 'Simple_v1', 'Simple_v2'))).toEqual(['NOT_ACTIVE'])
      await o.engine.processes.activate(admin, 'Simple_v2')
      const before = [await o.rows('RecordMilestone'), await o.rows('MilestoneEvent'), await o.rows('WorkOrder')]
      const preview = await o.engine.processes.previewMigration(admin, 'Simple_v1', 'Simple_v2')
      expect(preview).toMatchObject({ records: 3, moved: 3, violated: 3, started: 3, cancelled: 0 })
      expect(preview.changes[0]).toMatchObject({
        from: '2026-03-10T14:00:00.000Z',
        to: '2026-03-09T16:00:00.000Z',
        statusBefore: 'Running',
        statusAfter: 'Overdue',
      })
      expect([await o.rows('RecordMilestone'), await o.rows('MilestoneEvent'), await o.rows('WorkOrder')]).toEqual(
        before,
      )
      expect(await o.engine.processes.migrate(admin, 'Simple_v1', 'Simple_v2')).toMatchObject({
        records: 3,
        findings: [],
      })
      expect(await versionsOf(o)).toEqual(['Simple_v2', 'Simple_v2', 'Simple_v2'])
      expect(await o.rows('MilestoneViolation')).toHaveLength(3)
      expect((await o.rows('MilestoneEvent', (e) => e.Kind === 'migrate'))[0]).toMatchObject({
        Cause: { kind: 'migration', what: 'Simple_v1 → Simple_v2' },
      })
      expect(await o.engine.repair()).toMatchObject({ differences: 0 })
      expect(await o.engine.processes.migrate(admin, 'Simple_v1', 'Simple_v2')).toMatchObject({ records: 0 })
    })

    it('a paused milestone that would be late at once is counted', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const [recordId] = await withOrders(o, 3)
      await o.at('2026-03-09T17:00:00Z')
      await o.engine.processes.activate(admin, 'Simple_v2')
      await o.engine.milestones.pause(admin, { recordId: recordId! }, { reason: 'waiting for parts' })
      const preview = await o.engine.processes.previewMigration(admin, 'Simple_v1', 'Simple_v2')
      expect(preview).toMatchObject({ records: 3, moved: 3, violated: 3, started: 3, cancelled: 0, findings: [] })
      expect(preview.changes.filter((c) => c.lateAtOnce).map((c) => c.statusAfter).sort()).toEqual(['Overdue', 'Overdue', 'Paused']) // prettier-ignore
      await o.engine.processes.migrate(admin, 'Simple_v1', 'Simple_v2')
      expect(await o.rows('MilestoneViolation')).toHaveLength(3)
      expect(await o.rows('RecordMilestone', (m) => m.IsViolated === true)).toHaveLength(3)
    })

    it('a record in the recycle bin counts neither in the dry run nor in the migration, and is moved when it comes back', async () => {
      const o = await openOrganisation(open, MONDAY_10)
      const [id] = await withOrders(o, 3)
      await o.engine.save(admin, [{ operation: 'delete', object: 'WorkOrder', id: id! }])
      await o.engine.processes.activate(admin, 'Simple_v2')
      await o.at('2026-03-09T15:00:00Z')
      const preview = await o.engine.processes.previewMigration(admin, 'Simple_v1', 'Simple_v2')
      expect(preview).toMatchObject({ records: 2, moved: 2, findings: [] })
      expect(await o.engine.processes.migrate(admin, 'Simple_v1', 'Simple_v2')).toMatchObject({ records: 2 })
      expect(await o.engine.processes.journal(1)).toMatchObject([{ kind: 'migration', records: 2, done: 2 }])
      expect(await o.engine.processes.migrate(admin, 'Simple_v1', 'Simple_v2')).toMatchObject({ records: 0 })
      await o.engine.save(admin, [{ operation: 'undelete', object: 'WorkOrder', id: id! }])
      expect(await versionsOf(o)).toEqual(['Simple_v2', 'Simple_v2', 'Simple_v2'])
    })

    it('goes on with a migration after a restart', async () => {
      const url = await open.url()
      const o = await openOrganisation((options) => openDatabase({ url, ...options }), MONDAY_10)
      await withOrders(o, 205)
      await o.engine.processes.activate(admin, 'Simple_v2')
      await o.engine.processes.migrate(admin, 'Simple_v1', 'Simple_v2', { late: 'skip' })
      expect((await versionsOf(o)).filter((v) => v === 'Simple_v1')).toHaveLength(5)
      expect(await o.engine.processes.journal(5)).toMatchObject([
        { kind: 'migration', status: 'pending', records: 205, done: 200 },
      ])
      await o.engine.stop()
      await o.database.close()
      const again = await organisationAt((options) => openDatabase({ url, ...options }), MONDAY_10)
      await again.engine.runDue()
      expect((await versionsOf(again)).filter((v) => v === 'Simple_v1')).toHaveLength(0)
      expect(await again.engine.processes.journal(5)).toMatchObject([{ status: 'done', done: 205, problems: [] }])
      await again.engine.stop()
      await again.database.close()
    })
  },
  installShipped,
)
