import { placeholders, quote } from '#database'
import type { Catalog } from '#metadata'
import { foresee, shareGone } from '#process'
import type { Instance } from '#process'
import { readRows } from '#records'
import type { Actor } from '#records'
import { formatInstant, keyPrefixOf } from '#util'
import type { Instant } from '#util'
import { automationActor } from '../actor.ts'
import { loadGoverned } from '../journal/load-governed.ts'
import { contextOf, processRow, rulesOf } from '../processes/context.ts'
import { loadWork } from '../processes/evaluate.ts'
import { registryOf } from '../processes/registry.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import type { Draft, Run } from '../save/draft.ts'
import { hydrate } from '../save/hydrate.ts'
import { withLookups } from '../save/lookups.ts'
import { pathsOf } from '../save/paths.ts'

/** A promise that will be broken at `target` when nobody does anything. */
export interface Breach {
  readonly recordId: string
  readonly object: string
  /** Absent when a timer will only then start it. */
  readonly milestoneId: string | null
  readonly milestone: string
  readonly processVersion: string
  /** ISO instant. */
  readonly target: string
  readonly ownerId: string | null
  /** Of the earlier ones of this process and milestone that were still open this far on, the share that was missed; null with fewer than five. */
  readonly chance: number | null
  readonly sample: number
}

export interface ForecastReport {
  /** ISO instant. */
  readonly until: string
  /** Records that were looked at. */
  readonly records: number
  /** There were more than a forecast looks at; nearer ones came first. */
  readonly more: boolean
  /** The next target first. */
  readonly breaches: readonly Breach[]
}

const BATCH = 200
const MOST_RECORDS = 1_000

/** Which open records will breach within `ms` if nothing happens, and how likely that is by the process's own past. Writes nothing. */
export async function forecast(
  context: RunContext,
  catalog: Catalog,
  actor: Actor,
  { ms, object }: { readonly ms: number; readonly object?: string },
): Promise<ForecastReport> {
  const now = context.database.clock.now()
  const until = now + ms
  const due = await recordsDue(context, catalog, until, object)
  const readable = due.filter((id) => mayRead(catalog, actor, id))
  const looked = readable.slice(0, MOST_RECORDS)
  const breaches: Breach[] = []
  const odds: Odds = new Map()
  for (let i = 0; i < looked.length; i += BATCH)
    breaches.push(...(await batch(context, catalog, looked.slice(i, i + BATCH), { now, until, odds })))
  return {
    until: formatInstant(until),
    records: looked.length,
    more: due.length > MOST_RECORDS,
    breaches: breaches.sort((a, b) => a.target.localeCompare(b.target)),
  }
}

const mayRead = (catalog: Catalog, actor: Actor, id: string): boolean => {
  const object = catalog.objectByKeyPrefix(keyPrefixOf(id))
  return object !== undefined && (actor.system !== undefined || actor.permissions.object(object.name).read)
}

/** Records that something is armed for, the nearest first; one more than is looked at. */
async function recordsDue(
  { database }: RunContext,
  catalog: Catalog,
  until: Instant,
  object: string | undefined,
): Promise<string[]> {
  const timers = catalog.objects.get('MilestoneTimer')!
  const column = (name: string): string => quote(timers.field(name)!.column!)
  const prefix = object === undefined ? undefined : catalog.object(object)?.keyPrefix
  const p = (n: number): string => placeholders(database.dialect, 1, n)
  const ofObject = object === undefined ? '' : ` AND substr(${column('ParentId')}, 1, 3) = ${p(3)}`
  const rows = await database.all<{ id: string }>(
    `SELECT ${column('ParentId')} AS id FROM ${quote(timers.table)} WHERE ${column('Status')} = ${p(1)} AND ${column('DueDate')} <= ${p(2)}${ofObject} GROUP BY ${column('ParentId')} ORDER BY min(${column('DueDate')}), ${column('ParentId')} LIMIT ${MOST_RECORDS + 1}`,
    ['Pending', formatInstant(until + 1), ...(object === undefined ? [] : [prefix ?? '?'])],
  )
  return rows.map((row) => row.id)
}

interface Horizon {
  readonly now: Instant
  readonly until: Instant
  readonly odds: Odds
}

async function batch(
  context: RunContext,
  catalog: Catalog,
  ids: readonly string[],
  horizon: Horizon,
): Promise<Breach[]> {
  const who = { actor: automationActor('forecast'), cause: 'forecast', now: horizon.now }
  return inRun(context, catalog, who, async (run) => {
    const drafts = await loadGoverned(run, ids)
    await hydrate(run, drafts, (draft) => pathsOf(run.catalog, draft))
    await loadWork(run, drafts)
    const breaches: Breach[] = []
    for (const draft of drafts) breaches.push(...(await breachesOf(run, draft, horizon)))
    return breaches
  })
}

async function breachesOf(run: Run, draft: Draft, horizon: Horizon): Promise<Breach[]> {
  const work = run.work.get(draft.id)!
  const process = work.state.process === null ? undefined : registryOf(run.catalog).version(work.state.process)
  if (!process) return []
  const around = contextOf(run, draft)
  const rules = rulesOf(run)
  // A target is broken a millisecond after it.
  const then = await withLookups(run, () =>
    foresee(rules, process, work.state, processRow(run, draft), horizon.until + 1, (now) => ({ ...around, now })),
  )
  const breaches: Breach[] = []
  for (const instance of then.instances) {
    const broken = instance.violations.find((v) => v.ended === undefined && v.at >= horizon.now)
    if (!broken || instance.completion || instance.cancelled) continue
    const today = work.state.instances.find((i) => i.key === instance.key)
    breaches.push({
      recordId: draft.id,
      object: draft.object.name,
      milestoneId: work.ids[instance.key] ?? null,
      milestone: instance.milestone,
      processVersion: instance.version,
      target: formatInstant(broken.at),
      ownerId: broken.owner,
      ...(await chanceOf(run, horizon, process.process, instance, (today && shareGone(rules, today, run.now)) ?? 0)),
    })
  }
  return breaches
}

/** Of each milestone of a process: how much of its time earlier ones took, and whether they were missed. */
type Odds = Map<string, Promise<readonly { readonly share: number; readonly missed: boolean }[]>>

const LEAST = 5

async function chanceOf(
  run: Run,
  { odds }: Horizon,
  process: string,
  { milestone }: Instance,
  gone: number,
): Promise<{ readonly chance: number | null; readonly sample: number }> {
  const key = `${process} ${milestone}`
  const past = odds.get(key) ?? pastOnes(run, process, milestone)
  odds.set(key, past)
  const open = (await past).filter(({ share }) => share > gone)
  const chance = open.filter(({ missed }) => missed).length / open.length
  return { chance: open.length < LEAST ? null : Math.round(chance * 10_000) / 10_000, sample: open.length }
}

const MOST_PAST = 500

/** The last that were completed or missed. What is missed and still open took more than all of its time. */
async function pastOnes(run: Run, process: string, milestone: string) {
  const object = run.catalog.objects.get('RecordMilestone')!
  const column = (name: string): string => quote(object.field(name)!.column!)
  const p = (n: number): string => placeholders(run.tx.dialect, 1, n)
  const ids = await run.tx.all<{ id: string }>(
    `SELECT ${column('Id')} AS id FROM ${quote(object.table)} WHERE ${column('Process')} = ${p(1)} AND ${column('Name')} = ${p(2)} AND (${column('IsCompleted')} OR ${column('IsViolated')}) ORDER BY ${column('StartDate')} DESC LIMIT ${MOST_PAST}`,
    [process, milestone],
  )
  const paths = ['ActualElapsedMinutes', 'TargetMinutes', 'IsViolated']
  const rows = await readRows(run.tx, run.catalog, object, ids.map((row) => row.id), paths) // prettier-ignore
  return [...rows.values()].map((row) => {
    const [took, promised] = [row.ActualElapsedMinutes, Number(row.TargetMinutes)]
    const share = took === null ? Infinity : promised > 0 ? Number(took) / promised : 1
    return { share, missed: row.IsViolated === true }
  })
}
