/** What will happen by itself, and when. Both the timers and the catching up are derived from this one list, so neither can forget what the other knows. */
import type { Instant } from '#util'
import { isFrozen, pausedSince, violationDue, warningDue } from '../clock.ts'
import type { Instance, Observation, ProcessCalendar, Rules, State, Step } from '../types.ts'
import { calendarOf, isOpen, itemOf } from './draft.ts'
import { occurrence, standing, violationsOf, warningsOf } from './fire.ts'
import { nextStart } from './next-start.ts'

type MomentKind = 'entry' | 'begin' | 'next' | 'warn' | 'warning' | 'violate' | 'violation'

export interface Moment {
  readonly at: Instant
  readonly due: Instant
  readonly kind: MomentKind
  readonly instance?: string
  readonly milestone?: string
  /** Key of the occurrence. */
  readonly step?: string
  readonly of?: Step
}

/** At one instant: the clock's own facts before the steps that tell of them, a new cycle last. */
const RANK: { readonly [kind in MomentKind]: number } = {
  entry: 0,
  begin: 1,
  warn: 2,
  warning: 3,
  violate: 4,
  violation: 5,
  next: 6,
}

/** In the order in which they happen. */
export function momentsOf(rules: Rules, state: State): Moment[] {
  const moments: Moment[] = []
  const entry = state.phase === 'waiting' && state.last ? entryAt(state, state.last, null) : null
  if (entry !== null) moments.push({ at: entry, due: entry, kind: 'entry' })
  for (const instance of state.instances) if (isOpen(instance)) moments.push(...instanceMoments(rules, instance))
  if (state.phase === 'in') moments.push(...nextMoments(rules, state))
  return moments.sort((a, b) => a.at - b.at || a.due - b.due || RANK[a.kind] - RANK[b.kind])
}

/** When the process is entered; null = not yet known. `now` is null where only what comes by itself is asked for. */
export function entryAt(state: State, observation: Observation, now: Instant | null): Instant | null {
  if (typeof observation.entry !== 'boolean')
    return observation.entry === null ? null : (state.start ?? observation.entry)
  return observation.entry && !observation.exit ? (state.start ?? now) : null
}

function nextMoments(rules: Rules, state: State): Moment[] {
  const process = state.process === null ? undefined : rules.process(state.process)
  return (process?.milestones ?? []).flatMap((milestone): Moment[] => {
    const next = nextStart(process!, state, milestone)
    return next ? [{ at: next.at, due: next.at, kind: 'next', milestone }] : []
  })
}

function instanceMoments(rules: Rules, instance: Instance): Moment[] {
  const calendar = calendarOf(rules, instance)
  const at = (due: Instant): Instant => Math.max(due, instance.armedAt)
  const base = { instance: instance.key }
  if (!instance.begun) return [{ ...base, at: at(instance.start), due: instance.start, kind: 'begin' }]
  if (instance.target === null || !calendar) return []
  const moments: Moment[] = []
  const missed = instance.target + 1
  if (!standing(instance) && !isFrozen(instance))
    moments.push({ ...base, at: at(missed), due: missed, kind: 'violate' })
  if (instance.silent || pausedSince(instance) !== null) return moments
  return [
    ...moments,
    ...warningMoments(rules, instance, calendar, at),
    ...violationMoments(rules, instance, calendar, at),
  ]
}

function warningMoments(
  rules: Rules,
  instance: Instance,
  calendar: ProcessCalendar,
  at: (due: Instant) => Instant,
): Moment[] {
  const moments: Moment[] = []
  let first = Infinity
  for (const step of warningsOf(itemOf(rules, instance))) {
    const due = warningDue(calendar, instance, step)
    if (due === null) continue
    first = Math.min(first, due)
    if (!instance.steps[step.key])
      moments.push({ at: at(due), due, kind: 'warning', instance: instance.key, step: step.key, of: step })
  }
  if (!instance.warned && first < Infinity)
    moments.push({ at: at(first), due: first, kind: 'warn', instance: instance.key })
  return moments
}

/** Of a repeated step only the next occurrence. */
function violationMoments(
  rules: Rules,
  instance: Instance,
  calendar: ProcessCalendar,
  at: (due: Instant) => Instant,
): Moment[] {
  return violationsOf(itemOf(rules, instance)).flatMap((step): Moment[] => {
    let n = 0
    while (n < step.times && instance.steps[occurrence(step, n)]) n++
    const due = n < step.times ? violationDue(calendar, instance, step, n) : null
    return due === null
      ? []
      : [{ at: at(due), due, kind: 'violation', instance: instance.key, step: occurrence(step, n), of: step }]
  })
}
