import fc from 'fast-check'
import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import { openDatabase } from '#database'
import type { Document, EntitlementProcessDocument } from '#metadata'
import { formatInstant } from '#util'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { activeAs, jobHistory, liveJobs, START } from '../testing/jobs-world.ts'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy } from '../testing/simple-process.ts'

/** More in the long run. */
const POPULATIONS = Number(process.env.MILEPOST_MODEL_RUNS ?? 4)
const admin = automationActor('test')

/** What is late becomes urgent, which may be a criterion of other milestones. */
const raise: Document = { kind: 'Action', name: 'Raise', label: 'Raise', object: 'Job__c', type: 'FieldUpdate', field: 'Level__c', formula: '"P1"' } as Document // prettier-ignore
const raising = (document: EntitlementProcessDocument): EntitlementProcessDocument => ({
  ...document,
  milestones: document.milestones.map((item) => ({ ...item, violations: [{ after: { minutes: 0 }, actions: ['Raise'] }] })), // prettier-ignore
})

/** Milestones by record, run, name and cycle. */
const milestonesOf = async (o: Organisation): Promise<Map<string, Row>> =>
  new Map((await o.rows('RecordMilestone')).map((m) => [`${m.ParentId} ${m.Run}.${m.Name}.${m.Cycle}`, m]))

/** What came of a migration, by the rows themselves. */
function outcome(before: Map<string, Row>, after: Map<string, Row>) {
  const all = [...after].map(([key, now]) => ({ was: before.get(key), now }))
  const isOpen = (m: Row): boolean => m.IsCompleted === false && m.Status !== 'Cancelled'
  return {
    started: all.filter(({ was }) => !was).length,
    cancelled: all.filter(({ was, now }) => was && was.Status !== 'Cancelled' && now.Status === 'Cancelled').length,
    moved: all.filter(({ was, now }) => was && now.Status !== 'Cancelled' && was.TargetDate !== now.TargetDate).length,
    violated: all.filter(({ was, now }) => isOpen(now) && now.IsViolated === true && was?.IsViolated !== true).length,
  }
}

describeDatabases(
  'the dry run of a migration',
  (open) => {
    it(`says what the migration does (${POPULATIONS} populations)`, { timeout: 60_000 * POPULATIONS }, async () => {
      const total = { started: 0, cancelled: 0, moved: 0, violated: 0 }
      await fc.assert(
        fc.asyncProperty(jobHistory, fc.constantFrom('skip' as const, 'raise' as const), async (h, late) => {
          const url = await open.url()
          const o = await openOrganisation((options) => openDatabase({ url, ...options }), formatInstant(START))
          await liveJobs(o, [activeAs(h.old), h.draft], h, async (_step, act) => void (await act()), 0)
          await deploy(o, raise)
          await deploy(o, { ...raising(h.draft), status: 'active' })
          const before = await milestonesOf(o)
          const preview = await o.engine.processes.previewMigration(admin, 'Jobs_v1', 'Jobs_v2', { late })
          expect(await milestonesOf(o)).toEqual(before)
          const { records } = await o.engine.processes.migrate(admin, 'Jobs_v1', 'Jobs_v2', { late })
          const real = outcome(before, await milestonesOf(o))
          expect(preview).toMatchObject({ ...real, records, findings: [] })
          for (const key of Object.keys(real) as (keyof typeof real)[]) total[key] += real[key]
          await o.engine.stop()
          await o.database.close()
        }),
        { numRuns: POPULATIONS, endOnFailure: true },
      )
      expect(Object.values(total).some((n) => n > 0)).toBe(true)
    })
  },
  installShipped,
)
