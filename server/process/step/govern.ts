/** Which item governs an open instance: re-target, cancel, reset. */
import type { Instant } from '#util'
import { isFrozen, targetWith, warningDue } from '../clock.ts'
import type { CompiledItem, Goal, Hours, Instance, ItemObservation, Observation } from '../types.ts'
import { stopClock } from './complete.ts'
import { applicable, calendarOf, decide, type Draft, itemOf, openInstances, processOf } from './draft.ts'
import {
  endViolation,
  skipPastRepetitions,
  skipPastViolations,
  skipPastWarnings,
  waitAnew,
  warningsOf,
} from './fire.ts'

export function cancel(d: Draft, instance: Instance, at: Instant, reason: string): void {
  stopClock(d, instance, at)
  instance.cancelled = { at, reason }
  decide(d, at, 'cancelled', { instance: instance.key, item: instance.item, why: `Cancelled (${reason})` })
}

/** `resetWhen` acts when it becomes true, so that looking again resets nothing. */
export function reset(d: Draft, observation: Observation, before: Observation | null, at: Instant): void {
  for (const instance of openInstances(d.state)) {
    const name = instance.item
    const became =
      observation.items[name]?.reset &&
      before !== null &&
      before.process === observation.process &&
      !before.items[name]?.reset
    if (!became || instance.run !== d.state.run) continue
    cancel(d, instance, at, 'reset')
    d.state.floor[instance.milestone] = at
    decide(d, at, 'reset', { instance: instance.key, item: name })
  }
}

export function govern(d: Draft, observation: Observation, at: Instant): void {
  const process = processOf(d)
  if (!process) return
  for (const instance of openInstances(d.state)) {
    if (instance.run !== d.state.run) continue
    const item = applicable(process, observation, instance.milestone)
    if (item === 'unknown') continue
    if (item) follow(d, instance, item, observation.items[item.document.name]!, at)
    else if (!instance.byHand || !process.milestones.includes(instance.milestone))
      cancel(d, instance, at, d.switched ? 'process changed' : 'criteria no longer hold')
  }
}

function follow(d: Draft, instance: Instance, item: CompiledItem, seen: ItemObservation, at: Instant): void {
  const otherItem = instance.item !== item.document.name
  const otherVersion = instance.version !== d.state.process
  const recalculate = item.document.recalculateOn ?? 'criteriaFields'
  const again = recalculate === 'always' || (recalculate === 'criteriaFields' && (seen.key ?? '') !== instance.goalKey)
  const goal = otherItem || otherVersion || again ? (seen.goal ?? instance.goal) : instance.goal
  instance.item = item.document.name
  instance.version = d.state.process!
  instance.goalKey = seen.key ?? ''
  const hours = seen.hours ?? instance.hours
  const otherHours = hours?.version !== instance.hours?.version
  const itemChanged = otherItem || otherVersion
  retarget(d, instance, at, {
    goal,
    hours,
    why: reason(instance, { otherItem, otherVersion, again, otherHours }),
    itemChanged,
  })
}

interface Reasons { otherItem: boolean; otherVersion: boolean; again: boolean; otherHours: boolean } // prettier-ignore

function reason(instance: Instance, r: Reasons): string {
  if (r.otherItem) return `item ${instance.item} applies`
  if (r.otherVersion) return 'process version changed'
  if (r.again) return 'fields of the criteria or the target changed'
  return r.otherHours ? 'business hours changed' : 'time zone data changed'
}

interface Change { goal?: Goal; hours?: Hours | null; start?: Instant; why: string; itemChanged?: boolean; what?: 'targetSet' | 'targetCleared' } // prettier-ignore

/** New goal, hours or start; keeps the rest of the instance. Nothing is said when the target stays. */
export function retarget(d: Draft, instance: Instance, at: Instant, change: Change): void {
  const from = instance.target
  instance.goal = change.goal ?? instance.goal
  instance.hours = change.hours ?? instance.hours
  if (change.start !== undefined) {
    instance.start = change.start
    instance.begun = change.start <= at
  }
  const to = targetWith(calendarOf(d.rules, instance), instance)
  if (from === to && !change.itemChanged && change.start === undefined && !change.what) return
  rearm(d, instance, at, to)
  const told = { instance: instance.key, item: instance.item, hours: instance.hours?.name }
  decide(d, at, change.what ?? 'retargeted', { ...told, from, to, why: change.why })
  if (from !== to && (to === null || at <= to || isFrozen(instance)))
    endViolation(d, instance, at, 'Superseded', change.why)
  if (!instance.silent) skipLate(d, instance, at)
}

function skipLate(d: Draft, instance: Instance, at: Instant): void {
  waitAnew(d, instance, at)
  skipPastWarnings(d, instance, at, 're-target')
  skipPastRepetitions(d, instance, at, 're-target')
  if (d.event.kind === 'migrate' && d.event.late === 'skip' && instance.target !== null && instance.target < at)
    skipPastViolations(d, instance, at, 'migration')
}

/** Sets the target; timers of the old one are void. A warning that lies ahead again is no longer given. */
export function rearm(d: Draft, instance: Instance, at: Instant, target: Instant | null): void {
  instance.target = target
  instance.armedAt = at
  instance.generation++
  if (!instance.warned) return
  const calendar = calendarOf(d.rules, instance)
  const dues = warningsOf(itemOf(d.rules, instance)).map((step) =>
    calendar ? warningDue(calendar, instance, step) : null,
  )
  instance.warned = dues.some((due) => due !== null && due <= at)
}
