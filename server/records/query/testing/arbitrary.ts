/** Random worlds, callers and queries over the test world. Values come from small sets, so that comparisons meet. */
import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { isSortable, operatorsOf } from '#metadata'
import type { Catalog, FieldDef, ObjectDef, PermissionSetDocument } from '#metadata'
import type { Row, Value } from '#util'
import type {
  AggregateQuery,
  Having,
  ConnectionPart,
  ListQuery,
  Order,
  Query,
  Selected,
  Selection,
  Where,
} from '../../query-tree.ts'
import { isNumeric, storageOf } from '../operators.ts'
import { idOf, OTHER_USER, PRIORITIES, row, TAGS, USER } from './world.ts'
import type { World } from './world.ts'

const OBJECTS = ['Region__c', 'Company__c', 'Ticket__c', 'Note__c', 'Beat'] as const
const PREFIX: { readonly [object: string]: string } = {
  Region__c: 'a01',
  Company__c: 'a02',
  Ticket__c: 'a03',
  Note__c: 'a04',
  Beat: 'a05',
  User: '005',
}
const COUNT: { readonly [object: string]: number } = { Region__c: 2, Company__c: 4, Ticket__c: 12, Note__c: 6, Beat: 6 }

const TEXTS = ['a', 'A', 'b', 'B%', 'a_c', 'b\\', 'ä', 'Ä', 'ς', 'Σ', '😀', 'zz "q"', "o'k"]
const at = (text: string): string => `${text}:00.000Z`
const INSTANTS = [
  '2026-03-08T06:59',
  '2026-03-08T07:00',
  '2026-03-08T23:30',
  '2026-11-01T05:30',
  '2026-11-01T06:30',
  '2025-12-31T23:30',
  '2026-01-01T04:59',
].map(at)
const DAYS = ['2026-03-08', '2026-03-09', '2025-12-31', '2024-02-29', '2026-01-05']
const TIMES = ['09:00:00.000', '17:30:00.000', '00:00:00.001']

function valueOf(field: FieldDef): Arbitrary<Value> {
  if (field.name === 'Id') return fc.integer({ min: 0, max: 12 }).map((n) => idOf('a03', n))
  if (field.picklist && field.storage === 'text')
    return fc.constantFrom(...(field.name === 'Tier__c' ? ['Gold', 'Silver'] : PRIORITIES))
  switch (storageOf(field)) {
    case 'integer':
      return fc.integer({ min: -3, max: 3 })
    case 'decimal':
      return field.precision > 15 && field.type !== 'Formula'
        ? fc.constantFrom('-1.0000', '0.0000', '2.5000', '99999999999999.9999')
        : fc.constantFrom(-1.5, 0, 1, 2.5, 10)
    case 'boolean':
      return fc.boolean()
    case 'date':
      return fc.constantFrom(...DAYS)
    case 'datetime':
      return fc.constantFrom(...INSTANTS)
    case 'time':
      return fc.constantFrom(...TIMES)
    case 'multi':
      return fc.shuffledSubarray(TAGS, { minLength: 1 })
    case 'id':
      return fc
        .tuple(fc.constantFrom(...(field.reference?.to ?? ['Ticket__c'])), fc.integer({ min: 1, max: 5 }))
        .map(([object, n]) => (object === 'User' ? USER : idOf(PREFIX[object] ?? '00G', n)))
    default:
      return fc.constantFrom(...TEXTS)
  }
}

const isAsked = (field: FieldDef): boolean =>
  !['json', 'geo'].includes(field.storage) && !['LastModifiedById', 'CreatedById'].includes(field.name)
const stored = (object: ObjectDef): FieldDef[] =>
  object.fields.filter((field) => field.origin === 'declared' && field.type !== 'Formula' && isAsked(field))

function rowOf(object: ObjectDef, n: number): Arbitrary<Row> {
  const fields = stored(object).map((field) => {
    const value = field.reference ? reference(field) : valueOf(field)
    const ordered =
      field.storage === 'multi' ? value.map((tags) => TAGS.filter((tag) => (tags as string[]).includes(tag))) : value
    const required = field.storage === 'boolean' || field.required || field.name === 'AboutId'
    return [field.name, required ? ordered : fc.option(ordered, { nil: null, freq: 3 })] as const
  })
  const values = fc.record({
    Name: fc.constantFrom(...TEXTS),
    CreatedDate: fc.constantFrom(...INSTANTS),
    IsDeleted: fc.integer({ min: 0, max: 7 }).map((k) => k === 0),
    LastModifiedById: fc.constantFrom(USER, OTHER_USER),
    ...Object.fromEntries(fields),
  })
  return values.map((given) => row(object.name, idOf(PREFIX[object.name]!, n), given as Row))
}

/** To a record that is there. */
const reference = (field: FieldDef): Arbitrary<Value> =>
  fc
    .constantFrom(...field.reference!.to)
    .chain((object) => fc.integer({ min: 1, max: COUNT[object]! }).map((n) => idOf(PREFIX[object]!, n)))

export function worlds(catalog: Catalog): Arbitrary<World> {
  const rows = OBJECTS.map((name) =>
    fc.tuple(...Array.from({ length: COUNT[name]! }, (_, i) => rowOf(catalog.objects.get(name)!, i + 1))),
  )
  return fc.tuple(...rows).map(
    (lists) =>
      ({
        User: [row('User', USER, { Name: 'Ana' }), row('User', OTHER_USER, { Name: 'Ben' })],
        ...Object.fromEntries(OBJECTS.map((name, i) => [name, lists[i]!])),
      }) as World,
  )
}

/** Sets that grant most and deny some. */
export function permissionSets(catalog: Catalog): Arbitrary<PermissionSetDocument[]> {
  const often = fc.integer({ min: 0, max: 9 }).map((n) => n > 0)
  const grant = fc
    .integer({ min: 0, max: 24 })
    .map((n) => (n === 0 ? ('none' as const) : n === 1 ? undefined : n === 2 ? ('edit' as const) : ('read' as const)))
  const ofObject = (object: ObjectDef) =>
    fc.record({
      read: often,
      fields: fc.record(
        Object.fromEntries(
          object.fields.filter((field) => field.origin === 'declared').map((field) => [field.name, grant]),
        ),
      ),
    })
  const objects = fc.record(Object.fromEntries(OBJECTS.map((name) => [name, ofObject(catalog.objects.get(name)!)])))
  const one = objects.map(
    (each) => ({ kind: 'PermissionSet', name: 'Set', label: 'Set', objects: each }) as unknown as PermissionSetDocument,
  )
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(one, { minLength: 1, maxLength: 2 }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom({ viewAll: true }, { modifyAll: true })
        .map((all): PermissionSetDocument[] => [{ kind: 'PermissionSet', name: 'All', label: 'All', ...all }]),
    },
  )
}

const fieldsOf = (object: ObjectDef): FieldDef[] => object.fields.filter(isAsked)
const parents = (catalog: Catalog, object: ObjectDef): { relationship: string; targets: ObjectDef[] }[] =>
  object.fields.flatMap((field) => {
    if (!field.reference || ['OwnerId', 'CreatedById', 'LastModifiedById'].includes(field.name)) return []
    return [
      {
        relationship: field.reference.relationshipName,
        targets: field.reference.to.map((name) => catalog.objects.get(name)!),
      },
    ]
  })
const children = (catalog: Catalog, object: ObjectDef): { relationship: string; object: ObjectDef }[] =>
  [...object.children.values()].map((child) => ({
    relationship: child.name,
    object: catalog.objects.get(child.object)!,
  }))

function compare(object: ObjectDef): Arbitrary<Where> {
  return fc.constantFrom(...fieldsOf(object)).chain((field) => {
    const operators = operatorsOf(field).filter((operator) => operator !== 'relative' && operator !== 'distance')
    return fc.constantFrom(...operators).chain((operator) => {
      const value = fc.option(valueOf(field), { nil: null, freq: 6 })
      const given =
        operator === 'isNull' ? fc.boolean()
        : operator === 'includes' || operator === 'excludes' ? fc.array(fc.constantFrom('red', 'blue', 'red;blue', 'green;red'), { maxLength: 2 })
        : operator === 'in' || operator === 'nin' ? fc.array(value, { maxLength: 3 })
        : operator === 'like' ? fc.constantFrom('a%', '%B%', 'Ä%', '%σ_', '_', 'b\\%', 'A\\_C', '%\\', '%"%')
        : value // prettier-ignore
      return given.map((constant): Where => ({
        kind: 'compare',
        field: field.name,
        operator,
        value: { constant: constant as Value },
      }))
    })
  })
}

export function wheres(catalog: Catalog, object: ObjectDef, depth: number): Arbitrary<Where> {
  if (depth === 0) return compare(object)
  const inner = wheres(catalog, object, depth - 1)
  const up = parents(catalog, object).flatMap(({ relationship, targets }) =>
    targets.map((target) =>
      wheres(catalog, target, depth - 1).map((where): Where => ({
        kind: 'parent',
        relationship,
        object: targets.length > 1 ? target.name : undefined,
        where,
      })),
    ),
  )
  const down = children(catalog, object).map((child) =>
    fc
      .tuple(
        fc.constantFrom('some' as const, 'every' as const, 'none' as const),
        wheres(catalog, child.object, depth - 1),
      )
      .map(([quantifier, where]): Where => ({ kind: 'children', relationship: child.relationship, quantifier, where })),
  )
  return fc.oneof(
    { weight: 3, arbitrary: compare(object) },
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(inner, { maxLength: 3 }))
      .map(([kind, of]): Where => ({ kind, of })),
    inner.map((of): Where => ({ kind: 'not', of })),
    ...up,
    ...down,
  )
}

function orders(catalog: Catalog, object: ObjectDef): Arbitrary<Order[]> {
  const own = fieldsOf(object)
    .filter(isSortable)
    .map((field) => [field.name])
  const up = parents(catalog, object)
    .filter(({ targets }) => targets.length === 1)
    .map(({ relationship }) => [relationship, 'Name'])
  const order = fc.record({
    path: fc.constantFrom(...own, ...up),
    direction: fc.constantFrom('asc' as const, 'desc' as const),
    nulls: fc.constantFrom('first' as const, 'last' as const),
  })
  return fc.array(order, { maxLength: 3 })
}

function selections(catalog: Catalog, object: ObjectDef, depth: number): Arbitrary<Selection> {
  const field = fc
    .constantFrom(...fieldsOf(object))
    .map((each): Selected => ({ key: each.name, kind: 'field', field: each.name }))
  const options: Arbitrary<Selected>[] = [
    field,
    field,
    fc.constant<Selected>({ key: '__typename', kind: 'constant', value: object.name }),
  ]
  if (depth > 0) {
    for (const { relationship, targets } of parents(catalog, object))
      options.push(
        fc.tuple(...targets.map((target) => selections(catalog, target, depth - 1))).map((selects): Selected => ({
          key: relationship,
          kind: 'parent',
          relationship,
          types: selects.map((select, i) => ({ object: targets[i]!.name, select })),
        })),
      )
    for (const child of children(catalog, object))
      options.push(
        lists(catalog, child.object, depth - 1).map((query): Selected => ({
          key: child.relationship,
          kind: 'children',
          relationship: child.relationship,
          query,
        })),
      )
  }
  return fc.uniqueArray(fc.oneof(...options), { selector: (part) => part.key, maxLength: 6 })
}

function connectionParts(catalog: Catalog, object: ObjectDef, depth: number): Arbitrary<ConnectionPart[]> {
  const info = fc.subarray(['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'] as const)
  return fc
    .tuple(
      selections(catalog, object, depth),
      selections(catalog, object, 0),
      info,
      fc.subarray(['nodes', 'edges', 'pageInfo', 'totalCount'], { minLength: 1 }),
    )
    .map(([nodes, node, parts, kinds]) => {
      const all: { readonly [kind: string]: ConnectionPart } = {
      nodes: { key: 'nodes', kind: 'nodes', select: nodes },
      edges: { key: 'edges', kind: 'edges', parts: [{ key: 'cursor', kind: 'cursor' }, { key: 'node', kind: 'node', select: node }] },
      pageInfo: { key: 'pageInfo', kind: 'pageInfo', parts: parts.map((kind) => ({ key: kind, kind })) },
      totalCount: { key: 'total', kind: 'totalCount' },
    } // prettier-ignore
      return kinds.map((kind) => all[kind]!)
    })
}

function lists(catalog: Catalog, object: ObjectDef, depth: number): Arbitrary<ListQuery> {
  const size = fc.integer({ min: 0, max: 5 }).map((constant) => ({ constant }))
  const page = fc.oneof(
    fc.constant({}),
    size.map((first) => ({ first })),
    size.map((last) => ({ last })),
  )
  return fc.record({
    kind: fc.constant('list' as const), object: fc.constant(object.name), where: fc.option(wheres(catalog, object, 2), { nil: undefined }),
    deleted: fc.constantFrom('exclude' as const, 'exclude' as const, 'exclude' as const, 'only' as const),
    orderBy: orders(catalog, object), page, select: connectionParts(catalog, object, depth),
  }) // prettier-ignore
}

function aggregates(catalog: Catalog, object: ObjectDef): Arbitrary<AggregateQuery> {
  const own = fieldsOf(object).filter(isSortable)
  const dates = own
    .filter((field) => field.type !== 'Formula')
    .filter((field) => field.storage === 'date' || field.storage === 'datetime')
  const plain = fc.constantFrom(...own).map((field) => ({ path: [field.name] }))
  const bucket = fc
    .tuple(
      fc.constantFrom(...dates),
      fc.constantFrom(
        'DAY' as const,
        'WEEK' as const,
        'MONTH' as const,
        'QUARTER' as const,
        'YEAR' as const,
        'HOUR' as const,
      ),
    )
    .map(([field, by]) => ({
      path: [field.name],
      by: field.storage === 'date' && by === 'HOUR' ? ('DAY' as const) : by,
    }))
  const groups = fc.array(fc.oneof(plain, bucket), { maxLength: 2 })
  const numeric = own.filter(isNumeric)
  const measured = numeric.map((field) => ({ key: field.name, field: field.name }))
  const compare = fc.record({
    kind: fc.constant('compare' as const),
    measure: fc.constantFrom('sum' as const, 'avg' as const, 'min' as const, 'max' as const),
    field: fc.constantFrom(...numeric.map((field) => field.name)),
    operator: fc.constantFrom(
      'eq' as const,
      'ne' as const,
      'lt' as const,
      'lte' as const,
      'gt' as const,
      'gte' as const,
    ),
    value: fc.integer({ min: -5, max: 50 }).map((constant) => ({ constant })),
  })
  const counted = compare.map(({ field: _field, ...rest }) => ({ ...rest, measure: 'count' as const }))
  const one: Arbitrary<Having> = fc.oneof(
    compare,
    counted,
    compare.map(({ value: _value, ...rest }) => ({ ...rest, operator: 'isNull' as const, value: { constant: true } })),
  )
  const having: Arbitrary<Having> = fc.oneof(
    one,
    one.map((of): Having => ({ kind: 'not', of })),
    fc.tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(one, { maxLength: 3 })).map(([kind, of]): Having => ({ kind, of })), // prettier-ignore
  )
  return fc.record({ having: fc.option(having, { nil: undefined }), where: fc.option(wheres(catalog, object, 1), { nil: undefined }), groupBy: groups, p: fc.constantFrom(0, 0.5, 0.9, 1) }).map(({ having, where, groupBy, p }) => ({
    kind: 'aggregate', object: object.name, where, groupBy, having,
    select: [
      { key: 'group', kind: 'group', parts: groupBy.map((_group, i) => ({ key: `g${i}`, group: i })) },
      { key: 'count', kind: 'count' },
      ...(['sum', 'avg', 'min', 'max'] as const).map((kind) => ({ key: kind, kind, parts: measured })),
      ...numeric.map((field) => ({ key: `p${field.name}`, kind: 'percentile' as const, field: field.name, p: { constant: p } })),
    ],
  })) // prettier-ignore
}

export function queries(catalog: Catalog): Arbitrary<Query> {
  return fc.constantFrom('Company__c', 'Ticket__c', 'Note__c', 'Beat').chain((name): Arbitrary<Query> => {
    const object = catalog.objects.get(name)!
    const record = fc
      .tuple(fc.integer({ min: 1, max: 6 }), selections(catalog, object, 2))
      .map(([n, select]): Query => ({ kind: 'record', object: name, id: { constant: idOf(PREFIX[name]!, n) }, select }))
    return fc.oneof(
      record,
      { weight: 4, arbitrary: lists(catalog, object, 2) },
      { weight: 2, arbitrary: aggregates(catalog, object) },
    )
  })
}
