import { errorOf, notEvaluated } from '../not-evaluated.ts'
import type { Instance, Rules, State } from '../types.ts'
import type { Explanation } from './explain.ts'

/** Of a milestone that could not be started: why, and what becomes of it. */
export function explainNotEvaluated(rules: Rules, state: State, key: string): Explanation | undefined {
  const stuck = notEvaluated(rules, state).find((one) => one.key === key)
  if (!stuck) return undefined
  const { item, cycle, error } = stuck
  const { name, milestone } = item.document
  return {
    text: `${error}\nIt starts when this is mended; until then it counts neither as kept nor as missed.`,
    details: `Item ${name} of ${state.process}, run ${state.run}, cycle ${cycle}.`,
    data: { key, milestone, item: name, version: state.process, run: state.run, cycle, status: 'Not evaluated', error },
  }
}

/** What runs goes on as it was. */
export function stuckLines(rules: Rules, state: State, instance: Instance): string[] {
  const error = errorOf(rules, state, instance)
  return error === null ? [] : [`Could not be evaluated again: ${error} It goes on as it was until this is mended.`]
}
