/** How the two databases print JSON. Pairs are key and SQL text; `from` is the text from `from` on, or empty. */
import type { Dialect } from '#database'
import { quote } from '#database'
import { literal } from './build.ts'

export interface Pair {
  readonly key: string
  readonly sql: string
}

export interface Printer {
  /** One object of the row that `from` gives; null when it gives none. */
  object(pairs: readonly Pair[], from: string): string
  /** An object of values at hand. */
  inline(pairs: readonly Pair[]): string
  /** A list of objects, in the order of `from`'s rows. */
  array(pairs: readonly Pair[], from: string): string
  /** A JSON list of values, as text: what stands behind a mark. */
  tuple(values: readonly string[]): string
  constant(value: unknown): string
}

/** json_object takes 1,000 arguments. */
const SQLITE_PAIRS = 450
/** PostgreSQL cuts longer names of columns. */
const POSTGRES_NAME = 63

const sqliteInline = (pairs: readonly Pair[]): string => {
  if (pairs.length > SQLITE_PAIRS) return sqliteChunks(pairs)
  return `json_object(${pairs.map(({ key, sql }) => `${literal(key)}, ${sql}`).join(', ')})`
}

/** Objects of one row glued together: the closing brace of the first gives way to a comma. */
function sqliteChunks(pairs: readonly Pair[]): string {
  const [a, b] = [sqliteInline(pairs.slice(0, SQLITE_PAIRS)), sqliteInline(pairs.slice(SQLITE_PAIRS))]
  return `json((select substr(a, 1, length(a) - 1) || ',' || substr(b, 2) from (select ${a} a, ${b} b)))`
}

const sqlite: Printer = {
  inline: sqliteInline,
  object: (pairs, from) => `(select ${sqliteInline(pairs)} ${from})`,
  array: (pairs, from) => `(select json_group_array(${sqliteInline(pairs)}) ${from})`,
  tuple: (values) => `json_array(${values.join(', ')})`,
  constant: (value) =>
    typeof value === 'string' ? literal(value) : value === null ? 'null' : `json(${literal(JSON.stringify(value))})`,
}

const isLong = (pairs: readonly Pair[]): boolean => pairs.some(({ key }) => key.length > POSTGRES_NAME)
const columns = (pairs: readonly Pair[]): string => pairs.map(({ key, sql }) => `${sql} as ${quote(key)}`).join(', ')

/** Put together as text where a name is too long for a column. */
function glued(pairs: readonly Pair[]): string {
  const parts = pairs.map(
    ({ key, sql }, i) => `'${i === 0 ? '{' : ','}"${key}":' || coalesce(to_json(${sql})::text, 'null')`,
  )
  return `(${[...parts, "'}'"].join(' || ')})::json`
}

const postgres: Printer = {
  inline: (pairs) => (isLong(pairs) ? glued(pairs) : `(select row_to_json(r) from (select ${columns(pairs)}) r)`),
  object: (pairs, from) =>
    isLong(pairs)
      ? `(select ${glued(pairs)} ${from})`
      : `(select row_to_json(r) from (select ${columns(pairs)} ${from}) r)`,
  array: (pairs, from) =>
    isLong(pairs)
      ? `array_to_json(array(select ${glued(pairs)} ${from}))`
      : `array_to_json(array(select row_to_json(r) from (select ${columns(pairs)} ${from}) r))`,
  tuple: (values) => `array_to_json(array[${values.map((value) => `to_json(${value})`).join(', ')}]::json[])::text`,
  constant: (value) =>
    typeof value === 'string'
      ? `${literal(value)}::text`
      : value === null
        ? 'null::text'
        : `${literal(JSON.stringify(value))}::json`,
}

export const printerOf = (dialect: Dialect): Printer => (dialect === 'sqlite' ? sqlite : postgres)
