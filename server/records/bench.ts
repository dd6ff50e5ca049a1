/** What the query compiler costs, and its SQL beside hand-written SQL through the same driver: 1,000 accounts, 20,000 cases, an agent with permissions. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manualClock, openDatabase } from '#database'
import type { Database, SqlValue } from '#database'
import { compileCatalog } from '#metadata'
import type { Catalog, PermissionSetDocument } from '#metadata'
import { loadDocuments } from '#metadata/load'
import type { Row } from '#util'
import {
  applyTableSteps,
  authorize,
  compilePermissions,
  compileQuery,
  insertRows,
  isAuthorized,
  runQuery,
  tableSteps,
} from './index.ts'
import type { CompiledQuery, ListQuery, Query, QueryContext, Selected } from './index.ts'

interface Measure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly ratio?: number
  readonly against?: string
}

const METADATA = join(import.meta.dirname, '../../metadata')
const USER = '005000000000000001'
const context: QueryContext = {
  userId: USER,
  now: Date.UTC(2026, 2, 9),
  timeZone: 'America/New_York',
  cursorKey: 'bench',
}
const PRIORITIES = ['Critical', 'High', 'Medium', 'Low']
const id = (prefix: string, n: number): string => `${prefix}${String(n).padStart(15, '0')}`

const field = (name: string): Selected => ({ key: name, kind: 'field', field: name })
const account: Selected = {
  key: 'Account',
  kind: 'parent',
  relationship: 'Account',
  types: [{ object: 'Account', select: [field('Id'), field('Name')] }],
}
const CASE = ['Id', 'CaseNumber', 'Subject', 'Status', 'Priority', 'CreatedDate'].map(field)

interface Case {
  readonly query: Query
  variables(n: number): { readonly [name: string]: SqlValue }
  readonly hand: string
  params(n: number): SqlValue[]
}

const list = (object: string, select: readonly Selected[], more: Partial<ListQuery>): ListQuery => ({
  kind: 'list',
  object,
  orderBy: [],
  page: {},
  select: [{ key: 'nodes', kind: 'nodes', select }],
  ...more,
})
const CASE_JSON = `json_object('Id', c.c_id, 'CaseNumber', c.c_name, 'Subject', c.c_subject, 'Status', c.c_status, 'Priority', c.c_priority, 'CreatedDate', c.c_created_date`
const CASE_COLUMNS = 'c_id, c_name, c_subject, c_status, c_priority, c_created_date, c_account_id'

export const CASES: { readonly [name: string]: Case } = {
  'a: a case by id with its account': {
    query: { kind: 'record', object: 'Case', id: { variable: 'id', path: [] }, select: [...CASE, account] },
    variables: (n) => ({ id: id('500', (n * 7919) % 20_000) }),
    hand: `select ${CASE_JSON}, 'Account', json_object('Id', a.c_id, 'Name', a.c_name)) as json from o_case c left join o_account a on a.c_id = c.c_account_id where c.c_id = ?`,
    params: (n) => [id('500', (n * 7919) % 20_000)],
  },
  'b: 50 cases by priority, newest first, with the account’s name': {
    query: list('Case', [...CASE, account], {
      where: { kind: 'compare', field: 'Priority', operator: 'eq', value: { variable: 'p', path: [] } },
      orderBy: [{ path: ['CreatedDate'], direction: 'desc', nulls: 'last' }],
      page: { first: { constant: 50 } },
    }),
    variables: (n) => ({ p: PRIORITIES[n % 4]! }),
    hand: `select json_object('nodes', json_group_array(${CASE_JSON}, 'Account', json_object('Id', a.c_id, 'Name', a.c_name)))) as json from (select ${CASE_COLUMNS} from o_case where c_priority = ? order by c_created_date desc, c_id desc limit 50) c left join o_account a on a.c_id = c.c_account_id`,
    params: (n) => [PRIORITIES[n % 4]!],
  },
  'c: 50 accounts each with 20 cases': {
    query: list('Account', [field('Id'), field('Name'), { key: 'Cases', kind: 'children', relationship: 'Cases', query: list('Case', CASE, { orderBy: [{ path: ['CreatedDate'], direction: 'desc', nulls: 'last' }], page: { first: { constant: 20 } } }) }], {
      orderBy: [{ path: ['Name'], direction: 'asc', nulls: 'first' }],
      page: { first: { constant: 50 } },
    }),
    variables: () => ({}),
    hand: `select json_object('nodes', json_group_array(json_object('Id', a.c_id, 'Name', a.c_name, 'Cases', json_object('nodes', (select json_group_array(${CASE_JSON})) from (select ${CASE_COLUMNS} from o_case where c_account_id = a.c_id order by c_created_date desc, c_id desc limit 20) c))))) as json from (select c_id, c_name from o_account order by c_name, c_id limit 50) a`,
    params: () => [],
  },
} // prettier-ignore

export async function fillOrganisation(database: Database, catalog: Catalog): Promise<void> {
  const at = (n: number): string => new Date(Date.UTC(2025, 0, 1) + n * 1_234_567).toISOString()
  const system = (n: number): Row => ({ OwnerId: USER, CreatedDate: at(n), CreatedById: USER, LastModifiedDate: at(n), LastModifiedById: USER, Version: 1, IsDeleted: false }) // prettier-ignore
  const accounts = Array.from({ length: 1000 }, (_, n) => ({
    Id: id('001', n),
    Name: `Account ${(n * 7919) % 1000}`,
    ...system(n),
  }))
  const cases = Array.from({ length: 20_000 }, (_, n) => ({ Id: id('500', n), CaseNumber: String(n).padStart(8, '0'), Subject: `Something is wrong, number ${n}`, Status: n % 3 ? 'New' : 'Closed', Priority: PRIORITIES[(n * 31) % 4]!, AccountId: id('001', n % 1000), ...system((n * 7919) % 20_000) })) // prettier-ignore
  await database.transaction(async (tx) => {
    await applyTableSteps(tx, tableSteps(undefined, catalog))
    await insertRows(tx, catalog.object('User')!, [{ Id: USER, Name: 'Ana', ...system(0) }])
    await insertRows(tx, catalog.object('Account')!, accounts)
    await insertRows(tx, catalog.object('Case')!, cases)
    await tx.run('analyze')
  })
}

export function shippedCatalog(): Catalog {
  const result = compileCatalog(loadDocuments(join(METADATA, 'standard')).documents, 1)
  if (!result.catalog) throw new Error(result.findings[0]?.message)
  return result.catalog
}

export async function plan(catalog: Catalog, database: Database, query: Query): Promise<CompiledQuery> {
  const agent = JSON.parse(
    await readFile(join(METADATA, 'demo/permissionSets/Support_Agent.json'), 'utf8'),
  ) as PermissionSetDocument
  const authorized = authorize(query, { permissions: compilePermissions([agent], catalog) }, catalog)
  if (!isAuthorized(authorized)) throw new Error(authorized.map((finding) => finding.message).join('\n'))
  return compileQuery(authorized, database.dialect)
}

/** Milliseconds of CPU a run, the driver's threads included: the best of several rounds, because other work on the machine only ever adds. */
export async function timed(runs: number, work: (n: number) => Promise<unknown>): Promise<number> {
  let best = Infinity
  for (let round = 0; round < 7; round++) {
    const start = process.cpuUsage()
    for (let n = 0; n < runs; n++) await work(n)
    const { user, system } = process.cpuUsage(start)
    best = Math.min(best, (user + system) / 1000 / runs)
  }
  return best
}

export async function bench(): Promise<Measure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'milepost-bench-'))
  const database = await openDatabase({ url: `sqlite:${join(folder, 'bench.db')}`, clock: manualClock(context.now) })
  try {
    const catalog = shippedCatalog()
    await fillOrganisation(database, catalog)
    const measures: Measure[] = []
    for (const [name, each] of Object.entries(CASES)) measures.push(...(await compared(name, each, catalog, database)))
    return measures
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function compared(name: string, each: Case, catalog: Catalog, database: Database): Promise<Measure[]> {
  const compiled = await plan(catalog, database, each.query)
  const [ours, byHand] = [
    await runQuery(database, compiled, each.variables(1), context),
    await database.get<{ json: string }>(each.hand, each.params(1)),
  ]
  if (ours !== byHand?.json)
    throw new Error(`${name}: the hand-written statement gives something else\n${ours}\n${byHand?.json}`)
  const runs = name.startsWith('c') ? 20 : 200
  const query = await timed(runs, (n) => runQuery(database, compiled, each.variables(n), context))
  const hand = await timed(runs, (n) => database.get(each.hand, each.params(n)))
  const permissions = compilePermissions([{ kind: 'PermissionSet', name: 'All', label: 'All', viewAll: true }], catalog)
  const compile = await timed(100, async () => {
    const authorized = authorize(each.query, { permissions }, catalog)
    if (isAuthorized(authorized)) compileQuery(authorized, 'sqlite').statement(each.variables(0), context)
  })
  return [
    { name, value: round(query), unit: 'ms CPU', ratio: round(query / hand), against: 'hand-written SQL' },
    { name: `${name}: authorize and compile`, value: round(compile * 1000), unit: 'µs CPU' },
  ]
}

const round = (value: number): number => Number(value.toPrecision(3))
