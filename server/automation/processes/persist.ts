import { recordFields, rowsOf, timersOf } from '#process'
import type { CompiledProcess, Event, KeyedRow, Rows, Timer } from '#process'
import { formatInstant } from '#util'
import type { Row, Value } from '#util'
import { placeholders, quote } from '#database'
import { sameValue } from '../save/draft.ts'
import type { Run } from '../save/draft.ts'
import { atScales, deletePlatformRows, insertPlatformRows, updatePlatformRows } from '../save/platform-rows.ts'
import { ownSources, sourceFields, withSources } from '../source-fields.ts'
import { rulesOf } from './context.ts'
import { logText, missedText } from './log-words.ts'
import { registryOf } from './registry.ts'
import { deleteStates, writeStates } from './store.ts'
import type { ProcessWork } from './work.ts'

const NO_ROWS: Rows = { milestones: [], pauses: [], violations: [] }

/** Step 11: rows, timers and log follow the states; differences by key, one batch an object. */
export async function persistProcesses(run: Run): Promise<void> {
  const moved = [...run.work.values()].filter(
    (work) => work.state !== work.stored && (work.stored !== undefined || work.state.process !== null),
  )
  await moveTimers(run, 'delete', 'Pending', 'Cancelled')
  await moveTimers(run, 'undelete', 'Cancelled', 'Pending')
  await writeRows(run, moved)
  await writeTimers(run, moved)
  await writeFired(run, [...run.work.values()])
  await writeLog(run, moved)
  const gone = moved.filter(
    (work) => run.draftById.get(work.record)?.operation === 'delete' && work.stored === undefined,
  )
  await writeStates(
    run.tx,
    moved.filter((work) => !gone.includes(work)),
    run.now,
  )
  await deleteStates(
    run.tx,
    gone.map((work) => work.record),
  )
}

/** Puts the columns that the platform keeps on the records into their drafts, before these are written. */
export function setProcessFields(run: Run): void {
  for (const work of run.work.values()) {
    const draft = run.draftById.get(work.record)
    if (!draft || (work.state === work.stored && draft.operation !== 'create')) continue
    if (work.stored === undefined && work.state.process === null) continue
    mintIds(run, work)
    const { fields, nextMilestone } = recordFields(rulesOf(run), work.state)
    const next = nextMilestone === null ? null : (work.ids[nextMilestone] ?? null)
    for (const [name, value] of Object.entries({ ...fields, NextMilestoneId: next }))
      if (!sameValue(draft.before?.[name] ?? null, value)) draft.changes[name] = value
      else delete draft.changes[name]
  }
}

function mintIds(run: Run, work: ProcessWork): void {
  const object = run.catalog.objects.get('RecordMilestone')!
  for (const { key } of work.state.instances) work.ids[key] ??= run.newId(object)
}

const OBJECT_OF = {
  milestones: 'RecordMilestone',
  pauses: 'RecordMilestonePause',
  violations: 'MilestoneViolation',
} as const

async function writeRows(run: Run, works: readonly ProcessWork[]): Promise<void> {
  const rules = rulesOf(run)
  const rows = works.map((work) => ({
    work,
    stored: work.stored ? rowsOf(rules, work.stored, undefined, new Set(work.state.instances)) : NO_ROWS,
    wanted: rowsOf(rules, work.state, undefined, new Set(work.stored?.instances)),
  }))
  for (const kind of ['milestones', 'pauses', 'violations'] as const) {
    const object = run.catalog.objects.get(OBJECT_OF[kind])!
    const inserts: Row[] = []
    const updates: { id: string; set: Row }[] = []
    const gone: string[] = []
    for (const { work, stored, wanted } of rows) {
      // Rows of a state that an earlier release stored may not be there.
      const before = new Map(stored[kind].filter((row) => work.written.has(row.key)).map((row) => [row.key, row]))
      const keys = new Set(wanted[kind].map((row) => row.key))
      const over = [...before.keys()].filter((key) => !keys.has(key)).map((key) => work.ids[key]!)
      gone.push(...over)
      if (kind === 'milestones')
        work.rowChanges.push(...over.map((id) => ({ id, change: 'deleted' as const, fields: [] })))
      for (const row of wanted[kind]) {
        const known = before.get(row.key)
        const id = (work.ids[row.key] ??= run.newId(object))
        const fields = atScales(object, row.fields)
        const set = known
          ? difference(atScales(object, known.fields), fields)
          : { Id: id, ...fields, ...parentsOf(work, row) }
        if (!known) inserts.push(kind === 'milestones' ? set : { Name: row.key.slice(0, 80), ...set })
        else if (Object.keys(set).length)
          updates.push({ id, set: { ...set, LastModifiedDate: formatInstant(run.now) } })
        if (kind === 'milestones' && Object.keys(set).length)
          work.rowChanges.push({ id, change: known ? 'updated' : 'created', fields: Object.keys(set) })
      }
    }
    await insertPlatformRows(run, object.name, inserts)
    await updatePlatformRows(run, object.name, updates)
    await deletePlatformRows(run, object.name, gone)
  }
}

const parentsOf = (work: ProcessWork, row: KeyedRow): Row =>
  row.milestone === undefined
    ? { ParentId: work.record }
    : { ParentId: work.record, RecordMilestoneId: work.ids[row.milestone] ?? null }

function difference(before: Row, after: Row): Row {
  const changed: { [field: string]: Value } = {}
  for (const [name, value] of Object.entries(after)) if (!sameValue(before[name] ?? null, value)) changed[name] = value
  return changed
}

/** Before a timer's key, among the ids of a record's rows. */
const TIMER = 'timer:'

async function writeTimers(run: Run, works: readonly ProcessWork[]): Promise<void> {
  const inserts: Row[] = []
  const updates: { id: string; set: Row }[] = []
  const disarmed: string[] = []
  /** Fired in the very save that made them due, so that they were never armed. */
  const unarmed: Row[] = []
  const object = run.catalog.objects.get('MilestoneTimer')!
  for (const work of works) {
    const before = new Map((work.stored ? timersOf(rulesOf(run), work.stored) : []).map((timer) => [timer.key, timer]))
    const over = new Set(Object.keys(work.ids).filter((name) => name.startsWith(TIMER)))
    for (const timer of timersOf(rulesOf(run), work.state)) {
      const name = TIMER + timer.key
      over.delete(name)
      const [known, id] = [before.get(timer.key), work.ids[name]]
      if (id) {
        if (known?.at !== timer.at || known.generation !== timer.generation)
          updates.push({
            id,
            set: { DueDate: formatInstant(timer.at), Generation: timer.generation, Status: 'Pending', Attempts: 0 },
          })
      } else inserts.push(timerRow(work, timer, (work.ids[name] = run.newId(object))))
    }
    const fired = firedNow(work)
    for (const name of over) {
      const key = name.slice(TIMER.length)
      const [timer, step, id] = [before.get(key), fired.get(key), work.ids[name]!]
      delete work.ids[name]
      fired.delete(key)
      if (timer && timer.at <= work.state.at) updates.push({ id, set: firedAt(run, timer.at, step) })
      else if (step) updates.push({ id, set: { DueDate: formatInstant(step.due), ...firedAt(run, step.at, step) } })
      else disarmed.push(id)
    }
    for (const [key, step] of fired) unarmed.push({ ...timerRow(work, { key, ...step, at: step.due }, run.newId(object)), ...firedAt(run, step.at, step) }) // prettier-ignore
  }
  await insertPlatformRows(run, 'MilestoneTimer', inserts)
  await insertPlatformRows(run, 'MilestoneTimer', unarmed)
  await updatePlatformRows(run, 'MilestoneTimer', updates)
  // A disarmed timer has no meaning any more, so its row goes; what fired, was skipped or failed stays.
  await deletePlatformRows(run, 'MilestoneTimer', disarmed)
}

type FiredTimer = Pick<Timer, 'instance' | 'cycle' | 'step' | 'generation' | 'at'> & {
  readonly due: number
  readonly missed?: number
}

/** Warning and violation steps that fired in this save, by the keys of their timers. */
function firedNow(work: ProcessWork): Map<string, FiredTimer> {
  const steps = new Map<string, FiredTimer>()
  for (const { what, instance = '', step = '', at, due = at, missed } of work.logs.flatMap(({ log }) => log.outcome)) {
    if (what !== 'fired' || step === 'success') continue
    const { cycle, generation } = work.state.instances.find((i) => i.key === instance)!
    steps.set(`${instance}/${step}`, { instance, cycle, step, generation, at, due, missed })
  }
  return steps
}

/** Of what fired in this save; the lag counts from when it was due, or came to be due. */
const firedAt = (run: Run, since: number, step: FiredTimer | undefined): Row => ({
  Status: 'Fired',
  FiredAt: formatInstant(run.now),
  LagMs: run.now - since,
  ...(step?.missed && { Reason: missedText(step.missed) }),
})

export function timerRow(work: Pick<ProcessWork, 'record' | 'ids'>, timer: Timer, id: string): Row {
  return {
    Id: id,
    Name: timer.key.slice(0, 255),
    ParentId: work.record,
    RecordMilestoneId: timer.instance === undefined ? null : (work.ids[timer.instance] ?? null),
    Key: timer.key.slice(0, 255),
    Kind: timer.step.split(':')[0]!,
    Step: timer.step.slice(0, 120),
    Cycle: timer.cycle,
    Generation: timer.generation,
    DueDate: formatInstant(timer.at),
    Status: 'Pending',
    Attempts: 0,
  }
}

/** What lies in the recycle bin wakes nobody; its timers lie there with it and come back as they were, so that what fell due meanwhile is caught up. */
async function moveTimers(run: Run, operation: 'delete' | 'undelete', from: string, to: string): Promise<void> {
  const object = run.catalog.objects.get('MilestoneTimer')!
  const column = (name: string): string => quote(object.field(name)!.column!)
  const records = [...run.work.keys()].filter((id) => run.draftById.get(id)?.operation === operation)
  for (let i = 0; i < records.length; i += 500) {
    const part = records.slice(i, i + 500)
    await run.tx.run(
      `UPDATE ${quote(object.table)} SET ${column('Status')} = ${placeholders(run.tx.dialect, 1)} WHERE ${column('Status')} = ${placeholders(run.tx.dialect, 1, 2)} AND ${column('ParentId')} IN (${placeholders(run.tx.dialect, part.length, 3)})`,
      [to, from, ...part],
    )
  }
}

/** Skipped steps and failed actions: rows of the queue page, each with its reason. */
async function writeFired(run: Run, works: readonly ProcessWork[]): Promise<void> {
  const object = run.catalog.objects.get('MilestoneTimer')
  const rows = works.flatMap((work) =>
    work.fired
      .filter((step) => step.status !== 'Fired')
      .map((step) => ({
        Name: step.id.slice(0, 255),
        ParentId: work.record,
        RecordMilestoneId: work.ids[step.instance] ?? null,
        Key: step.id.slice(0, 255),
        Kind: step.kind.slice(0, 40),
        Step: step.step.slice(0, 120),
        DueDate: formatInstant(step.due),
        FiredAt: formatInstant(run.now),
        LagMs: Math.max(0, run.now - step.due),
        Status: step.status,
        Reason: [step.action, step.why].filter(Boolean).join(': '),
        ...withSources(object, step.sources ?? []),
      })),
  )
  await insertPlatformRows(run, 'MilestoneTimer', rows)
}

const observed = new WeakMap<CompiledProcess, readonly string[]>()

/** Fields that stand in an event's observation. */
function sourcesOf({ catalog }: Run, { object }: ProcessWork, { observation }: Event): readonly string[] {
  const process = observation && registryOf(catalog).version(observation.process)
  if (!process) return []
  const known = observed.get(process) ?? sourceFields(catalog, object.name, process.paths)
  observed.set(process, known)
  return known
}

const changedFields = ({ object }: ProcessWork, { cause }: Event): string[] =>
  (cause.fields ?? []).flatMap((name) => object.field(name)?.id ?? [])

async function writeLog(run: Run, works: readonly ProcessWork[]): Promise<void> {
  const object = run.catalog.objects.get('MilestoneEvent')
  const rows = works.flatMap((work) =>
    work.logs.map(({ log, event }) => ({
      Name: `${log.seq} ${log.kind}`,
      ParentId: work.record,
      Seq: log.seq,
      At: formatInstant(log.at),
      Kind: log.kind,
      Cause: log.cause as unknown as Value,
      Process: log.version === null ? null : (run.catalog.processes.get(log.version)?.process ?? null),
      ProcessVersion: log.version,
      CalendarVersion: log.calendars.join(' ').slice(0, 255) || null,
      Inputs: log.inputs,
      Outcome: log.outcome as unknown as Value,
      Event: event as unknown as Value,
      Text: logText(log),
      ...withSources(object, [
        ...sourcesOf(run, work, event),
        ...changedFields(work, event),
        ...ownSources(run.draftById.get(work.record)),
      ]),
    })),
  )
  await insertPlatformRows(run, 'MilestoneEvent', rows)
}
