/** Targets and due instants: open time, less the pauses that count. Only calendars decide what time is open. */
import type { Instant } from '#util'
import type { Goal, Instance, Pause, ProcessCalendar, Step } from './types.ts'

export const MINUTE = 60_000

/** What is kept in minutes has three digits after the point. */
export const inThousandths = (minutes: number): number => Math.round(minutes * 1000) / 1000

export interface Span { from: Instant; to: Instant | null } // prettier-ignore

/** Union of the intervals from `start` on, in order; the last may be running (`to` null). Pauses are a union of sources. */
export function unionOf(pauses: readonly Pause[], start: Instant): Span[] {
  const clipped = pauses
    .filter((p) => p.to === null || p.to > start)
    .map((p) => ({ from: Math.max(p.from, start), to: p.to }))
  clipped.sort((a, b) => a.from - b.from)
  const union: Span[] = []
  for (const span of clipped) {
    const last = union.at(-1)
    if (!last || (last.to !== null && last.to < span.from)) union.push({ ...span })
    else if (last.to !== null) last.to = span.to === null ? null : Math.max(last.to, span.to)
  }
  return union
}

/** Open milliseconds paused between two instants. */
export function pausedOpen(calendar: ProcessCalendar, pauses: readonly Pause[], from: Instant, to: Instant): number {
  let total = 0
  for (const span of unionOf(pauses, from)) {
    const end = Math.min(span.to ?? to, to)
    if (end > span.from) total += calendar.diff(span.from, end)
  }
  return total
}

/**
 * `reach(0)` moved on by each finished pause that does not begin after it; `reach(p)` is where it lies after p ms of paused open time.
 * A running pause is not counted: while it lasts the result stands still.
 */
function shifted(
  calendar: ProcessCalendar,
  spans: readonly Span[],
  reach: (paused: number) => Instant | undefined,
): Instant | null {
  let paused = 0
  let at = reach(0)
  for (const span of spans) {
    if (at === undefined || span.to === null || span.from > at) break
    paused += calendar.diff(span.from, span.to)
    at = reach(paused)
  }
  return at ?? null
}

/** When `amount` ms of open time after `from` have passed that were not paused; null = never. */
function after(calendar: ProcessCalendar, from: Instant, amount: number, pauses: readonly Pause[]): Instant | null {
  return shifted(calendar, unionOf(pauses, from), (paused) => calendar.add(from, amount + paused))
}

/** The target of a goal that counts from `start`. */
function targetOf(calendar: ProcessCalendar, start: Instant, goal: Goal, pauses: readonly Pause[]): Instant | null {
  if (goal.kind === 'minutes') return after(calendar, start, Math.round(goal.minutes * MINUTE), pauses)
  if (goal.kind === 'at' && (goal.at === null || !goal.shift)) return goal.at
  const base = goal.kind === 'at' ? goal.at! : calendar.addDays(start, goal.days)
  if (base === undefined) return null
  return shifted(calendar, unionOf(pauses, start), (paused) => (paused === 0 ? base : calendar.add(base, paused)))
}

/** What the target is worked out from: one that was set by hand wins over the goal. */
export const goalInForce = ({ goal, manualTarget: set }: Instance): Goal =>
  set ? { kind: 'at', at: set.target, shift: set.movesWithPauses } : goal

/** An instance's target with these pauses. One that was set by hand has all pauses before that behind it. */
export function targetWith(
  calendar: ProcessCalendar | undefined,
  instance: Instance,
  pauses: readonly Pause[] = instance.pauses,
): Instant | null {
  const since = Math.max(instance.start, instance.manualTarget?.setAt ?? instance.start)
  return calendar ? targetOf(calendar, since, goalInForce(instance), pauses) : null
}

/** Open time between start and target that was not paused: what the whole promise amounts to. */
export function goalOpen(calendar: ProcessCalendar, instance: Instance): number {
  const { start, target } = instance
  const goal = goalInForce(instance)
  if (goal.kind === 'minutes') return Math.round(goal.minutes * MINUTE)
  if (target === null) return 0
  const moved = goal.kind === 'days' || goal.shift
  // A running pause has not moved the target yet.
  const until = Math.min(target, pausedSince(instance) ?? target)
  return Math.max(0, calendar.diff(start, target) - (moved ? pausedOpen(calendar, instance.pauses, start, until) : 0))
}

/** When a warning step is due; null = never. Percent and minutes are measured in time that counts, so a pause moves both alike. */
export function warningDue(calendar: ProcessCalendar, instance: Instance, step: Step): Instant | null {
  const { start, target } = instance
  const goal = goalInForce(instance)
  if (target === null) return null
  if ('days' in step.offset) return calendar.addDays(target, -step.offset.days) ?? null
  const total = goalOpen(calendar, instance)
  const before =
    'percent' in step.offset ? Math.round((total * step.offset.percent) / 100) : step.offset.minutes * MINUTE
  if (goal.kind === 'at' && !goal.shift) return calendar.add(target, -before) ?? null
  if (before > total) return calendar.add(start, total - before) ?? null
  return after(calendar, start, total - before, instance.pauses)
}

/** A pause that begins behind the target does not move it, but is no lateness either. */
const pausesBehind = (pauses: readonly Pause[], target: Instant): Pause[] => pauses.filter((p) => p.from > target)

/** Open milliseconds of lateness at an instant: since the target, less the pauses that began behind it. Negative before the target. */
export function lateOpen(calendar: ProcessCalendar, pauses: readonly Pause[], target: Instant, at: Instant): number {
  return calendar.diff(target, at) - pausedOpen(calendar, pausesBehind(pauses, target), target, at)
}

/** When the n-th occurrence (0 first) of a violation step is due. At the target means one millisecond after it. */
export function violationDue(calendar: ProcessCalendar, instance: Instance, step: Step, n: number): Instant | null {
  if (instance.target === null) return null
  const target = instance.target
  const later = pausesBehind(instance.pauses, target)
  const every = step.every ?? { minutes: 0 }
  if ('days' in step.offset || 'days' in every) return daysDue(calendar, target, step, n, later)
  const offset = 'minutes' in step.offset ? step.offset.minutes : 0
  const amount = offset + n * every.minutes
  return amount === 0 ? target + 1 : atLeast(after(calendar, target, amount * MINUTE, later), target + 1)
}

function daysDue(
  calendar: ProcessCalendar,
  target: Instant,
  step: Step,
  n: number,
  pauses: readonly Pause[],
): Instant | null {
  const every = step.every ?? { days: 0 }
  const days = ('days' in step.offset ? step.offset.days : 0) + ('days' in every ? n * every.days : 0)
  const minutes = ('minutes' in step.offset ? step.offset.minutes : 0) + ('minutes' in every ? n * every.minutes : 0)
  const base = calendar.addDays(target, days)
  const due =
    base === undefined
      ? null
      : shifted(calendar, unionOf(pauses, target), (paused) => addSome(calendar, base, minutes * MINUTE + paused))
  return atLeast(due, target + 1)
}

const addSome = (calendar: ProcessCalendar, at: Instant, ms: number): Instant | undefined =>
  ms === 0 ? at : calendar.add(at, ms)
const atLeast = (at: Instant | null, least: Instant): Instant | null => (at === null ? null : Math.max(at, least))

/** Since when the instance is paused without a break; null = it is not. */
export function pausedSince(instance: Instance): Instant | null {
  if (!instance.pauses.some((p) => p.to === null)) return null
  return unionOf(instance.pauses, instance.start).at(-1)!.from
}

/** The clock stands: paused by a pause that began no later than the target. One that begins later moves nothing. */
export function isFrozen(instance: Instance): boolean {
  const since = pausedSince(instance)
  return since !== null && (instance.target === null || since <= instance.target)
}

/** The pauses as far as they lie before `end`; a running one ends there. */
export function pausesUntil(pauses: readonly Pause[], end: Instant): Pause[] {
  return pauses.filter((p) => p.from < end).map((p) => ({ ...p, to: Math.min(p.to ?? end, end) }))
}
