/** Work that takes the processor for long, done in slices with pauses of the same length between them: requests are answered meanwhile. One piece of work at a time. */
import { setTimeout as pause } from 'node:timers/promises'
import { inTurn, newTurns } from '../api/in-turn.ts'

const SLICE_MS = 2

export class Slices {
  readonly turns = newTurns()

  /** The results in order. One item is never cut. */
  map<T, U>(items: readonly T[], work: (item: T) => U): Promise<U[]> {
    return inTurn(this, () => sliced(items, work))
  }
}

async function sliced<T, U>(items: readonly T[], work: (item: T) => U): Promise<U[]> {
  const results: U[] = []
  let end = performance.now() + SLICE_MS
  for (const item of items) {
    results.push(work(item))
    if (performance.now() < end) continue
    await pause(SLICE_MS)
    end = performance.now() + SLICE_MS
  }
  return results
}
