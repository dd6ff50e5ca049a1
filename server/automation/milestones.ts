import { failedTimer, nameOf, retry } from './actions/retry.ts'
import { explain, explainRecord, heldBack, recordDetails, unmetLine } from '#process'
import type { Event, Reader, SeesCondition } from '#process'
import type { Actor } from '#records'
import { maySeeSetUp, readRows, seesPaths } from '#records'
import { isStorable, keyPrefixOf, parseInstant } from '#util'
import type { Catalog } from '#metadata'
import type { Instant } from '#util'
import { addDraft } from './save/draft.ts'
import type { Draft, Run } from './save/draft.ts'
import { LoopError, ProcessError, save } from './save/save.ts'
import { ownPaths } from '#records'
import { loadWork, take } from './processes/evaluate.ts'
import { sinceWhen } from './processes/since-when.ts'
import { closedAndUnmet } from './processes/unmet.ts'
import { whyNone } from './processes/why-none.ts'
import { organisationZone, rulesOf } from './processes/context.ts'
import type { ProcessWork } from './processes/work.ts'
import { inRun } from './runs.ts'
import type { RunContext } from './runs.ts'
import type { Explained, MilestoneOperations, MilestoneResult, TimerOperations } from './engine-types.ts'
import type { FieldError } from './types.ts'

/** What people do to milestones by hand. Each is one event of the record's process, in the same run that a save has. */
export function milestoneOperations(context: RunContext, catalogOf: () => Catalog): MilestoneOperations {
  const by = (actor: Actor, milestoneId: string, event: (instance: string, now: Instant) => HandEvent) =>
    onMilestone(context, catalogOf(), actor, milestoneId, event)
  return {
    complete: (actor, id, options = {}) =>
      by(actor, id, (instance) => ({
        kind: 'complete',
        instance,
        ...at('completedAt', options.at),
        ...reason(options.reason),
      })),
    reopen: (actor, id, options) =>
      by(actor, id, (instance) => ({ kind: 'reopen', instance, ...reason(options.reason) })),
    cancel: (actor, id, options) =>
      by(actor, id, (instance) => ({ kind: 'cancel', instance, reason: options.reason.trim() })),
    setTarget: async (actor, id, { target, reason, movesWithPauses }) => {
      const instant = parseInstant(target)
      if (instant === undefined) return failed(id, 'BAD_USER_INPUT', `“${target}” is not a date and time.`)
      const given = { target: instant, reason: reason.trim(), movesWithPauses: movesWithPauses ?? false }
      return by(actor, id, (instance) => ({ kind: 'setTarget', instance, ...given }))
    },
    clearTarget: (actor, id, options = {}) =>
      by(actor, id, (instance) => ({ kind: 'clearTarget', instance, ...reason(options.reason) })),
    pause: (actor, target, options) =>
      onTarget(context, catalogOf(), actor, target, (instance) => ({
        kind: 'pause',
        ...instance,
        reason: options.reason.trim(),
      })),
    resume: (actor, target) =>
      onTarget(context, catalogOf(), actor, target, (instance) => ({ kind: 'resume', ...instance })),
    explain: (actor, id) => explainOne(context, catalogOf(), actor, id),
  }
}

/** What people do to timers: one event of the record's process, too. */
export function timerOperations(context: RunContext, catalogOf: () => Catalog): TimerOperations {
  return {
    cancel: (actor, timerId, { reason }) =>
      hand(context, catalogOf(), actor, timerId, async (run) => {
        const object = run.catalog.objects.get('MilestoneTimer')!
        const paths = ['ParentId', 'RecordMilestoneId', 'Step', 'Status']
        const row = (await readRows(run.tx, run.catalog, object, [timerId], paths)).get(timerId)
        if (row?.Status !== 'Pending' && row?.Status !== 'Failed') return undefined
        const event = (instance: string): HandEvent => ({
          kind: 'skip',
          instance,
          step: String(row.Step),
          reason: reason.trim(),
        })
        return {
          record: String(row.ParentId),
          event: (work) => instanceOf(work, String(row.RecordMilestoneId), event),
        }
      }),
    retry: (actor, timerId) =>
      asHand(context, catalogOf(), actor, timerId, async (run) => {
        const row = await failedTimer(run, timerId)
        const work = row && (await trackedWork(run, actor, String(row.ParentId)))
        if (!work)
          throw new NotDone(
            failed('', 'NOT_FOUND', 'There is no failed step with this id that you may try again.').errors,
          )
        const why = await retry(run, work, timerId, row, actor)
        if (why !== undefined) throw new NotDone(failed('', 'FAILED_AGAIN', why).errors)
      }),
  }
}

type HandEvent = Event extends infer E
  ? E extends { kind: string }
    ? Omit<E, 'at' | 'cause' | 'observation'>
    : never
  : never

const reason = (text: string | undefined) => (text?.trim() ? { reason: text.trim() } : {})
const at = (key: 'completedAt', text: string | undefined) => {
  const instant = text === undefined ? undefined : parseInstant(text)
  return instant === undefined ? {} : { [key]: instant }
}

const failed = (id: string, code: string, message: string): MilestoneResult => ({ id, errors: [{ code, message }] })

async function onMilestone(
  context: RunContext,
  catalog: Catalog,
  actor: Actor,
  milestoneId: string,
  event: (instance: string, now: Instant) => HandEvent,
): Promise<MilestoneResult> {
  return hand(context, catalog, actor, milestoneId, async (run) => {
    const record = await recordOf(run, milestoneId)
    if (!record) return undefined
    return { record, event: (work) => instanceOf(work, milestoneId, (instance) => event(instance, run.now)) }
  })
}

async function onTarget(
  context: RunContext,
  catalog: Catalog,
  actor: Actor,
  target: { readonly recordId: string; readonly milestoneId?: string },
  event: (instance: { instance?: string }) => HandEvent,
): Promise<MilestoneResult> {
  return hand(context, catalog, actor, target.milestoneId ?? target.recordId, async () => ({
    record: target.recordId,
    event: (work) =>
      target.milestoneId === undefined
        ? event({})
        : instanceOf(work, target.milestoneId, (instance) => event({ instance })),
  }))
}

function instanceOf(
  work: ProcessWork,
  milestoneId: string,
  event: (instance: string) => HandEvent,
): HandEvent | undefined {
  const key = Object.keys(work.ids).find((k) => work.ids[k] === milestoneId)
  return key === undefined ? undefined : event(key)
}

interface Found {
  readonly record: string
  readonly event: (work: ProcessWork) => HandEvent | undefined
}

/** Thrown to undo the transaction of an event that was refused. */
class NotDone extends Error {
  readonly errors: readonly FieldError[]
  constructor(errors: readonly FieldError[]) {
    super('refused')
    this.errors = errors
  }
}

async function hand(
  context: RunContext,
  catalog: Catalog,
  actor: Actor,
  id: string,
  find: (run: Run) => Promise<Found | undefined>,
): Promise<MilestoneResult> {
  return asHand(context, catalog, actor, id, async (run) => perform(run, actor, id, await find(run)))
}

/** In one transaction; what is not done leaves nothing but its errors. */
async function asHand(
  context: RunContext,
  catalog: Catalog,
  actor: Actor,
  id: string,
  work: (run: Run) => Promise<void>,
): Promise<MilestoneResult> {
  try {
    await inRun(context, catalog, { actor, cause: 'hand', now: context.database.clock.now() }, work)
    return { id, errors: [] }
  } catch (error) {
    if (error instanceof NotDone) return { id, errors: error.errors }
    if (error instanceof LoopError) return failed(id, 'LOOP', error.message)
    if (error instanceof ProcessError) return failed(id, 'PROCESS', error.message)
    throw error
  }
}

function notFound({ catalog }: Run, id: string): string {
  const what = catalog.objectByKeyPrefix(keyPrefixOf(id))?.name
  if (what === 'MilestoneTimer')
    return 'There is no waiting step with this id that you may take off: it may have fired.'
  return what === 'RecordMilestone' || what === undefined
    ? 'There is no milestone with this id that you may change.'
    : 'There is no record with this id and a process that you may change.'
}

/** Of the columns that keep reasons. */
const REASON_LENGTH = 255

async function perform(run: Run, actor: Actor, id: string, found: Found | undefined): Promise<void> {
  const work = found && (await trackedWork(run, actor, found.record))
  const event = work && found.event(work)
  if (!work || !event) throw new NotDone(failed('', 'NOT_FOUND', notFound(run, id)).errors)
  if ('reason' in event && (event.reason?.length ?? 0) > REASON_LENGTH)
    throw new NotDone(failed('', 'TOO_LONG', `A reason has at most ${REASON_LENGTH} characters.`).errors)
  if ('reason' in event && !isStorable(event.reason ?? ''))
    throw new NotDone(failed('', 'WRONG_TYPE', 'The reason holds characters that can’t be stored.').errors)
  const before = work.state
  const pending = take(run, work, { ...event, at: run.now, cause: { kind: 'hand', userId: actor.userId } } as Event)
  if (work.state === before)
    throw new NotDone(
      work.refusals.map((f) => ({ code: f.code, message: [f.message, f.hint].filter(Boolean).join(' ') })),
    )
  await save(run, () => {}, pending)
}

/** The record's process, for somebody who may edit the record. */
async function trackedWork(run: Run, actor: Actor, recordId: string): Promise<ProcessWork | undefined> {
  const object = run.catalog.objectByKeyPrefix(recordId.slice(0, 3))
  const access = object && actor.permissions.object(object.name)
  if (!object?.enableProcesses || (actor.system === undefined && !(access?.read && access.edit))) return undefined
  const before = (await readRows(run.tx, run.catalog, object, [recordId], ownPaths(object), { lock: true })).get(
    recordId,
  )
  if (!before || before.IsDeleted === true) return undefined
  const draft = addDraft(run, { object, operation: 'update', id: recordId, before, changes: {}, actor, index: -1 })
  draft.dirty = false
  await loadWork(run, [draft])
  return run.work.get(recordId)
}

async function recordOf(run: Run, milestoneId: string): Promise<string | undefined> {
  const object = run.catalog.objects.get('RecordMilestone')!
  const row = (await readRows(run.tx, run.catalog, object, [milestoneId], ['ParentId'])).get(milestoneId)
  return typeof row?.ParentId === 'string' ? row.ParentId : undefined
}

/** Of a milestone, or of a record: which process it is in and what becomes of each of its milestones, or why it is in none. */
async function explainOne(
  context: RunContext,
  catalog: Catalog,
  actor: Actor,
  id: string,
): Promise<Explained | undefined> {
  return inRun(context, catalog, { actor, cause: 'explain', now: context.database.clock.now() }, async (run) => {
    const isMilestone = catalog.objectByKeyPrefix(keyPrefixOf(id))?.name === 'RecordMilestone'
    const record = isMilestone ? await recordOf(run, id) : id
    const object = catalog.objectByKeyPrefix(keyPrefixOf(record ?? ''))
    if (!record || !object?.enableProcesses || !actor.permissions.object(object.name).read) return undefined
    const before = (await readRows(run.tx, run.catalog, object, [record], ownPaths(object))).get(record)
    if (!before || before.IsDeleted === true) return undefined
    const draft = addDraft(run, { object, operation: 'update', id: record, before, changes: {}, actor, index: -1 })
    draft.dirty = false
    await loadWork(run, [draft])
    const work = run.work.get(record)!
    const key = Object.keys(work.ids).find((k) => work.ids[k] === id)
    const instances = work.state.instances.filter((instance) => !isMilestone || instance.key === key)
    if (!seesPaths({ ...actor, catalog }, 'RecordMilestone', fieldsExplained(instances))) return undefined
    if (!isMilestone) return explainRecordOf(run, draft, work)
    const explained = key === undefined ? undefined : explain(rulesOf(run), work.state, key, readerOf(run))
    if (!explained) return undefined
    const named = await withNames(run, explained.text, peopleOf(work, key!))
    const wanted = await closedAndUnmet(run, draft, work, seesAll(run))
    const unmet = wanted.unmet.filter((rule) => rule.milestoneId === id)
    return { ...explained, text: [named, ...unmetLines({ ...wanted, unmet })].join('\n'), closed: wanted.closed, unmet }
  })
}

/** Fields of milestones that an explanation of them is made of. */
function fieldsExplained(instances: ProcessWork['state']['instances']): string[] {
  const byHand = instances.some(({ manualTarget }) => manualTarget !== undefined)
  const paused = instances.some(({ pauses }) => pauses.length > 0)
  return [
    'Status',
    'StartDate',
    'TargetDate',
    'TargetMinutes',
    ...(byHand ? ['TargetReason', 'TargetSetById'] : []),
    ...(paused ? ['PauseReason'] : []),
  ]
}

/** Who had a hand in it. */
function peopleOf({ state }: ProcessWork, key: string): string[] {
  const { completion, manualTarget } = state.instances.find((i) => i.key === key) ?? {}
  const ids = [completion?.by === 'hand' ? completion.what : undefined, manualTarget?.userId]
  return [...new Set(ids.filter((id) => id !== undefined))]
}

async function withNames(run: Run, text: string, people: readonly string[]): Promise<string> {
  let named = text
  for (const id of people) named = named.replaceAll(id, await nameOf(run, id))
  return named
}

/** Conditions name values: they are told to those who may read their fields, or set-up. */
const seesCondition =
  (run: Run): SeesCondition =>
  (object, { analysis }) =>
    seesAll(run)(object, analysis.references.map(({ path }) => path)) // prettier-ignore

const seesAll =
  ({ catalog, actor }: Run) =>
  (object: string, paths: readonly string[]): boolean =>
    maySeeSetUp(actor.permissions) || seesPaths({ ...actor, catalog }, object, paths)

const readerOf = (run: Run): Reader => ({
  now: run.now,
  timeZone: organisationZone(run),
  sees: seesCondition(run),
  labelOf: (object) => run.catalog.object(object)?.label ?? object,
})

async function explainRecordOf(run: Run, draft: Draft, work: ProcessWork): Promise<Explained> {
  const { state } = work
  const [rules, reader] = [rulesOf(run), readerOf(run)]
  const held = await sinceWhen(run, draft.id, heldBack(rules, state, reader.sees))
  const wanted = await closedAndUnmet(run, draft, work, seesAll(run))
  const lines =
    state.process === null ? await whyNone(run, draft) : explainRecord(rules, state, draft.object.name, reader, held)
  const all = [...lines, ...unmetLines(wanted)]
  const data = { process: state.process, phase: state.phase, run: state.run, lines: all }
  const details = recordDetails(rules, state).join('\n')
  return { text: all.join('\n'), details, data, heldBack: held, ...wanted }
}

/** While a record is open, nobody wonders that its milestones are. */
const unmetLines = ({ closed, unmet }: Pick<Required<Explained>, 'closed' | 'unmet'>): string[] =>
  closed ? unmet.map(({ milestone, conditions }) => unmetLine(milestone, conditions)) : []
