import { quote } from '#database'
import type { Dialect, Reader } from '#database'
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import { encodeList, inList, isStored, selectJson } from '../codec.ts'
import { jsonArray } from './json-array.ts'
import { joinsFor } from './paths.ts'
import { once } from './shapes.ts'

/** A Transaction, or a Database for reads outside one. */
export type DialectReader = Reader & { readonly dialect: Dialect }

export interface ReadOptions {
  /** Locks the records themselves until the transaction ends, in the order of their ids (PostgreSQL; SQLite has one writer anyway). */
  readonly lock?: boolean
}

/**
 * System reading, no access checks: values of records by canonical paths, in one statement. Deleted records are read too (look at IsDeleted).
 * Rows have no prototype and are keyed by the paths as given; computed fields are left out. Ids that don't exist are missing from the map.
 */
export async function readRows(
  reader: DialectReader,
  catalog: Catalog,
  object: ObjectDef,
  ids: readonly string[],
  paths: readonly string[],
  options: ReadOptions = {},
): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map()
  const { dialect } = reader
  const lock = options.lock === true && dialect === 'postgres'
  const key = `read ${dialect} ${lock} ${paths.join(',')}`
  const { sql, keys } = once(object, key, () => readSql(dialect, catalog, object, paths, lock))
  const found = await reader.all<{ id: string; j: string | null }>(sql, [encodeList(dialect, object.field('Id')!, ids)])
  return new Map(found.map((row) => [row.id, toRow(keys, row.j)]))
}

function readSql(
  dialect: Dialect,
  catalog: Catalog,
  object: ObjectDef,
  paths: readonly string[],
  lock: boolean,
): { readonly sql: string; readonly keys: readonly string[] } {
  const id = object.field('Id')!
  const { paths: all, sql: joins } = joinsFor(catalog, object, paths)
  const stored = all.filter(({ field }) => isStored(field))
  const printed = stored.map(({ field, alias }) => selectJson(dialect, field, alias))
  const values = printed.length > 0 ? jsonArray(dialect, printed) : 'NULL'
  const key = `t.${quote(id.column!)}`
  const sql = `SELECT ${key} AS id, ${values} AS j FROM ${quote(object.table)} t${joins} WHERE ${inList(dialect, id, 't', 1)} ORDER BY ${key}${lock ? ' FOR UPDATE OF t' : ''}`
  return { sql, keys: stored.map((s) => s.path) }
}

function toRow(keys: readonly string[], json: string | null): Row {
  const row = Object.create(null) as { [key: string]: Value }
  if (json === null) return row
  const values = Object.values(JSON.parse(json) as { [key: string]: Value })
  for (const [i, key] of keys.entries()) row[key] = values[i] ?? null
  return row
}

/** Every stored field of the object itself. */
export const ownPaths = (object: ObjectDef): string[] => object.fields.filter(isStored).map((field) => field.name)

/** Locks records in the order of their ids, so that two saves of the same ones wait instead of deadlocking. Nothing to do on SQLite. */
export async function lockRows(reader: DialectReader, object: ObjectDef, ids: readonly string[]): Promise<void> {
  if (reader.dialect === 'sqlite' || ids.length === 0) return
  const id = object.field('Id')!
  await reader.all(
    `SELECT 1 FROM ${quote(object.table)} t WHERE ${inList(reader.dialect, id, 't', 1)} ORDER BY t.${quote(id.column!)} FOR UPDATE`,
    [encodeList(reader.dialect, id, ids)],
  )
}

export interface Found {
  readonly id: string
  readonly value: Value
}

/** Records that are not deleted whose field has one of the values: upsert by external id, duplicate checks. */
export async function findBy(
  reader: DialectReader,
  object: ObjectDef,
  field: FieldDef,
  values: readonly Value[],
): Promise<Found[]> {
  const { dialect } = reader
  const alive = `t.${quote(object.field('IsDeleted')!.column!)} = ${dialect === 'sqlite' ? '0' : 'false'}`
  const sql = `SELECT t.${quote(object.field('Id')!.column!)} AS id, ${jsonArray(dialect, [selectJson(dialect, field, 't')])} AS j FROM ${quote(object.table)} t WHERE ${inList(dialect, field, 't', 1)} AND ${alive} ORDER BY 1`
  const rows = await reader.all<{ id: string; j: string }>(sql, [encodeList(dialect, field, values)])
  return rows.map(({ id, j }) => ({ id, value: (Object.values(JSON.parse(j) as object) as Value[])[0] ?? null }))
}
