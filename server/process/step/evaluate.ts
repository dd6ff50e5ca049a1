/** One evaluation: the order in which the rules are looked at when several hold at once. */
import type { Instant } from '#util'
import type { ItemObservation, Observation } from '../types.ts'
import { completeByRules } from './complete.ts'
import { decide, type Draft, openInstances, processOf } from './draft.ts'
import { enter, leave, reopen } from './entry-exit.ts'
import { govern, reset } from './govern.ts'
import { applyPauses, applySignals, seedHistory } from './pauses.ts'
import { startAll } from './start.ts'

/** Stop (a completion rule) > the process's exit > reset > cancel and re-target > pause > resume > start. */
export function evaluate(d: Draft, observation: Observation, at: Instant): void {
  const before = d.state.last
  attach(d, observation, at)
  d.state.last = atRest(observation)
  tellErrors(d, observation, before, at)
  if (d.state.phase === 'waiting') enter(d, observation, at)
  else if (d.state.phase === 'exited') reopen(d, observation, before, at)
  if (d.state.phase === 'waiting') return applySignals(d, observation, at)
  if (d.state.phase !== 'in') return
  completeByRules(d, observation, at)
  if (observation.exit) return leave(d, at)
  reset(d, observation, before, at)
  govern(d, observation, at)
  applySignals(d, observation, at)
  applyPauses(d, at)
  own(d, observation, at)
  startAll(d, observation, at)
}

/** Takes up the process of the observation; another process than before re-targets milestones of the same name. */
function attach(d: Draft, observation: Observation, at: Instant): void {
  if (observation.process === d.state.process) return
  d.switched = d.state.process !== null
  decide(d, at, 'attached', {
    why: d.state.process === null ? observation.process : `${d.state.process} → ${observation.process}`,
  })
  d.state.process = observation.process
  if (d.state.phase === 'none') d.state.phase = 'waiting'
  seedHistory(d, observation)
  for (const milestone of Object.keys(d.state.eligible))
    if (!processOf(d)?.milestones.includes(milestone)) delete d.state.eligible[milestone]
}

/** What is still true when nothing changes any more: rules that read the change itself have had their moment. */
export function atRest(observation: Observation): Observation {
  const { inputs: _inputs, history: _history, ...rest } = observation
  const items = Object.entries(observation.items).map(([name, seen]) => [name, restOfItem(seen)] as const)
  return { ...rest, items: Object.fromEntries(items) }
}

function restOfItem(seen: ItemObservation): ItemObservation {
  if (seen.atRest === undefined) return seen
  const { complete: _complete, atRest, ...rest } = seen
  return atRest === null ? rest : { ...rest, complete: atRest }
}

function tellErrors(d: Draft, observation: Observation, before: Observation | null, at: Instant): void {
  const known = new Set((before?.errors ?? []).map((e) => `${e.path} ${e.message}`))
  for (const error of observation.errors ?? []) {
    if (!known.has(`${error.path} ${error.message}`)) decide(d, at, 'error', { item: error.path, why: error.message })
  }
}

/** Whose promise it is follows the record. */
function own(d: Draft, observation: Observation, at: Instant): void {
  for (const instance of openInstances(d.state)) {
    const seen = observation.items[instance.item]
    const owner = seen?.owner ?? observation.owner
    if (instance.run !== d.state.run || seen?.error !== undefined || owner === instance.owner) continue
    instance.owner = owner
    decide(d, at, 'owner', { instance: instance.key, why: owner ?? 'nobody' })
  }
}
