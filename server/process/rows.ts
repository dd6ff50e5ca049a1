/** The state as rows, by the objects' field names in their JSON form. Keys are stable; the host keeps which id each key has. */
import { formatInstant, type Instant, type Row, type Value } from '#util'
import {
  goalInForce,
  goalOpen,
  isFrozen,
  lateOpen,
  MINUTE,
  pausedOpen,
  pausedSince,
  pausesUntil,
  warningDue,
} from './clock.ts'
import { calendarOf, isOpen, itemOf } from './step/draft.ts'
import { errorOf, notEvaluated, type NotEvaluated } from './not-evaluated.ts'
import { standing, warningsOf } from './step/fire.ts'
import { reasons } from './step/pauses.ts'
import type { Instance, ManualTarget, ProcessCalendar, Rules, State } from './types.ts'

export interface KeyedRow {
  /** Milestones: `<run>.<milestone>.<cycle>`; pauses and violations: that, `/p` or `/v`, and a number. */
  readonly key: string
  /** Key of the milestone it belongs to (pauses, violations). */
  readonly milestone?: string
  readonly fields: Row
}
export interface Rows {
  readonly milestones: readonly KeyedRow[]
  readonly pauses: readonly KeyedRow[]
  readonly violations: readonly KeyedRow[]
}

export const STATUSES = [
  'Not started',
  'Running',
  'Warning',
  'Overdue',
  'Paused',
  'Met',
  'Met late',
  'Cancelled',
  'Not evaluated',
] as const
export type Status = (typeof STATUSES)[number]

export function statusOf(instance: Instance): Status {
  if (instance.cancelled) return 'Cancelled'
  if (instance.completion)
    return instance.target !== null && instance.completion.at > instance.target ? 'Met late' : 'Met'
  if (!instance.begun) return 'Not started'
  if (pausedSince(instance) !== null) return 'Paused'
  if (standing(instance)) return 'Overdue'
  return instance.warned ? 'Warning' : 'Running'
}

/**
 * Without the references that the host gives: ParentId, ids of the rows themselves. `now`: with what running clocks show then; what is stored has it blank,
 * and queries work it out for the moment at which they are asked. Instances that are `untouched` are left out.
 */
export function rowsOf(rules: Rules, state: State, now?: Instant, untouched: ReadonlySet<Instance> = new Set()): Rows {
  const instances = state.instances.filter((i) => !untouched.has(i))
  return {
    milestones: [
      ...instances.map((i) => ({ key: i.key, fields: milestoneFields(rules, state, i, now) })),
      ...notEvaluated(rules, state).map((one) => ({ key: one.key, fields: notEvaluatedFields(rules, state, one) })),
    ],
    pauses: instances.flatMap((i) => pauseRows(rules, i)),
    violations: instances.flatMap((i) => violationRows(rules, i)),
  }
}

export const iso = (at: Instant | null | undefined): string | null =>
  at === null || at === undefined ? null : formatInstant(at)
/** To a thousandth, which is 60 ms. */
const minutes = (ms: number): number => Math.round((ms * 1000) / MINUTE) / 1000

const shortened = (error: string | null): string | null => error?.slice(0, 255) ?? null

function milestoneFields(rules: Rules, state: State, i: Instance, now: Instant | undefined): Row {
  const open = isOpen(i)
  return {
    Name: i.milestone, MilestoneId: i.milestoneId, Process: rules.process(i.version)?.process ?? null, ProcessVersion: i.version, Item: i.item,
    Run: i.run, Cycle: i.cycle, Status: statusOf(i),
    StartDate: iso(i.start), TargetDate: iso(i.target), CompletionDate: iso(i.completion?.at),
    IsCompleted: i.completion !== null, IsViolated: standing(i) !== undefined, ViolatedAt: iso(standing(i)?.at),
    PromiseOwnerId: i.owner, BusinessHoursId: i.hours?.id ?? null, CalendarVersion: i.hours?.version ?? null,
    AgreementType: itemOf(rules, i)?.document.agreementType ?? 'SLA',
    TargetMinutes: goalMinutes(rules, i),
    ...clockFields(rules, i, i.cancelled ? undefined : (i.completion?.at ?? now)),
    WarningAt: open ? iso(nextWarning(rules, i)) : null,
    IsPaused: open && pausedSince(i) !== null, PausedSince: open ? iso(pausedSince(i)) : null, PauseReason: open && pausedSince(i) !== null ? reasons(i) : null,
    CancelReason: i.cancelled?.reason ?? null, CancelledDate: iso(i.cancelled?.at), CompletedBy: i.completion?.by ?? null,
    IsLateAttach: i.attached > i.start, EvaluationError: shortened(errorOf(rules, state, i)),
    ...manualFields(i.manualTarget),
  } // prettier-ignore
}

const manualFields = (set: ManualTarget | undefined): Row => ({
  IsTargetManual: set !== undefined,
  TargetReason: set?.reason ?? null,
  TargetSetById: set?.userId ?? null,
  TargetMovesWithPauses: set?.movesWithPauses ?? false,
})

/** What was promised, in open minutes; of business days and dates as they fell. */
function goalMinutes(rules: Rules, i: Instance): number | null {
  const goal = goalInForce(i)
  if (goal.kind === 'minutes') return goal.minutes
  const calendar = calendarOf(rules, i)
  return calendar && i.target !== null ? minutes(goalOpen(calendar, i)) : null
}

const NO_CLOCK = {
  ElapsedMinutes: null, PausedMinutes: null, ActualElapsedMinutes: null, TimeRemainingMinutes: null, TimeSinceTargetMinutes: null, TargetUsedPercent: null,
} // prettier-ignore

const NO_FIELDS: Row = {
  StartDate: null, TargetDate: null, CompletionDate: null, IsCompleted: false, IsViolated: false, ViolatedAt: null,
  PromiseOwnerId: null, BusinessHoursId: null, CalendarVersion: null, TargetMinutes: null, ...NO_CLOCK,
  WarningAt: null, IsPaused: false, PausedSince: null, PauseReason: null, CancelReason: null, CancelledDate: null, CompletedBy: null,
  IsLateAttach: false, ...manualFields(undefined),
} // prettier-ignore

/** The row of a milestone before it could be started: when it is, the instance takes the row over. */
function notEvaluatedFields(rules: Rules, state: State, { item, cycle, error }: NotEvaluated): Row {
  const { name, milestone, agreementType = 'SLA' } = item.document
  return {
    ...NO_FIELDS,
    Name: milestone, MilestoneId: state.last!.milestones[milestone]?.id ?? null,
    Process: rules.process(state.process!)!.process, ProcessVersion: state.process, Item: name,
    Run: state.run, Cycle: cycle, Status: 'Not evaluated', AgreementType: agreementType, EvaluationError: shortened(error),
  } // prettier-ignore
}

/** What its clock shows at an instant. */
function clockFields(rules: Rules, i: Instance, at: Instant | undefined): Row {
  const calendar = calendarOf(rules, i)
  if (!calendar || at === undefined) return NO_CLOCK
  const elapsed = Math.max(0, calendar.diff(i.start, at))
  const paused = pausedOpen(calendar, pausesUntil(i.pauses, at), i.start, at)
  return {
    ElapsedMinutes: minutes(elapsed),
    PausedMinutes: minutes(paused),
    ActualElapsedMinutes: minutes(elapsed - paused),
    ...targetFields(rules, calendar, i, at),
  }
}

function targetFields(rules: Rules, calendar: ProcessCalendar, i: Instance, at: Instant): Row {
  if (i.target === null) return { TimeRemainingMinutes: null, TimeSinceTargetMinutes: null, TargetUsedPercent: null }
  const left = -lateOpen(calendar, i.pauses, i.target, isFrozen(i) ? pausedSince(i)! : at)
  const goal = Math.round((goalMinutes(rules, i) ?? 0) * 1000) * 60
  return {
    TimeRemainingMinutes: minutes(Math.max(0, left)),
    TimeSinceTargetMinutes: minutes(Math.max(0, -left)),
    TargetUsedPercent: goal === 0 ? null : Math.round((Math.max(0, goal - left) * 1000) / goal) / 10,
  }
}

function nextWarning(rules: Rules, i: Instance): Instant | null {
  const calendar = calendarOf(rules, i)
  const dues = warningsOf(itemOf(rules, i)).filter((s) => !i.steps[s.key]).map((s) => (calendar ? warningDue(calendar, i, s) : null)) // prettier-ignore
  return dues.reduce<Instant | null>(
    (least, due) => (due !== null && (least === null || due < least) ? due : least),
    null,
  )
}

function pauseRows(rules: Rules, i: Instance): KeyedRow[] {
  const calendar = calendarOf(rules, i)
  return i.pauses.map((p, n) => {
    const open: Value = p.to !== null && calendar ? minutes(calendar.diff(p.from, p.to)) : null
    const kind = p.source === 'closed' ? 'closed' : 'pause'
    return {
      key: `${i.key}/p${n + 1}`,
      milestone: i.key,
      fields: {
        StartDate: iso(p.from),
        EndDate: iso(p.to),
        Kind: kind,
        Source: p.source,
        Reason: p.reason,
        OpenMinutes: open,
      },
    }
  })
}

function violationRows(rules: Rules, i: Instance): KeyedRow[] {
  const calendar = calendarOf(rules, i)
  return i.violations.map((v, n) => {
    const until = v.ended?.at ?? i.completion?.at ?? i.cancelled?.at
    const overdue =
      until !== undefined && calendar ? minutes(Math.max(0, lateOpen(calendar, i.pauses, v.at, until))) : null
    const fields = {
      ViolatedAt: iso(v.at), RaisedAt: iso(v.recordedAt), ClosedAt: iso(until), PromiseOwnerId: v.owner,
      Process: rules.process(i.version)?.process ?? null, ProcessVersion: i.version,
      Status: v.ended?.how ?? (isOpen(i) ? 'Open' : 'Closed'), Reason: v.ended?.reason ?? null, OverdueMinutes: overdue, IsLateAttach: v.lateAttach,
    } // prettier-ignore
    return { key: `${i.key}/v${n + 1}`, milestone: i.key, fields }
  })
}
