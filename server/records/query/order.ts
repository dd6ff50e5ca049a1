/** The order of a list, always ended by the id, and the keyset predicate that says "after this record". */
import type { FieldDef, ObjectDef } from '#metadata'
import type { Value } from '#util'
import type { ListQuery, Order, Slot } from '../query-tree.ts'
import { bindValue, castOf, comparable } from './bind.ts'
import { decide, param } from './build.ts'
import type { Build } from './build.ts'
import { readCursor } from './cursor.ts'
import { pathSql } from './field-sql.ts'
import { isNeverNull } from './operators.ts'
import { memoized, slotValue } from './run-values.ts'
import type { Run } from './run-values.ts'
import type { JoinedSource } from './sources.ts'
import { falseSql } from './table-ref.ts'

export interface OrderTerm {
  readonly field: FieldDef
  readonly sql: string
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
  readonly neverNull: boolean
}

export function orderTerms(build: Build, source: JoinedSource, list: ListQuery): OrderTerm[] {
  const terms = list.orderBy.map((order) => orderTerm(build, source, order))
  const unique = list.orderBy.findIndex((order) => order.path.length === 1 && order.path[0] === 'Id')
  if (unique >= 0) return terms.slice(0, unique + 1)
  return [
    ...terms,
    orderTerm(build, source, { path: ['Id'], direction: terms.at(-1)?.direction ?? 'asc', nulls: 'last' }),
  ]
}

function orderTerm(build: Build, source: JoinedSource, order: Order): OrderTerm {
  const { field, sql, own } = pathSql(build, source, order.path)
  return { field, sql, direction: order.direction, nulls: order.nulls, neverNull: own && isNeverNull(field) }
}

const opposite = { asc: 'desc', desc: 'asc', first: 'last', last: 'first' } as const

export const reversed = (terms: readonly OrderTerm[]): OrderTerm[] =>
  terms.map((term) => ({ ...term, direction: opposite[term.direction], nulls: opposite[term.nulls] }))

/** Nulls are named only where there may be some and the database would not put them there by itself, so that an index still gives the order. */
export function orderBy(
  build: Build,
  terms: readonly OrderTerm[],
  column: (term: OrderTerm, i: number) => string,
): string {
  const own = (direction: 'asc' | 'desc'): 'first' | 'last' =>
    (direction === 'asc') === (build.dialect === 'sqlite') ? 'first' : 'last'
  const text = (term: OrderTerm, i: number): string =>
    `${column(term, i)} ${term.direction}${term.neverNull || term.nulls === own(term.direction) ? '' : ` nulls ${term.nulls}`}`
  return `order by ${terms.map(text).join(', ')}`
}

const MOVES = ['NOW', 'TIMENOW', 'TODAY']

/** Sorted by what moves with the time of day: a cursor holds the instant too, and the pages behind it are of that instant, so that no row is passed over. */
export const isMoving = (terms: readonly OrderTerm[]): boolean =>
  terms.some(({ field }) => field.computed ?? MOVES.some((name) => field.formula?.analysis.functions.has(name)))

/** What a cursor holds: the values of the terms and, if they move, the instant. */
export const cursorValues = (
  run: Run,
  cursor: Slot,
  terms: readonly OrderTerm[],
  signature: string,
): readonly Value[] =>
  memoized(run, cursor, () =>
    readCursor(run, signature, slotValue(cursor, run), terms.length + Number(isMoving(terms))),
  )

/** What a cursor is signed for. */
export const orderSignature = (object: ObjectDef, list: ListQuery): string =>
  JSON.stringify([object.id, ...list.orderBy.map((order) => [order.path.join('.'), order.direction, order.nulls])])

/** Rows strictly after the cursor's record in this order. */
export function afterCursor(build: Build, terms: readonly OrderTerm[], cursor: Slot, signature: string): string {
  const value = (run: Run, i: number): Value => cursorValues(run, cursor, terms, signature)[i] ?? null
  const bound = terms.map((term, i) => cursorValue(build, term, (run) => value(run, i)))
  if (terms.length > 1 && terms.every((term) => term.neverNull && term.direction === terms[0]!.direction))
    return rowAfter(terms, bound)
  return afterFrom(build, terms, bound, 0)
}

function cursorValue(build: Build, term: OrderTerm, value: (run: Run) => Value): string | undefined {
  if (!term.neverNull && decide(build, (run) => value(run) === null)) return undefined
  return comparable(
    term.field,
    build.dialect,
    param(build, (run) => bindValue(term.field, build.dialect, value(run)), castOf(term.field)),
  )
}

const rowAfter = (terms: readonly OrderTerm[], bound: readonly (string | undefined)[]): string =>
  `(${terms.map((term) => term.sql).join(', ')}) ${terms[0]!.direction === 'asc' ? '>' : '<'} (${bound.join(', ')})`

function afterFrom(
  build: Build,
  terms: readonly OrderTerm[],
  bound: readonly (string | undefined)[],
  i: number,
): string {
  const term = terms[i]!
  const later = laterThan(build, term, bound[i])
  if (i === terms.length - 1) return later
  const equal = bound[i] === undefined ? `${term.sql} is null` : `${term.sql} = ${bound[i]}`
  return `(${later} or (${equal} and ${afterFrom(build, terms, bound, i + 1)}))`
}

function laterThan(build: Build, term: OrderTerm, value: string | undefined): string {
  if (value === undefined) return term.nulls === 'first' ? `${term.sql} is not null` : falseSql(build)
  const beyond = `${term.sql} ${term.direction === 'asc' ? '>' : '<'} ${value}`
  return term.nulls === 'last' && !term.neverNull ? `(${beyond} or ${term.sql} is null)` : beyond
}
