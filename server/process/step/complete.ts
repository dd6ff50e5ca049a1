/** Completing: by a rule on the record, by an event on a related record, by hand, by the exit. */
import type { Instant } from '#util'
import { pausesUntil, targetWith } from '../clock.ts'
import type { Completion, Instance, Match, Observation } from '../types.ts'
import { applicable, calendarOf, decide, type Draft, isOpen, itemOf, openInstances, processOf } from './draft.ts'
import { endViolation, fire, standing, violate } from './fire.ts'

/** Ends running pauses at `at` and says where the target lies with the pauses that were. */
export function stopClock(d: Draft, instance: Instance, at: Instant, counted: Instant = at): void {
  const running = instance.pauses.some((p) => p.to === null)
  const calendar = calendarOf(d.rules, instance)
  for (const pause of instance.pauses) if (pause.to === null) pause.to = Math.max(at, pause.from)
  if (calendar && (running || counted < at))
    instance.target = targetWith(calendar, instance, pausesUntil(instance.pauses, counted))
}

/** `at` is when it is noticed, `completion.at` when it happened. Late is what was completed after its target. */
export function complete(d: Draft, instance: Instance, at: Instant, completion: Completion): void {
  stopClock(d, instance, at, completion.at)
  instance.completion = completion
  instance.exitSeq = null
  d.completedNow.add(instance.key)
  const why = [completion.by, completion.what, completion.reason].filter(Boolean).join(': ')
  decide(d, at, 'completed', {
    instance: instance.key,
    item: instance.item,
    to: completion.at,
    due: instance.target ?? undefined,
    why,
  })
  judge(d, instance, at, completion)
  if (!instance.silent)
    fire(
      d,
      instance,
      { key: 'success', kind: 'success', actions: itemOf(d.rules, instance)?.success ?? [] },
      at,
      completion.at,
    )
}

/** Brings the fact in line with the completion: completed exactly on target is met. */
export function judge(d: Draft, instance: Instance, at: Instant, completion: Completion): void {
  if (instance.target === null || completion.at <= instance.target) {
    if (standing(instance))
      endViolation(d, instance, at, 'Corrected', completion.reason ?? `completed ${completion.by}`)
  } else violate(d, instance, at)
}

/** A rule on the record itself is a level: it counts for the instance's own item and for the one that applies now. */
export function completeByRules(d: Draft, observation: Observation, at: Instant): void {
  const process = processOf(d)
  for (const instance of openInstances(d.state)) {
    if (!process || instance.run !== d.state.run) continue
    const now = applicable(process, observation, instance.milestone)
    const own = observation.items[instance.item]
    const seen = own?.complete !== undefined || !now || now === 'unknown' ? own : observation.items[now.document.name]
    if (seen?.complete === undefined) continue
    const happened = Math.max(instance.start, Math.min(seen.completeAt ?? at, at))
    complete(d, instance, at, {
      at: happened,
      by: 'rule',
      what: seen.complete,
      ...earlier(happened, at, seen.complete),
    })
  }
}

/** A rule whose time field tells of an earlier time has its reason to correct what was late. */
const earlier = (happened: Instant, at: Instant, rule: string): { readonly reason?: string } =>
  happened < at ? { reason: `happened earlier, by ${rule}` } : {}

/** A rule on a related record is an event: it counts when its time is not before the instance's start. */
export function completeByMatches(d: Draft, matches: readonly Match[], at: Instant): void {
  for (const match of matches) {
    const instance = d.state.instances.find((i) => i.run === d.state.run && i.item === match.item && isOpen(i))
    const happened = Math.min(match.at, at)
    if (!instance || happened < instance.start) continue
    const what = match.record ? `${match.rule} (${match.record})` : match.rule
    complete(d, instance, at, { at: happened, by: 'related', what, ...earlier(happened, at, match.rule) })
  }
}
