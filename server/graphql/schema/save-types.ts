/** Mutations of an object: payload types and root fields. Everything is saved through the engine, everything returned is read through the planner. */
import { GraphQLBoolean, GraphQLEnumType, GraphQLID, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString, type GraphQLFieldConfig } from 'graphql' // prettier-ignore
import type { ObjectDef } from '#metadata'
import type { RequestContext } from '../context.ts'
import { mutationName, typeName, type MutationRole } from '../names.ts'
import * as save from '../api/save.ts'
import type { Saved } from '../api/saved.ts'
import { inputType, objectType, writableFields, type SchemaContext } from './context.ts'
import { upsertFields } from './input-types.ts'
import { JSONScalar } from './scalars.ts'

export const SaveMode = new GraphQLEnumType({
  name: 'SaveMode',
  values: {
    ALL_OR_NOTHING: { value: 'allOrNothing', description: 'One bad row undoes all.' },
    PARTIAL: { value: 'partial', description: 'Good rows are saved, bad ones say why not.' },
  },
})

export const SaveError = new GraphQLObjectType({
  name: 'SaveError',
  description: 'Something the caller can mend.',
  fields: {
    field: { type: GraphQLString, description: 'Absent when the message belongs to the record as a whole.' },
    code: { type: new GraphQLNonNull(GraphQLString) },
    message: { type: new GraphQLNonNull(GraphQLString) },
    path: { type: JSONScalar, description: 'Where in the input, e.g. `["input", 3, "Priority"]`.' },
    conflict: { type: JSONScalar, description: 'STALE: by field, `{ current, yours }`.' },
  },
})
const errors = { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(SaveError))) }

export function payloadType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  return new GraphQLObjectType<Saved, RequestContext>({
    name: typeName(object.name, 'payload'),
    fields: () => ({
      record: {
        type: objectType(context, object.name, 'record'),
        resolve: (saved, _, request, info) => save.readBack(request, info, object.name, saved),
      },
      created: { type: GraphQLBoolean, description: 'Whether an upsert made a new record.' },
      errors,
    }),
  }) as GraphQLObjectType
}

export function manyPayloadType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  return new GraphQLObjectType({
    name: typeName(object.name, 'manyPayload'),
    fields: () => ({
      results: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(objectType(context, object.name, 'payload')))),
        description: 'One for each row, in the order given.',
      },
      saved: { type: new GraphQLNonNull(GraphQLInt), description: 'How many rows were saved.' },
      errors: { ...errors, description: 'What concerns the call as a whole.' },
    }),
  })
}

/** Which mutations the caller has on an object; the rest is absent from their schema. */
export function mutationRoles(context: SchemaContext, object: ObjectDef): readonly MutationRole[] {
  const access = context.permissions.object(object.name)
  if (!access.read || object.platform) return []
  const create = access.create && writableFields(context, object, true).length > 0
  const edit = access.edit && writableFields(context, object, false).length > 0
  const upsert = create && edit && upsertFields(context, object).length > 0
  return [
    ...(create ? (['create', 'createMany'] as const) : []),
    ...(edit ? (['update', 'updateMany'] as const) : []),
    ...(upsert ? (['upsert', 'upsertMany'] as const) : []),
    ...(access.delete ? (['delete', 'undelete', 'deleteMany'] as const) : []),
  ]
}

type Field = GraphQLFieldConfig<unknown, RequestContext>
const required = GraphQLNonNull
const id = { type: new required(GraphQLID) }
const version = { type: GraphQLInt, description: 'The Version that was read; a stale one is refused with both values.' }
const mode = { type: SaveMode, defaultValue: 'allOrNothing' }
const ids = { type: new GraphQLList(new required(GraphQLID)) }
const all = { type: GraphQLBoolean, defaultValue: false, description: 'Every record that you may see: alone it says so, an empty `where` does not.' } // prettier-ignore
const expect = { type: GraphQLInt, description: 'How many records are meant; when it is another number, nothing is changed.' } // prettier-ignore

export function mutationField(context: SchemaContext, object: ObjectDef, role: MutationRole): Field {
  const input = (kind: 'createInput' | 'updateInput' | 'upsertKey' | 'updateManyItem' | 'upsertManyItem') =>
    inputType(context, object.name, kind)
  const list = (kind: Parameters<typeof input>[0]) => new GraphQLList(new required(input(kind)))
  const where = { type: inputType(context, object.name, 'where') }
  const args = {
    create: () => ({ input: { type: new required(input('createInput')) } }),
    update: () => ({ Id: id, input: { type: new required(input('updateInput')) }, version }),
    upsert: () => ({
      by: { type: new required(input('upsertKey')) },
      input: { type: new required(input('createInput')) },
    }),
    delete: () => ({ Id: id, version }),
    undelete: () => ({ Id: id }),
    createMany: () => ({ input: { type: new required(list('createInput')) }, mode }),
    updateMany: () => ({ items: { type: list('updateManyItem') }, ids, where, all, expect, input: { type: input('updateInput'), description: 'With `ids`, `where` or `all`: what all of them get.' }, mode }), // prettier-ignore
    upsertMany: () => ({ items: { type: new required(list('upsertManyItem')) }, mode }),
    deleteMany: () => ({ ids, where, all, expect, mode }),
  }
  const type = objectType(context, object.name, role.endsWith('Many') ? 'manyPayload' : 'payload')
  return {
    type,
    args: args[role](),
    resolve: (_, given, request, info) => save.RESOLVERS[role](object.name, given, request, info),
    extensions: { mutation: mutationName(object.name, role) },
  }
}
