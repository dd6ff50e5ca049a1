import type { Catalog } from '#metadata'
import { automationActor } from '../actor.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import type { Run } from '../save/draft.ts'
import { save } from '../save/save.ts'
import type { Instant } from '#util'
import { recount } from '../save/rollups.ts'
import { numberMissed, numberOlder } from './numbers.ts'
import { loadDrafts } from '../save/load.ts'
import { loadGoverned } from './load-governed.ts'
import { claimEntry, noteProgress, pendingEntries } from './store.ts'
import type { Body, JournalKind } from './store.ts'

const BATCH = 200
/** When other nodes have the oldest entries, the next ones are tried. */
const TRIED = 5

/** Works off one batch of the oldest journal entry that nobody else has: the number of records looked at, 0 when nothing waits. */
export async function workJournal(context: RunContext, catalog: Catalog, now: Instant): Promise<number> {
  for (const { id, kind } of await pendingEntries(context.database, TRIED)) {
    const done = await workEntry(context, catalog, now, id, kind)
    if (done > 0) return done
  }
  return 0
}

/** A batch that fails is done record by record, so that one bad record holds up nobody; its problem stays with the entry. */
async function workEntry(
  context: RunContext,
  catalog: Catalog,
  now: Instant,
  id: string,
  kind: JournalKind,
): Promise<number> {
  try {
    return await workBatch(context, catalog, now, id, kind, BATCH)
  } catch {
    try {
      return await workBatch(context, catalog, now, id, kind, 1)
    } catch (error) {
      return setAside(context, now, id, error)
    }
  }
}

async function workBatch(
  context: RunContext,
  catalog: Catalog,
  now: Instant,
  id: string,
  kind: JournalKind,
  size: number,
): Promise<number> {
  const who = { actor: automationActor(kind), cause: kind, now }
  return inRun(context, catalog, who, async (run) => {
    const entry = await claimEntry(run.tx, id)
    if (!entry || (entry.body.catalog ?? 0) > catalog.version) return 0
    const records = entry.body.records.slice(entry.done, entry.done + size)
    if (entry.body.rollup !== undefined) await recount(run, entry.body.rollup, records)
    else if (entry.body.numbers) await numberOlder(run, entry, records)
    else await evaluateAgain(run, entry.body, records)
    await noteProgress(run.tx, entry, entry.done + records.length, now)
    if (entry.body.numbers) await numberMissed(run, entry.body.numbers.field)
    return records.length
  })
}

/** Looks at records again, for the reason and the migration that the body names. */
export async function evaluateAgain(run: Run, body: Body, records: readonly string[] = body.records): Promise<void> {
  const drafts = await (body.attach ? loadDrafts : loadGoverned)(run, records)
  for (const draft of drafts) {
    if (body.migration) run.migrations.set(draft.id, body.migration)
    if (body.what !== undefined) run.reasons.set(draft.id, body.what)
  }
  if (drafts.length > 0) await save(run, () => {})
}

async function setAside({ database }: RunContext, now: Instant, id: string, error: unknown): Promise<number> {
  return database.transaction(async (tx) => {
    const entry = await claimEntry(tx, id)
    if (!entry) return 0
    const why = error instanceof Error ? error.message : String(error)
    const problems = [...entry.problems, `${entry.body.records[entry.done]}: ${why}`]
    await noteProgress(tx, { ...entry, problems }, entry.done + 1, now)
    return 1
  })
}
