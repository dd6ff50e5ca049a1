/**
 * Fields that show a row's clock (`computed`). When the clock has stopped they are columns like others; while it runs, this is the one expression that
 * stands for them wherever a query names them. Open time comes from `open_interval`, where each version of a calendar has its open intervals with the
 * open time before each, so that a question is one look-up; outside the years kept there the answer is blank. All amounts are whole milliseconds
 * until the last step, so that both databases and the process room round alike.
 */
import { quote } from '#database'
import type { ClockDocument, ClockMeasure, FieldDef, ObjectDef } from '#metadata'
import { param, runInstant } from './build.ts'
import type { Build } from './build.ts'

/** `stored`: the bare column. Undefined for any other field. */
export function computedColumn(build: Build, object: ObjectDef, alias: string, column: string): string | undefined {
  const { clock } = object.document
  const field = clock && object.fields.find((each) => each.computed && each.column === column)
  if (!clock || !field) return undefined
  const row = rowOf(build, object, alias, clock)
  const value = inStoredForm(build, field, MEASURES[field.computed!](row))
  const running = clock.stopped.map((name) => `${row.column(name)} is null`).join(' and ')
  return `(case when ${running} then ${value} else ${alias}.${quote(column)} end)`
}

/** SQL text of what a clock is read from; instants in milliseconds. */
interface ClockRow {
  readonly build: Build
  readonly clock: ClockDocument
  readonly id: string
  readonly now: string
  column(name: string): string
  instant(name: string): string
  /** Open time before an instant. */
  open(instant: string): string
}

function rowOf(build: Build, object: ObjectDef, alias: string, clock: ClockDocument): ClockRow {
  const column = (name: string): string => `${alias}.${quote(object.field(name)!.column!)}`
  const bound = param(build, build.instant ?? runInstant, 'bigint')
  return {
    build,
    clock,
    id: column('Id'),
    // A number is bound as a double.
    now: build.dialect === 'sqlite' ? `cast(${bound} as integer)` : bound,
    column,
    instant: (name) => milliseconds(build, column(name)),
    open: (instant) =>
      `(select i.open_before + ${least(build, instant, 'i.end_at')} - i.start_at from open_interval i where i.calendar = ${column(clock.calendar)} and i.start_at <= ${instant} order by i.start_at desc limit 1)`,
  }
}

/** In milliseconds, or tenths of a percent. */
const MEASURES: { readonly [measure in ClockMeasure]: (row: ClockRow) => string } = {
  elapsed: (row) => notNegative(row.build, elapsed(row)),
  paused: (row) => paused(row),
  actualElapsed: (row) => notNegative(row.build, `${elapsed(row)} - ${paused(row)}`),
  timeRemaining: (row) => notNegative(row.build, left(row)),
  timeSinceTarget: (row) => notNegative(row.build, `-${leftUnpaused(row)}`),
  targetUsed,
}

const elapsed = (row: ClockRow): string => `(${row.open(row.now)} - ${row.open(row.instant(row.clock.start))})`

/** Open time paused since an instant; `behind`: by pauses that began behind it. Those of several sources may overlap: of each counts what lies behind all that began before it. */
function pausedOpen({ build, clock, id, now, open }: ClockRow, since: string, behind = false): string {
  const { object, through, start, end } = clock.pauses
  const pauses = build.catalog.objects.get(object)!
  const column = (name: string): string => `p.${quote(pauses.field(name)!.column!)}`
  const [from, to] = [start, end].map((name) => milliseconds(build, column(name))) as [string, string]
  const deleted = column('IsDeleted')
  const spans = `select ${open(greatest(build, from, since))} as s, ${open(least(build, `coalesce(${to}, ${now})`, now))} as e from ${quote(pauses.table)} p where ${column(through)} = ${id} and not ${deleted} and ${from} < ${now}${behind ? ` and ${from} > ${since}` : ''}`
  const after = `select e - ${greatest(build, 's', 'coalesce(max(e) over (order by s, e rows between unbounded preceding and 1 preceding), s)')} as ms from (${spans}) q`
  const total = `coalesce((select sum(ms) from (${after}) r where ms > 0), 0)`
  return build.dialect === 'sqlite' ? total : `${total}::bigint`
}

const paused = (row: ClockRow): string => pausedOpen(row, row.instant(row.clock.start))

/** Where the clock stands: a pause that began no later than the target stops it. */
function stands(row: ClockRow): string {
  const { target, pausedSince } = row.clock
  return `(case when ${row.column(pausedSince)} <= ${row.column(target)} then ${row.instant(pausedSince)} else ${row.now} end)`
}

/** Open time until the target, negative behind it. */
const left = (row: ClockRow): string => `(${row.open(row.instant(row.clock.target))} - ${row.open(stands(row))})`

/** The same, less the pauses that began behind the target: they are no lateness. */
function leftUnpaused(row: ClockRow): string {
  const target = row.instant(row.clock.target)
  return `(${left(row)} + (case when ${stands(row)} > ${target} then ${pausedOpen(row, target, true)} else 0 end))`
}

function targetUsed(row: ClockRow): string {
  const minutes = row.column(row.clock.goal)
  const goal = row.build.dialect === 'sqlite' ? `(${minutes} * 60)` : `(${minutes} * 60000)::bigint`
  const used = notNegative(row.build, `${goal} - ${leftUnpaused(row)}`)
  return `(${used} * 2000 + ${goal}) / nullif(2 * ${goal}, 0)`
}

/** Minutes with three digits, percent with one; rounded half up. On SQLite decimals lie as scaled integers. */
function inStoredForm({ dialect }: Build, { computed, scale }: FieldDef, value: string): string {
  const scaled = computed === 'targetUsed' ? `(${value})` : `((${value} + 30) / 60)`
  return dialect === 'sqlite' ? scaled : `round(${scaled}::numeric / ${10 ** scale}, ${scale})`
}

function milliseconds({ dialect }: Build, instant: string): string {
  return dialect === 'sqlite'
    ? `cast(round(unixepoch(${instant}, 'subsec') * 1000) as integer)`
    : `(extract(epoch from ${instant}) * 1000)::bigint`
}

const least = ({ dialect }: Build, a: string, b: string): string =>
  `${dialect === 'sqlite' ? 'min' : 'least'}(${a}, ${b})`
const greatest = ({ dialect }: Build, a: string, b: string): string =>
  `${dialect === 'sqlite' ? 'max' : 'greatest'}(${a}, ${b})`

/** PostgreSQL's `greatest` passes over nulls, and saying the amount twice would be looking it up twice. */
const notNegative = (build: Build, amount: string): string =>
  build.dialect === 'sqlite' ? `max(${amount}, 0)` : `nullif(greatest(coalesce(${amount}, ${UNKNOWN}), 0), ${UNKNOWN})`
const UNKNOWN = '9000000000000000000'
