/** Formula fields in SQL: filtered, sorted and grouped only where the formula room says that SQL gives exactly what evaluation gives. */
import { toSql } from '#formula'
import type { FieldInfo, SqlResult } from '#formula'
import type { SqlValue } from '#database'
import { formulaSqlRefusal } from '#metadata'
import type { FieldDef, ObjectDef } from '#metadata'
import { param } from './build.ts'
import type { Build } from './build.ts'
import { storageOf } from './operators.ts'
import { slotValue } from './run-values.ts'
import type { Run } from './run-values.ts'

/** A field with the SQL text of its value: in the form in which `field`'s storage lies in SQL. */
export interface SqlField {
  readonly sql: string
  /** Of a formula: the field as if its result were stored. */
  readonly field: FieldDef
}

/** SQL text of a column that a formula reads, by path. */
export type ColumnOf = (path: readonly string[]) => string

/** Undefined when the formula is outside the class. */
export function formulaSql(
  build: Build,
  field: FieldDef,
  columnOf: ColumnOf,
  use: 'value' | 'where' = 'value',
): SqlField | undefined {
  if (!field.formula || formulaSqlRefusal(field.formula)) return undefined
  const result = toSql(field.formula, environment(build, columnOf), use)
  return result.ok
    ? { sql: storedForm(build, result, guarded(result, use)), field: asStored(field, result) }
    : undefined
}

/** As it would lie in a column: a number with the digits of its scale, a text in the order of its code points. */
function storedForm(build: Build, result: Extract<SqlResult, { ok: true }>, sql: string): string {
  if (build.dialect === 'sqlite') return sql
  if (result.type === 'Number') return `round(${sql}, ${result.scale ?? 0})`
  return result.type === 'Text' ? `(${sql} collate "C")` : sql
}

/** Where evaluation would be an error the value is blank. */
function guarded(result: Extract<SqlResult, { ok: true }>, use: 'value' | 'where'): string {
  if (result.guard === undefined) return `(${result.sql})`
  return use === 'where'
    ? `(${result.sql} and (${result.guard}) is not true)`
    : `(case when (${result.guard}) is not true then ${result.sql} end)`
}

const asStored = (field: FieldDef, result: Extract<SqlResult, { ok: true }>): FieldDef => ({
  ...field,
  storage: storageOf(field),
  scale: result.scale ?? field.scale,
  precision: 18,
})

const PARAMETERS = {
  now: (run: Run) => slotValue({ context: 'now' }, run) as string,
  today: (run: Run) => slotValue({ context: 'today' }, run) as string,
  userId: (run: Run) => run.context.userId,
  timeZone: (run: Run) => run.context.timeZone,
}

/** The value of `$User.Title` and the like. */
const globalOf =
  (path: string) =>
  (run: Run): SqlValue => {
    const value = run.context.globals?.[path] ?? null
    return value === '' ? null : (value as SqlValue)
  }

const ofInstant = ({ instant }: Build, source: (run: Run) => SqlValue): ((run: Run) => SqlValue) =>
  instant ? (run) => source({ ...run, context: { ...run.context, now: instant(run) } }) : source

function environment(build: Build, columnOf: ColumnOf): Parameters<typeof toSql>[1] {
  return {
    dialect: build.dialect,
    column: (reference: FieldInfo) => columnOf(reference.path.split('.')),
    bind: (value) => param(build, () => value as string | number | boolean | null),
    parameter: (name) =>
      param(
        build,
        name.startsWith('$') ? globalOf(name) : ofInstant(build, PARAMETERS[name as keyof typeof PARAMETERS]),
      ),
  }
}

/** The reference and the object that a step of a formula's path leads to (`Account`, `Owner:User`). */
export function formulaStep(
  build: Build,
  object: ObjectDef,
  step: string,
): { reference: FieldDef; target: ObjectDef } | undefined {
  const [relationship = step, picked] = step.split(':')
  const reference = object.parent(relationship)
  const target = reference && build.catalog.object(picked ?? reference.reference?.to[0] ?? '')
  return reference && target ? { reference, target } : undefined
}
