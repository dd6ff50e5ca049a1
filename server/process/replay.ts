/** State is the fold of the log: the same events through the same rules give the same state, to the byte. */
import { initialState } from './step/draft.ts'
import { step } from './step/step.ts'
import type { Event, Rules, State } from './types.ts'

export function replay(rules: Rules, record: string, events: readonly Event[]): State {
  return events.reduce((state, event) => step(rules, state, event).state, initialState(record))
}
