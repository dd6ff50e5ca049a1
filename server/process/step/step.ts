/** The only rule-book. */
import type { Row } from '#util'
import type { Event, Log, Observation, Rules, State, StepResult } from '../types.ts'
import { completeByMatches } from './complete.ts'
import { type Draft, draftOf, processOf } from './draft.ts'
import { atRest, evaluate } from './evaluate.ts'
import {
  cancelByHand,
  completeByHand,
  correct,
  detach,
  editStart,
  pauseByHand,
  reopenByHand,
  resumeByHand,
  skipByHand,
  startByHand,
} from './hand.ts'
import { clearTarget, setTarget } from './manual-target.ts'
import { settle } from './settle.ts'

/**
 * What an event does to a record's process: first everything that was due until then, then the event, then one evaluation, then what that made due.
 * Same rules, state and event: same result. Nothing changed: the very state handed in, and no log. Refused: the same, with a finding.
 * `event.at` before the last event's counts as that one's (clocks of several nodes may differ a little).
 */
export function step(rules: Rules, state: State, event: Event): StepResult {
  const at = Math.max(event.at, state.at)
  const d = draftOf(rules, state, event)
  settle(d, at)
  act(d, at)
  if (d.findings.length > 0) return { state, actions: [], findings: d.findings }
  const observation = event.observation ?? d.state.last
  if (observation && event.kind !== 'detach') evaluateToRest(d, observation, at)
  settle(d, at)
  return result(d, state, at)
}

/** A rule that reads the change itself completes what is open, and when the save is over holds nothing back. */
function evaluateToRest(d: Draft, observation: Observation, at: number): void {
  evaluate(d, observation, at)
  if (Object.values(observation.items).some((seen) => seen.atRest !== undefined)) evaluate(d, atRest(observation), at)
}

function act(d: Draft, at: number): void {
  const event = d.event
  if (event.kind === 'related') completeByMatches(d, event.matches, at)
  else if (event.kind === 'complete') completeByHand(d, event, at)
  else if (event.kind === 'correct') correct(d, event, at)
  else if (event.kind === 'reopen') reopenByHand(d, event, at)
  else if (event.kind === 'cancel') cancelByHand(d, event, at)
  else if (event.kind === 'skip') skipByHand(d, event, at)
  else if (event.kind === 'pause') pauseByHand(d, event, at)
  else if (event.kind === 'resume') resumeByHand(d, event, at)
  else if (event.kind === 'setTarget') setTarget(d, event, at)
  else if (event.kind === 'clearTarget') clearTarget(d, event, at)
  else if (event.kind === 'edit') editStart(d, event, at)
  else if (event.kind === 'detach') detach(d, event, at)
  else if (event.kind === 'start') startNow(d, at)
}

/** Its target comes from the record as it is now. */
function startNow(d: Draft, at: number): void {
  if (d.event.observation && d.state.process === d.event.observation.process) evaluateToRest(d, d.event.observation, at)
  if (d.event.kind === 'start') startByHand(d, d.event, at)
}

function result(d: Draft, before: State, at: number): StepResult {
  if (d.decisions.length === 0 && same(before, d.state)) return { state: before, actions: [], findings: [] }
  d.state.seq++
  d.state.at = at
  return { state: d.state, actions: d.actions, log: logOf(d, at), findings: [] }
}

/** Property order is fixed by construction, so equal JSON is equal state. Instances that were not touched are the very same. */
function same(a: State, b: State): boolean {
  if (a.instances.length !== b.instances.length) return false
  const rest = (state: State): string => JSON.stringify({ ...state, instances: 0 })
  return (
    rest(a) === rest(b) &&
    a.instances.every((i, n) => i === b.instances[n] || JSON.stringify(i) === JSON.stringify(b.instances[n]))
  )
}

function logOf(d: Draft, at: number): Log {
  const calendars = new Set(d.state.instances.filter((i) => i.hours).map((i) => i.hours!.version))
  const inputs: Row = d.event.observation?.inputs ?? {}
  return {
    record: d.state.record, seq: d.state.seq, at, kind: d.event.kind, cause: d.event.cause,
    version: processOf(d)?.name ?? null, calendars: [...calendars], inputs, outcome: d.decisions,
  } // prettier-ignore
}
