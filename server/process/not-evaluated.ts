/** What a process needs and could not be worked out, read from the last observation: never to be shown as kept. */
import { afterSatisfied, occursNoMore } from './step/next-start.ts'
import { isOpen, openOf, stuckItem } from './step/draft.ts'
import type { CompiledItem, Instance, Rules, State } from './types.ts'

/** A milestone of the run that would start, or might, if its item could be worked out. */
export interface NotEvaluated {
  /** That of the instance that it becomes. */
  readonly key: string
  readonly cycle: number
  readonly item: CompiledItem
  readonly error: string
}

export function notEvaluated(rules: Rules, state: State): NotEvaluated[] {
  const process = processIn(rules, state)
  return (process?.milestones ?? []).flatMap((milestone): NotEvaluated[] => {
    const item = stuckItem(process!, state.last!, milestone)
    if (!item || openOf(state, milestone) || isOver(state, milestone, item)) return []
    const cycle = state.instances.filter((i) => i.run === state.run && i.milestone === milestone).length + 1
    const error = state.last!.items[item.document.name]!.error!
    return [{ key: `${state.run}.${milestone}.${cycle}`, cycle, item, error }]
  })
}

const processIn = (rules: Rules, state: State) =>
  state.phase === 'in' && state.last && state.process !== null ? rules.process(state.process) : undefined

const isOver = (state: State, milestone: string, item: CompiledItem): boolean =>
  occursNoMore(state, milestone) || state.declined.includes(milestone) || !afterSatisfied(state, item)

/** Why the item that governs an open instance, or one before it, could not be worked out: the instance stays as it was. */
export function errorOf(rules: Rules, state: State, instance: Instance): string | null {
  const process = processIn(rules, state)
  if (!process || !isOpen(instance) || instance.run !== state.run) return null
  const item = stuckItem(process, state.last!, instance.milestone)
  return item ? state.last!.items[item.document.name]!.error! : null
}

/** Whether the record's entry, exit, pauses or one of its milestones could not be worked out. */
export function isNotEvaluated(rules: Rules, state: State): boolean {
  const failed = (path: string): boolean => state.last?.errors?.some((e) => e.path === path) ?? false
  if (state.phase === 'waiting') return failed('entry') || failed('exit')
  if (state.phase !== 'in') return false
  return (
    failed('exit') ||
    failed('pauses') ||
    notEvaluated(rules, state).length > 0 ||
    state.instances.some((i) => errorOf(rules, state, i) !== null)
  )
}
