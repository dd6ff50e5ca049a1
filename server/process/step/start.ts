/** Starting instances. Start and stop together: none. */
import type { Instant } from '#util'
import { targetWith } from '../clock.ts'
import type { CompiledItem, Instance, ItemObservation, Observation } from '../types.ts'
import { applicable, calendarOf, decide, type Draft, openOf, processOf } from './draft.ts'
import { skipPastRepetitions, skipPastWarnings } from './fire.ts'
import { afterSatisfied, nextStart } from './next-start.ts'
import { pausesSince } from './pauses.ts'

export function startAll(d: Draft, observation: Observation, at: Instant): void {
  const process = processOf(d)
  for (const milestone of process?.milestones ?? []) {
    const item = applicable(process!, observation, milestone)
    if (item === 'unknown') continue
    if (!isEligible(d, milestone, item, observation, at)) continue
    const next = nextStart(process!, d.state, milestone)
    if (!next || next.at > at) continue
    start(d, next.item, { start: next.at, fromProcess: next.fromProcess, byHand: false }, observation, at)
  }
}

/** Keeps since when a milestone could run. A rule that would complete it at once holds it back. */
function isEligible(
  d: Draft,
  milestone: string,
  item: CompiledItem | undefined,
  observation: Observation,
  at: Instant,
): boolean {
  const ready = item !== undefined && afterSatisfied(d.state, item)
  const rule = item && observation.items[item.document.name]?.complete
  if (ready && rule === undefined) {
    d.state.eligible[milestone] ??= at
    d.state.heldBack = d.state.heldBack.filter((m) => m !== milestone)
    return true
  }
  delete d.state.eligible[milestone]
  d.state.declined = d.state.declined.filter((m) => m !== milestone)
  if (ready && rule !== undefined) tellHeldBack(d, milestone, item, rule, observation, at)
  else d.state.heldBack = d.state.heldBack.filter((m) => m !== milestone)
  return false
}

function tellHeldBack(
  d: Draft,
  milestone: string,
  item: CompiledItem,
  rule: string,
  observation: Observation,
  at: Instant,
): void {
  const isAtRest = observation.items[item.document.name]?.atRest === undefined
  if (!isAtRest || d.state.heldBack.includes(milestone) || openOf(d.state, milestone)) return
  d.state.heldBack.push(milestone)
  if (!isCompletedNow(d, milestone))
    decide(d, at, 'heldBack', { item: item.document.name, why: `completion rule ${rule} holds already` })
}

/** What completed it holds on, and is no news. */
const isCompletedNow = (d: Draft, milestone: string): boolean =>
  d.state.instances.some((i) => i.milestone === milestone && d.completedNow.has(i.key))

interface Starting { start: Instant; fromProcess: boolean; byHand: boolean } // prettier-ignore

export function start(d: Draft, item: CompiledItem, how: Starting, observation: Observation, at: Instant): Instance {
  const milestone = item.document.milestone
  const seen = observation.items[item.document.name]!
  const cycle = d.state.instances.filter((i) => i.run === d.state.run && i.milestone === milestone).length + 1
  const instance = blank(d, item, how, goalOf(d, item, seen), observation, at, cycle)
  instance.target = targetWith(calendarOf(d.rules, instance), instance)
  d.state.instances.push(instance)
  const late = how.start < at
  const why = [how.byHand ? 'by hand' : '', late ? 'late attach' : '', instance.target === null ? 'no target' : '']
    .filter(Boolean)
    .join(', ')
  decide(d, at, 'started', {
    instance: instance.key,
    item: instance.item,
    from: instance.start,
    to: instance.target,
    hours: instance.hours?.name,
    why: why || undefined,
  })
  if (!processOf(d)?.document.fireLateSteps) skipPastWarnings(d, instance, at, 'late attach')
  skipPastRepetitions(d, instance, at, 'late attach')
  return instance
}

/** A target that reads the clock is taken from the evaluation at hand, not from the last one. */
function goalOf(d: Draft, item: CompiledItem, seen: ItemObservation): ItemObservation {
  const fresh = d.event.observation
  const now = item.volatile && fresh?.process === d.state.process ? fresh?.items[item.document.name] : undefined
  return now?.goal ? now : seen
}

function blank(
  d: Draft,
  item: CompiledItem,
  how: Starting,
  seen: ItemObservation,
  observation: Observation,
  at: Instant,
  cycle: number,
): Instance {
  const { name, milestone } = item.document
  return {
    key: `${d.state.run}.${milestone}.${cycle}`,
    run: d.state.run, milestone, cycle, item: name, version: d.state.process!,
    milestoneId: observation.milestones[milestone]?.id ?? null,
    fromProcess: how.fromProcess, byHand: how.byHand, start: how.start, attached: at,
    goal: seen.goal!, goalKey: seen.key ?? '', hours: seen.hours ?? null, owner: seen.owner ?? observation.owner,
    target: null, completion: null, cancelled: null, begun: how.start <= at, armedAt: at, silent: false, warned: false,
    pauses: pausesSince(d.state.signals, name, how.start), violations: [], steps: {}, exitSeq: null, generation: 1,
  } // prettier-ignore
}
