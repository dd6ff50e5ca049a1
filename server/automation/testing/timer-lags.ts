import { setTimeout as wait } from 'node:timers/promises'
import { systemClock } from '#database'
import type { Clock } from '#database'
import type { SeedableEngine } from '#automation'
import type { Instant } from '#util'
import { actor, caseOf, START } from './bench-world.ts'

/** A new case of high priority has a warning, with a task, after three and a half open hours. */
export const WARNED = 3.5 * 3_600_000
const TIMERS = 2_000
const APART_MS = 10

/**
 * Cases are made from `from` on, and their warnings fire every ten milliseconds for twenty seconds, by the machine's clock: how long after it was
 * due subscribers know, of each. `meanwhile` runs beside it, from a second before the first.
 */
export async function timerLags(
  engine: SeedableEngine,
  clock: BenchClock,
  from: Instant,
  meanwhile: () => Promise<void> = async () => {},
): Promise<number[]> {
  clock.set(from)
  await engine.runDue()
  const due = new Map<string, Instant>()
  for (let i = 0; i < TIMERS; i++) {
    const [saved] = await engine.saveAt(actor, [caseOf(i, 'High')], from + i * APART_MS)
    due.set(saved!.id!, from + WARNED + i * APART_MS)
  }
  const late: number[] = []
  const unlisten = engine.onChange(({ id, change }) => {
    const at = due.get(id)
    if (at !== undefined && change === 'updated' && due.delete(id)) late.push(clock.now() - at)
  })
  clock.run(from + WARNED - 1_000)
  await engine.start()
  const beside = meanwhile()
  for (let seconds = 0; due.size > 0 && seconds < 60; seconds++) await wait(1_000)
  await beside
  await engine.stop()
  unlisten()
  if (due.size > 0) throw new Error(`${due.size} timers did not fire within a minute`)
  return late
}

export interface BenchClock extends Clock {
  set(at: Instant): void
  /** From now on it goes with the machine's. */
  run(from: Instant): void
}

export function benchClock(): BenchClock {
  let at: Instant | undefined = START
  let offset = 0
  const running = systemClock(() => offset)
  return {
    now: () => at ?? running.now(),
    wake: (due, callback) => running.wake(due, callback),
    set: (instant) => void (at = instant),
    run: (from) => {
      at = undefined
      offset = from - Date.now()
    },
  }
}
