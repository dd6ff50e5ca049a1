import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { manualClock } from '#database'
import type { Database, ManualClock } from '#database'
import { loadDocuments } from '#metadata/load'
import { ownPaths, readRows } from '#records'
import { parseInstant } from '#util'
import type { Row } from '#util'
import { automationActor, createEngine, install, loadCatalog, seedAutomationUser, seedOrganisation } from '#automation'
import type { SaveRequest, SeedableEngine } from '#automation'
import { readAll } from '../rows.ts'
import { processRows } from './support-rows.ts'

export const METADATA = fileURLToPath(new URL('../../../metadata', import.meta.url))

/** Shipped and demo documents; a finding in them fails the test that asks. */
export function shippedDocuments(): ReturnType<typeof loadDocuments>['documents'] {
  const loaded = [loadDocuments(`${METADATA}/standard`), loadDocuments(`${METADATA}/demo`)]
  expect(loaded.flatMap((l) => l.findings)).toEqual([])
  return loaded.flatMap((l) => l.documents)
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
  /** Moves the clock and works off what has become due. */
  at(iso: string): Promise<void>
}

/** The files' tables and documents, once for each template database. */
export const installShipped = async (database: Database): Promise<void> =>
  void (await install(database, shippedDocuments(), 'test'))

type Open = (options: { readonly clock: ManualClock }) => Promise<Database>

/** A second engine on an organisation that is there already. */
export async function organisationAt(open: Open, start: string): Promise<Organisation> {
  const clock = manualClock(parseInstant(start)!)
  const database = await open({ clock })
  const engine = createEngine({ database, catalog: (await loadCatalog(database))! })
  return organisationOf(engine, database, clock)
}

/** An organisation with the real support process, hours and people, at a chosen instant. */
export async function openOrganisation(open: Open, start: string): Promise<Organisation> {
  const organisation = await organisationAt(open, start)
  await seedAutomationUser(organisation.engine)
  await seedOrganisation(organisation.engine, 'Test')
  await seedPeople(organisation)
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
    at: async (iso) => {
      clock.set(parseInstant(iso)!)
      await engine.runDue()
    },
  }
}

async function seedPeople(o: Organisation): Promise<void> {
  for (const request of processRows())
    o.ids[String(request.values.Name)] = await o.create(request.object, request.values)
  for (const [key, LastName] of [
    ['ana', 'Silva'],
    ['ben', 'Osei'],
  ] as const)
    o.ids[key] = await o.create('User', {
      Username: `${key}@example.com`,
      LastName,
      Name: LastName,
      Email: `${key}@example.com`,
      IsActive: true,
      IsInternal: true,
      TimeZone: 'America/New_York',
      Locale: 'en-US',
    })
  o.ids.account = await o.create('Account', { Name: 'Acme' })
  o.ids.contact = await o.create('Contact', {
    FirstName: 'Maya',
    LastName: 'Brandt',
    Name: 'Maya Brandt',
    Email: 'maya@acme.example.com',
    AccountId: o.ids.account,
  })
}
