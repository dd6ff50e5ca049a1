import { isUnavailable } from '#database'
import type { Catalog } from '#metadata'
import type { Instant } from '#util'
import { automationActor } from '../actor.ts'
import { inRun } from '../runs.ts'
import type { RunContext } from '../runs.ts'
import type { Run } from '../save/draft.ts'
import { loadDrafts } from '../save/load.ts'
import { save } from '../save/save.ts'
import { claimDue, putOff } from './timers.ts'

const BATCH = 200

/** Claims a batch of due records and wakes each; a batch that fails is done record by record, so that one bad record holds up nobody. */
export async function fireBatch(context: RunContext, catalog: Catalog, now: Instant): Promise<number> {
  const who = { actor: automationActor('timer'), cause: 'timer', now }
  let claimed: string[] = []
  try {
    await inRun(context, catalog, who, async (run) => {
      claimed = await claimDue(run.tx, catalog, now, BATCH)
      await wake(run, claimed)
    })
  } catch (error) {
    if (isUnavailable(error)) throw error
    for (const record of claimed) await fireOne(context, catalog, now, record)
  }
  return claimed.length
}

async function fireOne(context: RunContext, catalog: Catalog, now: Instant, record: string): Promise<void> {
  try {
    await inRun(context, catalog, { actor: automationActor('timer'), cause: 'timer', now }, (run) =>
      wake(run, [record]),
    )
  } catch (error) {
    // That is not the record's fault: it is not put off, and fires as soon as the database is back.
    if (isUnavailable(error)) throw error
    const why = error instanceof Error ? error.message : String(error)
    await context.database.transaction((tx) => putOff(tx, catalog, record, now, why))
  }
}

async function wake(run: Run, records: readonly string[]): Promise<void> {
  if (records.length === 0) return
  for (const id of records) run.wakes.add(id)
  const drafts = await loadDrafts(run, records)
  if (drafts.length < records.length) throw new Error('The record has been deleted.')
  await save(run, () => {})
}
