import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { manualClock } from '#database'
import type { Database, ManualClock } from '#database'
import { loadDocuments } from '#metadata/load'
import { ownPaths, readRows, updateRows } from '#records'
import { parseInstant } from '#util'
import type { Row } from '#util'
import { automationActor, createEngine, install, loadCatalog, seedAutomationUser, seedOrganisation } from '#automation'
import type { Mail, SaveRequest, SeedableEngine } from '#automation'
import { readAll } from '../rows.ts'
import { processRows } from './support-rows.ts'

const METADATA = fileURLToPath(new URL('../../../metadata', import.meta.url))

/** Shipped and demo documents; a finding in them fails the test that asks. */
export function shippedDocuments(): ReturnType<typeof loadDocuments>['documents'] {
  const { documents, findings } = loadDocuments(`${METADATA}/standard`, `${METADATA}/demo`)
  expect(findings).toEqual([])
  return documents
}

export interface Organisation {
  readonly engine: SeedableEngine
  readonly database: Database
  readonly clock: ManualClock
  /** Ids of the rows made below, by name. */
  readonly ids: { [name: string]: string }
  create(object: string, values: Row, as?: string): Promise<string>
  update(object: string, id: string, values: Row, as?: string): Promise<void>
  read(id: string): Promise<Row>
  rows(object: string, where?: (row: Row) => boolean): Promise<Row[]>
  /** Writes a row past everything that guards it, as an earlier release or another program may have left it. */
  force(object: string, id: string, values: Row): Promise<void>
  /** Moves the clock and works off what has become due. */
  at(iso: string): Promise<void>
}

/** Tables, documents and the people of the support desk: the database that tests of automation copy. */
export const installShipped = Object.assign(
  async (database: Database): Promise<void> => {
    const engine = createEngine({ database, catalog: await install(database, shippedDocuments(), 'test') })
    await seedAutomationUser(engine)
    await seedOrganisation(engine, 'Test')
    await seedPeople(engine)
  },
  { keptAs: 'shipped' },
)

type Open = (options: { readonly clock: ManualClock }) => Promise<Database>

/** A second engine on an organisation that is there already. */
export async function organisationAt(open: Open, start: string, mail?: Mail): Promise<Organisation> {
  const clock = manualClock(parseInstant(start)!)
  const database = await open({ clock })
  const privateHosts = ['127.0.0.1']
  const engine = createEngine({
    database,
    catalog: (await loadCatalog(database))!,
    privateHosts,
    ...(mail ? { mail } : {}),
  })
  return organisationOf(engine, database, clock)
}

/** The organisation that installShipped made, at a chosen instant. */
export async function openOrganisation(open: Open, start: string, mail?: Mail): Promise<Organisation> {
  const organisation = await organisationAt(open, start, mail)
  const { ids, rows } = organisation
  for (const object of ['BusinessHours', 'Milestone'])
    for (const row of await rows(object)) ids[String(row.Name)] = String(row.Id)
  for (const row of await rows('User')) ids[String(row.Username).split('@')[0]!] = String(row.Id)
  ids.account = String((await rows('Account'))[0]!.Id)
  ids.contact = String((await rows('Contact'))[0]!.Id)
  return organisation
}

function organisationOf(engine: SeedableEngine, database: Database, clock: ManualClock): Organisation {
  const ids: { [name: string]: string } = {}
  const save = async (request: SaveRequest, as?: string): Promise<string> => {
    const actor = { ...automationActor('test'), ...(as ? { userId: ids[as]! } : {}) }
    const [result] = await engine.save(actor, [request])
    if (!result?.id) throw new Error(JSON.stringify(result?.errors))
    return result.id
  }
  const catalog = () => engine.catalogs.current()
  return {
    engine,
    database,
    clock,
    ids,
    create: (object, values, as) => save({ operation: 'create', object, values }, as),
    update: async (object, id, values, as) => void (await save({ operation: 'update', object, id, values }, as)),
    read: async (id) => {
      const object = catalog().objectByKeyPrefix(id.slice(0, 3))!
      return (await readRows(database, catalog(), object, [id], ownPaths(object))).get(id)!
    },
    rows: async (object, where = () => true) =>
      (await readAll(database, catalog(), catalog().object(object)!)).filter(where),
    force: async (object, id, set) => {
      await database.transaction((tx) => updateRows(tx, catalog().object(object)!, [{ id, set }]))
      const [organization] = (await readAll(database, catalog(), catalog().object('Organization')!)) as [Row]
      const values = { Name: `${String(organization.Name)}.` }
      await save({ operation: 'update', object: 'Organization', id: String(organization.Id), values })
    },
    at: async (iso) => {
      clock.set(parseInstant(iso)!)
      await engine.runDue()
    },
  }
}

const person = (key: string, LastName: string): Row => ({
  Username: `${key}@example.com`,
  LastName,
  Name: LastName,
  Email: `${key}@example.com`,
  IsActive: true,
  IsInternal: true,
  TimeZone: 'America/New_York',
  Locale: 'en-US',
})

async function seedPeople(engine: SeedableEngine): Promise<void> {
  const create = async (object: string, values: Row): Promise<string> => {
    const [result] = await engine.save(automationActor('test'), [{ operation: 'create', object, values }])
    if (!result?.id) throw new Error(JSON.stringify(result?.errors))
    return result.id
  }
  for (const { object, values } of processRows()) await create(object, values)
  await create('User', person('ana', 'Silva'))
  await create('User', person('ben', 'Osei'))
  const AccountId = await create('Account', { Name: 'Acme' })
  await create('Contact', {
    FirstName: 'Maya',
    LastName: 'Brandt',
    Name: 'Maya Brandt',
    Email: 'maya@acme.example.com',
    AccountId,
  })
}
