/** What a query means, said a second time and as plainly as possible: over rows in memory, one rule after the other, with no thought of SQL. */
import type { Catalog, FieldDef, ObjectDef } from '#metadata'
import type { Row, Value } from '#util'
import type { Permissions } from '../../access-types.ts'
import type { ConnectionPart, ListQuery, Query, Selected, Selection, Slot } from '../../query-tree.ts'
import { readCursor, writeCursor } from '../cursor.ts'
import { newRun, slotValue } from '../run-values.ts'
import { storageOf } from '../operators.ts'
import type { QueryContext, Run, Variables } from '../run-values.ts'
import { aggregate } from './reference-aggregate.ts'
import { compareValues } from './reference-values.ts'
import { holds } from './reference-where.ts'
import type { World } from './world.ts'

export interface Reference {
  readonly catalog: Catalog
  readonly permissions: Permissions
  readonly world: World
  readonly run: Run
}

export type Given = Omit<Reference, 'run'> & { readonly variables: Variables; readonly context: QueryContext }

export function reference(query: Query, given: Given): unknown {
  const world: Reference = { ...given, run: newRun(given.variables, given.context) }
  const object = given.catalog.objects.get(query.object)!
  if (query.kind === 'list') return connection(world, object, query, visibleRows(world, object, query.deleted))
  if (query.kind === 'aggregate') return aggregate(world, object, query, visibleRows(world, object))
  const id = slotValue(query.id, world.run)
  const row = visibleRows(world, object).find((each) => each.Id === id)
  return row ? selection(world, object, row, query.select) : null
}

/** `through`: the reference by which the rows are reached from a visible record, which settles its rule, also in the recycle bin. */
const visibleRows = (
  world: Reference,
  object: ObjectDef,
  deleted: ListQuery['deleted'] = 'exclude',
  through?: string,
): Row[] => (world.world[object.name] ?? []).filter((row) => isVisible(world, object, row, deleted === 'only', through))

function isVisible(world: Reference, object: ObjectDef, row: Row, inBin: boolean, through?: string): boolean {
  if (row.IsDeleted !== inBin) return false
  if (inBin && world.permissions.all !== 'modify' && row.LastModifiedById !== world.run.context.userId) return false
  const rules = object.fields.filter((field) => field.reference?.masterDetail || field.name === object.accessFrom?.name)
  if (!rules.every((field) => field.name === through || parentOf(world, field, row, true))) return false
  const filter = world.permissions.rowFilter?.(object.name)
  return !filter || holds(world, object, row, filter)
}

/** The visible record that a reference names. `readable`: only of an object that the caller may read. */
export function parentOf(
  world: Reference,
  field: FieldDef,
  row: Row,
  readable = false,
): { object: ObjectDef; row: Row } | undefined {
  const object = world.catalog.objectByKeyPrefix(String(row[field.name] ?? '').slice(0, 3))
  if (!object || (readable && !world.permissions.object(object.name).read)) return undefined
  const found = visibleRows(world, object).find((each) => each.Id === row[field.name])
  return found && { object, row: found }
}

export function childrenOf(
  world: Reference,
  object: ObjectDef,
  row: Row,
  relationship: string,
  deleted?: ListQuery['deleted'],
): { object: ObjectDef; rows: Row[] } {
  const child = object.children.get(relationship)!
  const childObject = world.catalog.objects.get(child.object)!
  return {
    object: childObject,
    rows: visibleRows(world, childObject, deleted, child.field).filter((each) => each[child.field] === row.Id),
  }
}

/** A formula field is evaluated over what it reads; it reads what its caller may not, but nothing deleted. */
export function fieldValue(world: Reference, object: ObjectDef, row: Row, name: string): Value {
  const { formula, type } = object.field(name)!
  if (type !== 'Formula') return row[name] ?? null
  const record = Object.assign(
    Object.create(null) as Record<string, Value>,
    Object.fromEntries(formula!.paths.map((path) => [path, readPath(world, object, row, path.split('.'))])),
  )
  const { now, timeZone } = world.run.context
  const result = formula!.evaluate({ record, now, timeZone })
  return result.ok ? result.value : null
}

function readPath(world: Reference, object: ObjectDef, row: Row, path: readonly string[]): Value {
  const [head = '', ...rest] = path
  if (rest.length === 0) return row[head] ?? null
  const reference = object.parent(head)!
  const target = world.catalog.objects.get(reference.reference!.to[0]!)!
  const parent = (world.world[target.name] ?? []).find((each) => each.Id === row[reference.name] && !each.IsDeleted)
  return parent ? readPath(world, target, parent, rest) : null
}

const comparableField = (field: FieldDef): FieldDef =>
  field.type === 'Formula' ? { ...field, storage: storageOf(field) } : field

/** The value at the end of a path; blank where a parent is missing. */
export function pathValue(
  world: Reference,
  object: ObjectDef,
  row: Row,
  path: readonly string[],
): { value: Value; field: FieldDef } {
  const [head = '', ...rest] = path
  if (rest.length === 0)
    return { value: fieldValue(world, object, row, head), field: comparableField(object.field(head)!) }
  const reference = object.parent(head)!
  const parent = parentOf(world, reference, row)
  if (parent) return pathValue(world, parent.object, parent.row, rest)
  const target = world.catalog.objects.get(reference.reference!.to[0]!)!
  return { ...pathValue(world, target, {}, rest), value: null }
}

function selection(world: Reference, object: ObjectDef, row: Row, select: Selection): unknown {
  return Object.fromEntries(select.map((part) => [part.key, selected(world, object, row, part)]))
}

function selected(world: Reference, object: ObjectDef, row: Row, part: Selected): unknown {
  if (part.kind === 'constant') return part.value
  if (part.kind === 'field') return fieldValue(world, object, row, part.field)
  if (part.kind === 'parent') {
    const parent = parentOf(world, object.parent(part.relationship)!, row)
    const type = part.types.find((each) => each.object === parent?.object.name)
    return parent && type ? selection(world, parent.object, parent.row, type.select) : null
  }
  if (part.kind === 'display') throw new Error('Display values have their own tests')
  const below = childrenOf(world, object, row, part.relationship, part.query.deleted)
  return connection(world, below.object, part.query, below.rows)
}

type Term = { readonly path: readonly string[]; readonly sign: number; readonly nullsFirst: boolean }

function termsOf(list: ListQuery): Term[] {
  const terms = list.orderBy.map((order) => ({
    path: order.path,
    sign: order.direction === 'asc' ? 1 : -1,
    nullsFirst: order.nulls === 'first',
  }))
  const end = terms.findIndex((term) => term.path.join() === 'Id')
  return end >= 0
    ? terms.slice(0, end + 1)
    : [...terms, { path: ['Id'], sign: terms.at(-1)?.sign ?? 1, nullsFirst: false }]
}

interface Ranked {
  readonly row: Row
  readonly keys: readonly { readonly value: Value; readonly field: FieldDef }[]
}

function compareRows(terms: readonly Term[], a: Ranked['keys'], b: Ranked['keys']): number {
  for (const [i, term] of terms.entries()) {
    const [x, y] = [a[i]!.value, b[i]!.value]
    if (x === null && y === null) continue
    if (x === null || y === null) return (x === null) === term.nullsFirst ? -1 : 1
    const order = compareValues(a[i]!.field, x, y) * term.sign
    if (order !== 0) return order
  }
  return 0
}

function connection(world: Reference, object: ObjectDef, list: ListQuery, rows: readonly Row[]): unknown {
  const terms = termsOf(list)
  const fitting = rows.filter((row) => !list.where || holds(world, object, row, list.where))
  const ranked = fitting.map((row): Ranked => ({
    row,
    keys: terms.map((term) => pathValue(world, object, row, term.path)),
  }))
  const sorted = ranked.toSorted((a, b) => compareRows(terms, a.keys, b.keys))
  const page = pageOf(world, object, list, sorted, terms)
  return Object.fromEntries(
    list.select.map((part) => [part.key, connectionPart(world, object, list, page, fitting.length, part)]),
  )
}

interface Page {
  readonly rows: readonly Ranked[]
  readonly more: boolean
  readonly backward: boolean
  readonly after: boolean
  readonly before: boolean
}

function pageOf(
  world: Reference,
  object: ObjectDef,
  list: ListQuery,
  sorted: readonly Ranked[],
  terms: readonly Term[],
): Page {
  const value = (slot: Slot | undefined): Value => (slot ? slotValue(slot, world.run) : null)
  const at = (slot: Slot | undefined): Ranked['keys'] | undefined =>
    value(slot) === null
      ? undefined
      : readCursor(world.run, signature(object, list), value(slot), terms.length).map((v, i) => ({
          value: v,
          field: pathValue(world, object, {}, terms[i]!.path).field,
        }))
  const [after, before] = [at(list.page.after), at(list.page.before)]
  const between = sorted.filter(
    (each) =>
      (!after || compareRows(terms, each.keys, after) > 0) && (!before || compareRows(terms, each.keys, before) < 0),
  )
  const backward = value(list.page.last) !== null
  const size = Number(value(list.page.last) ?? value(list.page.first) ?? 50)
  const rows = backward ? between.slice(Math.max(0, between.length - size)) : between.slice(0, size)
  return { rows, more: between.length > size, backward, after: after !== undefined, before: before !== undefined }
}

/** A number that a formula gives goes into a cursor with all its digits. */
const cursorValue = ({ value, field }: Ranked['keys'][number]): Value =>
  field.type === 'Formula' && typeof value === 'number' ? value.toFixed(field.scale) : value

const signature = (object: ObjectDef, list: ListQuery): string =>
  JSON.stringify([object.id, ...list.orderBy.map((order) => [order.path.join('.'), order.direction, order.nulls])])

function connectionPart(
  world: Reference,
  object: ObjectDef,
  list: ListQuery,
  page: Page,
  count: number,
  part: ConnectionPart,
): unknown {
  const cursor = (ranked: Ranked | undefined): string | null =>
    ranked ? writeCursor(world.run, signature(object, list), ranked.keys.map(cursorValue)) : null
  if (part.kind === 'constant') return part.value
  if (part.kind === 'totalCount') return count
  if (part.kind === 'nodes') return page.rows.map(({ row }) => selection(world, object, row, part.select))
  if (part.kind === 'edges')
    return page.rows.map((ranked) =>
      Object.fromEntries(
        part.parts.map((each) => [
          each.key,
          each.kind === 'cursor'
            ? cursor(ranked)
            : each.kind === 'constant'
              ? each.value
              : selection(world, object, ranked.row, each.select),
        ]),
      ),
    )
  const info = {
    hasNextPage: page.backward ? page.before : page.more,
    hasPreviousPage: page.backward ? page.more : page.after,
    startCursor: cursor(page.rows[0]),
    endCursor: cursor(page.rows.at(-1)),
  }
  return Object.fromEntries(
    part.parts.map((each) => [each.key, each.kind === 'constant' ? each.value : info[each.kind]]),
  )
}
