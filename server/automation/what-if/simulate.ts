import { placeholders, quote } from '#database'
import type { Catalog } from '#metadata'
import { simulate, statusOf } from '#process'
import type { CompiledProcess, Instance } from '#process'
import { formatInstant } from '#util'
import type { Finding } from '#util'
import { automationActor } from '../actor.ts'
import { rulesOf } from '../processes/context.ts'
import { loadWork } from '../processes/evaluate.ts'
import { readStories, timelines } from '../processes/timeline.ts'
import type { Timelines } from '../processes/timeline.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import type { Draft } from '../save/draft.ts'
import { hydrate } from '../save/hydrate.ts'
import { loadDrafts } from '../save/load.ts'
import { withLookups } from '../save/lookups.ts'
import { pathsOf } from '../save/paths.ts'
import { pastOf } from './past.ts'

/** Which records a simulation takes: made in this time (ISO instants), the newest first. */
export interface SimulationOptions {
  readonly from?: string
  readonly to?: string
  readonly first?: number
}

/** Milestones by what became of them. `attainment`: the share of met among met and missed, 0 to 1. */
export interface Outcome {
  readonly met: number
  readonly missed: number
  readonly open: number
  readonly cancelled: number
  readonly attainment: number | null
}

export interface SimulatedMilestone {
  readonly milestone: string
  readonly today: Outcome
  readonly simulated: Outcome
}

/** One cycle of a milestone that would have been otherwise. ISO instants; null = not there or never. */
export interface SimulatedChange {
  readonly recordId: string
  readonly milestone: string
  readonly run: number
  readonly cycle: number
  readonly statusToday: string | null
  readonly statusSimulated: string | null
  readonly targetToday: string | null
  readonly targetSimulated: string | null
  /** When the promise would have been broken. */
  readonly violatedAt: string | null
}

/** A record whose past nothing tells in full: these fields have no history, and no process read them at the time. */
export interface UnknownPast {
  readonly recordId: string
  readonly fields: readonly string[]
}

export interface SimulationReport {
  readonly findings: readonly Finding[]
  readonly records: number
  readonly unknown: readonly UnknownPast[]
  readonly milestones: readonly SimulatedMilestone[]
  readonly changes: readonly SimulatedChange[]
}

const BATCH = 50
const MOST_RECORDS = 1_000

/** Lives a version of a process over the past of records, and writes nothing. */
export async function simulateVersion(
  context: RunContext,
  catalog: Catalog,
  process: CompiledProcess,
  options: SimulationOptions,
): Promise<SimulationReport> {
  const ids = await chosen(context, catalog, process, options)
  const pairs: Pair[] = []
  for (let i = 0; i < ids.length; i += BATCH)
    pairs.push(...(await lived(context, catalog, process, ids.slice(i, i + BATCH))))
  const names = [...new Set(pairs.flatMap(({ today, simulated }) => [...today, ...simulated].map((m) => m.milestone)))]
  return {
    findings: [],
    records: ids.length,
    unknown: pairs.flatMap(({ record, unknown }) => (unknown.length > 0 ? [{ recordId: record, fields: unknown }] : [])),
    milestones: names.map((milestone) => ({
      milestone,
      today: outcomeOf(pairs.flatMap((p) => p.today), milestone),
      simulated: outcomeOf(pairs.flatMap((p) => p.simulated), milestone),
    })),
    changes: pairs.flatMap(changesOf),
  } // prettier-ignore
}

/** Records that are in any version of the process or were promised something by it; when there are none yet, those of its object. */
async function chosen(
  { database }: RunContext,
  catalog: Catalog,
  process: CompiledProcess,
  { from = '0001-01-01T00:00:00.000Z', to = '9999-12-31T23:59:59.999Z', first = 200 }: SimulationOptions,
): Promise<string[]> {
  const object = catalog.object(process.document.object)!
  const column = (name: string): string => quote(object.field(name)!.column!)
  const p = (n: number): string => placeholders(database.dialect, 1, n)
  const versions = [...catalog.processes.values()].filter((d) => d.process === process.process).map((d) => d.name)
  const select = (more: string): string =>
    `SELECT ${column('Id')} AS id FROM ${quote(object.table)} WHERE NOT ${column('IsDeleted')} AND ${column('CreatedDate')} >= ${p(1)} AND ${column('CreatedDate')} <= ${p(2)} ${more} ORDER BY ${column('CreatedDate')} DESC, ${column('Id')} DESC LIMIT ${Math.min(Math.max(Math.trunc(first), 1), MOST_RECORDS)}`
  const milestones = catalog.objects.get('RecordMilestone')!
  const of = (name: string): string => quote(milestones.field(name)!.column!)
  const inIt = `AND (${column('Id')} IN (SELECT record_id FROM process_state WHERE version IN (${placeholders(database.dialect, versions.length, 4)})) OR ${column('Id')} IN (SELECT ${of('ParentId')} FROM ${quote(milestones.table)} WHERE ${of('Process')} = ${p(3)}))`
  const own = await database.all<{ id: string }>(select(inIt), [from, to, process.process, ...versions])
  const rows = own.length > 0 ? own : await database.all<{ id: string }>(select(''), [from, to])
  return rows.map((row) => row.id)
}

interface Pair {
  readonly record: string
  readonly today: readonly Instance[]
  readonly simulated: readonly Instance[]
  readonly unknown: readonly string[]
}

async function lived(
  context: RunContext,
  catalog: Catalog,
  process: CompiledProcess,
  ids: readonly string[],
): Promise<Pair[]> {
  const now = context.database.clock.now()
  return inRun(context, catalog, { actor: automationActor('simulation'), cause: 'simulation', now }, async (run) => {
    const drafts = await loadDrafts(run, ids)
    await hydrate(run, drafts, (draft) => pathsOf(run.catalog, draft))
    await loadWork(run, drafts)
    const lines = timelines(run)
    await readStories(
      lines,
      drafts.map((draft) => draft.id),
    )
    const pairs: Pair[] = []
    for (const draft of drafts) {
      const { instances, unknown } = await simulated(lines, draft, process)
      pairs.push({ record: draft.id, today: run.work.get(draft.id)!.state.instances, simulated: instances, unknown })
    }
    return pairs
  })
}

async function simulated(
  lines: Timelines,
  draft: Draft,
  process: CompiledProcess,
): Promise<{ readonly instances: readonly Instance[]; readonly unknown: readonly string[] }> {
  const { run } = lines
  const { past, contextAt, unknown } = await pastOf(lines, draft, process)
  const { state } = await withLookups(run, () => simulate(rulesOf(run), process, past, run.now, contextAt))
  return { instances: state.instances, unknown }
}

const missed = (i: Instance): boolean => statusOf(i) === 'Met late' || i.violations.some((v) => v.ended === undefined)

function outcomeOf(all: readonly Instance[], milestone: string): Outcome {
  const own = all.filter((i) => i.milestone === milestone)
  const late = own.filter(missed)
  const rest = own.filter((i) => !missed(i))
  const met = rest.filter((i) => i.completion !== null).length
  const cancelled = rest.filter((i) => i.cancelled !== null).length
  const judged = met + late.length
  return {
    met,
    missed: late.length,
    open: rest.length - met - cancelled,
    cancelled,
    attainment: judged === 0 ? null : Math.round((met / judged) * 10_000) / 10_000,
  }
}

function changesOf({ record, today, simulated }: Pair): SimulatedChange[] {
  const [before, after] = [byKey(today), byKey(simulated)]
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)]
    const { milestone, run, cycle } = (now ?? old)!
    const change = {
      recordId: record,
      milestone,
      run,
      cycle,
      statusToday: old ? statusOf(old) : null,
      statusSimulated: now ? statusOf(now) : null,
      targetToday: iso(old?.target),
      targetSimulated: iso(now?.target),
      violatedAt: iso(now?.violations.find((v) => v.ended === undefined)?.at),
    }
    return change.statusToday === change.statusSimulated && change.targetToday === change.targetSimulated
      ? []
      : [change]
  })
}

const byKey = (instances: readonly Instance[]): Map<string, Instance> => new Map(instances.map((i) => [i.key, i]))
const iso = (at: number | null | undefined): string | null => (typeof at === 'number' ? formatInstant(at) : null)
