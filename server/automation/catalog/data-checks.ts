import { placeholders, quote } from '#database'
import type { Database, SqlValue } from '#database'
import type { Catalog, DataCheck, FieldDef, ObjectDef } from '#metadata'

/** A question of a plan to the data, with its answer. */
export interface Answer {
  readonly check: DataCheck
  readonly rows: number
}

/** Counts the rows that each of a plan's questions is true for; questions about fields without a column count none. */
export async function answerChecks(
  database: Database,
  catalog: Catalog,
  checks: readonly DataCheck[],
): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const check of checks) answers.push({ check, rows: await countRows(database, catalog, check) })
  return answers.filter((answer) => answer.rows > 0)
}

async function countRows(database: Database, catalog: Catalog, check: DataCheck): Promise<number> {
  const object = catalog.object(check.object)
  const field = object?.field(check.field.split('.').at(-1)!)
  if (!object || !field?.column) return 0
  const params: SqlValue[] = []
  const condition = conditionOf(database, check, field, params)
  if (condition === undefined) return 0
  const row = await database.get<{ n: number | string }>(
    `SELECT count(*) AS n FROM ${quote(object.table)} WHERE ${alive(object)} AND ${condition(object)}`,
    params,
  )
  return Number(row?.n ?? 0)
}

const alive = (object: ObjectDef): string => `NOT ${quote(object.field('IsDeleted')!.column!)}`

function conditionOf(
  database: Database,
  { check }: DataCheck,
  field: FieldDef,
  params: SqlValue[],
): ((object: ObjectDef) => string) | undefined {
  const column = quote(field.storage === 'geo' ? `${field.column}_lat` : field.column!)
  switch (check.is) {
    case 'blank':
      return () => `${column} IS NULL`
    case 'filled':
      return () => `${column} IS NOT NULL`
    case 'longer':
      params.push(check.than)
      return () => `length(${column}) > ${placeholders(database.dialect, 1)}`
    case 'valueOf':
      params.push(...check.values)
      return () => `${column} IN (${placeholders(database.dialect, check.values.length)})`
    case 'duplicate':
      return (object) =>
        `${column} IN (SELECT ${column} FROM ${quote(object.table)} WHERE ${alive(object)} AND ${column} IS NOT NULL GROUP BY ${column} HAVING count(*) > 1)`
    default:
      return undefined
  }
}
