/** Input types of an object: filter, order, and what may be written. */
import { GraphQLEnumType, GraphQLID, GraphQLInputObjectType, GraphQLInt, GraphQLList, GraphQLNonNull, type GraphQLInputFieldConfigMap, type GraphQLInputType } from 'graphql' // prettier-ignore
import { isSortable, polymorphicName, type FieldDef, type ObjectDef } from '#metadata'
import { typeName, type TypeRole } from '../names.ts'
import {
  inputType,
  readableChildren,
  readableFields,
  targetsOf,
  writableFields,
  type SchemaContext,
} from './context.ts'
import { describe, fieldType, filterType, isNumeric } from './field-types.ts'
import { FILTERS } from './filters.ts'

type Inputs = GraphQLInputFieldConfigMap

export const OrderDirection = new GraphQLEnumType({
  name: 'OrderDirection',
  description: 'Without a word about blanks, ASC puts them first and DESC last.',
  values: { ASC: {}, DESC: {}, ASC_NULLS_FIRST: {}, ASC_NULLS_LAST: {}, DESC_NULLS_FIRST: {}, DESC_NULLS_LAST: {} },
})

const input = (object: ObjectDef, role: TypeRole, fields: () => Inputs, isOneOf = false): GraphQLInputObjectType =>
  new GraphQLInputObjectType({ name: typeName(object.name, role), fields, isOneOf })

export function whereType(context: SchemaContext, object: ObjectDef): GraphQLInputObjectType {
  return input(object, 'where', () => {
    const self = inputType(context, object.name, 'where')
    const many = new GraphQLList(new GraphQLNonNull(self))
    const fields: Inputs = { and: { type: many }, or: { type: many }, not: { type: self } }
    for (const field of readableFields(context, object)) {
      const type = filterType(field)
      if (type) fields[field.name] ??= { type, description: field.label }
    }
    for (const field of readableFields(context, object)) addParentWhere(context, field, fields)
    for (const child of readableChildren(context, object))
      fields[child.name] ??= { type: inputType(context, child.object.name, 'childrenWhere') }
    return fields
  })
}

/** Which groups are wanted: conditions on what is measured of each. */
export function havingType(context: SchemaContext, object: ObjectDef): GraphQLInputObjectType {
  return input(object, 'having', () => {
    const self = inputType(context, object.name, 'having')
    const many = new GraphQLList(new GraphQLNonNull(self))
    const values = { type: inputType(context, object.name, 'havingValues') }
    const numbers = readableFields(context, object).some(isNumeric) && { type: inputType(context, object.name, 'havingNumbers') } // prettier-ignore
    return {
      and: { type: many },
      or: { type: many },
      not: { type: self },
      count: { type: FILTERS.int },
      min: values,
      max: values,
      ...(numbers ? { sum: numbers, avg: numbers } : {}),
    }
  })
}

export const havingNumbersType = (context: SchemaContext, object: ObjectDef): GraphQLInputObjectType =>
  input(object, 'havingNumbers', () => havingFields(readableFields(context, object).filter(isNumeric), () => FILTERS.decimal)) // prettier-ignore

export const havingValuesType = (context: SchemaContext, object: ObjectDef): GraphQLInputObjectType =>
  input(object, 'havingValues', () => havingFields(readableFields(context, object).filter(isSortable), filterType))

const havingFields = (fields: readonly FieldDef[], type: (field: FieldDef) => GraphQLInputType | undefined): Inputs =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const filter = type(field)
      return filter ? [[field.name, { type: filter, description: field.label }]] : []
    }),
  )

function addParentWhere(context: SchemaContext, field: FieldDef, fields: Inputs): void {
  const targets = targetsOf(context, field)
  const name = field.reference?.relationshipName
  if (!targets.length || !name) return
  if (!field.reference?.polymorphic) fields[name] ??= { type: inputType(context, targets[0]!.name, 'where') }
  else fields[name] ??= { type: polymorphicWhere(context, field), description: 'By the object the record is of.' }
}

/** `{ Owner: { User: { Name: … } } }` */
function polymorphicWhere(context: SchemaContext, field: FieldDef): GraphQLInputObjectType {
  const name = polymorphicWhereName(field)
  return context.type(name) as GraphQLInputObjectType
}
export const polymorphicWhereName = (field: FieldDef): string =>
  field.reference?.any ? 'RecordWhere' : `${polymorphicName(field.reference?.to ?? [])}Where`

export function polymorphicWhereType(
  context: SchemaContext,
  name: string,
  objects: readonly string[],
): GraphQLInputObjectType {
  const fields = () =>
    Object.fromEntries(
      objects
        .filter((object) => context.permissions.object(object).read)
        .map((object) => [object, { type: inputType(context, object, 'where') }]),
    )
  return new GraphQLInputObjectType({ name, fields })
}

export function childrenWhereType(context: SchemaContext, object: ObjectDef): GraphQLInputObjectType {
  return input(object, 'childrenWhere', () => {
    const type = inputType(context, object.name, 'where')
    return { some: { type }, every: { type }, none: { type } }
  })
}

export function orderByType(context: SchemaContext, object: ObjectDef): GraphQLInputObjectType {
  const fields = (): Inputs => {
    const readable = readableFields(context, object)
    const own: Inputs = Object.fromEntries(
      readable.filter(isSortable).map((field) => [field.name, { type: OrderDirection }]),
    )
    for (const field of readable) {
      const target = field.reference && !field.reference.polymorphic ? targetsOf(context, field)[0] : undefined
      if (target) own[field.reference!.relationshipName] ??= { type: inputType(context, target.name, 'orderBy') }
    }
    return own
  }
  return input(object, 'orderBy', fields, true)
}

const writable = (context: SchemaContext, object: ObjectDef, creating: boolean): Inputs =>
  Object.fromEntries(
    writableFields(context, object, creating).map((field) => [
      field.name,
      { type: fieldType(field), description: `${describe(field)}${field.type === 'AutoNumber' ? NUMBERED : ''}` },
    ]),
  )

const NUMBERED = '\n\nOnly for an import that brings its own numbers; counted up when it is left out.'

export const createInput = (context: SchemaContext, object: ObjectDef) =>
  input(object, 'createInput', () => writable(context, object, true))
export const updateInput = (context: SchemaContext, object: ObjectDef) =>
  input(object, 'updateInput', () => writable(context, object, false))

export const upsertFields = (context: SchemaContext, object: ObjectDef): readonly FieldDef[] =>
  readableFields(context, object).filter((field) => field.unique || field.type === 'ExternalId')

export const upsertKey = (context: SchemaContext, object: ObjectDef) =>
  input(
    object,
    'upsertKey',
    () => Object.fromEntries(upsertFields(context, object).map((field) => [field.name, { type: fieldType(field) }])),
    true,
  )

export const updateManyItem = (context: SchemaContext, object: ObjectDef) =>
  input(object, 'updateManyItem', () => ({
    Id: { type: new GraphQLNonNull(GraphQLID) },
    version: { type: GraphQLInt },
    input: { type: new GraphQLNonNull(inputType(context, object.name, 'updateInput')) },
  }))

export const upsertManyItem = (context: SchemaContext, object: ObjectDef) =>
  input(object, 'upsertManyItem', () => ({
    by: { type: new GraphQLNonNull(inputType(context, object.name, 'upsertKey')) },
    input: { type: new GraphQLNonNull(inputType(context, object.name, 'createInput')) },
  }))
