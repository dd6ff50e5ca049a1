import { placeholders, quote } from '#database'
import type { SqlValue, Transaction } from '#database'
import type { Catalog } from '#metadata'
import type { CompiledProcess } from '#process'
import { registryOf } from '../processes/registry.ts'
import { changedSettings } from './custom-settings.ts'
import type { SetUp } from './set-up.ts'

/** What another set-up means for records in flight. */
export interface SetUpChange {
  /** Ids of BusinessHours whose compiled version is another one. */
  readonly hours: readonly string[]
  /** Names of hours and milestones that came, went or mean something else. */
  readonly names: ReadonlySet<string>
  /** Another zone of the organisation: TODAY() and midnight are others. */
  readonly zone: boolean
  /** Hours of the organisation appeared or went. */
  readonly defaultHours: boolean
  /** Custom settings that hold other values. */
  readonly settings: readonly string[]
  /** Other rates of currencies. */
  readonly rates: boolean
}

export function setUpChange(before: SetUp, after: SetUp): SetUpChange {
  const versions = (setUp: SetUp) => new Map(setUp.allHours.map((h) => [h.id, `${h.name} ${h.calendar.version}`]))
  const hours = new Set(changedKeys(versions(before), versions(after)))
  const [was, is] = [before.defaultHours?.id, after.defaultHours?.id]
  if (was !== is && was !== undefined) hours.add(was)
  const named = (setUp: SetUp) => new Map(setUp.allHours.map((h) => [h.name, h.id]))
  const milestones = (setUp: SetUp) =>
    new Map(setUp.milestoneNames.map((name) => [name, JSON.stringify(setUp.milestone(name))]))
  return {
    hours: [...hours],
    names: new Set([
      ...changedKeys(named(before), named(after)),
      ...changedKeys(milestones(before), milestones(after)),
    ]),
    zone: before.organization.TimeZone !== after.organization.TimeZone,
    defaultHours: (was === undefined) !== (is === undefined),
    settings: changedSettings(before.settings, after.settings),
    rates: JSON.stringify([...before.rates]) !== JSON.stringify([...after.rates]),
  }
}

const changedKeys = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key))

/** Records that such a change concerns, found by index: open milestones that run in these hours, every record of a process that names what changed, and those that could not be evaluated: any change may be what was missing. */
export async function affectedRecords(tx: Transaction, catalog: Catalog, change: SetUpChange): Promise<string[]> {
  const found = new Set<string>(await recordsInHours(tx, catalog, change.hours))
  const versions = registryOf(catalog).all.filter((process) => concerns(process, change))
  for (const id of await inVersions(tx, versions)) found.add(id)
  for (const id of await notEvaluatedRecords(tx, catalog)) found.add(id)
  return [...found].sort()
}

const concerns = (process: CompiledProcess, { names, zone, defaultHours, settings, rates }: SetUpChange): boolean =>
  defaultHours ||
  (rates && process.functions.has('CURRENCYRATE')) ||
  settings.some((name) => process.paths.some((path) => path.startsWith(`$Setup.${name}.`))) ||
  (zone && process.usesToday) ||
  process.calendars.some((name) => names.has(name)) ||
  process.milestones.some((name) => names.has(name))

/** Records with milestones that run in these hours and are neither completed nor cancelled. */
export async function recordsInHours(tx: Transaction, catalog: Catalog, hours: readonly string[]): Promise<string[]> {
  if (hours.length === 0) return []
  const object = catalog.objects.get('RecordMilestone')!
  const column = (name: string) => quote(object.field(name)!.column!)
  const done = ['Met', 'Met late', 'Cancelled']
  const params: SqlValue[] = [...hours, ...done]
  const rows = await tx.all<{ id: string }>(
    `SELECT DISTINCT ${column('ParentId')} AS id FROM ${quote(object.table)} WHERE ${column('BusinessHoursId')} IN (${placeholders(tx.dialect, hours.length)}) AND ${column('Status')} NOT IN (${placeholders(tx.dialect, done.length, hours.length + 1)}) AND NOT ${column('IsDeleted')}`,
    params,
  )
  return rows.map((row) => row.id)
}

async function notEvaluatedRecords(tx: Transaction, catalog: Catalog): Promise<string[]> {
  const tracked = [...catalog.objects.values()].filter((object) => object.enableProcesses)
  const places = [
    { object: catalog.objects.get('RecordMilestone')!, id: 'ParentId', status: 'Status' },
    ...tracked.map((object) => ({ object, id: 'Id', status: 'MilestoneStatus' })),
  ]
  const found: string[] = []
  for (const { object, id, status } of places) {
    const [idColumn, statusColumn, deleted] = [id, status, 'IsDeleted'].map((name) =>
      quote(object.field(name)!.column!),
    )
    const sql = `SELECT ${idColumn} AS id FROM ${quote(object.table)} WHERE ${statusColumn} = ${placeholders(tx.dialect, 1)} AND NOT ${deleted}`
    found.push(...(await tx.all<{ id: string }>(sql, ['Not evaluated'])).map((row) => row.id))
  }
  return found
}

/** Records that one of these versions governs. */
export async function inVersions(tx: Transaction, versions: readonly CompiledProcess[]): Promise<string[]> {
  const found: string[] = []
  for (const { name } of versions) {
    const rows = await tx.all<{ record_id: string }>(
      `SELECT record_id FROM process_state WHERE process = ${placeholders(tx.dialect, 1)} AND version = ${placeholders(tx.dialect, 1, 2)}`,
      [name, name],
    )
    found.push(...rows.map((row) => row.record_id))
  }
  return found
}
