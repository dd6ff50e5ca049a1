import type { Storage } from '#metadata'
import { decimalText, encodeScaled } from './decimal.ts'
import { EXACT_DIGITS } from './types.ts'
import type { CodecField, StorageCodec } from './types.ts'
import { encodeBoolean, encodeGeo, encodeInstant, encodeJson, encodeMulti, encodeText } from './values.ts'

const asIs = (_field: CodecField, [column]: readonly string[]): string => column!
/** "C": texts sort by code point, as on SQLite, and prefixes can use the index. */
const text: StorageCodec = { type: () => 'text COLLATE "C"', encode: (value) => [encodeText(value)], json: asIs }

const printed =
  (format: string) =>
  (_field: CodecField, [column]: readonly string[]): string =>
    `to_char(${column}, '${format}')`
const textOf = (scaled: string | null, scale: number): string | null =>
  scaled === null ? null : decimalText(scaled, scale)

export const postgresStorage: { readonly [storage in Exclude<Storage, 'none'>]: StorageCodec } = {
  text,
  id: text,
  multi: {
    ...text,
    encode: (value) => [encodeMulti(value)],
    json: (_field, [column]) => `array_to_json(string_to_array(${column}, ';'))`,
  },
  date: { ...text, type: () => 'date', cast: 'date' },
  time: { ...text, type: () => 'time(3)', cast: 'time', json: printed('HH24:MI:SS.MS') },
  datetime: {
    type: () => 'timestamptz(3)',
    cast: 'timestamptz',
    encode: (value) => [encodeInstant(value)],
    json: (_field, [column]) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  },
  integer: { type: () => 'bigint', cast: 'bigint', encode: (value) => [encodeScaled(value, 0)], json: asIs },
  /** Always 18 digits wide, so that a change of precision changes no column; the save enforces the field's own precision. */
  decimal: {
    type: ({ scale }) => `numeric(18,${scale})`,
    cast: 'numeric',
    encode: (value, { scale }) => [textOf(encodeScaled(value, scale), scale)],
    json: ({ precision }, [column]) => (precision <= EXACT_DIGITS ? column! : `${column}::text`),
  },
  boolean: { type: () => 'boolean', cast: 'boolean', encode: (value) => [encodeBoolean(value)], json: asIs },
  json: { type: () => 'json', cast: 'json', encode: (value) => [encodeJson(value)], json: asIs },
  geo: {
    type: () => 'double precision',
    cast: 'float8',
    encode: encodeGeo,
    json: (_field, [lat, lon]) =>
      `CASE WHEN ${lat} IS NOT NULL THEN json_build_object('latitude', ${lat}, 'longitude', ${lon}) END`,
  },
}
