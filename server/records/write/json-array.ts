import type { Dialect } from '#database'

/** json_array takes at most 1,000 arguments. */
const CHUNK = 900

/** One JSON text with the expressions' values in order: an array on SQLite, an object `{f1, f2 …}` on PostgreSQL (its array builder stops at 100). Read it with Object.values. */
export function jsonArray(dialect: Dialect, expressions: readonly string[]): string {
  if (dialect === 'postgres') return `row_to_json(row(${expressions.join(', ')}))`
  if (expressions.length <= CHUNK) return `json_array(${expressions.join(', ')})`
  const chunks = Array.from({ length: Math.ceil(expressions.length / CHUNK) }, (_, i) =>
    expressions.slice(i * CHUNK, (i + 1) * CHUNK),
  )
  const parts = chunks.map((chunk) => `json_array(${chunk.join(', ')})`)
  return `'[' || ${parts.map((part) => `substr(${part}, 2, length(${part}) - 2)`).join(` || ',' || `)} || ']'`
}
