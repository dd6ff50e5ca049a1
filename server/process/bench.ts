/** How long the rule-book takes for a record with a six-item process: what a save pays before anything is written. */
import { performance } from 'node:perf_hooks'
import { formatInstant, type Row } from '#util'
import { observe } from './observe/observe.ts'
import { rowsOf } from './rows.ts'
import { initialState } from './step/draft.ts'
import { step } from './step/step.ts'
import { compiled, Driver, T0 } from './testing.ts'
import { timersOf } from './timers.ts'
import type { State } from './types.ts'

export interface BenchRow {
  readonly name: string
  readonly value: number
  readonly unit: string
}

const item = (milestone: string, when: string, minutes: number) => ({
  name: `${milestone} ${minutes}`, milestone, when, target: { minutes }, warnings: [{ before: { minutes: 30 }, actions: ['Task'] }], violations: [{ after: { minutes: 0 }, actions: ['Escalate'] }],
}) // prettier-ignore
const HIGH = 'ISPICKVAL(Priority, "High")'
const MEDIUM = 'ISPICKVAL(Priority, "Medium")'
const LOW = 'ISPICKVAL(Priority, "Low")'

const process = compiled({
  exit: { when: 'AND(ISPICKVAL(Status, "Closed"), Done)' },
  milestones: [
    item('First_Response', HIGH, 60), item('First_Response', MEDIUM, 240), item('First_Response', LOW, 480),
    item('Resolution_Time', HIGH, 480), item('Resolution_Time', MEDIUM, 960), item('Resolution_Time', LOW, 2400),
  ],
}) // prettier-ignore

const ROW: Row = { CreatedDate: formatInstant(T0), Priority: 'Low', Status: 'New', OwnerId: 'u1', Done: false }

/** Microseconds of one call, after a warm-up. */
function measure(name: string, work: () => void, times = 3000): BenchRow {
  for (let n = 0; n < times; n++) work()
  const start = performance.now()
  for (let n = 0; n < times; n++) work()
  return { name: `process: ${name}`, value: Math.round(((performance.now() - start) * 1e5) / times) / 100, unit: 'µs' }
}

export async function bench(): Promise<BenchRow[]> {
  const d = new Driver(process, { organisation: 'Office' })
  const fresh = initialState('rec')
  const at = (state: State, row: Row, prior: Row | undefined, now: number) => {
    const observation = observe(process, state, row, prior, d.context(now))
    return step(d.rules, state, { kind: 'evaluate', at: now, cause: { kind: 'save' }, observation })
  }
  const { state } = at(fresh, ROW, undefined, T0)
  const raised = { ...ROW, Priority: 'High' }
  return [
    measure('observe six items', () => observe(process, state, ROW, ROW, d.context(T0 + 1000))),
    measure('observe and step, new record', () => at(fresh, ROW, undefined, T0)),
    measure('observe and step, nothing changes', () => at(state, ROW, ROW, T0 + 1000)),
    measure('observe and step, priority raised', () => at(state, raised, ROW, T0 + 1000)),
    measure('timers of a record', () => timersOf(d.rules, state)),
    measure('rows of a record', () => rowsOf(d.rules, state)),
  ]
}
