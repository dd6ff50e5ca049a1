import type { FieldDef, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import type { AggregateQuery, Having } from '../../query-tree.ts'
import { averageDigits } from '../measures.ts'
import { slotValue } from '../run-values.ts'
import { pathValue } from './reference.ts'
import type { Reference } from './reference.ts'
import { compareValues, DIGITS, toBig } from './reference-values.ts'
import { holds } from './reference-where.ts'

type Part = AggregateQuery['select'][number]
interface Group {
  readonly keys: readonly Value[]
  readonly rows: Row[]
}

export function aggregate(world: Reference, object: ObjectDef, query: AggregateQuery, rows: readonly Row[]): unknown {
  const groups = new Map<string, Group>(query.groupBy.length === 0 ? [['[]', { keys: [], rows: [] }]] : [])
  for (const row of rows.filter((each) => !query.where || holds(world, object, each, query.where))) {
    const keys = query.groupBy.map((group) =>
      bucketed(world, pathValue(world, object, row, group.path).value, group.by),
    )
    const key = JSON.stringify(keys)
    if (!groups.has(key)) groups.set(key, { keys, rows: [] })
    groups.get(key)!.rows.push(row)
  }
  const fields = query.groupBy.map((group) =>
    group.by ? { storage: 'text' as const, scale: 0 } : pathValue(world, object, {}, group.path).field,
  )
  const wanted = [...groups.values()].filter((group) => !query.having || groupHolds(world, object, group, query.having))
  const sorted = wanted.toSorted((a, b) => compareKeys(fields, a.keys, b.keys))
  const limit = query.first ? Number(slotValue(query.first, world.run) ?? 2000) : 2000
  return sorted
    .slice(0, limit)
    .map((group) => Object.fromEntries(query.select.map((part) => [part.key, partOf(world, object, group, part)])))
}

function compareKeys(
  fields: readonly Pick<FieldDef, 'storage' | 'scale'>[],
  a: readonly Value[],
  b: readonly Value[],
): number {
  for (const [i, field] of fields.entries()) {
    const [x, y] = [a[i]!, b[i]!]
    if (x === null && y === null) continue
    if (x === null || y === null) return x === null ? 1 : -1
    const order = compareValues(field, x, y)
    if (order !== 0) return order
  }
  return 0
}

function bucketed(world: Reference, value: Value, by: string | undefined): Value {
  if (!by || value === null) return value
  const text = String(value)
  const zone = world.run.context.timeZone
  if (by === 'HOUR') return hourOf(text, zone)
  const day = text.length === 10 ? text : new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(text))
  const [year, month] = [day.slice(0, 4), Number(day.slice(5, 7))]
  if (by === 'YEAR') return `${year}-01-01`
  if (by === 'MONTH') return `${day.slice(0, 7)}-01`
  if (by === 'QUARTER') return `${year}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`
  if (by === 'DAY') return day
  const date = new Date(`${day}T00:00:00Z`)
  return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000).toISOString().slice(0, 10)
}

function hourOf(text: string, zone: string): string {
  const minutes = Number(new Intl.DateTimeFormat('en-US', { timeZone: zone, minute: 'numeric' }).format(new Date(text)))
  const instant = Math.floor(Date.parse(text) / 60_000) - minutes
  return new Date(instant * 60_000).toISOString()
}

function partOf(world: Reference, object: ObjectDef, group: Group, part: Part): unknown {
  if (part.kind === 'constant') return part.value
  if (part.kind === 'count') return group.rows.length
  if (part.kind === 'group') return Object.fromEntries(part.parts.map((each) => [each.key, group.keys[each.group]]))
  const valuesOf = (name: string): Value[] =>
    group.rows.map((row) => row[name] ?? null).filter((value) => value !== null)
  if (part.kind === 'percentile')
    return percentile(object.field(part.field)!, valuesOf(part.field), Number(slotValue(part.p, world.run)))
  return Object.fromEntries(
    part.parts.map((each) => [each.key, measure(part.kind, object.field(each.field)!, valuesOf(each.field))]),
  )
}

const sortedBy = (field: FieldDef, values: readonly Value[]): Value[] =>
  values.toSorted((a, b) => compareValues(field, a, b))

const percentile = (field: FieldDef, values: readonly Value[], p: number): Value =>
  sortedBy(field, values)[Math.max(1, Math.ceil(p * values.length)) - 1] ?? null

function measure(kind: string, field: FieldDef, values: readonly Value[]): Value {
  if (values.length === 0) return null
  const sorted = sortedBy(field, values)
  if (kind === 'min') return sorted[0]!
  if (kind === 'max') return sorted.at(-1)!
  const sum = values.map(toBig).reduce((a, b) => a + b, 0n)
  const scale = field.storage === 'decimal' ? field.scale : 0
  return kind === 'sum'
    ? printed(field, sum, scale)
    : printed(field, rounded(sum, BigInt(values.length), scale + averageDigits(field)), scale + averageDigits(field))
}

/** Written down anew: as numbers, with blanks failing every comparison. */
function groupHolds(world: Reference, object: ObjectDef, group: Group, having: Having): boolean {
  if (having.kind === 'not') return !groupHolds(world, object, group, having.of)
  if (having.kind !== 'compare')
    return having.of[having.kind === 'and' ? 'every' : 'some']((each) => groupHolds(world, object, group, each))
  const values = group.rows.map((row) => row[having.field ?? ''] ?? null).filter((value) => value !== null)
  const got =
    having.measure === 'count' ? group.rows.length : measure(having.measure, object.field(having.field!)!, values)
  const wanted = Number(slotValue(having.value, world.run))
  if (having.operator === 'isNull') return (got === null) === Boolean(slotValue(having.value, world.run))
  if (got === null) return having.operator === 'ne'
  const order = Math.sign(Number(got) - wanted)
  return { eq: order === 0, ne: order !== 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[having.operator as 'eq'] // prettier-ignore
}

/** sum / count, rounded half away from zero to `digits`. */
function rounded(sum: bigint, count: bigint, digits: number): bigint {
  const unit = 10n ** BigInt(DIGITS - digits)
  const magnitude = ((sum < 0n ? -sum : sum) * 2n + count * unit) / (2n * count * unit)
  return (sum < 0n ? -magnitude : magnitude) * unit
}

/** A number where the field is one, its digits as text beyond 15. */
function printed(field: FieldDef, value: bigint, digits: number): Value {
  const text = (value < 0n ? -value : value).toString().padStart(DIGITS + 1, '0')
  const cut =
    digits === 0 ? text.slice(0, -DIGITS) : `${text.slice(0, -DIGITS)}.${text.slice(-DIGITS).slice(0, digits)}`
  const signed = `${value < 0n ? '-' : ''}${cut}`
  return field.precision > 15 && field.storage === 'decimal' ? signed : Number(signed)
}
