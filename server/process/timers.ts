/** Timers: derived from the state, never truth. A row for each thing that will happen by itself. */
import type { Rules, State, Timer } from './types.ts'
import { type Moment, momentsOf } from './step/moments.ts'

/** Nothing happens before the first of them, something happens at it (midnight excepted: then the record is only looked at again). */
export function timersOf(rules: Rules, state: State): Timer[] {
  const byKey = new Map(state.instances.map((i) => [i.key, i]))
  const moments = momentsOf(rules, state)
  const timers = moments
    .filter((m) => !isToldByStep(m, moments))
    .map((moment): Timer => {
      const instance = byKey.get(moment.instance ?? '')
      const owner = moment.instance ?? moment.milestone ?? 'process'
      const step = moment.step ?? moment.kind
      return {
        key: `${owner}/${step}`,
        at: moment.at,
        instance: moment.instance,
        cycle: instance?.cycle ?? 0,
        step,
        generation: instance?.generation ?? state.run,
      }
    })
  const midnight = state.phase === 'none' ? undefined : state.last?.midnight
  if (midnight !== undefined)
    timers.push({ key: 'process/midnight', at: midnight, cycle: 0, step: 'midnight', generation: state.run })
  return timers.sort((a, b) => a.at - b.at)
}

/** The state becomes Warning with the step that is due then: one timer for both. */
const isToldByStep = (moment: Moment, all: readonly Moment[]): boolean =>
  moment.kind === 'warn' &&
  all.some((m) => m.kind === 'warning' && m.instance === moment.instance && m.at === moment.at)
