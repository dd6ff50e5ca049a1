import { placeholders, quote } from '#database'
import type { Database, Reader, Transaction } from '#database'
import type { Catalog, ObjectDef } from '#metadata'
import { readRows, updateRows } from '#records'
import { formatInstant } from '#util'
import type { Instant, Row } from '#util'
import { hostOf } from './host.ts'

/** While a node sends, nobody else does; after this long without word another node may. A message that waits for a place is not claimed. */
const LEASE_MS = 60_000
const ADOPTED = 500
const READ = ['Id', 'Kind', 'Host', 'IdempotencyKey', 'Payload', 'Attempts', 'Action']

/** `underWay` as an expression can't be looked up: rows are found by host and due, in that order. */
const columns = (object: ObjectDef) => {
  const column = (name: string) => quote(object.field(name)!.column!)
  const status = column('Status')
  const of = `IN ('Pending', 'Retrying', 'Sending')`
  const [table, id, host, due] = [quote(object.table), column('Id'), column('Host'), column('NextAttemptDate')]
  return { table, id, host, due, status, waits: `${status} ${of}`, underWay: `${status} || '' ${of}` }
}

/** Every host that messages wait for, and when the first of them is due: a few looks into the index of hosts, however many messages wait. */
export async function dueHosts(reader: Reader, object: ObjectDef): Promise<{ host: string; due: string }[]> {
  const { table, host, due, underWay } = columns(object)
  const first = `SELECT o.${due} FROM ${table} o WHERE o.${host} = hosts.host AND o.${due} IS NOT NULL AND ${underWay} ORDER BY o.${due} LIMIT 1`
  const after = `SELECT MIN(o.${host}) FROM ${table} o WHERE o.${host} > hosts.host`
  const rows = await reader.all<{ host: string; due: string | null }>(
    `WITH RECURSIVE hosts (host) AS (SELECT MIN(${host}) FROM ${table} UNION ALL SELECT (${after}) FROM hosts WHERE hosts.host IS NOT NULL)
     SELECT host, (${first}) AS due FROM hosts WHERE host IS NOT NULL`,
  )
  return rows.filter((row): row is { host: string; due: string } => row.due !== null)
}

/** Claims the first due messages of each host, as many as it has places; on PostgreSQL rows that another node holds are stepped over. */
export async function claim(
  database: Database,
  catalog: Catalog,
  places: ReadonlyMap<string, number>,
  now: Instant,
): Promise<Row[]> {
  const object = catalog.objects.get('OutboxMessage')!
  return database.transaction(async (tx) => {
    const ids: string[] = []
    for (const [host, most] of places) ids.push(...(await dueOf(tx, object, host, most, now)))
    if (ids.length === 0) return []
    const set = { Status: 'Sending', NextAttemptDate: formatInstant(now + LEASE_MS) }
    await updateRows(tx, object, ids.map((id) => ({ id, set }))) // prettier-ignore
    const rows = await readRows(tx, catalog, object, ids, READ)
    return ids.map((id) => rows.get(id)!)
  })
}

async function dueOf(tx: Transaction, object: ObjectDef, host: string, most: number, now: Instant): Promise<string[]> {
  const names = columns(object)
  const lock = tx.dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
  const [is, until] = placeholders(tx.dialect, 2).split(', ')
  const rows = await tx.all<{ id: string }>(
    `SELECT ${names.id} AS id FROM ${names.table} WHERE ${names.host} = ${is} AND ${names.due} <= ${until} AND ${names.underWay} ORDER BY ${names.due}, ${names.id} LIMIT ${most}${lock}`,
    [host, formatInstant(now)],
  )
  return rows.map((row) => row.id)
}

/** Messages of an earlier release have no host yet: it follows from what they say. */
export async function adoptHosts(database: Database, catalog: Catalog): Promise<void> {
  const object = catalog.objects.get('OutboxMessage')!
  const { table, id, host, waits } = columns(object)
  for (let found = ADOPTED; found === ADOPTED;) {
    const rows = await database.all<{ id: string }>(
      `SELECT ${id} AS id FROM ${table} WHERE ${host} IS NULL AND ${waits} LIMIT ${ADOPTED}`,
    )
    found = rows.length
    if (found > 0) await giveHosts(database, catalog, object, rows.map((row) => row.id)) // prettier-ignore
  }
}

const giveHosts = (database: Database, catalog: Catalog, object: ObjectDef, ids: readonly string[]): Promise<unknown> =>
  database.transaction(async (tx) => {
    const rows = await readRows(tx, catalog, object, ids, ['Kind', 'Payload'], { lock: true })
    const hosts = [...rows].map(([id, row]) => ({ id, set: { Host: hostOf(row.Kind, row.Payload as Row) } }))
    return updateRows(tx, object, hosts)
  })

/** How many messages wait for each host, and how many are under way, on all nodes. */
export async function countByHost(reader: Reader, object: ObjectDef) {
  const { table, host, status, waits } = columns(object)
  return reader.all<{ host: string; status: string; n: number | string }>(
    `SELECT ${host} AS host, ${status} AS status, COUNT(*) AS n FROM ${table} WHERE ${waits} AND ${host} IS NOT NULL GROUP BY ${host}, ${status}`,
  )
}
