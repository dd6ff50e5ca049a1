import type { Catalog, FieldDef } from '../catalog.ts'
import type { ListViewDocument } from '../documents.ts'
import { isJoin, splitName } from '../names.ts'
import { checkFilter, checkSort } from '../query/filter.ts'
import type { KindEntry, Path, Slot } from './kind.ts'
import { documentSchema, flag, list, oneOf, record, text } from './schema.ts'

export const listViewKind: KindEntry<ListViewDocument> = {
  kind: 'ListView',
  label: 'List view',
  schema: documentSchema(
    'ListView',
    'Object.View, e.g. Case.OpenCases.',
    {
      label: text('What people read.'),
      columns: list(text('A field, or a path such as Account.Tier__c.'), 'From the left.', { minItems: 1 }),
      filter: {
        type: 'object',
        description: 'Which records: a GraphQL `where` in JSON, e.g. {"Priority": {"eq": "High"}}.',
      },
      sort: list(
        record({ field: text('A field or path.'), direction: oneOf(['asc', 'desc'], 'Up or down.') }, [
          'field',
          'direction',
        ]),
        'First decides first.',
      ),
      mine: flag('Only records that the user owns.'),
    },
    ['label', 'columns'],
  ),
  slots(document, catalog) {
    const [object] = splitName(document.name)
    return [
      ...document.columns.map((path, i): Slot => ({ is: 'field', at: ['columns', i], object, path })),
      ...(document.sort ?? []).map((s, i): Slot => ({ is: 'field', at: ['sort', i, 'field'], object, path: s.field })),
      ...(document.filter ? filterSlots(catalog, object, document.filter, ['filter']) : []),
    ]
  },
  checkQueries({ name, filter, sort = [] }, catalog, report) {
    const object = catalog.object(splitName(name)[0])
    if (!object) return
    if (filter) checkFilter(catalog, object, filter, ['filter'], report)
    for (const [i, { field }] of sort.entries()) checkSort(catalog, object, field, ['sort', i, 'field'], report)
  },
}

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A polymorphic parent's filter says by object what must hold; what is no object there, checkQueries names. */
function parentSlots(
  catalog: Catalog,
  { polymorphic, to }: NonNullable<FieldDef['reference']>,
  where: unknown,
  at: Path,
): Slot[] {
  if (!polymorphic) return filterSlots(catalog, to[0] ?? '', where, at)
  return Object.entries(isRecord(where) ? where : {}).flatMap(([name, inner]): Slot[] => {
    if (!catalog.objects.has(name)) return []
    const here = [...at, name]
    return [{ is: 'document', at: here, key: true, kind: 'Object', name }, ...filterSlots(catalog, name, inner, here)]
  })
}

/** The fields and lists that a `where` names. */
function filterSlots(catalog: Catalog, objectName: string, where: unknown, at: Path): Slot[] {
  if (Array.isArray(where)) return where.flatMap((w, i) => filterSlots(catalog, objectName, w, [...at, i]))
  if (!isRecord(where)) return []
  const object = catalog.object(objectName)
  return Object.entries(where).flatMap(([key, value]): Slot[] => {
    const here = [...at, key]
    if (isJoin(key)) return filterSlots(catalog, objectName, value, here)
    const parent = object?.parent(key)
    if (parent?.reference && !object?.field(key)) {
      const relation: Slot = { is: 'parent', at: here, key: true, object: objectName, name: key }
      return [relation, ...parentSlots(catalog, parent.reference, value, here)]
    }
    const child = object?.children.get(key)
    if (!child) return [{ is: 'field', at: here, key: true, object: objectName, path: key }]
    const inner = isRecord(value)
      ? Object.entries(value).flatMap(([word, w]) => filterSlots(catalog, child.object, w, [...here, word]))
      : []
    return [{ is: 'child', at: here, key: true, object: objectName, name: key }, ...inner]
  })
}
