/** Groups: the rows with what is grouped and measured in the innermost select, one row a group around it, the JSON outside. */
import type { FieldDef, ObjectDef } from '#metadata'
import { quote } from '#database'
import { selectJson } from '../codec.ts'
import type { AggregateQuery, Having } from '../query-tree.ts'
import { bucketSql, bucketStorage } from './buckets.ts'
import { alias, param } from './build.ts'
import type { Build } from './build.ts'
import { compareColumn } from './compare.ts'
import { groupLimit } from './cost.ts'
import { fieldSql, pathSql } from './field-sql.ts'
import { EXACT_DIGITS, measuredAs, measureJson, measureSql } from './measures.ts'
import type { Measure } from './measures.ts'
import { printerOf } from './printer.ts'
import type { Pair } from './printer.ts'
import { fromObject } from './sources.ts'
import type { From } from './sources.ts'
import { compileWhere } from './where.ts'

type Part = AggregateQuery['select'][number]

interface Groups {
  readonly build: Build
  readonly object: ObjectDef
  /** Group fields as they are printed: `column` is the name in the grouped rows. */
  readonly groups: readonly FieldDef[]
  /** Columns of the innermost rows by name. */
  readonly columns: Map<string, string>
  /** Columns of the grouped rows by name. */
  readonly results: Map<string, string>
  readonly from: From
  readonly row: string
}

export function aggregateJson(build: Build, object: ObjectDef, query: AggregateQuery): string {
  const from = fromObject(build, object)
  if (query.where) from.conditions.push(`(${compileWhere(build, from.source, query.where)})`)
  const columns = new Map<string, string>()
  const groups = query.groupBy.map((group, i) => groupField(build, from, columns, group, i))
  const names = groups.map((_group, i) => quote(`$${i}`))
  const all: Groups = {
    build,
    object,
    groups,
    columns,
    results: new Map(names.map((name) => [name, name])),
    from,
    row: alias(build),
  }
  const pairs = query.select.map((part): Pair => ({ key: part.key, sql: partJson(all, part) }))
  const having = query.having ? ` having ${havingSql(all, query.having)}` : ''
  const grouped = groupedRows(
    all,
    names,
    having,
    param(build, (run) => groupLimit(query, run), 'bigint'),
  )
  return printerOf(build.dialect).array(pairs, `from (${grouped}) ${all.row}`)
}

function groupField(
  build: Build,
  from: From,
  columns: Map<string, string>,
  group: AggregateQuery['groupBy'][number],
  i: number,
): FieldDef {
  const { field, sql } = pathSql(build, from.source, group.path)
  columns.set(`$${i}`, group.by ? bucketSql(build, field, sql, group.by) : sql)
  const precision = field.type === 'Formula' ? EXACT_DIGITS : field.precision
  return { ...field, precision, storage: group.by ? bucketStorage(group.by) : field.storage, column: `$${i}` }
}

function groupedRows(all: Groups, names: readonly string[], having: string, limit: string): string {
  const list = (columns: Map<string, string>): string =>
    [...columns].map(([name, sql]) => `${sql} as ${name.startsWith('"') ? name : quote(name)}`).join(', ')
  const rows = `select ${list(all.columns) || '1 as one'} ${all.from.text()}`
  const by =
    names.length > 0
      ? ` group by ${names.join(', ')}${having} order by ${names.map((name) => `${name} asc nulls last`).join(', ')} limit ${limit}`
      : ''
  return `select ${list(all.results) || '1 as one'} from (${ranked(all, rows, names)}) m${by || `${having} limit ${limit}`}`
}

/** SQLite has no percentile: each measured value gets its rank among those of its group. */
function ranked(all: Groups, rows: string, names: readonly string[]): string {
  const measured = [...all.columns.keys()].filter((name) => name.startsWith('r:')).map((name) => name.slice(2))
  if (measured.length === 0) return rows
  const partition = names.length > 0 ? `partition by ${names.join(', ')}` : ''
  const ranks = measured.map(
    (name) =>
      `row_number() over (${partition} order by ${quote(name)} nulls last) as ${quote(`rank ${name}`)}, count(${quote(name)}) over (${partition}) as ${quote(`of ${name}`)}`,
  )
  return `select *, ${ranks.join(', ')} from (${rows}) w`
}

function partJson(all: Groups, part: Part): string {
  const printer = printerOf(all.build.dialect)
  if (part.kind === 'constant') return printer.constant(part.value)
  if (part.kind === 'group')
    return printer.inline(part.parts.map((each) => ({ key: each.key, sql: groupJson(all, each.group) })))
  if (part.kind === 'count') return result(all, 'count', 'count(*)')
  if (part.kind === 'percentile')
    return measured(all, { kind: 'percentile', field: all.object.field(part.field)!, p: part.p })
  return printer.inline(
    part.parts.map((each) => ({
      key: each.key,
      sql: measured(all, { kind: part.kind, field: all.object.field(each.field)! }),
    })),
  )
}

const groupJson = (all: Groups, i: number): string => selectJson(all.build.dialect, all.groups[i]!, all.row)

function result(all: Groups, name: string, sql: string): string {
  all.results.set(quote(name), sql)
  return `${all.row}.${quote(name)}`
}

/** A predicate on what is measured of a group. */
function havingSql(all: Groups, having: Having): string {
  if (having.kind === 'not') return `(${havingSql(all, having.of)}) is not true`
  if (having.kind !== 'compare')
    return having.of.length === 0
      ? having.kind === 'and'
        ? '1 = 1'
        : '1 = 0'
      : `(${having.of.map((each) => havingSql(all, each)).join(` ${having.kind} `)})`
  if (having.measure === 'count' || having.field === undefined)
    return `(${compareColumn(all.build, all.object.field('Version')!, 'count(*)', having)})`
  const measure: Measure = { kind: having.measure, field: all.object.field(having.field)! }
  return `(${compareColumn(all.build, measuredAs(measure), `(${measureSql(all.build, measure, valueColumn(all, measure))})`, having)})`
}

/** The name of the measured value in the innermost rows. */
function valueColumn(all: Groups, measure: Measure): string {
  const column = `m:${measure.field.id}`
  all.columns.set(column, fieldSql(all.build, all.from.source, measure.field).sql)
  return column
}

function measured(all: Groups, measure: Measure): string {
  const column = valueColumn(all, measure)
  if (measure.kind === 'percentile' && all.build.dialect === 'sqlite') all.columns.set(`r:${column}`, 'null')
  const name = `${measure.kind} ${measure.field.id} ${all.results.size}`
  all.results.set(quote(name), measureSql(all.build, measure, column))
  return measureJson(all.build.dialect, measure, all.row, name)
}
