import fc from 'fast-check'
import { expect, it } from 'vitest'
import { automationActor } from '#automation'
import { openDatabase } from '#database'
import { formatInstant } from '#util'
import { describeDatabases } from '#test/databases'
import { activeAs, jobHistory, liveJobs, START } from '../testing/jobs-world.ts'
import type { JobWorld, Step } from '../testing/jobs-world.ts'
import { installShipped, openOrganisation } from '../testing/organisation.ts'

const admin = automationActor('test')

/** More in the long run; each lives two organisations of five jobs. */
const HISTORIES = Number(process.env.MILEPOST_MODEL_RUNS ?? 4)
type Seen = { [milestone: string]: { readonly status: unknown; readonly target: unknown } }

/** What became of a job's milestones. */
const seen = async ({ o, jobs }: JobWorld, job: number): Promise<Seen> =>
  Object.fromEntries(
    (await o.rows('RecordMilestone', (m) => m.ParentId === jobs[job])).map((m) => [`${m.Run}.${m.Name}.${m.Cycle}`, { status: m.Status, target: m.TargetDate }]),
  ) // prettier-ignore

describeDatabases(
  'a draft that is lived over the past',
  (open) => {
    it(
      `comes to what would have come, had it been active from the start (${HISTORIES} histories)`,
      { timeout: 120_000 * HISTORIES },
      async () => {
        const organisation = async () => {
          const url = await open.url()
          return openOrganisation((options) => openDatabase({ url, ...options }), formatInstant(START))
        }
        let compared = 0
        await fc.assert(
          fc.asyncProperty(jobHistory, async (h) => {
            const o = await organisation()
            const entries = async () => (await o.rows('MilestoneEvent')).length
            // What left no trace, such as a pause of what is paused already, did not happen.
            const possible = new Set<Step>()
            const past = await liveJobs(o, [activeAs(h.old), h.draft], h, async (step, act) => {
              const before = await entries()
              if ((await act()) && (await entries()) > before) possible.add(step)
            })
            const real = await liveJobs(await organisation(), [activeAs(h.draft)], h, async (step, act) => void (possible.has(step) && (await act()))) // prettier-ignore
            const report = await past.o.engine.processes.simulate(admin, 'Jobs_v2')
            for (const [n, id] of past.jobs.entries()) {
              if (report.unknown.some(({ recordId }) => recordId === id)) continue
              const simulated = await seen(past, n)
              for (const change of report.changes.filter(({ recordId }) => recordId === id)) {
                const key = `${change.run}.${change.milestone}.${change.cycle}`
                if (change.statusSimulated === null) delete simulated[key]
                else simulated[key] = { status: change.statusSimulated, target: change.targetSimulated }
              }
              expect(simulated).toEqual(await seen(real, n))
              compared++
            }
            for (const { o } of [past, real]) {
              await o.engine.stop()
              await o.database.close()
            }
          }),
          { numRuns: HISTORIES, endOnFailure: true },
        )
        expect(compared).toBeGreaterThan(0)
      },
    )
  },
  installShipped,
)
