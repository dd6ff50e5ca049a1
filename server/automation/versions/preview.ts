import type { Catalog } from '#metadata'
import { movedTargets } from '#process'
import { formatInstant } from '#util'
import type { Finding, Instant } from '#util'
import { automationActor } from '../actor.ts'
import type { Migration } from '../journal/store.ts'
import { evaluateAgain } from '../journal/work.ts'
import type { ProcessWork } from '../processes/work.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'

export interface MigrationPreview {
  readonly findings: readonly Finding[]
  readonly records: number
  /** Open milestones whose target would be another. */
  readonly moved: number
  /** Open milestones, paused ones too, that are not late now and would be at once. */
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
  readonly statusAfter: string
  /** Open after the change, paused or not, and late by it. */
  readonly lateAtOnce: boolean
}

const BATCH = 200
const MOST_CHANGES = 200
const MOST_FINDINGS = 100

/** Moves the records, batch by batch as a migration does, and takes each batch back. */
export async function previewMigration(
  context: RunContext,
  catalog: Catalog,
  records: readonly string[],
  migration: Migration,
): Promise<MigrationPreview> {
  const counts = { moved: 0, violated: 0, started: 0, cancelled: 0 }
  const changes: MilestoneChange[] = []
  const findings: Finding[] = []
  for (let i = 0; i < records.length; i += BATCH) {
    const tried = await tryBatch(context, catalog, records.slice(i, i + BATCH), migration)
    for (const change of tried.flatMap(({ works }) => works.flatMap(changesOf))) {
      count(counts, change)
      if (changes.length < MOST_CHANGES) changes.push(change)
    }
    findings.push(...tried.flatMap(({ finding }) => finding ?? []))
  }
  return { findings: findings.slice(0, MOST_FINDINGS), records: records.length, ...counts, changes }
}

type Counts = { -readonly [name in 'moved' | 'violated' | 'started' | 'cancelled']: MigrationPreview[name] }

function count(counts: Counts, { from, to, statusBefore, statusAfter, lateAtOnce }: MilestoneChange): void {
  if (statusBefore === null) counts.started++
  else if (statusAfter !== 'Cancelled') counts.moved += from === to ? 0 : 1
  else if (statusBefore !== 'Cancelled') counts.cancelled++
  if (lateAtOnce) counts.violated++
}

interface Tried {
  readonly works: readonly ProcessWork[]
  /** Why a record can't be moved. */
  readonly finding?: Finding
}

/** A batch that fails is tried record by record, as it is done. */
async function tryBatch(
  context: RunContext,
  catalog: Catalog,
  records: readonly string[],
  migration: Migration,
): Promise<Tried[]> {
  try {
    return [{ works: await moved(context, catalog, records, migration) }]
  } catch (error) {
    if (records.length === 1) return [{ works: [], finding: notMoved(records[0]!, error) }]
    const tries: Tried[] = []
    for (const record of records) tries.push(...(await tryBatch(context, catalog, [record], migration)))
    return tries
  }
}

/** Thrown to take back what was moved. */
class Undone extends Error {}

async function moved(
  context: RunContext,
  catalog: Catalog,
  records: readonly string[],
  migration: Migration,
): Promise<readonly ProcessWork[]> {
  const who = { actor: automationActor('migration'), cause: 'migration', now: context.database.clock.now() }
  let works: readonly ProcessWork[] = []
  try {
    await inRun(context, catalog, who, async (run) => {
      await evaluateAgain(run, { records, migration })
      works = records.flatMap((id) => run.work.get(id) ?? [])
      throw new Undone()
    })
  } catch (error) {
    if (!(error instanceof Undone)) throw error
  }
  return works
}

const notMoved = (record: string, error: unknown): Finding => ({
  code: 'NOT_MOVED',
  severity: 'warning',
  message: `${record} can't be moved: ${error instanceof Error ? error.message : String(error)}`,
  hint: 'It would stay in its version and be named in the journal. Mend what is said of it first.',
})

const changesOf = (work: ProcessWork): MilestoneChange[] =>
  movedTargets(work.stored, work.state).map(({ key: _key, from, to, ...rest }) => ({
    recordId: work.record,
    ...rest,
    from: iso(from),
    to: iso(to),
  }))

const iso = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))
