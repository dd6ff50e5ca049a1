import { initialState, observe, observeRelated, step, wantsHistory } from '#process'
import type { Event } from '#process'
import { parseInstant } from '#util'
import type { Row } from '#util'
import { changed, fail } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { hoursFor } from '../set-up/formula-set-up.ts'
import { lookupIn, withLookups } from '../save/lookups.ts'
import { loadDraft } from '../actions/target.ts'
import { loadDrafts } from '../save/load.ts'
import { movedSince } from '../journal/store.ts'
import { chooseVersion } from './choose.ts'
import { contextOf, historyOf, organisationZone, processRow, rulesOf } from './context.ts'
import { dependents } from './dependents.ts'
import { registryOf } from './registry.ts'
import { readStates } from './store.ts'
import type { FiredStep, PendingAction, ProcessWork } from './work.ts'

/** Step 10: the processes of these records, of the records they are related to, and of those that read them through a lookup. */
export async function evaluateProcesses(run: Run, drafts: readonly Draft[]): Promise<PendingAction[]> {
  const pending: PendingAction[] = []
  const tracked = drafts.filter((d) => d.object.enableProcesses)
  await loadWork(run, tracked)
  for (const draft of tracked) pending.push(...(await evaluateRecord(run, draft)))
  for (const draft of drafts) pending.push(...(await evaluateWatchers(run, draft)))
  await wakeDependents(run, drafts)
  return pending
}

/** Reads the stored states of records that are not in this run yet: one statement. */
export async function loadWork(run: Run, drafts: readonly Draft[]): Promise<void> {
  const open = drafts.filter((d) => !run.work.has(d.id))
  const stored = await readStates(
    run.tx,
    open.filter((d) => d.operation !== 'create').map((d) => d.id),
  )
  for (const { id, object } of open) {
    const known = stored.get(id)
    run.work.set(id, {
      record: id,
      object,
      stored: known?.state,
      state: known?.state ?? initialState(id),
      ids: { ...known?.ids },
      written: new Set(Object.keys(known?.ids ?? {})),
      logs: [],
      fired: [],
      refusals: [],
      rowChanges: [],
    })
  }
}

async function evaluateRecord(run: Run, draft: Draft): Promise<PendingAction[]> {
  const work = run.work.get(draft.id)!
  if (draft.operation === 'delete') return []
  if (draft.operation === 'undelete') await movedMeanwhile(run, draft, work)
  const process = await chooseVersion(run, draft, work.stored)
  if (!process) return detach(run, draft, work)
  const history = draft.before && wantsHistory(process, work.state) ? await historyOf(run, draft, process) : undefined
  const before = draft.operation === 'create' ? undefined : draft.before
  const context = contextOf(run, draft, history)
  const observation = await withLookups(run, () =>
    observe(process, work.state, processRow(run, draft), before, context),
  )
  if (observation.errors?.length && process.document.strict)
    fail(draft, 'PROCESS', observation.errors.map((e) => e.message).join(' '))
  if (changed(draft, 'SlaStartDate') && draft.changes.SlaStartDate === null && work.state.start !== null)
    fail(
      draft,
      'PROCESS',
      'The start of the process cannot be taken away. Give another one, or take the entitlement away.',
    )
  return take(run, work, { ...eventKind(run, draft), at: run.now, cause: causeOf(run, draft), observation })
}

/** A record in the recycle bin has missed what became of its version. Its last change was the delete. */
async function movedMeanwhile(run: Run, draft: Draft, { state }: ProcessWork): Promise<void> {
  const deleted = draft.before?.LastModifiedDate
  const moved = state.process === null ? undefined : await movedSince(run.tx, state.process, String(deleted))
  if (moved) run.migrations.set(draft.id, moved)
}

/** A caller who moves SlaStartDate edits the start; a timer wakes; everything else is an evaluation. */
function eventKind(
  run: Run,
  draft: Draft,
):
  | { kind: 'evaluate' }
  | { kind: 'wake' }
  | { kind: 'edit'; slaStart: number }
  | { kind: 'migrate'; late: 'skip' | 'raise' } {
  const migration = run.migrations.get(draft.id)
  if (migration && run.work.get(draft.id)?.state.process !== migration.to)
    return { kind: 'migrate', late: migration.late }
  if (run.wakes.delete(draft.id)) return { kind: 'wake' }
  const start = changed(draft, 'SlaStartDate') ? parseInstant(String(draft.changes.SlaStartDate ?? '')) : undefined
  if (start === undefined || start === run.work.get(draft.id)?.state.start) return { kind: 'evaluate' }
  return { kind: 'edit', slaStart: start }
}

function causeOf(run: Run, draft: Draft): Event['cause'] {
  const fields = Object.keys(draft.changes).filter((name) => changed(draft, name))
  const reason = run.reasons.get(draft.id)
  return {
    kind: run.cause,
    userId: draft.actor.userId,
    ...(reason !== undefined ? { what: reason } : fields.length && draft.before ? { fields: fields.slice(0, 20) } : {}),
  }
}

function detach(run: Run, draft: Draft, work: ProcessWork): PendingAction[] {
  if (work.state.process === null) return []
  const migration = run.migrations.get(draft.id)
  const reason = migration ? 'process deactivated' : 'no process any more'
  return take(run, work, { kind: 'detach', reason, at: migration?.at ?? run.now, cause: causeOf(run, draft) })
}

/** Lets the rule-book decide, and keeps what it decided on the work; the actions it asks for are returned. */
export function take(run: Run, work: ProcessWork, event: Event): PendingAction[] {
  const result = step(rulesOf(run), work.state, event)
  work.state = result.state
  work.refusals = result.findings
  if (result.log) {
    work.logs.push({ log: result.log, event })
    work.fired.push(...result.log.outcome.filter((d) => d.what === 'skipped').map(skippedStep))
    work.fired.push(...result.log.outcome.filter((d) => d.what === 'error').map(failedEvaluation))
  }
  return result.actions.map((action) => ({ work, action }))
}

const skippedStep = (decision: {
  instance?: string
  step?: string
  due?: number
  at: number
  why?: string
}): FiredStep => ({
  id: `${decision.instance}/${decision.step}/skipped`,
  action: '',
  instance: decision.instance ?? '',
  step: decision.step ?? '',
  kind: String(decision.step ?? '').split(':')[0]!,
  due: decision.due ?? decision.at,
  status: 'Skipped',
  ...(decision.why === undefined ? {} : { why: decision.why }),
})

/** A formula that can't be worked out stands on the queue page beside failed actions, once for each error that is new. */
const failedEvaluation = ({
  item = 'process',
  at,
  why = '',
}: {
  item?: string
  at: number
  why?: string
}): FiredStep => ({
  id: `${item}/evaluation`,
  action: '',
  instance: '',
  step: item,
  kind: 'evaluation',
  due: at,
  status: 'Failed',
  why,
})

/** Completion rules of other records' processes that watch saves of this one. */
async function evaluateWatchers(run: Run, draft: Draft): Promise<PendingAction[]> {
  if (draft.operation === 'delete') return []
  const watches = registryOf(run.catalog).watches(draft.object.name)
  const pending: PendingAction[] = []
  for (const through of new Set(watches.map((w) => w.watch.through))) {
    const id = draft.changes[through] ?? draft.before?.[through]
    if (typeof id === 'string' && id !== draft.id) pending.push(...(await evaluateWatched(run, draft, id, through)))
  }
  return pending
}

async function evaluateWatched(run: Run, draft: Draft, parentId: string, through: string): Promise<PendingAction[]> {
  const parent = await parentWork(run, parentId)
  const process = parent?.state.process ? registryOf(run.catalog).version(parent.state.process) : undefined
  if (!parent || !process) return []
  const record: Row = { ...processRow(run, draft), Id: draft.id }
  const around = {
    now: run.now,
    timeZone: organisationZone(run),
    calendar: hoursFor(run.setUp, record['BusinessHoursId']),
    lookup: lookupIn(run),
  }
  const { before } = draft
  const prior = before?.[through] === parentId ? { ...record, ...before } : undefined
  const { matches, findings } = await withLookups(run, () => observeRelated(process, draft.object.name, record, prior, around)) // prettier-ignore
  const fits = matches.filter((m) =>
    process.watches.some(
      (w) => w.item === m.item && w.rule === m.rule && w.object === draft.object.name && w.through === through,
    ),
  )
  if (findings.length && process.document.strict) fail(draft, 'PROCESS', findings.map((f) => f.message).join(' '))
  if (fits.length === 0) return []
  if (!run.draftById.has(parentId)) (await loadDraft(run, parentId)).dirty = false
  return take(run, parent, {
    kind: 'related',
    matches: fits,
    at: run.now,
    cause: { kind: 'related', userId: draft.actor.userId, what: `${draft.object.name} ${draft.id}` },
  })
}

/** The work of a record that is only watched; undefined when it has no process. */
async function parentWork(run: Run, id: string): Promise<ProcessWork | undefined> {
  const object = run.catalog.objectByKeyPrefix(id.slice(0, 3))
  if (!object?.enableProcesses) return undefined
  await loadWork(run, [{ id, object, operation: 'update' } as Draft])
  return run.work.get(id)
}

/** Records whose formulas read a changed field through a lookup are looked at in the next round. */
async function wakeDependents(run: Run, drafts: readonly Draft[]): Promise<void> {
  const ids = await dependents(run, drafts)
  for (const id of ids) {
    const known = run.draftById.get(id)
    if (known) known.dirty = true
  }
  await loadDrafts(run, ids)
}
