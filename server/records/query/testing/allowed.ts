/** Whether a caller may ask a query, said a second time: every (object, field) that stands anywhere in it must be readable. */
import type { Catalog, ObjectDef } from '#metadata'
import type { Permissions } from '../../access-types.ts'
import type { ListQuery, Query, Selection, Where } from '../../query-tree.ts'

type Mention = readonly [object: string, field?: string]

export function isAllowed(query: Query, permissions: Permissions, catalog: Catalog): boolean {
  return mentions(catalog, query).every(([object, field]) => {
    const access = permissions.object(object)
    return access.read && (field === undefined || access.canRead(field))
  })
}

function mentions(catalog: Catalog, query: Query): Mention[] {
  const object = catalog.objects.get(query.object)!
  if (query.kind === 'record') return [[object.name], ...inSelection(catalog, object, query.select)]
  if (query.kind === 'list') return inList(catalog, object, query)
  const measures = query.select.flatMap((part): Mention[] =>
    'field' in part
      ? [[object.name, part.field]]
      : part.kind === 'sum' || part.kind === 'avg' || part.kind === 'min' || part.kind === 'max'
        ? part.parts.map((each): Mention => [object.name, each.field])
        : [],
  )
  return [
    [object.name],
    ...(query.where ? inWhere(catalog, object, query.where) : []),
    ...query.groupBy.flatMap((group) => inPath(catalog, object, group.path)),
    ...measures,
  ]
}

function inList(catalog: Catalog, object: ObjectDef, list: ListQuery): Mention[] {
  const selects = list.select.flatMap((part) =>
    part.kind === 'nodes'
      ? [part.select]
      : part.kind === 'edges'
        ? part.parts.flatMap((each) => (each.kind === 'node' ? [each.select] : []))
        : [],
  )
  return [
    [object.name],
    ...(list.where ? inWhere(catalog, object, list.where) : []),
    ...list.orderBy.flatMap((order) => inPath(catalog, object, order.path)),
    ...selects.flatMap((select) => inSelection(catalog, object, select)),
  ]
}

function inPath(catalog: Catalog, object: ObjectDef, path: readonly string[]): Mention[] {
  const [head = '', ...rest] = path
  if (rest.length === 0) return [[object.name, head]]
  const reference = object.parent(head)!
  return [[object.name, reference.name], ...inPath(catalog, catalog.objects.get(reference.reference!.to[0]!)!, rest)]
}

function inSelection(catalog: Catalog, object: ObjectDef, select: Selection): Mention[] {
  return select.flatMap((part): Mention[] => {
    if (part.kind === 'field') return [[object.name, part.field]]
    if (part.kind === 'parent')
      return [
        [object.name, object.parent(part.relationship)!.name],
        ...part.types.flatMap((type): Mention[] => [
          [type.object],
          ...inSelection(catalog, catalog.objects.get(type.object)!, type.select),
        ]),
      ]
    if (part.kind !== 'children') return []
    const child = object.children.get(part.relationship)!
    return [[child.object, child.field], ...inList(catalog, catalog.objects.get(child.object)!, part.query)]
  })
}

function inWhere(catalog: Catalog, object: ObjectDef, where: Where): Mention[] {
  switch (where.kind) {
    case 'compare':
      return [[object.name, where.field]]
    case 'not':
      return inWhere(catalog, object, where.of)
    case 'parent': {
      const reference = object.parent(where.relationship)!
      const target = where.object ?? reference.reference!.to[0]!
      return [[object.name, reference.name], [target], ...inWhere(catalog, catalog.objects.get(target)!, where.where)]
    }
    case 'children': {
      const child = object.children.get(where.relationship)!
      return [
        [child.object],
        [child.object, child.field],
        ...inWhere(catalog, catalog.objects.get(child.object)!, where.where),
      ]
    }
    default:
      return where.of.flatMap((each) => inWhere(catalog, object, each))
  }
}
