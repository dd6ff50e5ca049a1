/** Output types of an object: the record, its lists, its display companion, its aggregate. */
import { GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLInterfaceType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString, GraphQLBoolean, type GraphQLFieldConfig, type GraphQLFieldConfigMap, type GraphQLNamedType } from 'graphql' // prettier-ignore
import { DISPLAY_FIELD, isSortable, type FieldDef, type ObjectDef } from '#metadata'
import { ANY_RECORD, NAME_FIELD, typeName } from '../names.ts'
import {
  expect,
  inputType,
  interfaceMembers,
  objectType,
  parentType,
  readableChildren,
  readableFields,
  type SchemaContext,
} from './context.ts'
import { sourcesOf } from '../api/metadata-seen.ts'
import { describe, fieldType, isNumeric } from './field-types.ts'
import { JSONScalar } from './scalars.ts'

/** Values of these types come from the planner's JSON, so they stand under response keys, not field names. */
const KEYED = { keyed: true }

type Fields = GraphQLFieldConfigMap<unknown, unknown>
/** How the planner reads a field of a record type; kept in the field's extensions. */
export type Role =
  | { readonly kind: 'field'; readonly field: string }
  | { readonly kind: 'parent'; readonly relationship: string }
  | { readonly kind: 'children'; readonly relationship: string; readonly object: string }
  | { readonly kind: 'display' }

const withRole = (role: Role, config: GraphQLFieldConfig<unknown, unknown>): GraphQLFieldConfig<unknown, unknown> => ({
  ...config,
  extensions: { role },
})
const nonNullList = (type: GraphQLObjectType) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)))

export const PageInfo = new GraphQLObjectType({
  name: 'PageInfo',
  extensions: KEYED,
  fields: {
    hasNextPage: { type: new GraphQLNonNull(GraphQLBoolean) },
    hasPreviousPage: { type: new GraphQLNonNull(GraphQLBoolean) },
    startCursor: { type: GraphQLString },
    endCursor: { type: GraphQLString },
  },
})

export function listArguments(context: SchemaContext, object: ObjectDef) {
  return {
    where: { type: inputType(context, object.name, 'where') },
    orderBy: { type: new GraphQLList(new GraphQLNonNull(inputType(context, object.name, 'orderBy'))) },
    first: { type: GraphQLInt, description: 'At most 2,000; 50 when neither `first` nor `last` is given.' },
    after: { type: GraphQLString },
    last: { type: GraphQLInt },
    before: { type: GraphQLString },
  }
}

export function recordType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  const fieldsOf = (): Fields => {
    const fields: Fields = {}
    for (const field of readableFields(context, object)) fields[field.name] = valueField(context, object, field)
    if (!fields[NAME_FIELD])
      fields[NAME_FIELD] = withRole(
        { kind: 'field', field: object.nameField.name },
        { type: GraphQLString, description: `The same as ${object.nameField.name}.` },
      )
    addParents(context, object, fields)
    for (const child of readableChildren(context, object)) fields[child.name] ??= childField(context, child)
    fields[DISPLAY_FIELD] ??= withRole(
      { kind: 'display' },
      { type: objectType(context, object.name, 'display'), description: 'Labels and formatted values in your locale.' },
    )
    return fields
  }
  const interfaces = () =>
    [...interfaceMembers(context.catalog)]
      .filter(([, members]) => members.includes(object.name))
      .map(([name]) => expect(context, name, GraphQLInterfaceType))
  const description = object.document.description ?? object.label
  return new GraphQLObjectType({ name: object.name, description, fields: fieldsOf, interfaces, extensions: KEYED })
}

function valueField(context: SchemaContext, object: ObjectDef, field: FieldDef): GraphQLFieldConfig<unknown, unknown> {
  const type = field.name === 'Id' ? new GraphQLNonNull(GraphQLID) : fieldType(field)
  return withRole(
    { kind: 'field', field: field.name },
    { type, description: describe(field, sourcesOf(context, object, field).formula) },
  )
}

function addParents(context: SchemaContext, object: ObjectDef, fields: Fields): void {
  for (const field of readableFields(context, object)) {
    const type = parentType(context, field)
    const name = field.reference?.relationshipName
    if (type && name)
      fields[name] ??= withRole(
        { kind: 'parent', relationship: name },
        { type, description: `The record that ${field.name} names.` },
      )
  }
}

const childField = (context: SchemaContext, child: { name: string; object: ObjectDef }) =>
  withRole(
    { kind: 'children', relationship: child.name, object: child.object.name },
    { type: objectType(context, child.object.name, 'connection'), args: listArguments(context, child.object) },
  )

export function connectionType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  return new GraphQLObjectType({
    name: typeName(object.name, 'connection'),
    extensions: KEYED,
    fields: () => ({
      nodes: { type: nonNullList(objectType(context, object.name, 'record')) },
      edges: { type: nonNullList(objectType(context, object.name, 'edge')) },
      pageInfo: { type: new GraphQLNonNull(PageInfo) },
      totalCount: { type: GraphQLInt, description: 'Counted only when asked for.' },
    }),
  })
}

export function edgeType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  const node = () => new GraphQLNonNull(objectType(context, object.name, 'record'))
  return new GraphQLObjectType({
    name: typeName(object.name, 'edge'),
    extensions: KEYED,
    fields: () => ({ cursor: { type: new GraphQLNonNull(GraphQLString) }, node: { type: node() } }),
  })
}

export function displayType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  const fields = () =>
    Object.fromEntries(
      readableFields(context, object).map((field) => [field.name, { type: GraphQLString, description: field.label }]),
    )
  return new GraphQLObjectType({ name: typeName(object.name, 'display'), fields, extensions: KEYED })
}

/** Record and the interfaces of polymorphic lookups: what every record has. */
export function interfaceType(name: string): GraphQLInterfaceType {
  const roles = { Id: { kind: 'field', field: 'Id' }, Name: { kind: 'field', field: NAME_FIELD } } as const
  return new GraphQLInterfaceType({
    name,
    description: name === ANY_RECORD ? 'Any record, whatever its object.' : undefined,
    fields: {
      Id: withRole(roles.Id, { type: new GraphQLNonNull(GraphQLID) }),
      Name: withRole(roles.Name, { type: GraphQLString }),
    },
  })
}

// ── aggregates ──

const fieldMap = (
  fields: readonly FieldDef[],
  type: (field: FieldDef) => GraphQLFieldConfig<unknown, unknown>['type'],
): Fields => Object.fromEntries(fields.map((field) => [field.name, { type: type(field), description: field.label }]))

export function aggregateType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  const numeric = readableFields(context, object).some(isNumeric)
  const numbers = () => ({ type: new GraphQLNonNull(objectType(context, object.name, 'numbers')) })
  const extremes = () => ({ type: new GraphQLNonNull(objectType(context, object.name, 'extremes')) })
  const percentile = () => ({
    type: GraphQLFloat,
    args: {
      field: { type: new GraphQLNonNull(expect(context, typeName(object.name, 'aggregateField'), GraphQLEnumType)) },
      p: { type: new GraphQLNonNull(GraphQLFloat), description: '0 to 1; 0.5 is the median.' },
    },
  })
  return new GraphQLObjectType({
    name: typeName(object.name, 'aggregate'),
    fields: () => ({
      group: {
        type: objectType(context, object.name, 'group'),
        description: 'The values the group shares, as asked for in `groupBy`.',
      },
      count: { type: new GraphQLNonNull(GraphQLInt) },
      min: extremes(),
      max: extremes(),
      ...(numeric ? { sum: numbers(), avg: numbers(), percentile: percentile() } : {}),
    }),
  })
}

export function groupType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  const fields = () => ({
    ...fieldMap(readableFields(context, object).filter(isSortable), (field) =>
      field.type === 'Date' || field.type === 'DateTime' ? GraphQLString : fieldType(field),
    ),
    path: {
      type: JSONScalar,
      args: { of: { type: new GraphQLNonNull(GraphQLString) } },
      description: 'A parent’s field of `groupBy`, such as `Account.Tier__c`.',
    },
  })
  return new GraphQLObjectType({ name: typeName(object.name, 'group'), fields })
}

export const numbersType = (context: SchemaContext, object: ObjectDef): GraphQLNamedType =>
  new GraphQLObjectType({
    name: typeName(object.name, 'numbers'),
    fields: () => fieldMap(readableFields(context, object).filter(isNumeric), () => GraphQLFloat),
  })

export const extremesType = (context: SchemaContext, object: ObjectDef): GraphQLNamedType =>
  new GraphQLObjectType({
    name: typeName(object.name, 'extremes'),
    fields: () => fieldMap(readableFields(context, object).filter(isSortable), fieldType),
  })

export const aggregateFieldType = (context: SchemaContext, object: ObjectDef): GraphQLNamedType =>
  new GraphQLEnumType({
    name: typeName(object.name, 'aggregateField'),
    values: Object.fromEntries(
      readableFields(context, object)
        .filter(isNumeric)
        .map((field) => [field.name, {}]),
    ),
  })
