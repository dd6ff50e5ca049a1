/** What a save, a bulk save and a firing cost, each against bare statements through the same driver in the same run. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuUsage } from 'node:process'
import { quote, manualClock, openDatabase, placeholders } from '#database'
import type { Database } from '#database'
import { loadDocuments } from '#metadata/load'
import { parseInstant } from '#util'
import { automationActor, createEngine, install, seedAutomationUser, seedOrganisation } from '#automation'
import type { SaveRequest, SeedableEngine } from '#automation'
import { processRows } from './testing/support-rows.ts'

interface Measure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio?: number
  readonly against?: string
}

const START = parseInstant('2026-03-06T15:00:00Z')!
const METADATA = join(import.meta.dirname, '../../metadata')

export async function bench(): Promise<Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'milepost-bench-'))
  const clock = manualClock(START)
  const database = await openDatabase({ url: `sqlite:${join(folder, 'bench.db')}`, clock })
  try {
    const engine = await organisation(database)
    const bare = await bareInserts(database, engine, 2_000)
    const single = await perSave(engine, 600)
    const bulk = await bulkSave(engine, 10_000)
    clock.set(START + 30 * 86_400_000)
    const firing = await fireAll(engine, database)
    return [
      { name: 'bare insert of a case, one transaction each', value: bare.ms, unit: 'ms' },
      {
        name: 'save of a case with a six-item process',
        value: single.ms,
        unit: 'ms',
        ratio: ratio(single.ms, bare.ms),
        against: 'bare insert',
      },
      {
        name: 'save of a case with a six-item process, CPU',
        value: single.cpu,
        unit: 'ms CPU',
        ratio: ratio(single.cpu, bare.cpu),
        against: 'bare insert, CPU',
      },
      {
        name: 'bulk save of 10,000 cases with the process',
        value: round(bulk / 1000),
        unit: 's',
        ratio: ratio(bulk / 10_000, bare.ms),
        against: 'bare insert, a row',
      },
      { name: 'timers fired with a task or a field update', value: Math.round(firing), unit: '/s' },
    ]
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000
const ratio = (value: number, against: number): number => Math.round((value / against) * 10) / 10

async function organisation(database: Database): Promise<SeedableEngine> {
  const documents = [loadDocuments(`${METADATA}/standard`), loadDocuments(`${METADATA}/demo`)].flatMap(
    (l) => l.documents,
  )
  const engine = createEngine({ database, catalog: await install(database, documents, 'bench') })
  await seedAutomationUser(engine)
  await seedOrganisation(engine, 'Bench')
  for (const request of processRows()) await engine.save(automationActor('bench'), [request])
  return engine
}

interface Cost {
  readonly ms: number
  readonly cpu: number
}

async function timed(times: number, work: (i: number) => Promise<unknown>): Promise<Cost> {
  const cpu = cpuUsage()
  const start = performance.now()
  for (let i = 0; i < times; i++) await work(i)
  const used = cpuUsage(cpu)
  return { ms: round((performance.now() - start) / times), cpu: round((used.user + used.system) / 1000 / times) }
}

const caseOf = (i: number): SaveRequest => ({
  operation: 'create',
  object: 'Case',
  values: { Subject: `Case ${i}`, Priority: ['Critical', 'High', 'Medium', 'Low'][i % 4]!, Status: 'New' },
})

const perSave = (engine: SeedableEngine, times: number): Promise<Cost> =>
  timed(times, (i) => engine.save(automationActor('bench'), [caseOf(i)]))

async function bulkSave(engine: SeedableEngine, rows: number): Promise<number> {
  const start = performance.now()
  const results = await engine.save(
    automationActor('bench'),
    Array.from({ length: rows }, (_, i) => caseOf(i)),
  )
  if (results.some((r) => !r.id)) throw new Error('The bulk save was refused')
  return performance.now() - start
}

/** The same columns, one row a transaction, through the same writer. */
async function bareInserts(database: Database, engine: SeedableEngine, times: number): Promise<Cost> {
  const object = engine.catalogs.current().object('Case')!
  const fields = [
    'Id',
    'CaseNumber',
    'Subject',
    'Priority',
    'Status',
    'IsEscalated',
    'IsPaused',
    'OwnerId',
    'CreatedDate',
    'CreatedById',
    'LastModifiedDate',
    'LastModifiedById',
    'Version',
    'IsDeleted',
  ]
  const sql = `INSERT INTO ${quote(object.table)} (${fields.map((f) => quote(object.field(f)!.column!)).join(', ')}) VALUES (${placeholders('sqlite', fields.length)})`
  const user = '005000000000000001'
  const at = '2026-03-06T15:00:00.000Z'
  const cost = await timed(times, (i) =>
    database.transaction((tx) =>
      tx.run(sql, [
        `500bare${String(i).padStart(11, '0')}`,
        `B-${i}`,
        `Case ${i}`,
        'High',
        'New',
        0,
        0,
        user,
        at,
        user,
        at,
        user,
        1,
        1,
      ]),
    ),
  )
  await database.transaction((tx) => tx.run(`DELETE FROM ${quote(object.table)}`))
  return cost
}

/** Every timer of the cases above, in one go: warnings with a task, violations with a field update through the full save. */
async function fireAll(engine: SeedableEngine, database: Database): Promise<number> {
  const table = quote(engine.catalogs.current().object('MilestoneTimer')!.table)
  const start = performance.now()
  await engine.runDue()
  const seconds = (performance.now() - start) / 1000
  const fired = await database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)
  return Number(fired?.n ?? 0) / seconds
}
