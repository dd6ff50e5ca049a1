/** For tests: what an attack does to somebody else on the same server. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Person } from './testing.ts'

export interface Harm {
  /** Ordinary requests, one after the other, that were answered before the attack was. */
  readonly answered: number
  /** Milliseconds that the event loop was held up at most. */
  readonly delay: number
}

/** Somebody goes on asking for a record while the attack goes on. */
export async function harmOf(victim: Person, attack: () => Promise<unknown>): Promise<Harm> {
  const ask = () => victim.data('{ me { name } Case(first: 1) { nodes { Id } } }')
  await ask()
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  let [answered, over] = [0, false]
  const attacked = attack().finally(() => (over = true))
  while (!over) {
    await ask()
    answered++
  }
  histogram.disable()
  await attacked
  return { answered: answered - 1, delay: histogram.max / 1e6 }
}
