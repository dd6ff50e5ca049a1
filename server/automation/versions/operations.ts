import type { Transaction } from '#database'
import type { Catalog, EntitlementProcessDocument } from '#metadata'
import type { Actor } from '#records'
import { hasErrors } from '#util'
import type { Finding } from '#util'
import { automationActor } from '../actor.ts'
import type { CatalogStore, DocumentChange, ProcessOperations, VersionResult } from '../engine-types.ts'
import { enqueue, listEntries } from '../journal/store.ts'
import type { Body, JournalKind, Migration } from '../journal/store.ts'
import { workJournal } from '../journal/work.ts'
import { mayManage } from '../may-manage.ts'
import { registryOf } from '../processes/registry.ts'
import type { RunContext } from '../runs.ts'
import { forecast } from '../what-if/forecast.ts'
import { simulateVersion } from '../what-if/simulate.ts'
import { recordsInFlight } from './pinned.ts'
import { unattachedRecords } from './unattached.ts'
import { previewMigration } from './preview.ts'
import type { MigrationPreview } from './preview.ts'

/** What an admin does to the versions of a process. A refusal is a list of findings; nothing is done then. */
export function processOperations(context: RunContext, catalogs: CatalogStore): ProcessOperations {
  const change = (actor: Actor, name: string, changes: readonly DocumentChange[], allowDestructive = false) =>
    changeVersions(catalogs, actor, name, changes, allowDestructive)
  return {
    draft: (actor, version) =>
      withVersion(catalogs.current(), actor, version, (document) => {
        const made = draftOf(catalogs.current(), document)
        return change(actor, made.name, [put(made)])
      }),
    activate: (actor, version, options = {}) =>
      withVersion(catalogs.current(), actor, version, async (document) => {
        const changes = activation(catalogs.current(), document, options.isDefault ?? true)
        const result = await change(actor, version, changes)
        return hasErrors(result.findings) ? result : attach(context, catalogs.current(), document)
      }),
    deactivate: (actor, version, options = {}) =>
      withVersion(catalogs.current(), actor, version, async (document) => {
        const result = await change(actor, version, [put({ ...document, status: 'inactive', isDefault: false })])
        if (hasErrors(result.findings) || options.records === 'keepRunning') return result
        return move(context, catalogs.current(), version, 'deactivation', { to: null, late: 'raise' })
      }),
    remove: (actor, version) =>
      withVersion(catalogs.current(), actor, version, (document) =>
        change(actor, version, [{ kind: document.kind, name: version, document: null }], true),
      ),
    previewMigration: async (actor, from, to, { late = 'raise' } = {}) => {
      const findings = migrationFindings(catalogs.current(), actor, from, to)
      if (findings.length > 0) return { ...NOTHING, findings }
      const records = await recordsInFlight(context.database, catalogs.current(), from)
      return previewMigration(context, catalogs.current(), records, { to, late })
    },
    migrate: async (actor, from, to, { late = 'raise' } = {}) => {
      const findings = migrationFindings(catalogs.current(), actor, from, to)
      if (findings.length > 0) return { name: from, findings, records: 0 }
      return move(context, catalogs.current(), from, 'migration', { to, late })
    },
    simulate: async (actor, version, options = {}) => {
      const process = registryOf(catalogs.current()).version(version)
      const findings = !mayManage(actor) ? [NO_ACCESS] : process ? [] : [unknown(version)]
      if (!process || findings.length > 0) return { findings, records: 0, unknown: [], milestones: [], changes: [] }
      return simulateVersion(context, catalogs.current(), process, options)
    },
    forecast: (actor, options) => forecast(context, catalogs.current(), actor, options),
    journal: (limit) => listEntries(context.database, limit),
  }
}

const NOTHING: MigrationPreview = {
  findings: [],
  records: 0,
  moved: 0,
  violated: 0,
  started: 0,
  cancelled: 0,
  changes: [],
}

const error = (code: string, message: string, hint: string): Finding => ({ code, severity: 'error', message, hint })

const NO_ACCESS = error(
  'NO_ACCESS',
  'You may not change entitlement processes.',
  'Ask an administrator for the permission manageProcesses.',
)

const unknown = (version: string): Finding =>
  error('UNKNOWN_VERSION', `There is no process version ${version}.`, 'Name a version such as Standard_Support_v1.')

async function withVersion(
  catalog: Catalog,
  actor: Actor,
  version: string,
  work: (document: EntitlementProcessDocument) => Promise<VersionResult>,
): Promise<VersionResult> {
  const document = catalog.processes.get(version)
  const refusal = !mayManage(actor) ? NO_ACCESS : document ? undefined : unknown(version)
  return refusal || !document ? { name: version, findings: [refusal!], records: 0 } : work(document)
}

const put = (document: EntitlementProcessDocument): DocumentChange => ({
  kind: document.kind,
  name: document.name,
  document,
})

function draftOf(catalog: Catalog, document: EntitlementProcessDocument): EntitlementProcessDocument {
  const { id: _id, isDefault: _isDefault, versionNotes: _notes, ...rest } = document
  const numbers = [...catalog.processes.values()].filter((d) => d.process === document.process).map((d) => d.version)
  const version = Math.max(...numbers) + 1
  return { ...rest, name: `${document.process}_v${version}`, version, status: 'draft' }
}

/** The default moves in the same change, so that there is always one at most. */
function activation(catalog: Catalog, document: EntitlementProcessDocument, isDefault: boolean): DocumentChange[] {
  const others = [...catalog.processes.values()].filter(
    (d) => isDefault && d.process === document.process && d.name !== document.name && d.isDefault,
  )
  return [
    ...others.map((d) => put({ ...d, isDefault: false })),
    put({ ...document, status: 'active', ...(isDefault ? { isDefault } : {}) }),
  ]
}

async function changeVersions(
  catalogs: CatalogStore,
  actor: Actor,
  name: string,
  changes: readonly DocumentChange[],
  allowDestructive: boolean,
): Promise<VersionResult> {
  const as: Actor = { ...automationActor('process versions'), userId: actor.userId }
  const { planId, findings } = await catalogs.plan(as, changes, { allowDestructive })
  if (hasErrors(findings)) return { name, findings, records: 0 }
  const applied = await catalogs.apply(as, planId)
  return { name, findings: applied.findings, records: 0 }
}

function migrationFindings(catalog: Catalog, actor: Actor, from: string, to: string): Finding[] {
  if (!mayManage(actor)) return [NO_ACCESS]
  const [source, target] = [catalog.processes.get(from), catalog.processes.get(to)]
  if (!source || !target) return [source ? to : from].map(unknown)
  if (source === target) return [error('SAME_VERSION', `${from} is the version they are in.`, 'Name another version.')]
  if (source.object !== target.object)
    return [error('OTHER_OBJECT', `${to} is a process of ${target.object}, ${from} one of ${source.object}.`, 'Name a version of the same object.')] // prettier-ignore
  if (target.status !== 'active')
    return [error('NOT_ACTIVE', `${to} is ${target.status}, so no record may be in it.`, 'Activate it first.')]
  return []
}

/** Records that waited for an active version get it. */
async function attach(
  context: RunContext,
  catalog: Catalog,
  document: EntitlementProcessDocument,
): Promise<VersionResult> {
  const find = (tx: Transaction): Promise<string[]> => unattachedRecords(tx, catalog, document)
  return work(context, catalog, document.name, 'set-up', find, { what: document.name, attach: true })
}

async function move(
  context: RunContext,
  catalog: Catalog,
  version: string,
  kind: JournalKind,
  migration: Migration,
): Promise<VersionResult> {
  const what = migration.to === null ? version : `${version} → ${migration.to}`
  return work(context, catalog, version, kind, (tx) => recordsInFlight(tx, catalog, version), {
    what,
    migration,
    from: version,
  })
}

/** Puts the records into the journal and does the first batch at once. */
async function work(
  context: RunContext,
  catalog: Catalog,
  version: string,
  kind: JournalKind,
  find: (tx: Transaction) => Promise<string[]>,
  how: Omit<Body, 'records'>,
): Promise<VersionResult> {
  const now = context.database.clock.now()
  const records = await context.database.transaction(async (tx) => {
    const found = await find(tx)
    await enqueue(tx, now, kind, { records: found, ...how })
    tx.afterCommit(() => context.nudge())
    return found
  })
  await workJournal(context, catalog, now)
  return { name: version, findings: [], records: records.length }
}
