/** Catching up: everything that was due up to an instant happens in due order, whether or not anyone looked at the time. */
import type { Instant } from '#util'
import { type Draft, isOpen } from './draft.ts'
import { evaluate } from './evaluate.ts'
import { fire, violate } from './fire.ts'
import { type Moment, momentsOf } from './moments.ts'

const LIMIT = 100_000

export function settle(d: Draft, until: Instant): void {
  for (let n = 0; n < LIMIT; n++) {
    const moment = momentsOf(d.rules, d.state)[0]
    if (!moment || moment.at > until) return
    happen(d, moment)
  }
  throw new Error(`Record ${d.state.record}: catching up does not end.`)
}

function happen(d: Draft, moment: Moment): void {
  if (moment.kind === 'entry' || moment.kind === 'next') return evaluate(d, d.state.last!, moment.at)
  const instance = d.state.instances.find((i) => i.key === moment.instance && isOpen(i))!
  const told = { instance: instance.key, item: instance.item, due: moment.due }
  if (moment.kind === 'begin') {
    instance.begun = true
    d.decisions.push({ what: 'begun', at: moment.at, ...told })
  } else if (moment.kind === 'warn') {
    instance.warned = true
    d.decisions.push({ what: 'warned', at: moment.at, ...told })
  } else if (moment.kind === 'violate') violate(d, instance, moment.at)
  else {
    const { step: key = '', kind, of } = moment
    fire(d, instance, { key, kind, actions: of!.actions, of }, moment.at, moment.due)
  }
}
