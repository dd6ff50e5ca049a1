// graphql: the schema from the catalog, a document → an authorised plan → one SQL statement per root field. Knows no socket, no cookie and no SQL.
import type { ApolloServer } from '@apollo/server'
import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import type { ServerOptions } from 'graphql-ws'
import type { Engine } from '#automation'
import { startApollo } from './apollo.ts'
import type { Caller, RequestContext, Services } from './context.ts'
import { Executor } from './execute/operation.ts'
import { ReadBack } from './execute/read-back.ts'
import { SchemaTexts } from './execute/schema-texts.ts'
import { FastCache } from './fast-cache.ts'
import { LIMITS } from './limits.ts'
import { Places } from './load/places.ts'
import { Planner } from './plan/planner.ts'
import { Recent } from './recent.ts'
import { buildSchema } from './schema/build.ts'
import type { LazySchema } from './schema/lazy-schema.ts'
import { webSocketOptions } from './websocket.ts'

export type { Caller, CurrentUser, RequestContext } from './context.ts'
export { RETRY_AFTER_S } from './apollo.ts'
export { maskError } from './errors.ts'
export { LIMITS } from './limits.ts'
export { Places } from './load/places.ts'
export { RateLimit } from './load/rate-limit.ts'

export interface GraphqlOptions {
  readonly engine: Engine
  /** Signs cursors; the same on every node of one database. */
  readonly cursorKey: string
  readonly logError: (error: unknown) => string
  /** Only with a manual clock: `clockAdvance` exists then. */
  readonly advanceClock?: (ms: number) => Promise<number>
}

export interface GraphqlRoom {
  /** Apollo for what this caller may see; the context value of a request is `contextFor(caller)`. */
  apolloFor(caller: Caller): Promise<ApolloServer<RequestContext>>
  contextFor(caller: Caller): RequestContext
  schemaFor(caller: Pick<Caller, 'actor' | 'catalog'>): LazySchema
  /** SDL of the caller's schema. Throws GraphQL errors: for nobody, and when it was asked for too often. */
  printedSchema(caller: Caller): Promise<string>
  /** The whole response text when this document has been answered before; undefined: go the long way. */
  fast(
    caller: Caller,
    request: {
      readonly query: string
      readonly operationName?: string | null
      readonly variables?: { readonly [name: string]: unknown }
    },
  ): Promise<string> | undefined
  webSocketOptions<E extends { [key: string]: unknown }>(
    callerOf: (extra: E) => Promise<Caller | undefined>,
    tryLater: (extra: E) => void,
  ): ServerOptions<Record<string, unknown>, E>
  stop(): Promise<void>
}

/** Schemas are small until asked much; this many permission sets are kept at once. */
const KEPT_SCHEMAS = 64

export function createGraphql(options: GraphqlOptions): GraphqlRoom {
  const { engine } = options
  const planner = new Planner(engine, options.cursorKey)
  const texts = new SchemaTexts()
  const executor = new Executor(planner, texts)
  const readBack = new ReadBack(planner)
  const features = { manualClock: options.advanceClock !== undefined }
  const services: Services = {
    engine,
    features,
    logError: options.logError,
    events: new Places(LIMITS.eventPlaces),
    ...(options.advanceClock ? { advanceClock: options.advanceClock } : {}),
    readRecord: (...args) => readBack.record(...args),
    matchingIds: (...args) => readBack.matchingIds(...args),
    stillMatching: (...args) => readBack.stillMatching(...args),
    fits: (...args) => readBack.fits(...args),
    visible: (...args) => readBack.visible(...args),
    standing: (...args) => readBack.standing(...args),
    firstMatching: (...args) => readBack.firstMatching(...args),
    followed: { each: LIMITS.followedRecords.each, left: LIMITS.followedRecords.all },
    countsBy: (...args) => readBack.countsBy(...args),
  }
  const known = new FastCache()
  const schemas = new Recent<LazySchema>(KEPT_SCHEMAS)
  const servers = new Recent<Promise<ApolloServer<RequestContext>>>(KEPT_SCHEMAS)
  const schemaFor = ({ actor, catalog }: Pick<Caller, 'actor' | 'catalog'>) =>
    schemas.getOrMake(actor.permissions.key, () => buildSchema({ catalog, permissions: actor.permissions, features }))
  const contextFor = (caller: Caller): RequestContext => ({
    ...caller,
    services,
    schema: schemaFor(caller),
  })
  const stopListening = engine.catalogs.onChange(() => known.clear())

  return {
    contextFor,
    schemaFor,
    printedSchema: (caller) => texts.sdl(caller, schemaFor(caller)),
    apolloFor: (caller) =>
      servers.getOrMake(caller.actor.permissions.key, () =>
        startApollo({
          schema: schemaFor(caller),
          executor,
          logError: options.logError,
          onAnswered: ({ query, operationName, document, operation, context }) =>
            known.set(FastCache.key(context.actor.permissions.key, query, operationName), {
              schema: context.schema,
              document: document as DocumentNode,
              operation: operation as OperationDefinitionNode,
            }),
        }),
      ),
    fast: (caller, request) => {
      const found = known.get(FastCache.key(caller.actor.permissions.key, request.query, request.operationName))
      if (!found) return undefined
      return executor.fast({
        document: found.document,
        operation: found.operation,
        variables: request.variables,
        context: { ...caller, services, schema: found.schema },
      })
    },
    webSocketOptions: (...how) => webSocketOptions({ contextFor, executor, logError: options.logError }, ...how),
    stop: async () => {
      stopListening()
      for (const server of await Promise.all(servers.values())) await server.stop()
    },
  }
}
