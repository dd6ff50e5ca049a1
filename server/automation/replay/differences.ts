import { brokenPromises, recordFields, replay, rowsOf, timersOf } from '#process'
import type { KeyedRow, Rules, State } from '#process'
import { formatInstant } from '#util'
import type { Row, Value } from '#util'
import { timerRow } from '../processes/persist.ts'
import { atScales } from '../save/platform-rows.ts'
import { sameValue } from '../save/draft.ts'
import type { Run } from '../save/draft.ts'
import { rulesOf } from '../processes/context.ts'
import { canonical } from './canonical.ts'
import type { Stored } from './stored.ts'

/** One thing that is stored otherwise than the log says, and what would mend it. */
export interface Difference {
  readonly record: string
  readonly object: string
  /** Absent: nothing can be written for it, an admin has to look. */
  readonly mend?: Mend
  readonly text: string
}

export type Mend =
  | { readonly do: 'insert'; readonly row: Row }
  | { readonly do: 'update'; readonly id: string; readonly set: Row }
  | { readonly do: 'delete'; readonly id: string }
  | { readonly do: 'state'; readonly state: State; readonly ids: { readonly [key: string]: string } }

const KINDS = [
  ['RecordMilestone', 'milestones'],
  ['RecordMilestonePause', 'pauses'],
  ['MilestoneViolation', 'violations'],
] as const

/** Folds the log again and names everything that is not as it says. */
export function differencesOf(run: Run, stored: Stored): Difference[] {
  const rules = rulesOf(run)
  const missing = gapsOf(stored)
  if (missing.length > 0) return missing
  const unknown = unknownRules(rules, stored)
  if (unknown.length > 0) return unknown
  const state = replay(
    rules,
    stored.record,
    stored.events.map((e) => e.event),
  )
  const ids = knownIds(stored)
  const found = [
    ...KINDS.flatMap(([object, kind]) => compareRows(run, stored, object, rowsOf(rules, state)[kind], ids)),
    ...compareTimers(run, stored, state, ids),
    ...compareRecord(rules, stored, state, ids),
    ...brokenPromises(rules, state).map((text) => problem(stored, stored.object.name, text)),
  ]
  return [...compareState(stored, state, ids), ...found]
}

const problem = (stored: Stored, object: string, text: string, mend?: Mend): Difference => ({
  record: stored.record,
  object,
  text,
  ...(mend ? { mend } : {}),
})

/** A hole in the log: then nothing can be said about the state. */
function gapsOf(stored: Stored): Difference[] {
  return stored.events
    .flatMap(({ seq }, i) =>
      seq === i + 1 ? [] : [problem(stored, 'MilestoneEvent', `the log's entry ${i + 1} is ${seq}`)],
    )
    .slice(0, 1)
}

/** The log names a version of a process or of hours that is not there: what it decided can't be worked out again. */
function unknownRules(rules: Rules, stored: Stored): Difference[] {
  const versions = new Set<string>()
  const calendars = new Set<string>()
  for (const { event } of stored.events) {
    if (event.observation) versions.add(event.observation.process)
    for (const item of Object.values(event.observation?.items ?? {})) if (item.hours) calendars.add(item.hours.version)
  }
  return [
    ...[...versions].filter((v) => !rules.process(v)).map((v) => problem(stored, 'MilestoneEvent', `the log names the process version ${v}, which is not there any more`)),
    ...[...calendars].filter((v) => !rules.calendar(v)).map((v) => problem(stored, 'MilestoneEvent', `the log names the business hours version ${v}, which is not there any more`)),
  ] // prettier-ignore
}

/** Which row stands for what: as kept beside the state, else found by what the rows themselves say. */
function knownIds(stored: Stored): { [key: string]: string } {
  const found: { [key: string]: string } = {}
  for (const row of stored.rows.RecordMilestone!) found[`${row.Run}.${row.Name}.${row.Cycle}`] = String(row.Id)
  for (const object of ['RecordMilestonePause', 'MilestoneViolation'])
    for (const row of stored.rows[object]!) found[String(row.Name)] = String(row.Id)
  for (const row of stored.rows.MilestoneTimer!)
    if (row.Status === 'Pending') found[`timer:${row.Key}`] = String(row.Id)
  return { ...found, ...stored.ids }
}

function compareState(stored: Stored, state: State, ids: { readonly [key: string]: string }): Difference[] {
  if (stored.events.length === 0 && stored.state === undefined) return []
  if (canonical(stored.state) === canonical(state) && canonical(stored.ids) === canonical(ids)) return []
  const what = stored.state === undefined ? 'there is no state' : 'the state is not the fold of the log'
  return [problem(stored, 'process_state', what, { do: 'state', state, ids })]
}

function compareRows(
  run: Run,
  stored: Stored,
  object: string,
  rows: readonly KeyedRow[],
  ids: { [key: string]: string },
): Difference[] {
  const there = new Map(stored.rows[object]!.map((row) => [String(row.Id), row]))
  const found = rows.flatMap((row) => {
    const id = (ids[row.key] ??= run.newId(run.catalog.objects.get(object)!))
    const parents: Row = row.milestone === undefined ? {} : { RecordMilestoneId: ids[row.milestone] ?? null }
    const fields = atScales(run.catalog.objects.get(object)!, row.fields)
    const wanted: Row = { ParentId: stored.record, ...parents, ...fields }
    const known = there.get(id)
    there.delete(id)
    const name: Row = object === 'RecordMilestone' ? {} : { Name: row.key.slice(0, 80) }
    return compareRow(stored, object, row.key, known, { Id: id, ...name, ...wanted })
  })
  return [...found, ...extras(stored, object, there.values())]
}

function compareRow(stored: Stored, object: string, key: string, row: Row | undefined, wanted: Row): Difference[] {
  if (!row) return [problem(stored, object, `${key} has no row`, { do: 'insert', row: wanted })]
  const set = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => differs(row, name, value)))
  const names = Object.keys(set)
  if (names.length === 0) return []
  const text = names.map((n) => `${n} is ${JSON.stringify(row[n] ?? null)}, the log says ${JSON.stringify(set[n])}`)
  return [problem(stored, object, `${key}: ${text.join('; ')}`, { do: 'update', id: String(row.Id), set })]
}

const differs = (row: Row, name: string, value: Value): boolean => name in row && !sameValue(row[name] ?? null, value)

const extras = (stored: Stored, object: string, rows: Iterable<Row>): Difference[] =>
  [...rows].map((row) =>
    problem(stored, object, `the row ${row.Id} (${row.Name}) is in no log`, { do: 'delete', id: String(row.Id) }),
  )

function compareTimers(run: Run, stored: Stored, state: State, ids: { [key: string]: string }): Difference[] {
  const waiting = (row: Row): boolean => row.Status === 'Pending' || (row.Status === 'Failed' && row.Cycle !== null)
  const there = new Map(stored.rows.MilestoneTimer!.filter(waiting).map((row) => [String(row.Id), row]))
  const found = timersOf(rulesOf(run), state).flatMap((timer) => {
    const id = (ids[`timer:${timer.key}`] ??= run.newId(run.catalog.objects.get('MilestoneTimer')!))
    const row = there.get(id)
    there.delete(id)
    const wanted = timerRow({ record: stored.record, ids }, timer, id)
    if (!row) return [problem(stored, 'MilestoneTimer', `nothing is armed for ${timer.key} at ${formatInstant(timer.at)}`, { do: 'insert', row: wanted })] // prettier-ignore
    // A timer that was put off after a failure is due later than the log says, on purpose.
    if (Number(row.Attempts ?? 0) > 0) return []
    const { DueDate, Generation } = wanted
    return compareRow(stored, 'MilestoneTimer', timer.key, row, { DueDate: DueDate!, Generation: Generation! })
  })
  return [
    ...found,
    ...extras(
      stored,
      'MilestoneTimer',
      [...there.values()].filter((row) => row.Status === 'Pending'),
    ),
  ]
}

function compareRecord(
  rules: Rules,
  stored: Stored,
  state: State,
  ids: { readonly [key: string]: string },
): Difference[] {
  if (!stored.row || stored.row.IsDeleted === true || (stored.events.length === 0 && stored.state === undefined))
    return []
  const { fields, nextMilestone } = recordFields(rules, state)
  const wanted: Row = { ...fields, NextMilestoneId: nextMilestone === null ? null : (ids[nextMilestone] ?? null) }
  return compareRow(stored, stored.object.name, stored.record, stored.row, wanted)
}
