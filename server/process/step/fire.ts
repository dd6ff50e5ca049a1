/** Steps and violations: what happens when something is due. A step fires at most once per instance and key. */
import type { Instant } from '#util'
import { pausedSince, violationDue, warningDue } from '../clock.ts'
import type { Action, CompiledItem, Instance, Step, Violation } from '../types.ts'
import { calendarOf, decide, type Draft, itemOf } from './draft.ts'

export function fire(
  d: Draft,
  instance: Instance,
  step: { key: string; kind: 'success' | 'warning' | 'violation'; actions: readonly string[]; of?: Step },
  at: Instant,
  due: Instant,
): void {
  if (instance.steps[step.key]) return
  instance.steps[step.key] = { at, due }
  const repeated = `${instance.key}/${step.of?.key}`
  const earlier = d.firings.get(repeated)
  if (earlier) {
    for (const one of earlier) one.missed = (one.missed ?? 1) + 1
    return
  }
  const decision = decide(d, at, 'fired', { instance: instance.key, item: instance.item, step: step.key, due })
  const actions = step.actions.map(
    (name, n): Action => ({
      id: `${d.state.record}/${instance.key}/${step.key}/${n}:${name}`,
      name, kind: step.kind, instance: instance.key, item: instance.item, step: step.key, due,
    }), // prettier-ignore
  )
  d.actions.push(...actions)
  if (step.of?.collapse) d.firings.set(repeated, [decision, ...actions])
}

export function skip(d: Draft, instance: Instance, key: string, at: Instant, due: Instant, why: string): void {
  instance.steps[key] = { at, due, skipped: why }
  decide(d, at, 'skipped', { instance: instance.key, item: instance.item, step: key, due, why: `Skipped (${why})` })
}

/** While it is paused, its clock has come only to where the pause began. */
const passed = (instance: Instance, at: Instant): Instant => pausedSince(instance) ?? at

/** Warning steps that were due before `at` and have not fired. Due now still fires. */
export function skipPastWarnings(d: Draft, instance: Instance, at: Instant, why: string): void {
  const calendar = calendarOf(d.rules, instance)
  for (const step of warningsOf(itemOf(d.rules, instance))) {
    if (!calendar || instance.steps[step.key]) continue
    const due = warningDue(calendar, instance, step)
    if (due !== null && due < passed(instance, at)) skip(d, instance, step.key, at, due, why)
  }
}

/** The occurrences of violation steps that are due at `at`, unfired. */
function dueViolations(d: Draft, instance: Instance, step: Step, at: Instant): { key: string; due: Instant }[] {
  const calendar = calendarOf(d.rules, instance)
  const dues: { key: string; due: Instant }[] = []
  for (let n = 0; n < step.times; n++) {
    const due = calendar ? violationDue(calendar, instance, step, n) : null
    if (due === null || due > passed(instance, at)) break
    if (!instance.steps[occurrence(step, n)]) dues.push({ key: occurrence(step, n), due })
  }
  return dues
}

/** Migration with `late: skip`: the steps of a target that is already missed do not fire, the fact stays. */
export function skipPastViolations(d: Draft, instance: Instance, at: Instant, why: string): void {
  for (const step of violationsOf(itemOf(d.rules, instance)))
    for (const { key, due } of dueViolations(d, instance, step, at)) skip(d, instance, key, at, due, why)
}

/** A target that is missed from the first fires each violation step once, not every repetition that lies in the past. */
export function skipPastRepetitions(d: Draft, instance: Instance, at: Instant, why: string): void {
  for (const step of violationsOf(itemOf(d.rules, instance)))
    for (const { key, due } of dueViolations(d, instance, step, at).slice(0, -1)) skip(d, instance, key, at, due, why)
}

/** After a new target: what was skipped because it was past, and lies ahead now, waits again. */
export function waitAnew(d: Draft, instance: Instance, at: Instant): void {
  const calendar = calendarOf(d.rules, instance)
  if (!calendar) return
  const lift = (key: string, due: Instant | null): void => {
    const { skipped, byHand } = instance.steps[key] ?? {}
    if (skipped !== undefined && !byHand && due !== null && due >= passed(instance, at)) delete instance.steps[key]
  }
  const item = itemOf(d.rules, instance)
  for (const step of warningsOf(item)) lift(step.key, warningDue(calendar, instance, step))
  for (const step of violationsOf(item))
    for (let n = step.times - 1; n >= 0; n--)
      if (instance.steps[occurrence(step, n)]) lift(occurrence(step, n), violationDue(calendar, instance, step, n))
}

export const warningsOf = (item: CompiledItem | undefined): readonly Step[] =>
  item?.steps.filter((s) => s.kind === 'warning') ?? []
export const violationsOf = (item: CompiledItem | undefined): readonly Step[] =>
  item?.steps.filter((s) => s.kind === 'violation') ?? []

/** Key of the n-th occurrence (0 first) of a step. */
export const occurrence = (step: Step, n: number): string => (n === 0 ? step.key : `${step.key}#${n}`)

/** The violation that stands: neither superseded nor corrected. */
export const standing = (instance: Instance): Violation | undefined =>
  instance.violations.find((v) => v.ended === undefined)

export function violate(d: Draft, instance: Instance, at: Instant): void {
  if (instance.target === null || standing(instance)) return
  const late = instance.target < instance.attached
  instance.violations.push({ at: instance.target, recordedAt: at, owner: instance.owner, lateAttach: late })
  decide(d, at, 'violated', {
    instance: instance.key,
    item: instance.item,
    due: instance.target,
    why: late ? 'late attach' : undefined,
  })
}

export function endViolation(
  d: Draft,
  instance: Instance,
  at: Instant,
  how: 'Superseded' | 'Corrected',
  reason: string,
): void {
  const violation = standing(instance)
  if (!violation) return
  violation.ended = { how, at, reason }
  decide(d, at, how === 'Superseded' ? 'superseded' : 'corrected', {
    instance: instance.key,
    due: violation.at,
    why: reason,
  })
}
