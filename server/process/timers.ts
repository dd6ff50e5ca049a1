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

/** What the state becomes by itself, and the step that tells of it, are one timer where they are due together. */
const TOLD_BY: { readonly [kind in Moment['kind']]?: Moment['kind'] } = { warn: 'warning', violate: 'violation' }

const isToldByStep = ({ kind, instance, at }: Moment, all: readonly Moment[]): boolean =>
  TOLD_BY[kind] !== undefined && all.some((m) => m.kind === TOLD_BY[kind] && m.instance === instance && m.at === at)
