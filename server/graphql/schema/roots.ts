/** Root fields: one set for each object the caller may see, and the few that are not about one object. */
import { GraphQLFloat, GraphQLID, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLString, GraphQLBoolean, type GraphQLFieldConfig } from 'graphql' // prettier-ignore
import { formatInstant } from '#util'
import type { ObjectDef } from '#metadata'
import { maySeeSetUp } from '#records'
import * as metadata from '../api/metadata.ts'
import { advance } from '../api/clock.ts'
import { anyRecordChanges, catalogChanges, recordChanges } from '../api/subscriptions.ts'
import type { RequestContext } from '../context.ts'
import {
  MUTATION_SUFFIXES,
  mutationName,
  queryName,
  QUERY_SUFFIXES,
  readName,
  SUBSCRIPTION_SUFFIXES,
  subscriptionName,
} from '../names.ts'
import type { PlannedRoot } from '../plan/query.ts'
import { canRead, inputType, objectType, type SchemaContext } from './context.ts'
import type { RootSource } from './lazy-schema.ts'
import { namespaces } from './process-types.ts'
import { listArguments } from './record-types.ts'
import { mutationField, mutationRoles } from './save-types.ts'
import { DateTimeScalar, GroupByScalar } from './scalars.ts'
import {
  CatalogChange,
  CurrentUserType,
  DeletedRows,
  Metadata,
  MetadataChangeInput,
  MetadataPlan,
  MetadataResult,
  RecordChanged,
  required,
} from './static-types.ts'

type Field = GraphQLFieldConfig<unknown, RequestContext>
type Fields = { readonly [name: string]: () => Field }

const visibleObjects = (context: SchemaContext): ObjectDef[] =>
  [...context.catalog.objects.values()].filter((object) => canRead(context, object.name))
const isVisible = (context: SchemaContext) => (name: string) =>
  context.catalog.objects.has(name) && canRead(context, name)
const now = (request: RequestContext) => request.services.engine.database.clock.now()
/** Who looks after the set-up reaches it without a readable object, too. */
const signedIn = (context: SchemaContext): boolean =>
  maySeeSetUp(context.permissions) || visibleObjects(context).length > 0

function rootSource(
  names: () => readonly string[],
  fixed: Fields,
  build: (name: string) => Field | undefined,
): RootSource {
  return {
    fieldNames: names,
    build: (name) => (Object.hasOwn(fixed, name) ? fixed[name]!() : build(name)) as ReturnType<RootSource['build']>,
  }
}

// ── queries ──

const planned = (root: PlannedRoot) => ({ planned: root })

function queryField(context: SchemaContext, object: ObjectDef, role: keyof typeof QUERY_SUFFIXES): Field {
  const deleted = { type: DeletedRows, defaultValue: 'EXCLUDE' }
  if (role === 'list')
    return {
      type: objectType(context, object.name, 'connection'),
      args: { ...listArguments(context, object), deleted },
      description: object.pluralLabel,
      extensions: planned({ kind: 'list', object: object.name }),
    }
  if (role === 'byId')
    return {
      type: objectType(context, object.name, 'record'),
      args: { Id: { type: new GraphQLNonNull(GraphQLID) } },
      description: `One ${object.label} or null.`,
      extensions: planned({ kind: 'record', object: object.name }),
    }
  const args = {
    where: { type: inputType(context, object.name, 'where') },
    groupBy: { type: new GraphQLList(new GraphQLNonNull(GroupByScalar)) },
    having: {
      type: inputType(context, object.name, 'having'),
      description: 'Only groups for which this holds: `{ count: { gt: 5 } }`.',
    },
    first: { type: GraphQLInt },
  }
  return {
    type: new GraphQLList(new GraphQLNonNull(objectType(context, object.name, 'aggregate'))),
    args,
    extensions: planned({ kind: 'aggregate', object: object.name }),
  }
}

function fixedQueries(context: SchemaContext): Fields {
  const timers = context.catalog.object('MilestoneTimer')
  return {
    me: () => ({
      type: CurrentUserType,
      description: 'Who you are; null when you are not signed in.',
      resolve: (_, __, request) => currentUser(request),
    }),
    serverTime: () => ({
      type: required(DateTimeScalar),
      description: 'The clock that targets are measured by.',
      resolve: (_, __, request) => formatInstant(now(request)),
    }),
    ...(signedIn(context)
      ? {
          metadata: () => ({
            type: required(Metadata),
            resolve: (_: unknown, __: unknown, request: RequestContext) => metadata.metadataOf(request),
          }),
        }
      : {}),
    ...namespaces(context, 'Query'),
    ...(timers && canRead(context, timers.name) ? { timers: () => queryField(context, timers, 'list') } : {}),
  }
}

function currentUser(request: RequestContext) {
  const { user, actor } = request
  const { permissions, timeZone, locale } = actor
  const systemPermissions = new Set(permissions.system)
  if (maySeeSetUp(permissions)) systemPermissions.add('viewSetup')
  return user ? { ...user, timeZone, locale, systemPermissions } : null
}

export function queryRoot(context: SchemaContext): RootSource {
  const fixed = fixedQueries(context)
  const roles = Object.keys(QUERY_SUFFIXES) as (keyof typeof QUERY_SUFFIXES)[]
  const names = () => [
    ...Object.keys(fixed),
    ...visibleObjects(context).flatMap((object) => roles.map((role) => queryName(object.name, role))),
  ]
  return rootSource(names, fixed, (name) => {
    const found = readName(name, QUERY_SUFFIXES, isVisible(context))
    return found && queryField(context, context.catalog.object(found.object)!, found.role)
  })
}

// ── mutations ──

function fixedMutations(context: SchemaContext): Fields {
  const admin = context.permissions.system.has('manageMetadata')
  const plan = (): Field => ({
    type: required(MetadataPlan),
    args: {
      changes: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(MetadataChangeInput))) },
      allowDestructive: { type: GraphQLBoolean, defaultValue: false },
    },
    resolve: (_, args, request) => metadata.plan(args as never, request),
  })
  return {
    ...namespaces(context, 'Mutation'),
    ...(admin
      ? {
          metadataPlan: plan,
          metadataApply: () => ({
            type: required(MetadataResult),
            args: { planId: { type: new GraphQLNonNull(GraphQLID) } },
            resolve: (_, args, request) => metadata.apply(args as never, request),
          }),
          metadataUndoPlan: () => ({
            type: required(MetadataPlan),
            args: {
              version: { type: new GraphQLNonNull(GraphQLInt) },
              allowDestructive: { type: GraphQLBoolean, defaultValue: false },
            },
            resolve: (_, args, request) => metadata.planUndo(args as never, request),
          }),
        }
      : {}),
    ...(admin && context.features.manualClock
      ? {
          clockAdvance: () => ({
            type: required(DateTimeScalar),
            args: {
              by: { type: GraphQLString, description: 'ISO 8601 duration such as PT1H30M or P1D.' },
              ms: { type: GraphQLFloat },
            },
            resolve: (_, args, request) => advance(args, request),
          }),
        }
      : {}),
  }
}

export function mutationRoot(context: SchemaContext): RootSource {
  const fixed = fixedMutations(context)
  const names = () => [
    ...Object.keys(fixed),
    ...visibleObjects(context).flatMap((object) =>
      mutationRoles(context, object).map((role) => mutationName(object.name, role)),
    ),
  ]
  return rootSource(names, fixed, (name) => {
    const found = readName(name, MUTATION_SUFFIXES, isVisible(context))
    const object = found && context.catalog.object(found.object)
    return object && mutationRoles(context, object).includes(found.role)
      ? mutationField(context, object, found.role)
      : undefined
  })
}

// ── subscriptions ──

function changedField(context: SchemaContext, object: ObjectDef): Field {
  return {
    type: new GraphQLNonNull(objectType(context, object.name, 'change')),
    args: { where: { type: inputType(context, object.name, 'where') } },
    description: `Each committed change of a ${object.label} that you may read and that fits.`,
    subscribe: (_, args, request, info) =>
      recordChanges(request, object.name, (args as { where?: object }).where, info),
  }
}

export function subscriptionRoot(context: SchemaContext): RootSource {
  const ids = { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLID))) }
  const fixed: Fields = signedIn(context)
    ? {
        catalogChanged: () => ({
          type: required(CatalogChange),
          description: 'The metadata changed: fetch it again.',
          subscribe: (_, __, request) => catalogChanges(request),
        }),
        recordChanged: () => ({
          type: required(RecordChanged),
          args: { ids },
          description: 'Any of these records changed.',
          subscribe: (_, args, request) => anyRecordChanges(request, (args as { ids: string[] }).ids),
        }),
      }
    : {}
  const names = () => [...Object.keys(fixed), ...visibleObjects(context).map((object) => subscriptionName(object.name))]
  return rootSource(names, fixed, (name) => {
    const found = readName(name, SUBSCRIPTION_SUFFIXES, isVisible(context))
    return found && changedField(context, context.catalog.object(found.object)!)
  })
}
