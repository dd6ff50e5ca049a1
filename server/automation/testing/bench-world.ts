/** What the benches of saves and timers share: an organisation with the shipped support process, and bare statements to compare with. */
import { join } from 'node:path'
import { cpuUsage } from 'node:process'
import { quote, placeholders } from '#database'
import type { Database, SqlValue } from '#database'
import { loadDocuments } from '#metadata/load'
import { authorize, compileQuery, isAuthorized, runQuery } from '#records'
import type { ListQuery } from '#records'
import { parseInstant } from '#util'
import { automationActor, createEngine, install, seedAutomationUser, seedOrganisation } from '#automation'
import type { SaveRequest, SeedableEngine } from '#automation'
import { processRows } from './support-rows.ts'

export interface Measure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio?: number
  readonly against?: string
}

/** A Friday, an hour after the support desk has opened. */
export const START = parseInstant('2026-03-06T15:00:00Z')!
export const actor = automationActor('bench')
const METADATA = join(import.meta.dirname, '../../../metadata')

export async function benchOrganisation(database: Database): Promise<SeedableEngine> {
  const { documents } = loadDocuments(`${METADATA}/standard`, `${METADATA}/demo`)
  const engine = createEngine({ database, catalog: await install(database, documents, 'bench') })
  await seedAutomationUser(engine)
  await seedOrganisation(engine, 'Bench')
  for (const request of processRows()) await engine.save(actor, [request])
  return engine
}

const PRIORITIES = ['Critical', 'High', 'Medium', 'Low']

/** A new case; without a priority every one in turn. The support process promises it a first response and a resolution. */
export const caseOf = (i: number, priority = PRIORITIES[i % 4]!): SaveRequest => ({
  operation: 'create',
  object: 'Case',
  values: { Subject: `Case ${i}`, Priority: priority, Status: 'New' },
})

/** Saves new cases in one call; their ids. */
export async function saveCases(engine: SeedableEngine, count: number, priority?: string): Promise<string[]> {
  const results = await engine.save(
    actor,
    Array.from({ length: count }, (_, i) => caseOf(i, priority)),
  )
  return results.map(({ id, errors }) => {
    if (id === undefined) throw new Error(`A case of the bench was refused: ${errors[0]?.message}`)
    return id
  })
}

/** Lists the first 50 milestones by this field. */
export function milestonesBy(engine: SeedableEngine, field: string): () => Promise<string> {
  const query: ListQuery = {
    kind: 'list',
    object: 'RecordMilestone',
    orderBy: [{ path: [field], direction: 'asc', nulls: 'last' }],
    page: { first: { constant: 50 } },
    select: [{ key: 'nodes', kind: 'nodes', select: ['Name', field].map((name) => ({ key: name, kind: 'field', field: name })) }],
  } // prettier-ignore
  const { database } = engine
  const authorized = authorize(query, actor, engine.catalogs.current())
  if (!isAuthorized(authorized)) throw new Error(`The bench's list was refused: ${authorized[0]?.message}`)
  const compiled = compileQuery(authorized, database.dialect)
  const context = { userId: actor.userId, timeZone: 'UTC', cursorKey: 'bench' }
  return () => runQuery(database, compiled, {}, { ...context, now: database.clock.now() })
}

/** Milliseconds of one call. */
export interface Cost {
  readonly ms: number
  readonly cpu: number
}

interface Work {
  /** Calls a round. */
  readonly times: number
  readonly run: (i: number) => Promise<unknown>
}

const ROUNDS = 21
/** A server lives long: what it does in its first second does not count. */
const WARM_UP = 10

/** Kinds of work in turn, so that all of them meet the same machine; the median round of each, once warm. */
export async function sideBySide(...works: readonly Work[]): Promise<Cost[]> {
  const rounds: Cost[][] = works.map(() => [])
  for (let round = 0; round < WARM_UP + ROUNDS; round++)
    for (const [i, { times, run }] of works.entries())
      rounds[i]!.push(await timed(times, (n) => run(round * times + n)))
  return rounds
    .map((all) => all.slice(WARM_UP))
    .map((costs) => ({ ms: median(costs.map((c) => c.ms)), cpu: median(costs.map((c) => c.cpu)) }))
}

async function timed(times: number, run: Work['run']): Promise<Cost> {
  const cpu = cpuUsage()
  const start = performance.now()
  for (let i = 0; i < times; i++) await run(i)
  const used = cpuUsage(cpu)
  return { ms: (performance.now() - start) / times, cpu: (used.user + used.system) / 1000 / times }
}

/** The value that `share` of the list does not exceed. */
export const percentile = (list: readonly number[], share: number): number =>
  list.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(list.length * share) - 1)] ?? 0
const median = (list: readonly number[]): number => percentile(list, 0.5)

export const round = (value: number): number => Number(value.toPrecision(4))
export const ratio = (value: number, against: number): number => Math.round((value / against) * 10) / 10

/** The columns that a save fills, by statements of nobody's: one row a transaction, through the same driver. */
export function bareWrites(database: Database, engine: SeedableEngine): { insert: Work['run']; update: Work['run'] } {
  const object = engine.catalogs.current().object('Case')!
  const columns = (names: readonly string[]) => names.map((name) => quote(object.field(name)!.column!))
  const bind = (count: number) => placeholders(database.dialect, count)
  const [at, user, no] = ['2026-03-06T15:00:00.000Z', '005000000000000001', database.dialect === 'sqlite' ? 0 : false]
  const fixed: { readonly [field: string]: SqlValue } = {
    Priority: 'High', Status: 'New', IsEscalated: no, IsPaused: no, OwnerId: user, CreatedDate: at, CreatedById: user,
    LastModifiedDate: at, LastModifiedById: user, Version: 1, IsDeleted: no,
  } // prettier-ignore
  const names = ['Id', 'CaseNumber', 'Subject', ...Object.keys(fixed)]
  const insert = `INSERT INTO ${quote(object.table)} (${columns(names).join(', ')}) VALUES (${bind(names.length)})`
  const [id, ...set] = columns(['Id', 'IsEscalated', 'Version'])
  const marks = bind(3).split(', ')
  const update = `UPDATE ${quote(object.table)} SET ${set[0]} = ${marks[0]}, ${set[1]} = ${marks[1]} WHERE ${id} = ${marks[2]}`
  const idOf = (i: number) => `500bare${String(i).padStart(11, '0')}`
  const run = (sql: string, params: SqlValue[]) => database.transaction((tx) => tx.run(sql, params))
  return {
    insert: (i) => run(insert, [idOf(i), `B-${i}`, `Case ${i}`, ...Object.values(fixed)]),
    update: (i) => run(update, [database.dialect === 'sqlite' ? 1 : true, 2, idOf(i)]),
  }
}
