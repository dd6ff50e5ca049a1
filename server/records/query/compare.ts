/** One comparison. `ne`, `nin` and `excludes` hold for blank fields, as SOQL's `!=` does; `lt` … `startsWith` never do. Text is compared exactly, patterns without regard to letter case. */
import { FILTER_LIMITS } from '#metadata'
import type { FieldDef } from '#metadata'
import type { SqlValue } from '#database'
import type { Value } from '#util'
import type { Slot, Where } from '../query-tree.ts'
import { arrayLiteral } from '../codec.ts'
import { bindValue, castOf, comparable, isBlank, listOf, textValue } from './bind.ts'
import { decide, param } from './build.ts'
import type { Build } from './build.ts'
import { compareDistance } from './distance.ts'
import { QueryError } from './errors.ts'
import { fieldSql } from './field-sql.ts'
import { comparePattern } from './pattern.ts'
import { compareRelative } from './relative-where.ts'
import { slotValue } from './run-values.ts'
import type { Run } from './run-values.ts'
import type { JoinedSource } from './sources.ts'

export type Compare = Extract<Where, { kind: 'compare' }>
type Comparison = Pick<Compare, 'operator' | 'value'>

const COMPARISONS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

/** Text that stands safely between `and` and `or`. */
export function compileCompare(build: Build, source: JoinedSource, where: Compare): string {
  const asked = source.object.field(where.field)!
  if (where.operator === 'distance') return compareDistance(build, source, asked, where.value)
  const { field, sql } = fieldSql(build, source, asked)
  return compareColumn(build, field, sql, where)
}

/** `column`: SQL of a value in the field's stored form. */
export function compareColumn(build: Build, field: FieldDef, column: string, where: Comparison): string {
  switch (where.operator) {
    case 'eq':
    case 'ne':
      return equality(build, field, column, where)
    case 'in':
    case 'nin':
      return membership(build, field, column, where)
    case 'like':
    case 'contains':
    case 'startsWith':
      return comparePattern(build, column, where.operator, (run) => shortText(field, slotValue(where.value, run)))
    case 'isNull':
      return decide(build, (run) => flag(field, slotValue(where.value, run)))
        ? `${column} is null`
        : `${column} is not null`
    case 'includes':
      return includes(build, field, column, where.value)
    case 'excludes':
      return `(${includes(build, field, column, where.value)}) is not true`
    case 'relative':
      return compareRelative(build, field, column, where.value)
    case 'distance':
      throw new QueryError('OPERATOR', 'A distance is of one record.')
    default:
      return `${column} ${COMPARISONS[where.operator]} ${bound(build, field, where.value)}`
  }
}

/** The placeholder of a slot's value in the field's stored form. */
function bound(build: Build, field: FieldDef, slot: Slot): string {
  const { dialect } = build
  return comparable(
    field,
    dialect,
    param(build, (run) => bindValue(field, dialect, slotValue(slot, run)), castOf(field)),
  )
}

function flag(field: FieldDef, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new QueryError('WRONG_TYPE', `isNull of ${field.name} is true or false.`)
  return value
}

function equality(build: Build, field: FieldDef, column: string, where: Comparison): string {
  const blank = decide(build, (run) => isBlank(slotValue(where.value, run)))
  if (where.operator === 'eq') return blank ? `${column} is null` : `${column} = ${bound(build, field, where.value)}`
  if (blank) return `${column} is not null`
  return `${column} ${build.dialect === 'sqlite' ? 'is not' : 'is distinct from'} ${bound(build, field, where.value)}`
}

function membership(build: Build, field: FieldDef, column: string, where: Comparison): string {
  const values = (run: Run): readonly SqlValue[] =>
    listOf(field, slotValue(where.value, run)).map((each) => bindValue(field, build.dialect, each))
  const withBlank = decide(build, (run) => values(run).includes(null))
  const given = (run: Run): readonly SqlValue[] => values(run).filter((value) => value !== null)
  const inside =
    build.dialect === 'sqlite'
      ? sqliteIn(build, field, column, given)
      : `${column} = any(${param(build, (run) => arrayLiteral(given(run)), `${castOf(field)}[]`)})`
  if (where.operator === 'in') return withBlank ? `(${inside} or ${column} is null)` : inside
  return withBlank ? `(not ${inside} and ${column} is not null)` : `(not ${inside} or ${column} is null)`
}

function sqliteIn(build: Build, field: FieldDef, column: string, given: (run: Run) => readonly SqlValue[]): string {
  const value = comparable(field, build.dialect, 'value')
  return `(${column} in (select ${value} from json_each(${param(build, (run) => JSON.stringify(given(run)))})))`
}

function shortText(field: FieldDef, value: Value): string | null {
  if (isBlank(value)) return null
  const text = textValue(field, value)
  if (text.length > FILTER_LIMITS.pattern)
    throw new QueryError(
      'TOO_LONG',
      `A pattern for ${field.name} is longer than ${FILTER_LIMITS.pattern.toLocaleString('en')} characters.`,
    )
  return text
}

/** Any of the given values is selected; `"A;B"` asks for both at once. */
function includes(build: Build, field: FieldDef, column: string, slot: Slot): string {
  const groups = param(
    build,
    (run) => JSON.stringify(listOf(field, slotValue(slot, run)).map((each) => textValue(field, each).split(';'))),
    'text',
  )
  if (build.dialect === 'sqlite')
    return `exists (select 1 from json_each(${groups}) g where not exists (select 1 from json_each(g.value) v where ifnull(instr(';' || ${column} || ';', ';' || v.value || ';'), 0) = 0))`
  return `exists (select 1 from jsonb_array_elements(${groups}::jsonb) g where not exists (select 1 from jsonb_array_elements_text(g) v where (v = any(string_to_array(${column}, ';'))) is not true))`
}
