/**
 * How a field's value lies in SQL, per dialect: the only place that knows. Values outside SQL have the JSON form (see #util values.ts).
 * Everything is keyed by the field's storage; a Formula (`none`) has no column and must not be passed here.
 */
import { quote } from '#database'
import type { Dialect, SqlValue } from '#database'
import type { FieldDef, Storage } from '#metadata'
import type { Value } from '#util'
import { postgresStorage } from './codec/postgres.ts'
import { sqliteStorage } from './codec/sqlite.ts'
import type { StorageCodec } from './codec/types.ts'

export type { CodecField } from './codec/types.ts'
export { atScale } from './codec/decimal.ts'
import type { CodecField } from './codec/types.ts'

export interface PhysicalColumn {
  readonly name: string
  /** In the dialect's words, as a CREATE TABLE takes it. */
  readonly type: string
}

const STORAGES: { readonly [dialect in Dialect]: { readonly [storage in Exclude<Storage, 'none'>]: StorageCodec } } = {
  sqlite: sqliteStorage,
  postgres: postgresStorage,
}

function storageOf(dialect: Dialect, field: CodecField): StorageCodec {
  if (field.storage === 'none') throw new Error('A computed field has no column')
  return STORAGES[dialect][field.storage]
}

/** Physical column names without quotes: one, two for a geolocation (`_lat`, `_lon`), none for a formula. */
export function columnNames(field: CodecField): readonly string[] {
  if (field.storage === 'none' || !field.column) return []
  return field.storage === 'geo' ? [`${field.column}_lat`, `${field.column}_lon`] : [field.column]
}

export const columnsOf = (dialect: Dialect, field: CodecField): readonly PhysicalColumn[] =>
  columnNames(field).map((name) => ({ name, type: storageOf(dialect, field).type(field) }))

/** `alias."column"`; alias is SQL text as it stands (already quoted if it must be). A geolocation has no single column: use columnNames. */
export const columnSql = (field: CodecField, alias: string): string => `${alias}.${quote(field.column ?? '')}`

/**
 * The value to bind for a JSON-form value, to store it or to compare with the column. Text "" and multi-select [] are null (blank).
 * Numbers are rounded half away from zero to the field's scale. A geolocation has two: use encodeColumns.
 */
export const encode = (dialect: Dialect, field: CodecField, value: Value): SqlValue =>
  encodeColumns(dialect, field, value)[0] ?? null

/** The values to bind for `columnNames(field)`, in that order. */
export const encodeColumns = (dialect: Dialect, field: CodecField, value: Value): readonly SqlValue[] =>
  storageOf(dialect, field).encode(value, field)

/** Placeholder number `n` (from 1), with the cast that lets it stand anywhere (VALUES lists, comparisons). */
export function placeholder(dialect: Dialect, field: CodecField, n: number): string {
  if (dialect === 'sqlite') return '?'
  return `$${n}::${storageOf(dialect, field).cast ?? 'text'}`
}

/**
 * SQL that gives the JSON form inside `json_object`/`json_array` (SQLite) or a `row_to_json` subselect (PostgreSQL).
 * On SQLite it must stand directly in the JSON function: a sorter or a subselect in between loses that it is JSON.
 */
export const selectJson = (dialect: Dialect, field: CodecField, alias: string): string =>
  columnsJson(
    dialect,
    field,
    columnNames(field).map((name) => `${alias}.${quote(name)}`),
  )

/** The same of any SQL that stands for the field's columns. */
export const columnsJson = (dialect: Dialect, field: CodecField, columns: readonly string[]): string =>
  storageOf(dialect, field).json(field, columns)

/** `column IN (…)` for any number of values in one parameter, number `n`; bind `encodeList` to it. */
export const inList = (dialect: Dialect, field: CodecField, alias: string, n: number): string =>
  dialect === 'sqlite'
    ? `${columnSql(field, alias)} IN (SELECT value FROM json_each(?))`
    : `${columnSql(field, alias)} = ANY($${n}::${storageOf(dialect, field).cast ?? 'text'}[])`

/** The one parameter of `inList`. Nulls are left out: nothing is IN null. */
export function encodeList(dialect: Dialect, field: CodecField, values: readonly Value[]): string {
  const encoded = values.map((value) => encode(dialect, field, value)).filter((value) => value !== null)
  return dialect === 'sqlite' ? `[${encoded.map((v) => jsonLiteral(v, field)).join(',')}]` : arrayLiteral(encoded)
}

/** A scaled decimal beyond 2^53 is bound as text, but must be a number among numbers. */
const jsonLiteral = (value: SqlValue, { storage }: CodecField): string =>
  storage === 'decimal' ? String(value) : JSON.stringify(typeof value === 'boolean' ? Number(value) : value)

/** PostgreSQL's text form of an array. */
export const arrayLiteral = (values: readonly SqlValue[]): string =>
  `{${values.map((value) => `"${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`

export const isStored = (field: FieldDef): boolean => field.storage !== 'none' && field.column !== undefined
