/** What happens by itself, with one million timers armed: arming, the next one due, firing, how late, and new targets after a change of business hours. */
import { openDatabase, quote } from '#database'
import type { Database } from '#database'
import { onBothDatabases } from '#test/both-databases'
import { parseInstant } from '#util'
import type { Instant } from '#util'
import type { SeedableEngine } from '#automation'
import { actor, bareWrites, benchOrganisation, caseOf, percentile, ratio, round, saveCases, sideBySide, START } from '../testing/bench-world.ts' // prettier-ignore
import type { Cost, Measure } from '../testing/bench-world.ts'
import { benchClock, timerLags, WARNED } from '../testing/timer-lags.ts'
import type { BenchClock } from '../testing/timer-lags.ts'
import { nextDue } from './timers.ts'

const ARMED = 1_000_000
const FIRED = 2_000
/** A server lives long: its first timers do not count. */
const WARM_UP = 1_000
const WEEK = 7 * 86_400_000
/** A new case of high priority has a warning, with a task, after three and a half open hours, and is violated, with a field update, after four. */
const VIOLATED = 4 * 3_600_000 + 1
const [NEXT_WEEK, WEEK_AFTER] = [parseInstant('2026-03-16T14:00:00Z')!, parseInstant('2026-03-23T14:00:00Z')!]

export const bench = (): Promise<Measure[]> => onBothDatabases(figures)

interface World {
  readonly database: Database
  readonly engine: SeedableEngine
  readonly clock: BenchClock
  /** A bare insert and a bare update of a case, one transaction each. */
  readonly insert: Cost
  readonly update: Cost
}

async function figures(url: string): Promise<Measure[]> {
  const clock = benchClock()
  const database = await openDatabase({ url, clock, statementTimeout: 600_000 })
  try {
    const engine = await benchOrganisation(database)
    await arm(database, engine)
    const bare = bareWrites(database, engine)
    const save = (i: number) => engine.save(actor, [caseOf(i, 'Low')])
    const next = () => nextDue(database, engine.catalogs.current())
    const [insert, update, single, due] = await sideBySide(
      { times: 100, run: bare.insert },
      { times: 100, run: bare.update },
      { times: 40, run: save },
      { times: 100, run: next },
    )
    const world = { database, engine, clock, insert: insert!, update: update! }
    return [
      { name: 'armed: save of a case with a six-item process', value: round(single!.ms), unit: 'ms', ratio: ratio(single!.ms, insert!.ms), against: 'bare insert' },
      { name: 'armed: when is the next timer due?', value: round(due!.ms * 1000), unit: 'µs', ratio: ratio(due!.ms, insert!.ms), against: 'bare insert' },
      ...(await firing(world)),
      await lag(world),
      await retarget(world),
    ] // prettier-ignore
  } finally {
    await database.close()
  }
}

/** A million timers that are due in some year to come, four a record. */
async function arm(database: Database, engine: SeedableEngine): Promise<void> {
  const object = engine.catalogs.current().object('MilestoneTimer')!
  const due = {
    sqlite: `strftime('%Y-%m-%dT%H:%M:%fZ', 1900000000 + i * 7, 'unixepoch')`,
    postgres: `to_timestamp(1900000000 + i * 7)`,
  }[database.dialect]
  const at = database.dialect === 'sqlite' ? `'2026-03-06T15:00:00.000Z'` : `timestamptz '2026-03-06T15:00:00Z'`
  const no = database.dialect === 'sqlite' ? '0' : 'false'
  const values: { readonly [field: string]: string } = {
    Id: `'55A' || (100000000000000 + i)`, Name: `'1.First Response.1/violation'`, ParentId: `'500' || (100000000000000 + i / 4)`,
    Key: `'1.First Response.1/violation'`, Kind: `'violation'`, Step: `'violation'`, Cycle: '1', Generation: '1', DueDate: due, Status: `'Pending'`, Attempts: '0',
    CreatedDate: at, CreatedById: `'005000000000000001'`, LastModifiedDate: at, LastModifiedById: `'005000000000000001'`, Version: '1', IsDeleted: no,
  } // prettier-ignore
  const columns = Object.keys(values).map((name) => quote(object.field(name)!.column!))
  const numbers = `WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${ARMED})`
  await database.transaction((tx) =>
    tx.run(
      `INSERT INTO ${quote(object.table)} (${columns.join(', ')}) ${numbers} SELECT ${Object.values(values).join(', ')} FROM numbers`,
    ),
  )
}

async function firing({ engine, clock, update }: World): Promise<Measure[]> {
  await fireBoth(engine, clock, START - WEEK, WARM_UP)
  const [warned, violated] = await fireBoth(engine, clock, START, FIRED)
  const measure = (name: string, ms: number): Measure => ({
    name,
    value: Math.round(1000 / ms),
    unit: '/s',
    ratio: ratio(ms, update.ms),
    against: 'bare update, a timer',
  })
  return [
    measure('armed: timers fired with a task and log', warned),
    measure('armed: timers fired with a field update through the full save', violated),
  ]
}

/** Milliseconds a timer, of the warning and of the violation of so many cases. */
async function fireBoth(engine: SeedableEngine, clock: BenchClock, from: Instant, cases: number) {
  clock.set(from)
  await engine.runDue()
  await saveCases(engine, cases, 'High')
  const warned = await fired(engine, clock, from + WARNED, cases)
  return [warned, await fired(engine, clock, from + VIOLATED, cases)] as const
}

async function fired(engine: SeedableEngine, clock: BenchClock, at: Instant, cases: number): Promise<number> {
  clock.set(at)
  const start = performance.now()
  const count = await engine.runDue()
  if (count < cases) throw new Error(`${count} timers fired instead of ${cases}`)
  return (performance.now() - start) / count
}

/** A timer every ten milliseconds for twenty seconds: how long after it was due subscribers know. */
async function lag({ engine, clock }: World): Promise<Measure> {
  const late = await timerLags(engine, clock, NEXT_WEEK)
  return {
    name: 'armed: lag of 100 timers a second for 20 s, p99',
    value: Math.round(percentile(late, 0.99)),
    unit: 'ms',
  }
}

/** Each has two open milestones. */
const CASES = 50_000
const AT_ONCE = 5_000

/** Other opening hours: from the save to the last new target. */
async function retarget({ database, engine, clock, update }: World): Promise<Measure> {
  clock.set(WEEK_AFTER)
  await engine.runDue()
  for (let done = 0; done < CASES; done += AT_ONCE) await saveCases(engine, AT_ONCE, 'Medium')
  const object = engine.catalogs.current().object('BusinessHours')!
  const row = await database.get<{ id: string }>(
    `SELECT ${quote(object.field('Id')!.column!)} AS id FROM ${quote(object.table)} WHERE ${quote(object.field('Name')!.column!)} = 'US Support'`,
  )
  const OPEN = [['09:00', '18:00']]
  const Hours = { mon: OPEN, tue: OPEN, wed: OPEN, thu: OPEN, fri: OPEN }
  const start = performance.now()
  await engine.save(actor, [{ operation: 'update', object: 'BusinessHours', id: row!.id, values: { Hours } }])
  await engine.runDue()
  const ms = performance.now() - start
  return {
    name: `armed: new targets of ${(CASES * 2).toLocaleString('en')} open milestones after a change of hours`,
    value: round(ms / 1000),
    unit: 's',
    ratio: ratio(ms / (CASES * 2), update.ms),
    against: 'bare update, a milestone',
  }
}
