/** The process as a whole: entry, exit, reopening. */
import type { Instant } from '#util'
import { targetWith } from '../clock.ts'
import type { Instance, Observation } from '../types.ts'
import { complete, stopClock } from './complete.ts'
import { calendarOf, decide, type Draft, isOpen, openInstances, processOf } from './draft.ts'
import { skipPastViolations, skipPastWarnings, violate } from './fire.ts'
import { cancel, rearm } from './govern.ts'
import { entryAt } from './moments.ts'
import { CLOSED, endAll } from './pauses.ts'

/** By date: at that date. By criteria: now, unless the exit holds as well. A start that is known already (edited, or kept from before) counts. */
export function enter(d: Draft, observation: Observation, at: Instant): void {
  const start = entryAt(d.state, observation, at)
  if (start === null || start > at) return
  d.state.start = start
  d.state.exit = null
  d.state.phase = 'in'
  d.state.run = Math.max(d.state.run, 1)
  decide(d, at, 'entered', { to: start, why: start < at ? 'late attach' : undefined })
}

/** The exit, after completion rules had their say. */
export function leave(d: Draft, at: Instant): void {
  const seq = d.state.seq + 1
  decide(d, at, 'exited')
  for (const instance of openInstances(d.state)) if (instance.run === d.state.run) leaveOpen(d, instance, at, seq)
  for (const instance of d.state.instances) {
    if (d.completedNow.has(instance.key) && instance.completion && instance.completion.by !== 'hand')
      instance.exitSeq = seq
  }
  endAll(d.state.signals, at)
  Object.assign(d.state, { phase: 'exited', exit: at, exitSeq: seq, eligible: {}, declined: [], heldBack: [] })
}

function leaveOpen(d: Draft, instance: Instance, at: Instant, seq: number): void {
  const policy = processOf(d)?.document.exit?.onExit ?? 'auto'
  if (policy === 'complete') return complete(d, instance, at, { at, by: 'exit', what: 'process exit' })
  stopClock(d, instance, at)
  const overdue = instance.target !== null && at > instance.target
  if (overdue) violate(d, instance, at)
  if (policy === 'cancel' || (policy === 'auto' && !overdue)) {
    cancel(d, instance, at, 'process exit')
    instance.exitSeq = seq
    return
  }
  instance.silent = true
  instance.generation++
  instance.armedAt = at
  decide(d, at, 'silenced', {
    instance: instance.key,
    item: instance.item,
    why: overdue ? 'overdue at the exit: stays open' : 'kept open at the exit',
  })
}

/** The exit no longer holds. */
export function reopen(d: Draft, observation: Observation, before: Observation | null, at: Instant): void {
  if (observation.exit) return
  const policy = processOf(d)?.document.onReopen ?? 'resume'
  if (policy === 'ignore') {
    if (before?.exit) decide(d, at, 'stayedExited', { why: 'onReopen is ignore' })
    return
  }
  if (policy === 'restart') restart(d, at)
  else resume(d, at)
  Object.assign(d.state, { phase: 'in', exit: null, exitSeq: null })
}

function restart(d: Draft, at: Instant): void {
  for (const instance of openInstances(d.state)) cancel(d, instance, at, 'process restarted')
  for (const instance of d.state.instances) instance.exitSeq = null
  Object.assign(d.state, { run: d.state.run + 1, start: at, signals: [], floor: {} })
  decide(d, at, 'restarted', { why: `run ${d.state.run}` })
}

/** What this exit ended comes back; the time outside does not count. */
function resume(d: Draft, at: Instant): void {
  const from = d.state.exit ?? at
  decide(d, at, 'reopened', { from, to: at })
  if (from < at) d.state.signals.push({ source: CLOSED, reason: 'outside the process', from, to: at })
  for (const instance of d.state.instances) {
    if (instance.run !== d.state.run) continue
    const ended = instance.exitSeq !== null && instance.exitSeq === d.state.exitSeq
    if (ended) comeBack(d, instance, from, at)
    else if (isOpen(instance) && instance.silent) speakAgain(d, instance, at)
    instance.exitSeq = null
  }
}

/** It stayed open and its time counted; what was due in the meantime stays silent. */
function speakAgain(d: Draft, instance: Instance, at: Instant): void {
  instance.silent = false
  rearm(d, instance, at, instance.target)
  skipPastWarnings(d, instance, at, 'process exit')
  skipPastViolations(d, instance, at, 'process exit')
  decide(d, at, 'cameBack', { instance: instance.key, item: instance.item, to: instance.target })
}

function comeBack(d: Draft, instance: Instance, from: Instant, at: Instant): void {
  instance.cancelled = null
  instance.completion = null
  instance.silent = false
  if (from < at)
    instance.pauses.push({
      source: CLOSED,
      reason: 'outside the process',
      from: Math.max(from, instance.start),
      to: at,
    })
  const before = instance.target
  rearm(d, instance, at, targetWith(calendarOf(d.rules, instance), instance))
  decide(d, at, 'cameBack', { instance: instance.key, item: instance.item, from: before, to: instance.target })
}
