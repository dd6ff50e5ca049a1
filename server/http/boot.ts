/** Brings a database up: platform tables, the catalog, the first organisation, the manual clock. Afterwards the engine can serve. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { adoptIndexes, automationActor, createEngine, install, loadCatalog, MetadataError, noteActionSources, noteHistorySources, readSetting, rememberShipped, removeDoubleAssignments, seedAutomationUser, seedDemo, seedOrganisation, seedRows, shippedChanges, writeSetting, type Mail, type MailWriter, type SeedableEngine } from '#automation' // prettier-ignore
import { manualClock, openDatabase, type Database, type ManualClock } from '#database'
import { loadDocuments } from '#metadata/load'
import { isRowDocument, type AnyDocument } from '#metadata'
import { formatInstant, hasErrors, parseInstant } from '#util'
import { makeDemoUsers } from './demo-users.ts'

const METADATA = join(import.meta.dirname, '../../metadata')
const CLOCK = 'manual clock'
const ORGANISATION = 'organisation'
const CURSOR_KEY = 'cursor key'

export interface BootOptions {
  readonly databaseUrl: string
  readonly clock: 'system' | 'manual' | ManualClock
  /** What an empty database becomes. */
  readonly organisation: 'demo' | 'empty'
  readonly mail?: Mail
  readonly writeMail?: MailWriter
  /** Hosts inside the own network that webhooks may reach. */
  readonly privateHosts?: readonly string[]
  /** Told what the terminal should know while it waits. */
  readonly say?: (text: string) => void
}

export interface Booted {
  readonly database: Database
  readonly engine: SeedableEngine
  readonly manualClock?: ManualClock
  /** The organisation holds the shipped demo. */
  readonly demo: boolean
  readonly cursorKey: string
}

/** A start that can't go on, in one sentence for the terminal. */
export class StartError extends Error {}

export async function boot(options: BootOptions): Promise<Booted> {
  const clock =
    options.clock === 'manual' ? manualClock(Date.now()) : options.clock === 'system' ? undefined : options.clock
  const database = await openDatabase({ url: options.databaseUrl, clock: clock ?? 'system', exclusive: true })
  try {
    if (options.clock === 'manual' && clock) await restoreClock(database, clock)
    const opened = await database.exclusively(
      async () => ({ ...(await open(database, options)), cursorKey: await cursorKey(database) }),
      () => options.say?.('Another server is bringing this database up; this one waits for it.'),
    )
    return { database, ...opened, ...(clock ? { manualClock: clock } : {}) }
  } catch (error) {
    await database.close()
    throw error
  }
}

async function open(database: Database, options: BootOptions) {
  const state = await readSetting(database, ORGANISATION)
  return state === undefined ? begin(database, options) : resume(database, state, options)
}

function shipped(demo: boolean): AnyDocument[] {
  const folders = demo ? ['standard', 'demo'] : ['standard']
  const { documents, rows, findings } = loadDocuments(...folders.map((folder) => join(METADATA, folder)))
  if (hasErrors(findings)) throw new MetadataError('The shipped metadata has errors:', findings)
  return [...documents, ...rows]
}

const BEGIN_AGAIN = { sqlite: 'Delete its file', postgres: 'Drop the database, create it anew' }

async function begin(database: Database, options: BootOptions) {
  if (await loadCatalog(database))
    throw new StartError(
      `The first start on this database was interrupted half way, so it holds a part of an organisation and nobody’s data. ${BEGIN_AGAIN[database.dialect]} and start again.`,
    )
  const demo = options.organisation === 'demo'
  const documents = shipped(demo)
  const catalog = await install(database, documents, demo ? 'Demo organisation' : 'New organisation')
  const engine = createEngine({ database, catalog, ...outgoing(options) })
  await seedAutomationUser(engine)
  await seedRows(engine, documents.filter(isRowDocument))
  if (demo) await seedDemo(engine, join(METADATA, 'demo/data'))
  else await seedOrganisation(engine, 'My organisation')
  if (demo) await makeDemoUsers(engine)
  await database.transaction((tx) => writeSetting(tx, ORGANISATION, demo ? 'demo' : 'own'))
  return { engine, demo }
}

const outgoing = ({ mail, writeMail, privateHosts }: BootOptions) => ({
  ...(mail && { mail }),
  ...(writeMail && { writeMail }),
  ...(privateHosts && { privateHosts }),
})

async function resume(database: Database, state: string, options: BootOptions) {
  const catalog = await loadCatalog(database)
  if (!catalog) throw new StartError('The database has lost its metadata. Restore it from a backup.')
  await adoptIndexes(database, catalog)
  const engine = createEngine({ database, catalog, ...outgoing(options) })
  await upgrade(engine, shipped(state === 'demo'))
  return { engine, demo: state === 'demo' }
}

/** Brings in what this release ships anew or differently; what an admin has changed and the release has not stays. */
async function upgrade(engine: SeedableEngine, documents: readonly AnyDocument[]): Promise<void> {
  const { database, catalogs } = engine
  const changes = await shippedChanges(database, catalogs.current(), documents)
  if (!changes.length) return
  await removeDoubleAssignments(database, catalogs.current())
  const actor = automationActor('upgrade')
  const plan = await catalogs.plan(actor, changes, { allowDestructive: true, shipped: true })
  if (hasErrors(plan.findings))
    throw new MetadataError('The metadata of this release does not fit this organisation:', plan.findings)
  await catalogs.apply(actor, plan.planId)
  await noteHistorySources(database, catalogs.current())
  await noteActionSources(database, catalogs.current())
  await database.transaction((tx) => rememberShipped(tx, documents))
}

async function restoreClock(database: Database, clock: ManualClock): Promise<void> {
  const stored = parseInstant((await readSetting(database, CLOCK)) ?? '')
  if (stored !== undefined) clock.set(stored)
  else await rememberClock(database, clock)
}

export const rememberClock = (database: Database, clock: ManualClock): Promise<void> =>
  database.transaction((tx) => writeSetting(tx, CLOCK, formatInstant(clock.now())))

/** Made once; cursors of one node are good on every other. */
async function cursorKey(database: Database): Promise<string> {
  const known = await readSetting(database, CURSOR_KEY)
  if (known) return known
  await database.transaction((tx) => writeSetting(tx, CURSOR_KEY, randomBytes(32).toString('base64url')))
  return (await readSetting(database, CURSOR_KEY))!
}
