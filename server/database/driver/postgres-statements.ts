import { createHash } from 'node:crypto'
import type { ClientBase, Pool, QueryResult, QueryResultRow } from 'pg'
import { checkedParams } from '../sql.ts'
import type { SqlValue } from '../types.ts'
import { LruMap } from './lru.ts'
import { postgresError } from './postgres-errors.ts'

const KEPT_NAMES = 1000
const names = new LruMap<string>(KEPT_NAMES)

/** One name a text: the server then parses and plans it once a connection. Statements without parameters are mostly DDL and go unnamed. */
function statementName(sql: string): string {
  const kept = names.get(sql)
  if (kept) return kept
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 32)
  names.set(sql, name)
  return name
}

export async function query<T extends QueryResultRow>(
  client: ClientBase | Pool,
  sql: string,
  params: readonly SqlValue[],
): Promise<QueryResult<T>> {
  const values = checkedParams(params, sql)
  try {
    return await client.query<T>(values.length > 0 ? { name: statementName(sql), text: sql, values } : { text: sql })
  } catch (error) {
    throw postgresError(error, sql)
  }
}
