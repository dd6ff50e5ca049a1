import { placeholders, quote } from '#database'
import type { Database, Transaction } from '#database'
import type { Catalog, ObjectDef } from '#metadata'
import { formatInstant } from '#util'
import type { Instant } from '#util'

/**
 * Records with due timers, in due order, their first timer locked for this transaction; on PostgreSQL records another node or lane works on are
 * stepped over. Only a record's first timer is claimed, so that no two of them ever hold timers of one record.
 */
export async function claimDue(tx: Transaction, catalog: Catalog, now: Instant, limit: number): Promise<string[]> {
  const { table, id, status, due, parent } = timerColumns(catalog)
  // As an expression the status can't be looked up: a record has a handful of timers, Pending are all that are armed.
  const earlier = `SELECT 1 FROM ${table} e WHERE e.${parent} = t.${parent} AND e.${status} || '' = 'Pending' AND (e.${due}, e.${id}) < (t.${due}, t.${id})`
  const lock = tx.dialect === 'postgres' ? ' FOR UPDATE OF t SKIP LOCKED' : ''
  const rows = await tx.all<{ parent: string }>(
    `SELECT t.${parent} AS parent FROM ${table} t WHERE t.${status} = 'Pending' AND t.${due} <= ${placeholders(tx.dialect, 1)} AND NOT EXISTS (${earlier}) ORDER BY t.${due}, t.${id} LIMIT ${limit}${lock}`,
    [formatInstant(now)],
  )
  return rows.map((row) => row.parent)
}

/** When the next timer is due, as ISO text; undefined when none is armed. */
export async function nextDue(database: Database, catalog: Catalog): Promise<string | undefined> {
  const { table, status, due } = timerColumns(catalog)
  const row = await database.get<{ due: string | null }>(
    `SELECT ${due} AS due FROM ${table} WHERE ${status} = 'Pending' ORDER BY ${due} LIMIT 1`,
  )
  return row?.due ?? undefined
}

/** Puts a record's due timers off after a failure, so that one bad record holds up nobody: 1 min, 2 min … then Failed for an admin to see. */
export async function putOff(
  tx: Transaction,
  catalog: Catalog,
  record: string,
  now: Instant,
  why: string,
): Promise<void> {
  const { table, status, due, parent, attempts, reason } = timerColumns(catalog)
  const rows = await tx.all<{ attempts: number | null }>(
    `SELECT MAX(${attempts}) AS attempts FROM ${table} WHERE ${parent} = ${placeholders(tx.dialect, 1)} AND ${status} = 'Pending'`,
    [record],
  )
  const tried = Number(rows[0]?.attempts ?? 0) + 1
  const next = tried >= MAX_TRIES ? 'Failed' : 'Pending'
  const p = (n: number) => placeholders(tx.dialect, 1, n)
  await tx.run(
    `UPDATE ${table} SET ${status} = ${p(1)}, ${attempts} = ${p(2)}, ${reason} = ${p(3)}, ${due} = ${p(4)} WHERE ${parent} = ${p(5)} AND ${status} = 'Pending' AND ${due} <= ${p(6)}`,
    [next, tried, why.slice(0, 4000), formatInstant(now + 60_000 * 2 ** (tried - 1)), record, formatInstant(now)],
  )
}

const MAX_TRIES = 6

function timerColumns(catalog: Catalog): {
  object: ObjectDef
  table: string
  id: string
  status: string
  due: string
  parent: string
  attempts: string
  reason: string
} {
  const object = catalog.objects.get('MilestoneTimer')!
  const column = (name: string) => quote(object.field(name)!.column!)
  return {
    object,
    table: quote(object.table),
    id: column('Id'),
    status: column('Status'),
    due: column('DueDate'),
    parent: column('ParentId'),
    attempts: column('Attempts'),
    reason: column('Reason'),
  }
}
