/** One lazy schema per catalog version and permission set. A type is built from its name when somebody asks for it. */
import {
  GraphQLID,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  type GraphQLNamedType,
} from 'graphql'
import type { ObjectDef } from '#metadata'
import { readName, typeName, TYPE_SUFFIXES, type TypeRole } from '../names.ts'
import { canRead, interfaceMembers, objectType, readableFields, type SchemaContext } from './context.ts'
import { isNumeric } from './field-types.ts'
import * as inputs from './input-types.ts'
import { LazySchema, type TypeSource } from './lazy-schema.ts'
import * as records from './record-types.ts'
import { processTypes } from './process-types.ts'
import { mutationRoot, queryRoot, subscriptionRoot } from './roots.ts'
import { manyPayloadType, mutationRoles, payloadType } from './save-types.ts'
import { DateTimeScalar } from './scalars.ts'
import { ChangeKind, STATIC_TYPES } from './static-types.ts'

type Builder = (context: SchemaContext, object: ObjectDef) => GraphQLNamedType

const BUILDERS: { readonly [role in TypeRole]: Builder } = {
  record: records.recordType,
  connection: records.connectionType,
  edge: records.edgeType,
  display: records.displayType,
  aggregate: records.aggregateType,
  group: records.groupType,
  numbers: records.numbersType,
  extremes: records.extremesType,
  aggregateField: records.aggregateFieldType,
  where: inputs.whereType,
  having: inputs.havingType,
  havingNumbers: inputs.havingNumbersType,
  havingValues: inputs.havingValuesType,
  childrenWhere: inputs.childrenWhereType,
  orderBy: inputs.orderByType,
  createInput: inputs.createInput,
  updateInput: inputs.updateInput,
  upsertKey: inputs.upsertKey,
  updateManyItem: inputs.updateManyItem,
  upsertManyItem: inputs.upsertManyItem,
  payload: payloadType,
  manyPayload: manyPayloadType,
  change: changeType,
}

function changeType(context: SchemaContext, object: ObjectDef): GraphQLObjectType {
  return new GraphQLObjectType({
    name: typeName(object.name, 'change'),
    fields: () => ({
      change: { type: new GraphQLNonNull(ChangeKind) },
      id: { type: new GraphQLNonNull(GraphQLID) },
      fields: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))),
        description: 'Changed fields that you may read.',
      },
      at: { type: new GraphQLNonNull(DateTimeScalar) },
      record: { type: objectType(context, object.name, 'record'), description: 'As it is now, read as you.' },
    }),
  })
}

/** Types that exist for an object in this caller's schema: no empty inputs, no aggregates without numbers. */
function rolesOf(context: SchemaContext, object: ObjectDef): readonly TypeRole[] {
  const mutations = mutationRoles(context, object)
  const has = (role: (typeof mutations)[number]) => mutations.includes(role)
  const numeric = readableFields(context, object).some(isNumeric)
  const present: { readonly [role in TypeRole]?: boolean } = {
    numbers: numeric,
    aggregateField: numeric,
    havingNumbers: numeric,
    createInput: has('create'),
    updateInput: has('update'),
    updateManyItem: has('updateMany'),
    upsertKey: has('upsert'),
    upsertManyItem: has('upsert'),
    payload: mutations.length > 0,
    manyPayload: mutations.length > 0,
  }
  return (Object.keys(TYPE_SUFFIXES) as TypeRole[]).filter((role) => present[role] ?? true)
}

export function buildSchema(options: Omit<SchemaContext, 'type'>): LazySchema {
  const context: SchemaContext = { ...options, type: (name) => schema.getType(name) }
  const schema = new LazySchema(typeSource(context))
  return schema
}

function typeSource(context: SchemaContext): TypeSource {
  const { catalog } = context
  const members = interfaceMembers(catalog)
  const wheres = memo(() => polymorphicWheres(context))
  const processes = processTypes(context)
  const visible = (name: string) => catalog.objects.has(name) && canRead(context, name)
  const readableMembers = (name: string) => (members.get(name) ?? []).filter(visible)
  const interfaces = () => [...members.keys()].filter((name) => readableMembers(name).length)
  const objectNames = () =>
    [...catalog.objects.values()]
      .filter((object) => visible(object.name))
      .flatMap((object) => rolesOf(context, object).map((role) => typeName(object.name, role)))
  return {
    typeNames: memo(() => [
      ...STATIC_TYPES.keys(),
      ...Object.keys(processes),
      ...interfaces(),
      ...[...wheres()].filter(([, names]) => names.some(visible)).map(([name]) => name),
      ...objectNames(),
    ]),
    build: (name) => {
      const fixed = STATIC_TYPES.get(name) ?? processes[name]?.()
      if (fixed) return fixed
      const found = readName(name, TYPE_SUFFIXES, visible)
      const object = found && catalog.object(found.object)
      if (object && rolesOf(context, object).includes(found.role)) return BUILDERS[found.role](context, object)
      if (readableMembers(name).length) return records.interfaceType(name)
      const where = wheres().get(name)
      return where && inputs.polymorphicWhereType(context, name, where)
    },
    query: queryRoot(context),
    mutation: mutationRoot(context),
    subscription: subscriptionRoot(context),
    possibleTypes: readableMembers,
  }
}

function polymorphicWheres(context: SchemaContext): ReadonlyMap<string, readonly string[]> {
  const all = [...context.catalog.objects.values()]
  const wheres = new Map<string, readonly string[]>()
  for (const field of all.flatMap((object) => object.fields)) {
    if (!field.reference?.polymorphic) continue
    const names = field.reference.any
      ? all.filter((object) => !object.platform && !object.setup).map((object) => object.name)
      : field.reference.to
    wheres.set(inputs.polymorphicWhereName(field), names)
  }
  return wheres
}

function memo<T>(make: () => T): () => T {
  let value: { readonly made: T } | undefined
  return () => (value ??= { made: make() }).made
}
