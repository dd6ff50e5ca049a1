/** What people and actions do to a running process. Each either changes it or is refused with a sentence. */
import { targetWith, pausedSince } from '../clock.ts'
import type { Event, Instance } from '../types.ts'
import { complete, judge } from './complete.ts'
import {
  applicable,
  calendarOf,
  decide,
  type Draft,
  isOpen,
  openInstances,
  openOf,
  processOf,
  refuse,
} from './draft.ts'
import { notEvaluated } from '../not-evaluated.ts'
import { cancel, rearm, retarget } from './govern.ts'
import { skip } from './fire.ts'
import { momentsOf } from './moments.ts'
import { endPause, HAND, HAND_HERE, pausedOrResumed, pausesSince, running } from './pauses.ts'
import { start } from './start.ts'

type On<K extends Event['kind']> = Extract<Event, { kind: K }>

/** The instance an event is about; refused when there is none. */
export function instanceOf(d: Draft, key: string, open: boolean): Instance | undefined {
  const instance = d.state.instances.find((i) => i.key === key)
  const stuck = instance ? undefined : notEvaluated(d.rules, d.state).find((one) => one.key === key)
  if (stuck)
    refuse(d, 'NOT_EVALUATED', `This milestone is not evaluated: ${stuck.error}`, 'It starts when this is mended.')
  else if (!instance)
    refuse(d, 'NO_MILESTONE', `This record has no milestone ${key}.`, 'Reload the record: it may have changed.')
  else if (open && !isOpen(instance)) {
    refuse(
      d,
      'NOT_OPEN',
      `${instance.milestone} is already ${instance.completion ? 'completed' : 'cancelled'}.`,
      instance.completion
        ? 'Reopen it first.'
        : 'A cancelled one stays so; another starts when its criteria hold anew.',
    )
  } else return instance
  return undefined
}

export function completeByHand(d: Draft, event: On<'complete'>, at: number): void {
  const instance = instanceOf(d, event.instance, true)
  if (!instance) return
  const when = event.completedAt ?? at
  if (when > at)
    return refuse(
      d,
      'IN_FUTURE',
      'A milestone cannot be completed in the future.',
      'Give a completion date that is not later than now.',
    )
  if (when < instance.start)
    return refuse(
      d,
      'BEFORE_START',
      'The completion date lies before the milestone started.',
      'Give a later completion date.',
    )
  if (when < at && !event.reason)
    return refuse(d, 'REASON_NEEDED', 'A back-dated completion needs a reason.', 'Say why the date is earlier.')
  complete(d, instance, at, { at: when, by: 'hand', what: event.cause.userId, reason: event.reason })
}

/** Corrects the date of a completion; what was late may become met, and the other way round. */
export function correct(d: Draft, event: On<'correct'>, at: number): void {
  const instance = instanceOf(d, event.instance, false)
  if (!instance) return
  if (!instance.completion)
    return refuse(
      d,
      'NOT_COMPLETED',
      `${instance.milestone} is not completed.`,
      'Complete it, with the date it was done.',
    )
  if (!event.reason)
    return refuse(d, 'REASON_NEEDED', 'Correcting a completion date needs a reason.', 'Say why the date changes.')
  if (event.completedAt > at || event.completedAt < instance.start)
    return refuse(d, 'OUT_OF_RANGE', 'The completion date must lie between the start and now.', 'Give another date.')
  const from = instance.completion.at
  instance.completion = { ...instance.completion, at: event.completedAt, reason: event.reason }
  decide(d, at, 'corrected', { instance: instance.key, from, to: event.completedAt, why: event.reason })
  judge(d, instance, at, instance.completion)
}

/** The time since its completion counts, less the pauses of the record: it was completed by mistake. */
export function reopenByHand(d: Draft, event: On<'reopen'>, at: number): void {
  const instance = instanceOf(d, event.instance, false)
  if (!instance) return
  if (!instance.completion)
    return refuse(
      d,
      'NOT_COMPLETED',
      `${instance.milestone} is not completed.`,
      'Only a completed milestone can be reopened.',
    )
  if (d.state.phase !== 'in' || instance.run !== d.state.run)
    return refuse(d, 'NOT_IN_PROCESS', 'The record is not in this process run any more.', 'Reopen the record first.')
  if (openOf(d.state, instance.milestone))
    return refuse(d, 'ALREADY_OPEN', `Another ${instance.milestone} is open.`, 'Complete or cancel that one first.')
  const rule = d.state.last?.items[instance.item]?.complete
  if (rule !== undefined)
    return refuse(
      d,
      'RULE_HOLDS',
      `The completion rule ${rule} still holds, so it would be completed again at once.`,
      'Change the record so that the rule no longer holds.',
    )
  instance.pauses.push(...pausesSince(d.state.signals, instance.item, instance.completion.at))
  instance.completion = null
  instance.exitSeq = null
  rearm(d, instance, at, targetWith(calendarOf(d.rules, instance), instance))
  decide(d, at, 'cameBack', {
    instance: instance.key,
    item: instance.item,
    to: instance.target,
    why: event.reason ?? 'reopened by hand',
  })
}

/** Stays away until its criteria have failed once: else it would start again at once. */
export function cancelByHand(d: Draft, event: On<'cancel'>, at: number): void {
  const instance = instanceOf(d, event.instance, true)
  if (!instance) return
  if (!event.reason)
    return refuse(d, 'REASON_NEEDED', 'Cancelling a milestone needs a reason.', 'Say why it is cancelled.')
  cancel(d, instance, at, event.reason)
  if (instance.run === d.state.run) d.state.declined.push(instance.milestone)
}

export function startByHand(d: Draft, event: On<'start'>, at: number): void {
  const process = processOf(d)
  const last = d.state.last
  if (!process || !last || d.state.phase !== 'in')
    return refuse(d, 'NOT_IN_PROCESS', 'The record is in no process.', 'Give it an entitlement first.')
  if (openOf(d.state, event.milestone)) return refuse(d, 'ALREADY_OPEN', `${event.milestone} is already running.`)
  const applies = applicable(process, last, event.milestone)
  const item =
    applies && applies !== 'unknown'
      ? applies
      : [...process.items.values()].find((i) => i.document.milestone === event.milestone)
  if (!item)
    return refuse(
      d,
      'NO_MILESTONE',
      `The process ${process.name} has no milestone ${event.milestone}.`,
      'Add it to the process.',
    )
  if (!last.items[item.document.name]?.goal)
    return refuse(d, 'NO_TARGET', `The target of ${item.document.name} could not be worked out.`)
  start(d, item, { start: at, fromProcess: false, byHand: true }, last, at)
}

/** Only a step can be taken off: the target itself and its violation are facts. */
export function skipByHand(d: Draft, event: On<'skip'>, at: number): void {
  const instance = instanceOf(d, event.instance, true)
  if (!instance) return
  const moment = momentsOf(d.rules, d.state).find((m) => m.instance === instance.key && m.step === event.step)
  if (!moment)
    return refuse(
      d,
      'NO_STEP',
      `${instance.milestone} has no step ${event.step} that waits.`,
      'Reload the page: it may have fired. To stop the milestone itself, complete, cancel or pause it.',
    )
  if (!event.reason) return refuse(d, 'REASON_NEEDED', 'Taking off a step needs a reason.', 'Say why it must not fire.')
  skip(d, instance, event.step, at, moment.due, event.reason)
  instance.steps[event.step] = { ...instance.steps[event.step]!, byHand: true }
}

export function pauseByHand(d: Draft, event: On<'pause'>, at: number): void {
  if (d.state.phase !== 'in') return refuse(d, 'NOT_IN_PROCESS', 'Only a record in a process can be paused.')
  if (!event.reason) return refuse(d, 'REASON_NEEDED', 'A pause needs a reason.', 'Say what is being waited for.')
  if (event.instance === undefined) {
    if (!running(d.state.signals, HAND))
      d.state.signals.push({ source: HAND, reason: event.reason, from: at, to: null })
    return
  }
  const instance = instanceOf(d, event.instance, true)
  if (!instance || running(instance.pauses, HAND_HERE)) return
  const was = pausedSince(instance) !== null
  instance.pauses.push({ source: HAND_HERE, reason: event.reason, from: at, to: null })
  pausedOrResumed(d, instance, was, at)
}

/** Removes only the hand's pause; a rule that holds keeps its own. */
export function resumeByHand(d: Draft, event: On<'resume'>, at: number): void {
  if (event.instance === undefined) {
    if (!endPause(d.state.signals, HAND, at))
      refuse(
        d,
        'NOT_PAUSED',
        'The record is not paused by hand.',
        'A pause by rule ends when its criteria no longer hold.',
      )
    return
  }
  const instance = instanceOf(d, event.instance, true)
  if (!instance) return
  const was = pausedSince(instance) !== null
  if (endPause(instance.pauses, HAND_HERE, at)) pausedOrResumed(d, instance, was, at)
  else
    refuse(
      d,
      'NOT_PAUSED',
      'This milestone is not paused by hand.',
      'A pause of the whole record is resumed on the record.',
    )
}

/** Open milestones that count from it move with it; completed ones stay. */
export function editStart(d: Draft, event: On<'edit'>, at: number): void {
  if (d.state.process === null && !d.event.observation)
    return refuse(d, 'NOT_IN_PROCESS', 'The record is in no process.', 'Give it an entitlement first.')
  const from = d.state.start
  if (from === event.slaStart) return
  d.state.start = event.slaStart
  for (const instance of openInstances(d.state)) {
    if (!instance.fromProcess || instance.run !== d.state.run) continue
    const earlier = pausesSince(d.state.signals, instance.item, event.slaStart).filter((p) => p.from < instance.start)
    instance.pauses.unshift(...earlier.map((p) => ({ ...p, to: Math.min(p.to ?? instance.start, instance.start) })))
    retarget(d, instance, at, { start: event.slaStart, why: 'start of the process edited' })
  }
  decide(d, at, 'entered', { from, to: event.slaStart, why: event.reason ?? 'edited' })
}

/** The process goes: nothing of it runs on. */
export function detach(d: Draft, event: On<'detach'>, at: number): void {
  if (d.state.process === null) return
  for (const instance of openInstances(d.state)) cancel(d, instance, at, event.reason)
  decide(d, at, 'detached', { why: event.reason })
  Object.assign(d.state, {
    process: null,
    phase: 'none',
    exit: null,
    exitSeq: null,
    signals: [],
    eligible: {},
    declined: [],
    heldBack: [],
    last: null,
  })
}
