import type { RowDocument } from '#metadata'
import { insertRows } from '#records'
import { formatInstant, hasErrors } from '#util'
import type { Instant, Row } from '#util'
import { AUTOMATION_USER_ID, automationActor } from '../actor.ts'
import { MetadataError } from '../catalog/install.ts'
import type { SeedableEngine } from '../engine.ts'
import type { SaveRequest } from '../types.ts'
import { instantOf, readDemoRows, resolveRow } from './demo-rows.ts'
import type { DemoRow, Resolver } from './demo-rows.ts'

/** The user that the platform saves as. Written past the save, because every save names its user. */
export async function seedAutomationUser(engine: SeedableEngine): Promise<void> {
  const object = engine.catalogs.current().objects.get('User')!
  const at = formatInstant(engine.database.clock.now())
  const wanted: Row = {
    Id: AUTOMATION_USER_ID, Username: 'automation@milepost.invalid', Name: 'Automation', LastName: 'Automation', Email: 'automation@milepost.invalid',
    IsActive: false, IsInternal: true, OwnerId: AUTOMATION_USER_ID, CreatedById: AUTOMATION_USER_ID, LastModifiedById: AUTOMATION_USER_ID,
    CreatedDate: at, LastModifiedDate: at, Version: 1, IsDeleted: false, TimeZone: 'UTC', Locale: 'en-US',
  } // prettier-ignore
  const row = Object.fromEntries(Object.entries(wanted).filter(([name]) => object.field(name)?.column))
  await engine.database.transaction((tx) => insertRows(tx, object, [row]))
}

/** Saves the set-up rows that come as documents. */
export async function seedRows(engine: SeedableEngine, rows: readonly RowDocument[]): Promise<void> {
  const actor = automationActor('new organisation')
  const { planId, findings } = await engine.catalogs.plan(
    actor,
    rows.map((document) => ({ kind: 'Row', name: document.name, document })),
  )
  const applied = hasErrors(findings) ? { findings } : await engine.catalogs.apply(actor, planId)
  if (hasErrors(applied.findings)) throw new MetadataError('The shipped set-up rows have errors:', applied.findings)
}

/** What every new organisation starts with: its own row and hours that are always open. */
export async function seedOrganisation(engine: SeedableEngine, name: string): Promise<void> {
  const save = async (object: string, values: Row): Promise<string> => {
    const [result] = await engine.save(automationActor('new organisation'), [{ operation: 'create', object, values }])
    if (!result?.id) throw new Error(`The organisation could not be made: ${JSON.stringify(result?.errors)}`)
    return result.id
  }
  const hours = await save('BusinessHours', {
    Name: 'Default',
    IsActive: true,
    IsDefault: true,
    Always24x7: true,
    TimeZone: 'UTC',
  })
  await save('Organization', { Name: name, TimeZone: 'UTC', DefaultBusinessHoursId: hours, Locale: 'en-US' })
}

interface Moment {
  readonly at: Instant
  readonly row: DemoRow
  /** Index into the row's changes; absent: the creation. */
  readonly change?: number
}

/**
 * Fills an empty organisation with the demo's rows. What happened to records under a process is lived through in order, with timers firing in
 * between, so that the demo has real histories.
 */
export async function seedDemo(engine: SeedableEngine, folder: string): Promise<void> {
  const rows = readDemoRows(folder)
  const catalog = engine.catalogs.current()
  const now = engine.database.clock.now()
  const ids = new Map((await engine.catalogs.rows()).map((row) => [row.document.name.replace('.', ':'), row.id]))
  const timeZone = String(rows.find((row) => row.object === 'Organization')?.values.TimeZone ?? 'UTC')
  const resolver: Resolver = { catalog, now, timeZone, ids }
  const firstTracked = rows.findIndex((row) => catalog.object(row.object)?.enableProcesses)
  const split = firstTracked < 0 ? rows.length : firstTracked
  for (const group of consecutive(rows.slice(0, split))) await createAll(engine, resolver, group)
  await live(engine, resolver, rows.slice(split))
}

/** Neighbours of one object, so that each is one save. */
function consecutive(rows: readonly DemoRow[]): DemoRow[][] {
  const groups: DemoRow[][] = []
  for (const row of rows) {
    const last = groups.at(-1)
    if (last && last[0]!.object === row.object && !refersTo(row, last)) last.push(row)
    else groups.push([row])
  }
  return groups
}

const refersTo = (row: DemoRow, group: readonly DemoRow[]): boolean => {
  const keys = new Set(group.map((r) => `${r.object}:${r.key}`))
  return Object.values(row.values).some(
    (value) => typeof value === 'object' && value !== null && '$ref' in value && keys.has(String(value.$ref)),
  )
}

async function createAll(engine: SeedableEngine, resolver: Resolver, rows: readonly DemoRow[]): Promise<void> {
  const requests = rows.map((row): SaveRequest => ({
    operation: 'create',
    object: row.object,
    values: resolveRow(resolver, row.object, row.values),
  }))
  await saveOrFail(engine, resolver, rows, requests, resolver.now, undefined)
}

async function live(engine: SeedableEngine, resolver: Resolver, rows: readonly DemoRow[]): Promise<void> {
  const made = new Map<string, Instant>()
  const moments = rows.flatMap((row) => momentsOf(row, resolver.now, made)).sort((a, b) => a.at - b.at)
  for (const { at, row, change } of moments) {
    await engine.fireAt(at)
    const values = change === undefined ? row.values : row.changes[change]!
    const by = values.$by ?? values.CreatedById
    const request = requestOf(resolver, row, values, change)
    await saveOrFail(
      engine,
      resolver,
      [row],
      [request],
      at,
      by === undefined ? undefined : resolver.ids.get(String((by as { $ref: string }).$ref)),
    )
  }
  await engine.fireAt(resolver.now)
}

/** A row is made when it says, but not before the rows it refers to. */
function momentsOf(row: DemoRow, now: Instant, made: Map<string, Instant>): Moment[] {
  const parents = Object.values(row.values).map(
    (value) => made.get(String((value as { $ref?: string } | null)?.$ref)) ?? 0,
  )
  const at = Math.max(instantOf(row.values.CreatedDate, now) ?? now, ...parents)
  made.set(`${row.object}:${row.key}`, at)
  return [
    { at, row },
    ...row.changes.map((change, i) => ({ at: Math.max(at, instantOf(change.$at, now) ?? now), row, change: i })),
  ]
}

function requestOf(
  resolver: Resolver,
  row: DemoRow,
  values: DemoRow['values'],
  change: number | undefined,
): SaveRequest {
  const resolved = resolveRow(resolver, row.object, values)
  if (change === undefined) return { operation: 'create', object: row.object, values: resolved }
  return {
    operation: 'update',
    object: row.object,
    id: resolver.ids.get(`${row.object}:${row.key}`)!,
    values: resolved,
  }
}

async function saveOrFail(
  engine: SeedableEngine,
  resolver: Resolver,
  rows: readonly DemoRow[],
  requests: readonly SaveRequest[],
  at: Instant,
  userId: string | undefined,
): Promise<void> {
  const actor = { ...automationActor('demo'), userId: userId ?? resolver.ids.get('User:admin') ?? AUTOMATION_USER_ID }
  const results = await engine.saveAt(actor, requests, at, { cause: 'save' })
  results.forEach((result, i) => {
    const row = rows[i]!
    if (!result.id)
      throw new Error(
        `The demo's ${row.object} ${row.key ?? JSON.stringify(row.values).slice(0, 200)} was refused: ${result.errors.map((e) => `${e.field ?? ''} ${e.message}`).join('; ')}`,
      )
    if (row.key !== undefined) (resolver.ids as Map<string, string>).set(`${row.object}:${row.key}`, result.id)
  })
}
