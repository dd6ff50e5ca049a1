import { randomInt } from 'node:crypto'
import type { Actor } from '#records'
import type { Database, Transaction } from '#database'
import type { Catalog, ObjectDef } from '#metadata'
import { formatInstant, idMaker } from '#util'
import type { Instant } from '#util'
import type { ChangeBus } from './changes.ts'
import { enqueue } from './journal/store.ts'
import { after, changed } from './save/draft.ts'
import { renamedRows } from './save/named-rows.ts'
import type { RowRename } from './save/named-rows.ts'
import type { Draft, Run } from './save/draft.ts'
import type { SetUpHolder } from './set-up/holder.ts'
import { refuseBroken } from './set-up/refuse-broken.ts'
import { affectedRecords, setUpChange } from './set-up/affected.ts'
import { isHeld } from './set-up/set-up.ts'
import type { RecordChange } from './types.ts'

/** What every run of an engine shares. */
export interface RunContext {
  readonly database: Database
  readonly setUps: SetUpHolder
  readonly changes: ChangeBus
  /** Documents call renamed rows by their new names, in the same transaction. The version of the catalog that does. */
  followRows(run: Run, renames: readonly RowRename[]): Promise<number>
  /** Timers or messages may have been written: the worker looks when the next one is due. */
  nudge(): void
}

const makeId = idMaker(() => randomInt(2 ** 47) / 2 ** 47)

export const newRecordId = (object: ObjectDef, at: Instant): string => makeId(object.keyPrefix, at)

/** One transaction with a run in it: everything `work` drafts is told to subscribers and to the worker once it is committed. */
export async function inRun<T>(
  context: RunContext,
  catalog: Catalog,
  who: { readonly actor: Actor; readonly cause: string; readonly now: Instant },
  work: (run: Run) => Promise<T>,
): Promise<T> {
  return context.database.transaction(async (tx) => (await runIn(context, tx, catalog, who, work)).result)
}

/** The same inside a transaction that is there already. `affected`: records in flight that are looked at again. */
export async function runIn<T>(
  context: RunContext,
  tx: Transaction,
  catalog: Catalog,
  who: { readonly actor: Actor; readonly cause: string; readonly now: Instant },
  work: (run: Run) => Promise<T>,
): Promise<{ readonly result: T; readonly affected: number }> {
  const run = await startRun(context, tx, catalog, who)
  const result = await work(run)
  return { result, affected: await finishRun(context, run) }
}

async function startRun(
  context: RunContext,
  tx: Transaction,
  catalog: Catalog,
  who: { readonly actor: Actor; readonly cause: string; readonly now: Instant },
): Promise<Run> {
  return {
    ...who,
    tx,
    catalog,
    setUp: await context.setUps.current(tx, catalog),
    drafts: [],
    draftById: new Map(),
    work: new Map(),
    wakes: new Set(),
    asked: [],
    migrations: new Map(),
    reasons: new Map(),
    counted: [],
    newId: (object) => newRecordId(object, who.now),
  }
}

async function finishRun(context: RunContext, run: Run): Promise<number> {
  const renames = renamedRows(run)
  const version = renames.length > 0 ? await context.followRows(run, renames) : undefined
  const isSetUp = run.drafts.some((d) => isHeld(d.object))
  const affected = isSetUp ? await setUpChanged(context, run, version) : 0
  await context.setUps.keep(run.tx, run.now)
  const changes = [
    ...run.drafts.flatMap((draft) => changeOf(run, draft)),
    ...milestoneChanges(run),
    ...countedChanges(run),
  ]
  run.tx.afterCommit(() => {
    context.changes.publish(changes)
    context.nudge()
  })
  return affected
}

/** Records in flight that the change concerns are looked at again, from the journal: how many. */
async function setUpChanged(context: RunContext, run: Run, catalog: number | undefined): Promise<number> {
  const next = await context.setUps.peek(run.tx, run.catalog)
  refuseBroken(run.setUp, next)
  const change = setUpChange(run.setUp, next)
  const records = await affectedRecords(run.tx, run.catalog, change)
  const what = run.drafts.find((d) => isHeld(d.object))
  const name = what && `${what.object.label} ${String(after(what).Name ?? '')}`.trim()
  await enqueue(run.tx, run.now, change.hours.length > 0 ? 'calendar' : 'set-up', {
    records,
    ...(name ? { what: name } : {}),
    ...(catalog === undefined ? {} : { catalog }),
  })
  await context.setUps.changed(run.tx)
  return records.length
}

const CHANGE = { create: 'created', update: 'updated', delete: 'deleted', undelete: 'undeleted' } as const

function changeOf(run: Run, draft: Draft): RecordChange[] {
  const fields = Object.keys(draft.changes).filter((name) => changed(draft, name))
  if (draft.operation === 'update' && fields.length === 0) return []
  return [
    {
      object: draft.object.name,
      id: draft.id,
      change: CHANGE[draft.operation],
      fields,
      catalogVersion: run.catalog.version,
      at: formatInstant(run.now),
    },
  ]
}

function milestoneChanges(run: Run): RecordChange[] {
  return [...run.work.values()].flatMap((work) =>
    work.rowChanges.map((change) => ({
      object: 'RecordMilestone',
      ...change,
      catalogVersion: run.catalog.version,
      at: formatInstant(run.now),
    })),
  )
}

const countedChanges = (run: Run): RecordChange[] =>
  run.counted.flatMap(({ rollup: { parent, field }, ids }) =>
    ids.map((id) => ({
      object: parent.name,
      id,
      change: 'updated' as const,
      fields: [field.name],
      catalogVersion: run.catalog.version,
      at: formatInstant(run.now),
    })),
  )
