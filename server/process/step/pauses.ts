/** Pauses: a union of sources (each rule, the hand). Sources are followed for the whole record, so that an instance that starts late knows them. */
import type { Instant } from '#util'
import { pausedSince, targetWith } from '../clock.ts'
import type { CompiledProcess, Instance, Observation, Pause } from '../types.ts'
import { calendarOf, decide, type Draft, openInstances, processOf } from './draft.ts'
import { rearm } from './govern.ts'

export const HAND = 'hand'
/** By hand, on one instance only. */
export const HAND_HERE = 'hand/this'
/** Outside the process, between its exit and its reopening. */
export const CLOSED = 'closed'

export const running = (pauses: readonly Pause[], source: string): Pause | undefined =>
  pauses.find((p) => p.source === source && p.to === null)

/** Ends a running pause. False when it was not running. */
export function endPause(pauses: Pause[], source: string, at: Instant): boolean {
  const pause = running(pauses, source)
  if (pause) pause.to = Math.max(at, pause.from)
  return pause !== undefined
}

export function endAll(pauses: Pause[], at: Instant): void {
  for (const source of pauses.filter((p) => p.to === null).map((p) => p.source)) endPause(pauses, source, at)
}

/** Brings the record's sources in line with the rules that hold. An item that could not be evaluated keeps its own. */
export function applySignals(d: Draft, observation: Observation, at: Instant): void {
  const process = processOf(d)
  if (!process) return
  const wanted = new Set([...observation.pauses, ...Object.values(observation.items).flatMap((i) => i.pauses ?? [])])
  for (const { source } of d.state.signals.filter((p) => p.to === null)) {
    if (source !== HAND && !wanted.has(source) && !isUnknown(observation, source)) endPause(d.state.signals, source, at)
  }
  for (const source of wanted) {
    if (!running(d.state.signals, source))
      d.state.signals.push({ source, reason: reasonOf(process, source), from: at, to: null })
  }
}

const isUnknown = (observation: Observation, source: string): boolean =>
  observation.items[source.slice(0, source.indexOf('/'))]?.error !== undefined

function reasonOf(process: CompiledProcess, source: string): string {
  const item = process.items.get(source.slice(0, source.indexOf('/')))
  return [...process.formulas.pauses, ...(item?.pauses ?? [])].find((p) => p.source === source)?.reason ?? source
}

/** Process-wide rules, the hand and time outside the process hold for every instance, an item's rules for the instances it governs. */
const concerns = (source: string, item: string): boolean =>
  source === HAND || source === CLOSED || source.startsWith('process/') || source.startsWith(`${item}/`)

/** Brings the open instances in line with the sources. */
export function applyPauses(d: Draft, at: Instant): void {
  for (const instance of openInstances(d.state)) {
    if (instance.run !== d.state.run) continue
    const was = pausedSince(instance) !== null
    const wanted = d.state.signals.filter((p) => p.to === null && concerns(p.source, instance.item))
    for (const pause of instance.pauses.filter((p) => p.to === null && p.source !== HAND_HERE)) {
      if (!wanted.some((w) => w.source === pause.source)) endPause(instance.pauses, pause.source, at)
    }
    for (const w of wanted) if (!running(instance.pauses, w.source)) instance.pauses.push({ ...w, from: at })
    pausedOrResumed(d, instance, was, at)
  }
}

/** The target is a function of the intervals, whichever source began or ended. */
export function pausedOrResumed(d: Draft, instance: Instance, was: boolean, at: Instant): void {
  const is = pausedSince(instance) !== null
  const from = instance.target
  const to = targetWith(calendarOf(d.rules, instance), instance)
  if (is === was && to === from) return
  rearm(d, instance, at, to)
  if (is !== was)
    decide(d, at, is ? 'paused' : 'resumed', {
      instance: instance.key,
      item: instance.item,
      from,
      to,
      why: is ? reasons(instance) : undefined,
    })
}

export const reasons = (instance: Instance): string =>
  instance.pauses.filter((p) => p.to === null).map((p) => p.reason).join(', ') // prettier-ignore

/** The pauses that an instance starting at `start` has behind it or stands in. */
export function pausesSince(signals: readonly Pause[], item: string, start: Instant): Pause[] {
  const concerned = signals.filter((p) => concerns(p.source, item) && (p.to === null || p.to > start))
  return concerned.map((p) => ({ ...p, from: Math.max(p.from, start) }))
}

/** A process that attaches late learns from field history when its pause rules held. */
export function seedHistory(d: Draft, observation: Observation): void {
  const process = processOf(d)
  for (const [source, spans] of Object.entries(observation.history ?? {})) {
    if (!process || d.state.signals.some((p) => p.source === source)) continue
    d.state.signals.push(...spans.map((s) => ({ source, reason: reasonOf(process, source), from: s.from, to: s.to })))
  }
}
