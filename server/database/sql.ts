import type { Dialect, SqlValue } from './types.ts'
import { DatabaseError } from './errors.ts'

/** An identifier, quoted for both dialects. Names come from the catalog or from code, never from a request. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** The placeholder number `n` (from 1) in the dialect's own form. */
const placeholder = (dialect: Dialect, n: number): string => (dialect === 'sqlite' ? '?' : `$${n}`)

/** `?, ?, ?` or `$4, $5, $6`: `count` placeholders, the first of them number `from`. */
export const placeholders = (dialect: Dialect, count: number, from = 1): string =>
  Array.from({ length: count }, (_, i) => placeholder(dialect, from + i)).join(', ')

/** Refuses what a driver would bind as something else without a word: sqlite3 stores a BigInt, NaN or undefined as NULL. */
export function checkedParams(params: readonly SqlValue[], sql: string): unknown[] {
  return params.map((value: unknown, i) => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    const kind = typeof value === 'number' ? String(value) : typeof value
    throw new DatabaseError('BAD_VALUE', `Parameter ${i + 1} is a ${kind}, which no database column can hold.`, {
      hint: 'Pass text, a finite number, a boolean, bytes or null; a whole number beyond 2^53 goes as text.',
      sql,
    })
  })
}
