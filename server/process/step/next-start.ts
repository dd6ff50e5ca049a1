/** When the next cycle of a milestone may start: recurrence in one place. */
import type { Instant } from '#util'
import type { CompiledItem, CompiledProcess, Instance, Recurrence, State } from '../types.ts'
import { applicable, openOf } from './draft.ts'

interface NextStart {
  readonly at: Instant
  readonly item: CompiledItem
  readonly fromProcess: boolean
}

/** Undefined while one is open, when it is not eligible, or when its recurrence allows no further cycle. `at` may lie ahead. */
export function nextStart(process: CompiledProcess, state: State, milestone: string): NextStart | undefined {
  const eligible = state.eligible[milestone]
  if (eligible === undefined || state.last === null || state.declined.includes(milestone) || openOf(state, milestone))
    return undefined
  const item = applicable(process, state.last, milestone)
  if (item === undefined || item === 'unknown') return undefined
  const seen = state.last.items[item.document.name]
  if (!seen?.goal) return undefined
  const floor = Math.max(eligible, state.floor[milestone] ?? -Infinity)
  const last = lastCompleted(state, milestone)
  if (!last) return first(state, item, floor, state.floor[milestone] !== undefined)
  return again(state, item, last, floor, milestone)
}

function first(state: State, item: CompiledItem, floor: Instant, afterReset: boolean): NextStart {
  const fromProcess = startsWithProcess(item) && !afterReset && state.start !== null
  return { item, fromProcess, at: fromProcess ? state.start! : floor }
}

function again(
  state: State,
  item: CompiledItem,
  last: Instance,
  floor: Instant,
  milestone: string,
): NextStart | undefined {
  const recurrence = recurrenceOf(state, milestone)
  const completed = Math.max(floor, last.completion!.at)
  if (recurrence === 'Independent') return { item, fromProcess: false, at: completed }
  if (recurrence === 'Sequential' && last.target !== null)
    return { item, fromProcess: false, at: Math.max(completed, last.target) }
  return undefined
}

/** Completed in this run, and it occurs once. */
export const occursNoMore = (state: State, milestone: string): boolean =>
  lastCompleted(state, milestone) !== undefined && recurrenceOf(state, milestone) === 'None'

const recurrenceOf = (state: State, milestone: string): Recurrence =>
  state.last!.milestones[milestone]?.recurrence ?? 'None'

/** An item that waits for others counts from then, unless it says `process` itself. */
const startsWithProcess = (item: CompiledItem): boolean =>
  (item.document.start ?? (item.document.after?.length ? 'criteria' : 'process')) === 'process'

function lastCompleted(state: State, milestone: string): Instance | undefined {
  return state.instances.findLast((i) => i.run === state.run && i.milestone === milestone && i.completion !== null)
}

/** The milestones it waits for have been completed in this run. */
export function afterSatisfied(state: State, item: CompiledItem): boolean {
  return (item.document.after ?? []).every((name) =>
    state.instances.some((i) => i.run === state.run && i.milestone === name && i.completion !== null),
  )
}
