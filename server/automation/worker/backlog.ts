import { placeholders, quote } from '#database'
import type { Database } from '#database'
import type { Catalog } from '#metadata'
import { formatInstant } from '#util'
import type { Backlog } from '../engine-types.ts'

/** Fired timers and sent messages are history, and many. */
const WAITING = {
  MilestoneTimer: ['Pending', 'Claimed', 'Failed'],
  OutboxMessage: ['Pending', 'Sending', 'Retrying', 'Held', 'Dead'],
} as const

/** How much waits, and how much was given up. Each count is an index's range. */
export async function backlog(database: Database, catalog: Catalog): Promise<Backlog> {
  const [timers, outbox] = [await counts(database, catalog, 'MilestoneTimer'), await counts(database, catalog, 'OutboxMessage')] // prettier-ignore
  return { timers, outbox, due: await dueTimers(database, catalog) }
}

async function counts(database: Database, catalog: Catalog, name: keyof typeof WAITING): Promise<Backlog['timers']> {
  const object = catalog.objects.get(name)!
  const status = quote(object.field('Status')!.column!)
  const list = placeholders(database.dialect, WAITING[name].length)
  const rows = await database.all<{ status: string; n: number | string }>(
    `SELECT ${status} AS status, COUNT(*) AS n FROM ${quote(object.table)} WHERE ${status} IN (${list}) GROUP BY ${status}`,
    WAITING[name],
  )
  const found = new Map(rows.map((row) => [row.status, Number(row.n)]))
  return Object.fromEntries(WAITING[name].map((each) => [each, found.get(each) ?? 0]))
}

async function dueTimers(database: Database, catalog: Catalog): Promise<number> {
  const object = catalog.objects.get('MilestoneTimer')!
  const column = (field: string): string => quote(object.field(field)!.column!)
  const row = await database.get<{ n: number | string }>(
    `SELECT COUNT(*) AS n FROM ${quote(object.table)} WHERE ${column('Status')} = 'Pending' AND ${column('DueDate')} <= ${placeholders(database.dialect, 1)}`,
    [formatInstant(database.clock.now())],
  )
  return Number(row?.n ?? 0)
}
