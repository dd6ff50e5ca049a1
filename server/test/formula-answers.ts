/** What SQL answers for a formula and what its evaluation does, in one form. */
import { toSql, type CompiledFormula, type SqlEnvironment } from '#formula'
import type { Database, SqlValue } from '#database'
import type { Row, Value } from '#util'

export interface Answer {
  readonly error: boolean
  readonly value: Value
}

/** Rows to ask about: a table or a select, named `t` by its reader, with an `id`; its parameters stand first. */
export interface Source {
  readonly text: string
  readonly params: readonly SqlValue[]
}

/** One answer a row; undefined when the formula is outside the class. `predicate` asks as a WHERE clause does. */
export async function answersOf(
  database: Database,
  formula: CompiledFormula,
  source: Source,
  parameters: { readonly [name: string]: SqlValue },
  predicate = false,
): Promise<readonly Answer[] | undefined> {
  const { dialect } = database
  const params: SqlValue[] = [...source.params]
  const place = (value: SqlValue): string =>
    dialect === 'sqlite' ? `?${params.push(value)}` : `$${params.push(value)}`
  const environment: SqlEnvironment = {
    dialect,
    column: (field) => `t."${field.path}"`,
    bind: (value) => place(value as SqlValue),
    parameter: (name) => place(parameters[name] ?? null),
  }
  const made = toSql(formula, environment, predicate ? 'where' : 'value')
  if (!made.ok) return undefined
  const guard = made.guard ?? 'FALSE'
  const sql = predicate ? `COALESCE(${made.sql}, FALSE)` : made.sql
  const shown = dialect === 'sqlite' ? sql : printed(made.type, sql)
  const rows = await database.all<{ bad: SqlValue; value: SqlValue }>(
    `SELECT (${guard}) AS bad, CASE WHEN ${guard} THEN NULL ELSE ${shown} END AS value FROM ${source.text} t ORDER BY id`,
    params,
  )
  return rows.map((row) => ({
    error: row.bad === true || row.bad === 1,
    value: decoded(row.value, made.type, dialect === 'sqlite' ? made.scale : 0),
  }))
}

function printed(type: string, sql: string): string {
  if (type === 'DateTime') return `to_char((${sql}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  if (type === 'Date') return `to_char((${sql})::date, 'YYYY-MM-DD')`
  if (type === 'Time') return `to_char(${sql}, 'HH24:MI:SS.MS')`
  return type === 'Number' ? `(${sql})::text` : sql
}

function decoded(value: SqlValue, type: string, scale = 0): Value {
  if (value === null) return null
  if (type === 'Boolean') return value === true || value === 1
  return type === 'Number' ? Number((Number(value) / 10 ** scale).toPrecision(15)) : (value as Value)
}

export function evaluated(formula: CompiledFormula, record: Row, now: number): Answer {
  const result = formula.evaluate({ record, now, timeZone: 'UTC' })
  if (!result.ok) return { error: true, value: null }
  const { value } = result
  const plain = formula.type === 'Number' && value !== null ? Number(Number(value).toPrecision(15)) : value
  return { error: false, value: plain }
}

/** As a column keeps it. */
export function stored(dialect: string, type: string, scale: number, value: Value): SqlValue {
  if (value === null) return null
  if (Array.isArray(value)) return value.join(';')
  if (dialect === 'sqlite' && type === 'Number') return Math.round(Number(value) * 10 ** scale)
  if (dialect === 'sqlite' && typeof value === 'boolean') return value ? 1 : 0
  return value as SqlValue
}
