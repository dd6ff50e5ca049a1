/** What a list shows and asks for, worked out from the view and the URL. Pure, so that a link always restores the same list. */
import type { FieldInfo, ListViewInfo, ObjectDetail } from '$lib/api/metadata.ts'
import { orderOf, type Order } from '$lib/api/records.ts'
import { selectionOf } from '$lib/fields/parents.ts'
import { readFilters, type Filter } from '$lib/fields/operators.ts'
import { allOf, searchWhere, whereOf, type Where } from '$lib/fields/where.ts'

export interface Sort {
  readonly field: string
  readonly direction: 'asc' | 'desc'
}
export interface ListState {
  readonly view: ListViewInfo | undefined
  readonly columns: readonly FieldInfo[]
  readonly sort: readonly Sort[]
  readonly filters: readonly Filter[]
  readonly search: string
}

export function listState(object: ObjectDetail, url: URLSearchParams): ListState {
  const view = object.listViews.find((v) => shortName(v) === url.get('view')) ?? defaultView(object)
  const names = view?.columns ?? [object.nameField, 'CreatedDate']
  const columns = names.flatMap((name) => columnOf(object, name))
  const sort = url.has('sort') ? readSort(url.get('sort')) : (view?.sort ?? [])
  return {
    view,
    columns: columns.length ? columns : [object.fields.find((f) => f.name === object.nameField)!],
    sort,
    filters: readFilters(url.get('filter')),
    search: url.get('q') ?? '',
  }
}

/** `Case.Open_Cases` is `Open_Cases` in a URL. */
export const shortName = (view: { readonly name: string }): string => view.name.split('.').at(-1)!

const defaultView = (object: ObjectDetail): ListViewInfo | undefined =>
  object.listViews.find((v) => shortName(v).startsWith('Open')) ??
  object.listViews.find((v) => shortName(v) === 'All') ??
  object.listViews[0]

/** A view may name a lookup by its relationship (`Account` or `Account.Name`): the column is the lookup, which shows the name. */
function columnOf(object: ObjectDetail, name: string): readonly FieldInfo[] {
  const first = name.split('.')[0]!
  const field =
    object.fields.find((f) => f.name === name) ?? object.fields.find((f) => f.reference?.relationshipName === first)
  return field ? [field] : name === 'Name' ? object.fields.filter((f) => f.name === object.nameField) : []
}

const readSort = (text: string | null): readonly Sort[] =>
  (text ?? '').split(',').filter(Boolean).map((part) => (part.startsWith('-') ? { field: part.slice(1), direction: 'desc' } : { field: part, direction: 'asc' })) // prettier-ignore
export const writeSort = (sort: readonly Sort[]): string =>
  sort.map((s) => (s.direction === 'desc' ? `-${s.field}` : s.field)).join(',')

/** A click on a column: up, down, off. With Shift it joins the columns that already sort. */
export function toggleSort(sort: readonly Sort[], field: string, add: boolean): readonly Sort[] {
  const present = sort.find((s) => s.field === field)
  const next: readonly Sort[] = !present
    ? [{ field, direction: 'asc' }]
    : present.direction === 'asc'
      ? [{ field, direction: 'desc' }]
      : []
  if (!add) return next
  return present ? sort.flatMap((s) => (s.field === field ? next : [s])) : [...sort, ...next]
}

export interface ListQuery {
  readonly object: string
  readonly select: string
  readonly where: Where | undefined
  readonly orderBy: Order
}

export function queryOf(
  object: ObjectDetail,
  state: ListState,
  me: string,
  canRead: (object: string) => boolean,
): ListQuery {
  const field = (name: string) => object.fields.find((f) => f.name === name)
  const own = state.view?.mine && field('OwnerId') ? { OwnerId: { eq: me } } : undefined
  const filters = state.filters.map((f) => whereOf(f, field(f.field)))
  const where = allOf([state.view?.filter ?? undefined, own, ...filters, searchWhere(object, state.search, state.columns.map((c) => c.name))]) // prettier-ignore
  const orderBy = state.sort.flatMap((s) => (field(s.field)?.sortable ? [sortOf(field(s.field)!, s)] : []))
  const extra = object.fields.some((f) => f.name === 'Version') ? ' Version' : ''
  return {
    object: object.name,
    select: `Name ${state.columns.map((c) => selectionOf(c, canRead)).join(' ')}${extra}`,
    where,
    orderBy: orderBy.length ? orderBy : [defaultOrder(object)],
  }
}

/** A lookup column sorts by the name one sees, not by the id. */
const sortOf = (field: FieldInfo, { direction }: Sort): Order[number] => {
  const own = orderOf(field.name, direction)
  const plain = field.reference && !field.reference.polymorphic && !field.reference.any
  return plain ? ({ [field.reference!.relationshipName]: { Name: Object.values(own)[0] } } as never) : own
}

const defaultOrder = (object: ObjectDetail): Order[number] =>
  object.fields.some((f) => f.name === 'CreatedDate')
    ? orderOf('CreatedDate', 'desc')
    : orderOf(object.nameField, 'asc')
