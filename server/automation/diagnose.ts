import { pendingMigrations, quote } from '#database'
import type { Database } from '#database'
import { allDocuments, queryFindings } from '#metadata'
import type { Catalog } from '#metadata'
import { checkVersions } from '#process'
import { doctor } from '#records'
import type { Finding } from '#util'
import { automationActor } from './actor.ts'
import { hasAdministrator } from './administrators.ts'
import { checkNamed } from './catalog/named-rows.ts'
import { unknownNames } from './catalog/naming-rows.ts'
import { listEntries } from './journal/store.ts'
import { registryOf } from './processes/registry.ts'
import { inRun } from './runs.ts'
import type { RunContext } from './runs.ts'

/** Looks at everything and changes nothing: platform tables, the catalog's tables, business hours, processes, and what failed at run time. */
export async function diagnose(context: RunContext, catalog: Catalog): Promise<Finding[]> {
  const { database } = context
  const pending = await pendingMigrations(database)
  if (pending.length > 0) return [missing(pending)]
  return [
    ...(await doctor(database, catalog)),
    ...registryOf(catalog).findings,
    ...checkVersions(catalog.processes.values()),
    ...queryFindings(catalog),
    ...(await setUpFindings(context, catalog)),
    ...(await unknownNames(database, catalog)),
    ...(await checkNamed(database, catalog, allDocuments(catalog))),
    ...(await administration(database, catalog)),
    ...(await failures(database, catalog)),
  ]
}

const missing = (pending: readonly string[]): Finding => ({
  code: 'MIGRATIONS_PENDING',
  severity: 'error',
  message: `The platform tables are of an older release: ${pending.join(', ')}.`,
  hint: 'Start the server once; it brings them up to date.',
})

async function setUpFindings(context: RunContext, catalog: Catalog): Promise<readonly Finding[]> {
  const who = { actor: automationActor('doctor'), cause: 'doctor', now: context.database.clock.now() }
  return inRun(context, catalog, who, async (run) => run.setUp.findings)
}

const warning = (code: string, message: string, hint: string): Finding => ({ code, severity: 'warning', message, hint })

async function administration(database: Database, catalog: Catalog): Promise<Finding[]> {
  if (await hasAdministrator(database, catalog)) return []
  const message = 'Nobody who can sign in has the permissions manageUsers and manageMetadata.'
  return [warning('NO_ADMINISTRATOR', message, 'Start the server: it prints a link that makes an administrator.')]
}

async function failures(database: Database, catalog: Catalog): Promise<Finding[]> {
  const timers = await countIn(database, catalog, 'MilestoneTimer', 'Failed')
  const dead = await countIn(database, catalog, 'OutboxMessage', 'Dead')
  const held = await countIn(database, catalog, 'OutboxMessage', 'Held')
  const jobs = (await listEntries(database, 1_000)).filter((entry) => entry.status === 'failed').length
  return [
    ...(timers ? [warning('STEPS_FAILED', `${timers} steps or actions failed.`, 'Look at their reasons on the timer page.')] : []),
    ...(dead ? [warning('MESSAGES_DEAD', `${dead} messages could not be delivered.`, 'Look at the outbox and send them again.')] : []),
    ...(held ? [warning('MESSAGES_HELD', `${held} e-mails wait for a mail server.`, 'Set SMTP_URL, then send them again.')] : []),
    ...(jobs ? [warning('JOURNAL_FAILED', `${jobs} jobs on many records could not finish all of them.`, 'Look at their problems in the journal.')] : []),
  ] // prettier-ignore
}

async function countIn(database: Database, catalog: Catalog, name: string, status: string): Promise<number> {
  const object = catalog.objects.get(name)!
  const column = (field: string) => quote(object.field(field)!.column!)
  const row = await database.get<{ n: number | string }>(
    `SELECT count(*) AS n FROM ${quote(object.table)} WHERE ${column('Status')} = '${status}' AND NOT ${column('IsDeleted')}`,
  )
  return Number(row?.n ?? 0)
}
