import type { SqlValue } from '#database'
import type { Storage } from '#metadata'
import { encodeScaled } from './decimal.ts'
import { EXACT_DIGITS } from './types.ts'
import type { CodecField, StorageCodec } from './types.ts'
import { encodeBoolean, encodeGeo, encodeInstant, encodeJson, encodeMulti, encodeText } from './values.ts'

const asIs = (_field: CodecField, [column]: readonly string[]): string => column!
const text: StorageCodec = { type: () => 'TEXT', encode: (value) => [encodeText(value)], json: asIs }

/** Text beyond 2^53: the column's INTEGER affinity makes it an exact 64-bit integer, which the driver's number could not be. */
const integerParam = (digits: string | null): SqlValue =>
  digits !== null && Number.isSafeInteger(Number(digits)) ? Number(digits) : digits

/** printf shows a null as 0. */
const unlessNull = (column: string, sql: string): string => `iif(${column} IS NULL, NULL, ${sql})`

/** Exact: up to 15 digits by way of a double, which prints back the same digits; beyond, as text put together from the integer's own digits. */
function decimalJson({ precision, scale }: CodecField, columns: readonly string[]): string {
  const column = columns[0]!
  if (precision <= EXACT_DIGITS) return `json(${unlessNull(column, `printf('%.${scale}f', ${column} / 1e${scale})`)})`
  if (scale === 0) return `CAST(${column} AS TEXT)`
  const digits = `printf('%0${scale + 1}d', abs(${column}))`
  const printed = `iif(${column} < 0, '-', '') || substr(${digits}, 1, length(${digits}) - ${scale}) || '.' || substr(${digits}, -${scale})`
  return unlessNull(column, printed)
}

export const sqliteStorage: { readonly [storage in Exclude<Storage, 'none'>]: StorageCodec } = {
  text,
  id: text,
  date: text,
  time: text,
  datetime: { ...text, encode: (value) => [encodeInstant(value)] },
  integer: { type: () => 'INTEGER', encode: (value) => [integerParam(encodeScaled(value, 0))], json: asIs },
  /** value × 10^scale. */
  decimal: {
    type: () => 'INTEGER',
    encode: (value, { scale }) => [integerParam(encodeScaled(value, scale))],
    json: decimalJson,
  },
  boolean: {
    type: () => 'BOOLEAN',
    encode: (value) => [encodeBoolean(value)],
    json: (_field, [column]) => `json(CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)`,
  },
  json: { type: () => 'TEXT', encode: (value) => [encodeJson(value)], json: (_field, [column]) => `json(${column})` },
  multi: {
    type: () => 'TEXT',
    encode: (value) => [encodeMulti(value)],
    json: (_field, [column]) =>
      `json(${unlessNull(column!, `'[' || replace(json_quote(${column}), ';', '","') || ']'`)})`,
  },
  geo: {
    type: () => 'REAL',
    encode: encodeGeo,
    json: (_field, [lat, lon]) => `json(${unlessNull(lat!, `json_object('latitude', ${lat}, 'longitude', ${lon})`)})`,
  },
}
