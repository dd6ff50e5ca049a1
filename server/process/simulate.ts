/** A draft process over a record's real history, what will come by itself, and what a change of version would move. Nothing is stored. */
import type { Instant, Row } from '#util'
import type { ProcessContext } from './observe/context.ts'
import { observe } from './observe/observe.ts'
import { observeRelated } from './observe/related.ts'
import { goalOpen } from './clock.ts'
import { recordFields } from './record-fields.ts'
import { statusOf, type Status } from './rows.ts'
import { calendarOf, initialState, isOpen } from './step/draft.ts'
import { standing } from './step/fire.ts'
import { step } from './step/step.ts'
import { timersOf } from './timers.ts'
import type { Action, CompiledProcess, Event, Instance, Log, Rules, State } from './types.ts'

/** One save of the past: of the record itself, or of a related record that completion rules watch. */
export type Past =
  | { readonly at: Instant; readonly record: Row }
  | { readonly at: Instant; readonly object: string; readonly related: Row; readonly prior?: Row | undefined }
  | { readonly at: Instant; readonly event: Event }

export interface Simulation {
  readonly state: State
  readonly actions: readonly Action[]
  readonly logs: readonly Log[]
}

/** `history` oldest first; timers fire in between and until `until`. */
export function simulate(
  rules: Rules,
  process: CompiledProcess,
  history: readonly Past[],
  until: Instant,
  context: (at: Instant) => ProcessContext,
): Simulation {
  const run: Running = {
    rules,
    process,
    context,
    state: initialState('simulated'),
    record: undefined,
    actions: [],
    logs: [],
  }
  for (const past of history) {
    wakeUntil(run, past.at)
    live(run, past)
  }
  wakeUntil(run, until)
  return { state: run.state, actions: run.actions, logs: run.logs }
}

interface Running {
  readonly rules: Rules
  readonly process: CompiledProcess
  readonly context: (at: Instant) => ProcessContext
  state: State
  record: Row | undefined
  readonly actions: Action[]
  readonly logs: Log[]
}

function live(run: Running, past: Past): void {
  const cause = { kind: 'simulation' }
  if ('event' in past) return take(run, past.event)
  if ('related' in past) {
    const { calendar, organisationHours, ...context } = run.context(past.at)
    const around = { ...context, calendar: calendar(organisationHours)?.calendar }
    const { matches } = observeRelated(run.process, past.object, past.related, past.prior, around)
    return take(run, { kind: 'related', at: past.at, cause, matches })
  }
  const record = withColumns(run, past.record)
  const prior = run.record && withColumns(run, run.record)
  const observation = observe(run.process, run.state, record, prior, run.context(past.at))
  run.record = past.record
  take(run, { kind: 'evaluate', at: past.at, cause, observation })
}

/** The columns that the platform keeps are as this process leaves them. A start that was given counts until the process has one. */
function withColumns({ rules, state }: Running, record: Row): Row {
  const { SlaStartDate, ...fields } = recordFields(rules, state).fields
  return { ...record, ...fields, ...(state.process !== null && { SlaStartDate: SlaStartDate! }) }
}

function take(run: Running, event: Event): void {
  const { state, actions, log } = step(run.rules, run.state, event)
  run.state = state
  run.actions.push(...actions)
  if (log) run.logs.push(log)
}

/** The state that a record comes to by `until` when nobody touches it. */
export function foresee(
  rules: Rules,
  process: CompiledProcess,
  state: State,
  record: Row,
  until: Instant,
  context: (at: Instant) => ProcessContext,
): State {
  const run: Running = { rules, process, context, state, record, actions: [], logs: [] }
  wakeUntil(run, until)
  return run.state
}

/** How much of what was promised has gone by at an instant: 0 at the start, 1 on target; undefined without a target. */
export function shareGone(rules: Rules, instance: Instance, at: Instant): number | undefined {
  const calendar = calendarOf(rules, instance)
  if (!calendar || instance.target === null) return undefined
  const total = goalOpen(calendar, instance)
  return total <= 0 ? 1 : 1 - Math.min(total, Math.max(0, calendar.diff(at, instance.target))) / total
}

/** A wake-up that changes nothing (a formula that can't be worked out) is not tried again. */
function wakeUntil(run: Running, until: Instant): void {
  for (let tried = -Infinity; ;) {
    const next = timersOf(run.rules, run.state).find((timer) => timer.at > tried)
    if (!next || next.at > until || !run.record) return
    const before = run.state
    const record = withColumns(run, run.record)
    const observation = observe(run.process, run.state, record, record, run.context(next.at))
    take(run, { kind: 'wake', at: next.at, cause: { kind: 'timer', what: next.key }, observation })
    if (run.state === before) tried = next.at
  }
}

/** A null target is never, or none yet; a null status: it was not there. */
export interface Moved {
  readonly key: string
  readonly milestone: string
  readonly from: Instant | null
  readonly to: Instant | null
  readonly statusBefore: Status | null
  readonly statusAfter: Status
  /** Open after the change, paused or not, and late by it. */
  readonly lateAtOnce: boolean
}

/** What a change (a migration tried out, a new calendar) moved: milestones that are new, or whose target, status or violation differs. */
export function movedTargets(before: State | undefined, after: State): Moved[] {
  const then = new Map(before?.instances.map((i) => [i.key, i]))
  return after.instances.flatMap((i) => {
    const old = then.get(i.key)
    const lateAtOnce = isOpen(i) && standing(i) !== undefined && (!old || standing(old) === undefined)
    const [statusBefore, statusAfter] = [old ? statusOf(old) : null, statusOf(i)]
    if (old && old.target === i.target && !lateAtOnce && statusBefore === statusAfter) return []
    return [{ key: i.key, milestone: i.milestone, from: old?.target ?? null, to: i.target, statusBefore, statusAfter, lateAtOnce }] // prettier-ignore
  })
}
