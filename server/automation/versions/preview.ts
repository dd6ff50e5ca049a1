import type { Catalog } from '#metadata'
import { statusOf } from '#process'
import type { Instance, State } from '#process'
import { formatInstant } from '#util'
import type { Finding, Instant } from '#util'
import { automationActor } from '../actor.ts'
import { loadGoverned } from '../journal/load-governed.ts'
import type { Migration } from '../journal/store.ts'
import { evaluateProcesses } from '../processes/evaluate.ts'
import type { ProcessWork } from '../processes/work.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import { hydrate } from '../save/hydrate.ts'
import { pathsOf } from '../save/paths.ts'

export interface MigrationPreview {
  readonly findings: readonly Finding[]
  readonly records: number
  /** Open milestones whose target would be another. */
  readonly moved: number
  /** Open milestones that are not late now and would be at once. */
  readonly violated: number
  readonly started: number
  readonly cancelled: number
  /** The first of them, one row a milestone. */
  readonly changes: readonly MilestoneChange[]
}

export interface MilestoneChange {
  readonly recordId: string
  readonly milestone: string
  /** ISO instants; null = never or not there. */
  readonly from: string | null
  readonly to: string | null
  readonly statusBefore: string | null
  readonly statusAfter: string | null
}

const BATCH = 200
const MOST_CHANGES = 200

/** Lets the rule-book decide on every record and writes nothing of it. */
export async function previewMigration(
  context: RunContext,
  catalog: Catalog,
  records: readonly string[],
  migration: Migration,
): Promise<MigrationPreview> {
  const total = { records: 0, moved: 0, violated: 0, started: 0, cancelled: 0 }
  const changes: MilestoneChange[] = []
  const now = context.database.clock.now()
  for (let i = 0; i < records.length; i += BATCH) {
    for (const work of await decide(context, catalog, records.slice(i, i + BATCH), migration, now)) {
      total.records++
      for (const change of changesOf(work)) count(total, change, changes)
    }
  }
  return { findings: [], ...total, changes }
}

async function decide(
  context: RunContext,
  catalog: Catalog,
  records: readonly string[],
  migration: Migration,
  now: Instant,
): Promise<ProcessWork[]> {
  return inRun(context, catalog, { actor: automationActor('preview'), cause: 'migration', now }, async (run) => {
    const drafts = await loadGoverned(run, records)
    for (const draft of drafts) run.migrations.set(draft.id, migration)
    await hydrate(run, drafts, (draft) => pathsOf(run.catalog, draft))
    await evaluateProcesses(run, drafts)
    return drafts.map((draft) => run.work.get(draft.id)!)
  })
}

function changesOf(work: ProcessWork): MilestoneChange[] {
  const before = byKey(work.stored)
  const after = byKey(work.state)
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)]
    const change = {
      recordId: work.record,
      milestone: (now ?? old)!.milestone,
      from: target(old),
      to: target(now),
      statusBefore: old ? statusOf(old) : null,
      statusAfter: now ? statusOf(now) : null,
    }
    return change.from === change.to && change.statusBefore === change.statusAfter ? [] : [change]
  })
}

const byKey = (state: State | undefined): Map<string, Instance> =>
  new Map((state?.instances ?? []).map((instance) => [instance.key, instance]))

const target = (instance: Instance | undefined): string | null =>
  instance?.target === undefined || instance.target === null ? null : formatInstant(instance.target)

function count(
  total: { moved: number; violated: number; started: number; cancelled: number },
  change: MilestoneChange,
  changes: MilestoneChange[],
): void {
  if (change.statusBefore === null) total.started++
  else if (change.statusAfter === 'Cancelled') total.cancelled++
  else if (change.from !== change.to) total.moved++
  if (change.statusAfter === 'Overdue' && change.statusBefore !== 'Overdue') total.violated++
  if (changes.length < MOST_CHANGES) changes.push(change)
}
