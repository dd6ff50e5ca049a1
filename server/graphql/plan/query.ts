/** A root field of a document → a query tree. Only the shape is read here; what the caller may see is decided by `authorize`. */
import { GraphQLError, getNamedType, isObjectType, type GraphQLField, type GraphQLObjectType } from 'graphql'
import type { Catalog, ObjectDef } from '#metadata'
import type { ConnectionPart, ListQuery, Page, Query, RecordQuery, Selected, Selection } from '#records'
import type { Role } from '../schema/record-types.ts'
import { argumentOf, type Argument } from './arguments.ts'
import { aggregateQuery } from './aggregate.ts'
import { counted, type Tally } from './conditions.ts'
import { selectedFields, selectionSets, type DocumentContext, type SelectedField } from './selections.ts'
import { MARK } from './typenames.ts'
import { orderOf, realFieldName, whereOf } from './where.ts'

export interface PlanContext extends DocumentContext {
  readonly catalog: Catalog
  readonly typenames: TypenameMark[]
  readonly tally: Tally
  /** The JSON will be read again by graphql-js, which must learn the type behind an interface. */
  readonly materialise?: boolean
}

/** `__typename` where the query tree knows no constants (display, group, sum …): printed under a key that is renamed in the text. */
export interface TypenameMark {
  readonly key: string
  readonly type: string
}

export function typenameMark(context: PlanContext, field: SelectedField, type: string): string {
  context.typenames.push({ key: field.key, type })
  return `${MARK}${context.typenames.length - 1}`
}

/** No GraphQL name, so that it can't be anybody's alias. */
export const TYPE_KEY = '$type'

/** Which planned query a root field is; kept in the field's extensions. */
export interface PlannedRoot {
  readonly kind: 'record' | 'list' | 'aggregate'
  readonly object: string
}

export function queryOf(
  context: PlanContext,
  root: PlannedRoot,
  field: SelectedField,
  definition: GraphQLField<unknown, unknown>,
): Query {
  const object = objectNamed(context, root.object)
  if (root.kind === 'record') return recordQuery(context, object, field, argument(context, field, definition, 'Id')!)
  if (root.kind === 'list') return listQuery(context, object, field, definition)
  return aggregateQuery(context, object, field, definition)
}

function recordQuery(context: PlanContext, object: ObjectDef, field: SelectedField, id: Argument): RecordQuery {
  return { kind: 'record', object: object.name, id: id.slot(), select: selectionOf(context, object, field) }
}

export function argument(
  context: DocumentContext,
  field: SelectedField,
  definition: GraphQLField<unknown, unknown>,
  name: string,
): Argument | undefined {
  return argumentOf(field.nodes[0]!, definition.args.find((arg) => arg.name === name), context.variables, context.pin) // prettier-ignore
}

export function objectNamed(context: PlanContext, name: string): ObjectDef {
  const object = context.catalog.object(name)
  if (!object) throw new GraphQLError(`There is no object ${name}.`)
  return object
}

function listQuery(
  context: PlanContext,
  object: ObjectDef,
  field: SelectedField,
  definition: GraphQLField<unknown, unknown>,
): ListQuery {
  const read = (name: string) => argument(context, field, definition, name)
  const where = counted(context.tally, read('where'))
  const orderBy = read('orderBy')
  const page: { -readonly [key in keyof Page]: Page[key] } = {}
  for (const key of ['first', 'after', 'last', 'before'] as const) page[key] = read(key)?.slot()
  return {
    kind: 'list',
    object: object.name,
    ...(where ? { where: whereOf(context.catalog, object, where) } : {}),
    orderBy: orderBy ? orderOf(context.catalog, object, orderBy) : [],
    page,
    ...(read('deleted')?.pinned() === 'ONLY' ? { deleted: 'only' } : {}),
    select: selectedFields(context, selectionSets(field), `${object.name}Connection`).map((part) =>
      connectionPart(context, object, part),
    ),
  }
}

const typenamePart = (field: SelectedField, type: string) =>
  ({ key: field.key, kind: 'constant', value: type }) as const

function connectionPart(context: PlanContext, object: ObjectDef, field: SelectedField): ConnectionPart {
  const { key } = field
  if (field.name === 'nodes') return { key, kind: 'nodes', select: selectionOf(context, object, field) }
  if (field.name === 'totalCount') return { key, kind: 'totalCount' }
  if (field.name === 'edges')
    return {
      key,
      kind: 'edges',
      parts: selectedFields(context, selectionSets(field), `${object.name}Edge`).map((part) =>
        edgePart(context, object, part),
      ),
    }
  if (field.name === 'pageInfo')
    return { key, kind: 'pageInfo', parts: selectedFields(context, selectionSets(field), 'PageInfo').map(pageInfoPart) }
  return typenamePart(field, `${object.name}Connection`)
}

function edgePart(context: PlanContext, object: ObjectDef, field: SelectedField) {
  if (field.name === 'cursor') return { key: field.key, kind: 'cursor' } as const
  if (field.name === 'node')
    return { key: field.key, kind: 'node', select: selectionOf(context, object, field) } as const
  return typenamePart(field, `${object.name}Edge`)
}

function pageInfoPart(field: SelectedField) {
  return field.name === '__typename'
    ? typenamePart(field, 'PageInfo')
    : { key: field.key, kind: field.name as 'hasNextPage' }
}

export function selectionOf(context: PlanContext, object: ObjectDef, field: SelectedField): Selection {
  const type = context.schema.getType(object.name)
  if (!isObjectType(type)) throw new GraphQLError(`There is no object ${object.name}.`)
  return selectedFields(context, selectionSets(field), object.name).map((inner) =>
    selected(context, object, type, inner),
  )
}

function selected(context: PlanContext, object: ObjectDef, type: GraphQLObjectType, field: SelectedField): Selected {
  const { key } = field
  if (field.name === '__typename') return typenamePart(field, object.name)
  const definition = type.getFields()[field.name]
  const role = definition?.extensions.role as Role | undefined
  if (!definition || !role) throw new GraphQLError(`No field ${field.name} on ${object.name}.`)
  if (role.kind === 'field') return { key, kind: 'field', field: realFieldName(object, role.field) }
  if (role.kind === 'display') return displaySelection(context, object, field)
  if (role.kind === 'parent') return parentSelection(context, definition, role.relationship, field)
  return {
    key,
    kind: 'children',
    relationship: role.relationship,
    query: listQuery(context, objectNamed(context, role.object), field, definition),
  }
}

function displaySelection(context: PlanContext, object: ObjectDef, field: SelectedField): Selected {
  const parts = selectedFields(context, selectionSets(field), `${object.name}Display`)
  return { key: field.key, kind: 'display', parts: parts.map((part) => displayPart(context, object, part)) }
}

function parentSelection(
  context: PlanContext,
  definition: GraphQLField<unknown, unknown>,
  relationship: string,
  field: SelectedField,
): Selected {
  const type = getNamedType(definition.type)
  const names = isObjectType(type)
    ? [type.name]
    : context.schema.getPossibleTypes(type as never).map((possible) => possible.name)
  const types = names.flatMap((name) => {
    const target = context.catalog.object(name)
    if (!target) return []
    const select = selectionOf(context, target, field)
    return [
      {
        object: target.name,
        select:
          context.materialise && !isObjectType(type)
            ? [{ key: TYPE_KEY, kind: 'constant', value: name } as const, ...select]
            : select,
      },
    ]
  })
  return { key: field.key, kind: 'parent', relationship, types }
}

function displayPart(context: PlanContext, object: ObjectDef, part: SelectedField) {
  if (part.name === '__typename') return { key: typenameMark(context, part, `${object.name}Display`), field: 'Id' }
  return { key: part.key, field: part.name }
}
