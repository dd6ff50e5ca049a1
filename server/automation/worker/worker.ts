import { parseInstant } from '#util'
import type { Instant } from '#util'
import type { Clock } from '#database'

/** What the worker drives: due timers and due messages. */
export interface Chores {
  readonly clock: Clock
  /** How many batches may be under way at once: while the database writes one, the next is read and thought over. */
  readonly lanes: number
  /** Works off a batch of what is due at `now` that no other lane is at; the number of things done. `lane` from 0. */
  work(now: Instant, lane: number): Promise<number>
  /** ISO text of the next due instant; undefined when nothing waits. */
  next(): Promise<string | undefined>
}

export interface Worker {
  /** Works everything due off and returns when nothing is. */
  runDue(): Promise<number>
  start(): void
  /** Something may have become due earlier than the worker knows. */
  nudge(): void
  stop(): Promise<void>
  health(): { running: boolean; lagMs: number; lastError?: string }
}

/** Looks again at least this often: another node may have armed something, and a hint may be lost. */
const LOOK_AGAIN_MS = 15_000
/** Further lanes are opened when a first batch had this many: a timer now and then needs none. */
const PLENTY = 100
/** What another node is at, or what failed, is not asked for again at once. */
const IDLE_MS = 100
const FAILED_MS = 1_000
const FAILED = Symbol('failed')

/** One worker a node: sleeps exactly until the next due instant, is woken earlier when one appears, never runs twice at once. */
export function createWorker(chores: Chores): Worker {
  let busy: Promise<number> = Promise.resolve(0)
  let cancelWake: () => void = () => {}
  let wanted = { look: false, work: false }
  let turning: Promise<void> | undefined
  let running = false
  let lagMs = 0
  let lastError: string | undefined

  const runDue = (): Promise<number> => {
    busy = busy.then(drain, drain)
    return busy
  }
  async function drain(): Promise<number> {
    const first = await chores.work(chores.clock.now(), 0)
    if (first === 0) return 0
    const lanes = Array.from({ length: first < PLENTY ? 1 : chores.lanes }, (_, lane) => drainLane(lane))
    // All of them end before the next drain begins, also when one fails.
    await Promise.allSettled(lanes)
    return (await Promise.all(lanes)).reduce((sum, done) => sum + done, first)
  }
  async function drainLane(lane: number): Promise<number> {
    let total = 0
    for (let done = -1; done !== 0; total += done) done = await chores.work(chores.clock.now(), lane)
    return total
  }
  /** One look at a time: whoever asks meanwhile is answered by another look after it, so that no answer overtakes a newer one. */
  function turn(work: boolean): void {
    if (!running) return
    wanted = { look: true, work: work || wanted.work }
    turning ??= turns()
  }
  async function turns(): Promise<void> {
    while (running && wanted.look) {
      const { work } = wanted
      wanted = { look: false, work: false }
      await sleepUntilNext(work && (await worked()) === 0)
    }
    turning = undefined
  }
  async function worked(): Promise<number> {
    try {
      const done = await runDue()
      lastError = undefined
      return done
    } catch (error) {
      lastError = error instanceof Error ? error.message : String(error)
      return 0
    }
  }
  /** `idle`: nothing could be done just now, so what is due is another node's, or failing: it is looked at again a little later. */
  async function sleepUntilNext(idle: boolean): Promise<void> {
    const due = await chores.next().catch((): typeof FAILED => FAILED)
    const now = chores.clock.now()
    const at = due === FAILED ? now + FAILED_MS : due === undefined ? Infinity : (parseInstant(due) ?? now)
    lagMs = Math.max(0, now - at)
    cancelWake()
    if (!running) return
    if (at <= now && !idle) return turn(true)
    const soonest = now + (lastError === undefined ? IDLE_MS : FAILED_MS)
    cancelWake = chores.clock.wake(Math.min(at > now ? at : soonest, now + LOOK_AGAIN_MS), () => turn(true))
  }
  return {
    runDue,
    start: () => {
      if (running) return
      running = true
      turn(true)
    },
    nudge: () => turn(false),
    stop: async () => {
      running = false
      cancelWake()
      await turning
      await busy.catch(() => 0)
    },
    health: () => ({ running, lagMs, ...(lastError === undefined ? {} : { lastError }) }),
  }
}
