/** What one compilation of a query collects: parameters in order, table aliases, what it decided from the values at hand, and the marks to replace in the text. */
import type { Catalog } from '#metadata'
import type { Dialect, SqlValue } from '#database'
import type { Permissions } from '../access-types.ts'
import type { AuthorizedQuery } from '../access/authorized.ts'
import type { Instant } from '#util'
import type { Mark } from './marks.ts'
import type { Run } from './run-values.ts'

export type ParamSource = (run: Run) => SqlValue
/** A question about a run's values whose answer shapes the SQL (is this one null? is there a cursor?). */
export interface Decision {
  readonly test: (run: Run) => boolean | string
  readonly answer: boolean | string
}

export interface Build {
  readonly dialect: Dialect
  readonly catalog: Catalog
  readonly permissions: Permissions
  readonly system?: string
  readonly run: Run
  readonly params: ParamSource[]
  readonly decisions: Decision[]
  readonly marks: Mark[]
  /** Inside a list, the instant of its pages; else the run's. */
  readonly instant?: (run: Run) => Instant
  /** Objects whose records are being asked whether they may be seen, outermost first: none of them is asked again below itself. */
  readonly asked: readonly string[]
  /** Shared by the builds derived from this one. */
  readonly counter: { aliases: number }
}

export const newBuild = (authorized: AuthorizedQuery, dialect: Dialect, run: Run): Build => ({
  dialect,
  catalog: authorized.catalog,
  permissions: authorized.permissions,
  system: authorized.system,
  run,
  params: [],
  decisions: [],
  marks: [],
  asked: [],
  counter: { aliases: 0 },
})

/** A placeholder: a mark that `numbered` replaces once the whole text stands, so that the order of the text does not matter and one value may be used twice. */
export function param(build: Build, source: ParamSource, cast = ''): string {
  const known = build.params.indexOf(source)
  if (known < 0) build.params.push(source)
  const n = known < 0 ? build.params.length - 1 : known
  return `${MARK}${n}${MARK}${cast && build.dialect === 'postgres' ? `::${cast}` : ''}`
}

const MARK = '\u0002'
const MARKS = /\u0002(\d+)\u0002/g

/** The text with the dialect's own numbered placeholders, and the sources in that order; those that the text does not use are left out. */
export function numbered(build: Build, text: string): { sql: string; params: ParamSource[] } {
  const order: number[] = []
  const sql = text.replace(MARKS, (_mark, n: string) => {
    if (!order.includes(Number(n))) order.push(Number(n))
    return `${build.dialect === 'sqlite' ? '?' : '$'}${order.indexOf(Number(n)) + 1}`
  })
  return { sql, params: order.map((n) => build.params[n]!) }
}

/** Answers from the run at hand and remembers the question: another run with another answer gets another text. */
export function decide<T extends boolean | string>(build: Build, test: (run: Run) => T): T {
  const answer = test(build.run)
  build.decisions.push({ test, answer })
  return answer
}

export const runInstant = (run: Run): Instant => run.context.now

export const alias = (build: Build): string => `t${++build.counter.aliases}`
export const literal = (text: string): string => `'${text.replaceAll(MARK, '').replaceAll("'", "''")}'`

/** For what a formula reads on the way to its value: the field is what was granted, not the fields it is made of. */
export const asFormula = (build: Build): Build => ({ ...build, system: 'formula' })
