import type { Database } from '#database'
import type { Catalog } from '#metadata'
import type { Instant } from '#util'
import { nextJournal } from '../journal/store.ts'
import type { Dispatcher } from '../outbox/dispatcher.ts'
import type { RunContext } from '../runs.ts'
import { fireBatch } from './fire.ts'
import { nextDue } from './timers.ts'
import { createWorker } from './worker.ts'
import type { Chores, Worker } from './worker.ts'

/** What is due is worked on by so many at once: SQLite has one writer. */
const LANES = { sqlite: 1, postgres: 2 } as const

export interface BackgroundHealth {
  readonly running: boolean
  /** How far behind the timers are. */
  readonly lagMs: number
  readonly lastError?: string
}

/** What happens by itself: timers, work on many records, and what leaves the building. None of the three waits for another. */
export interface Background {
  /** Works everything due off, what one of them makes due for another included, and returns when nothing is; the number of things done. */
  runDue(): Promise<number>
  start(): void
  /** Something may have become due earlier than is known. */
  nudge(): void
  /** Finishes what is under way in the database; what is on its way out is given up, and due again. */
  stop(): Promise<void>
  health(): BackgroundHealth
}

export interface BackgroundOptions {
  readonly context: RunContext
  readonly catalog: () => Catalog
  readonly dispatcher: Dispatcher
  /** Works off a batch of the journal: the number of records looked at. */
  readonly journal: (now: Instant) => Promise<number>
  /** What is done once a day, such as emptying recycle bins: the number of rows that went. */
  readonly daily: (now: Instant) => Promise<number>
}

export function createBackground({ context, catalog, dispatcher, journal, daily }: BackgroundOptions): Background {
  const { database } = context
  const workers = [
    worker(database, LANES[database.dialect], {
      work: (now) => fireBatch(context, catalog(), now),
      next: () => nextDue(database, catalog()),
    }),
    worker(database, LANES[database.dialect], {
      work: async (now, lane) => (await journal(now)) + (lane === 0 ? await daily(now) : 0),
      next: () => nextJournal(database),
    }),
    worker(database, 1, { work: dispatcher.dispatch, next: dispatcher.next }),
  ] as const
  async function runDue(): Promise<number> {
    let done = 0
    for (const each of workers) done += await each.runDue()
    await dispatcher.settled()
    return done === 0 ? 0 : done + (await runDue())
  }
  return {
    runDue,
    start: () => workers.forEach((each) => each.start()),
    nudge: () => workers.forEach((each) => each.nudge()),
    stop: async () => {
      await Promise.all(workers.map((each) => each.stop()))
      await dispatcher.stop()
    },
    health: () => healthOf(workers),
  }
}

const worker = (database: Database, lanes: number, chores: Pick<Chores, 'work' | 'next'>): Worker =>
  createWorker({ clock: database.clock, lanes, ...chores })

function healthOf(workers: readonly [Worker, ...Worker[]]): BackgroundHealth {
  const [timers] = workers
  const lastError = workers.map((each) => each.health().lastError).find((error) => error !== undefined)
  return { ...timers.health(), ...(lastError === undefined ? {} : { lastError }) }
}
