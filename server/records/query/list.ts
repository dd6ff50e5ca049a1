/** A list as a connection: one ordered, limited select of bare columns; around it the JSON, which must be built outside the sorter. */
import type { FieldDef, ObjectDef } from '#metadata'
import type { Instant, Value } from '#util'
import { selectJson } from '../codec.ts'
import type { ConnectionPart, ListQuery } from '../query-tree.ts'
import { quote } from '#database'
import { alias, decide, param } from './build.ts'
import type { Build } from './build.ts'
import { writeCursor } from './cursor.ts'
import { mark } from './marks.ts'
import { afterCursor, cursorValues, isMoving, orderBy, orderSignature, orderTerms, reversed } from './order.ts'
import type { OrderTerm } from './order.ts'
import { given, isBackward, MAX_COUNT, pageSize } from './page.ts'
import { printerOf } from './printer.ts'
import type { Pair } from './printer.ts'
import { selectionPairs } from './selection.ts'
import type { Run } from './run-values.ts'
import { columnOf, fromObject, idOf } from './sources.ts'
import type { From, Source } from './sources.ts'
import { compileWhere } from './where.ts'

/** The records of one parent row. */
interface Below {
  readonly field: FieldDef
  readonly parent: Source
}

export function childConnection(build: Build, parent: Source, relationship: string, list: ListQuery): string {
  const child = parent.object.children.get(relationship)!
  const object = build.catalog.objects.get(child.object)!
  return connection(build, object, list, { field: object.field(child.field)!, parent })
}

/** SQL text of the connection's JSON. */
export function connection(build: Build, object: ObjectDef, list: ListQuery, below?: Below): string {
  const page = openPage(build, object, list, below)
  const pairs = list.select.map((part) => ({ key: part.key, sql: connectionPart(page, part) }))
  const json = printerOf(build.dialect).inline(pairs)
  return page.shared ? `(with ${page.name} as materialized (${page.inner()}) select ${json})` : json
}

interface Page {
  readonly build: Build
  readonly object: ObjectDef
  readonly list: ListQuery
  readonly below?: Below
  readonly terms: readonly OrderTerm[]
  readonly backward: boolean
  /** The rows are used more than once: they stand in a common table expression with one row more than the page, which tells whether there are more. */
  readonly shared: boolean
  readonly name: string
  readonly limit: string
  /** A row of the page; columns it is asked for are added to the inner select. */
  readonly row: Source
  sortColumn(i: number): string
  inner(): string
}

function openPage(outer: Build, object: ObjectDef, list: ListQuery, below?: Below): Page {
  const instant = (run: Run): Instant => pageInstant(object, list, terms, run)
  const build = list.page.after || list.page.before ? { ...outer, instant } : outer
  const from = rowsOf(build, object, list, below)
  const terms = orderTerms(build, from.source, list)
  const backward = decide(build, (run) => isBackward(list, run))
  const shared = needsMore(list)
  const columns = new Map<string, string>()
  const row = rowSource(build, object, from, columns)
  addCursors(build, object, list, from, terms)
  const limit = rows(build, list, 0)
  const innerLimit = shared ? rows(build, list, 1) : limit
  const sortColumn = (i: number): string => {
    columns.set(`$${i}`, terms[i]!.sql)
    return quote(`$${i}`)
  }
  const inner = (): string => {
    const order = orderBy(build, backward ? reversed(terms) : terms, (term) => term.sql)
    const selected = [...columns].map(([name, sql]) => `${sql} as ${quote(name)}`)
    return `select ${selected.join(', ') || '1 as one'} ${from.text()} ${order} limit ${innerLimit}`
  }
  return { build, object, list, below, terms, backward, shared, name: alias(build), limit, row, sortColumn, inner }
}

/** Of the first page, which those behind it go on from. */
function pageInstant(object: ObjectDef, list: ListQuery, terms: readonly OrderTerm[], run: Run): Instant {
  const cursor = [list.page.after, list.page.before].find((slot) => slot && given(slot, run))
  if (!cursor || !isMoving(terms)) return run.context.now
  return Number(cursorValues(run, cursor, terms, orderSignature(object, list)).at(-1))
}

/** A size that the document fixes is written out: without it PostgreSQL counts on a tenth of the table, and so plans anew each time. */
function rows(build: Build, list: ListQuery, more: number): string {
  const fixed = [list.page.first, list.page.last].every((slot) => slot === undefined || 'constant' in slot)
  return fixed ? String(pageSize(list, build.run) + more) : param(build, (run) => pageSize(list, run) + more, 'bigint')
}

function rowsOf(build: Build, object: ObjectDef, list: ListQuery, below: Below | undefined): From {
  const from = fromObject(build, object, { deleted: list.deleted, through: below?.field })
  if (below) from.conditions.unshift(`${columnOf(from.source, below.field)} = ${idOf(below.parent)}`)
  if (list.where) from.conditions.push(`(${compileWhere(build, from.source, list.where)})`)
  return from
}

const arrays = (list: ListQuery): ConnectionPart[] =>
  list.select.filter((part) => part.kind === 'nodes' || part.kind === 'edges')

function needsMore(list: ListQuery): boolean {
  return arrays(list).length > 1 || list.select.some((part) => part.kind === 'pageInfo')
}

function rowSource(build: Build, object: ObjectDef, from: From, columns: Map<string, string>): Source {
  const name = alias(build)
  const column = (physicalName: string): string => {
    columns.set(physicalName, from.source.column(physicalName))
    return `${name}.${quote(physicalName)}`
  }
  return { object, alias: name, column }
}

function addCursors(build: Build, object: ObjectDef, list: ListQuery, from: From, terms: readonly OrderTerm[]): void {
  const signature = orderSignature(object, list)
  const { after, before } = list.page
  if (after && decide(build, (run) => given(after, run)))
    from.conditions.push(afterCursor(build, terms, after, signature))
  if (before && decide(build, (run) => given(before, run)))
    from.conditions.push(afterCursor(build, reversed(terms), before, signature))
}

function connectionPart(page: Page, part: ConnectionPart): string {
  const printer = printerOf(page.build.dialect)
  switch (part.kind) {
    case 'nodes':
      return printer.array(selectionPairs(page.build, page.row, part.select), fromPage(page))
    case 'edges':
      return printer.array(edgePairs(page, part.parts), fromPage(page))
    case 'pageInfo':
      return printer.inline(part.parts.map((each) => ({ key: each.key, sql: pageInfo(page, each) })))
    case 'totalCount':
      return totalCount(page)
    case 'constant':
      return printer.constant(part.value)
  }
}

/** `from` text that gives the rows of the page in the list's own order; read after the row's columns have been asked for. */
function fromPage(page: Page): string {
  const again = page.backward ? sorted(page, page.terms) : ''
  const rows = page.shared ? pageRows(page) : page.inner()
  return `from (${again ? `select * from (${rows}) q ${again}` : rows}) ${page.row.alias}`
}

const sorted = (page: Page, terms: readonly OrderTerm[]): string =>
  orderBy(page.build, terms, (_term, i) => page.sortColumn(i))

const innerTerms = (page: Page): readonly OrderTerm[] => (page.backward ? reversed(page.terms) : page.terms)

/** The shared rows without the one too many. Ordered again, because a limit without an order may keep any rows, and SQLite makes use of that. */
const pageRows = (page: Page): string =>
  `select * from ${page.name} ${sorted(page, innerTerms(page))} limit ${page.limit}`

type EdgePart = Extract<ConnectionPart, { kind: 'edges' }>['parts'][number]

function edgePairs(page: Page, parts: readonly EdgePart[]): Pair[] {
  return parts.map((part) => {
    if (part.kind === 'cursor') return { key: part.key, sql: cursor(page) }
    if (part.kind === 'constant') return { key: part.key, sql: printerOf(page.build.dialect).constant(part.value) }
    return {
      key: part.key,
      sql: printerOf(page.build.dialect).inline(selectionPairs(page.build, page.row, part.select)),
    }
  })
}

function cursor(page: Page): string {
  const { build, terms } = page
  const signature = orderSignature(page.object, page.list)
  const values = terms.map((term, i) => {
    page.sortColumn(i)
    return selectJson(build.dialect, { ...term.field, column: `$${i}` }, page.row.alias)
  })
  const instant = (run: Run): Value[] => (isMoving(terms) ? [pageInstant(page.object, page.list, terms, run)] : [])
  return mark(build, (inputs, run) => writeCursor(run, signature, [...inputs, ...instant(run)]), values)
}

type PageInfoPart = Extract<ConnectionPart, { kind: 'pageInfo' }>['parts'][number]

/** Forward: whether there is a row before the page is told by the cursor alone, as Relay allows; backward likewise for the row after. */
function pageInfo(page: Page, part: PageInfoPart): string {
  const { build, backward } = page
  const { after, before } = page.list.page
  switch (part.kind) {
    case 'hasNextPage':
      return backward
        ? flag(
            build,
            decide(build, (run) => given(before, run)),
          )
        : hasMore(page)
    case 'hasPreviousPage':
      return backward
        ? hasMore(page)
        : flag(
            build,
            decide(build, (run) => given(after, run)),
          )
    case 'startCursor':
      return backward ? lastCursor(page) : firstCursor(page)
    case 'endCursor':
      return backward ? firstCursor(page) : lastCursor(page)
    case 'constant':
      return printerOf(build.dialect).constant(part.value)
  }
}

const flag = (build: Build, value: boolean): string => printerOf(build.dialect).constant(value)

function hasMore(page: Page): string {
  const more = `(select count(*) from ${page.name}) > ${page.limit}`
  return page.build.dialect === 'sqlite' ? `json(iif(${more}, 'true', 'false'))` : `(${more})`
}

/** Of the first row that the inner select gave. */
const firstCursor = (page: Page): string => cursorOf(page, innerTerms(page))
const lastCursor = (page: Page): string => cursorOf(page, reversed(innerTerms(page)))

function cursorOf(page: Page, terms: readonly OrderTerm[]): string {
  const text = cursor(page)
  return `(select ${text} from (${pageRows(page)}) ${page.row.alias} ${sorted(page, terms)} limit 1)`
}

function totalCount(page: Page): string {
  const from = rowsOf(page.build, page.object, page.list, page.below)
  return `(select count(*) from (select 1 ${from.text()} limit ${MAX_COUNT}) q)`
}
