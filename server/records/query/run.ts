import { DatabaseError, type Reader } from '#database'
import type { CompiledQuery } from './compile.ts'
import { QueryError } from './errors.ts'
import type { QueryContext, Variables } from './run-values.ts'

/** Runs the one statement; the JSON text in the asked shape, `null` for a record that is not there (or not visible). Throws QueryError. */
export async function runQuery(
  reader: Reader,
  compiled: CompiledQuery,
  variables: Variables,
  context: QueryContext,
): Promise<string> {
  const statement = compiled.statement(variables, context)
  const row = await reader.get<{ json: string | null }>(statement.sql, statement.params).catch(explain)
  return statement.finish(row?.json ?? 'null')
}

function explain(error: unknown): never {
  if (!(error instanceof DatabaseError) || error.code !== 'TOO_LARGE') throw error
  throw new QueryError('TOO_LARGE', 'A sum has more digits than the database holds.', 'Add up fewer records: filter them, or group them.') // prettier-ignore
}
