/**
 * AuthorizedQuery → CompiledQuery: one SQL statement whose one row has one column, `json`, with the text in the asked shape.
 * Some values shape the SQL (a comparison with null, whether there is a cursor): the compiler remembers what it decided from them, and a run with other
 * answers gets its own variant, compiled once. So a plan may be kept by document and needs no knowledge of its variables.
 */
import type { Dialect, SqlValue } from '#database'
import type { AuthorizedQuery } from '../access/authorized.ts'
import type { Query } from '../query-tree.ts'
import { aggregateJson } from './aggregate.ts'
import { newBuild, numbered, param } from './build.ts'
import type { Build, Decision, ParamSource } from './build.ts'
import { checkBudget, costOf, DEFAULT_ROW_BUDGET } from './cost.ts'
import type { Cost } from './cost.ts'
import { QueryError } from './errors.ts'
import { connection } from './list.ts'
import { finishMarks } from './marks.ts'
import type { Mark } from './marks.ts'
import { printerOf } from './printer.ts'
import { newRun, slotValue } from './run-values.ts'
import type { QueryContext, Run, Variables } from './run-values.ts'
import { selectionPairs } from './selection.ts'
import { fromObject, idOf } from './sources.ts'

export interface Statement {
  readonly sql: string
  readonly params: readonly SqlValue[]
  /** Puts the values that SQL could not finish into the text that it gave. */
  finish(text: string): string
}

export interface CompiledQuery {
  readonly dialect: Dialect
  /** The most rows that the query may print with these variables. Throws QueryError for impossible page sizes. */
  cost(variables: Variables): Cost
  /** Throws QueryError when a value does not fit: its finding is for the caller. */
  statement(variables: Variables, context: QueryContext): Statement
}

export interface CompileOptions {
  /** Rows that one run may print; default 250,000. */
  readonly rowBudget?: number
}

interface Variant {
  readonly sql: string
  readonly params: readonly ParamSource[]
  readonly decisions: readonly Decision[]
  readonly marks: readonly Mark[]
}

const MAX_VARIANTS = 32
const NOBODY: QueryContext = { userId: '', now: 0, timeZone: 'UTC', cursorKey: '' }

export function compileQuery(
  authorized: AuthorizedQuery,
  dialect: Dialect,
  options: CompileOptions = {},
): CompiledQuery {
  const variants: Variant[] = []
  const budget = options.rowBudget ?? DEFAULT_ROW_BUDGET
  return {
    dialect,
    cost: (variables) => costOf(authorized.query, newRun(variables, NOBODY)),
    statement: (variables, context) => {
      const run = newRun(variables, context)
      checkBudget(costOf(authorized.query, run).rows, budget)
      const variant =
        variants.find((each) => fits(each, run)) ?? remember(variants, compileVariant(authorized, dialect, run))
      const params = variant.params.map((source) => source(run))
      return { sql: variant.sql, params, finish: (text) => finishMarks(text, variant.marks, run) }
    },
  }
}

const fits = (variant: Variant, run: Run): boolean =>
  variant.decisions.every(({ test, answer }) => test(run) === answer)

function remember(variants: Variant[], variant: Variant): Variant {
  variants.unshift(variant)
  if (variants.length > MAX_VARIANTS) variants.pop()
  return variant
}

function compileVariant(authorized: AuthorizedQuery, dialect: Dialect, run: Run): Variant {
  const build = newBuild(authorized, dialect, run)
  const json = rootJson(build, authorized.query)
  const text = numbered(build, `select ${dialect === 'sqlite' ? json : `(${json})::text`} as json`)
  return { ...text, decisions: build.decisions, marks: build.marks }
}

function rootJson(build: Build, query: Query): string {
  const object = build.catalog.objects.get(query.object)!
  if (query.kind === 'list') return connection(build, object, query)
  if (query.kind === 'aggregate') return aggregateJson(build, object, query)
  const from = fromObject(build, object, { deleted: query.includeDeleted ? 'include' : 'exclude' })
  from.conditions.unshift(`${idOf(from.source)} = ${param(build, (run) => idValue(slotValue(query.id, run)), 'text')}`)
  const pairs = selectionPairs(build, from.source, query.select)
  return printerOf(build.dialect).object(pairs, from.text())
}

function idValue(value: unknown): string | null {
  if (value === null) return null
  if (typeof value !== 'string' || !/^[\x20-\x7e]{0,64}$/.test(value))
    throw new QueryError('WRONG_TYPE', 'An Id is a text of 18 letters and digits.')
  return value
}
