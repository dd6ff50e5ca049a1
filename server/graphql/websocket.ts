/** graphql-ws: the same schema, limits and executor as over HTTP. The http room says who is at the other end. */
import {
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  subscribe,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql'
import type { ServerOptions } from 'graphql-ws'
import type { Caller, RequestContext } from './context.ts'
import { isUnavailableError, maskError } from './errors.ts'
import type { Executor } from './execute/operation.ts'
import { RawJson } from './execute/raw-json.ts'
import { fieldResolver, typeResolver } from './execute/resolvers.ts'
import { conditionsError } from './plan/conditions.ts'
import { limitsRule, PARSE_OPTIONS, VALIDATION_OPTIONS } from './limits.ts'

export interface WebSocketRoom {
  contextFor(caller: Caller): RequestContext
  readonly executor: Executor
  readonly logError: (error: unknown) => string
}

/**
 * `callerOf`: undefined when the session has ended. Called at connect, for each operation, and for each event.
 * `tryLater` closes the socket because the database is away: whoever connects again and reads again misses nothing.
 */
export function webSocketOptions<E extends { [key: string]: unknown }>(
  room: WebSocketRoom,
  callerOf: (extra: E) => Promise<Caller | undefined>,
  tryLater: (extra: E) => void,
): ServerOptions<Record<string, unknown>, E> {
  const mask = (error: unknown): GraphQLError => maskError(error, room.logError)
  const found = (extra: E): Promise<Caller | GraphQLError | undefined> => callerOf(extra).catch(mask)
  return {
    onConnect: async ({ extra }) => {
      const caller = await found(extra)
      if (caller instanceof GraphQLError) tryLater(extra)
      return caller !== undefined
    },
    onSubscribe: async ({ extra }, _id, payload) => {
      const caller = await found(extra)
      if (caller instanceof GraphQLError) return [caller]
      if (!caller)
        return [new GraphQLError('Your session has ended. Sign in again.', { extensions: { code: 'UNAUTHENTICATED' } })]
      return executionArgs(
        room,
        liveContext(room, caller, () => callerOf(extra)),
        payload,
      )
    },
    execute: async (args: ExecutionArgs) => {
      const operation = getOperationAST(args.document, args.operationName)
      if (!operation) return { errors: [new GraphQLError('The document has no such operation.')] }
      const result = await room.executor.execute({
        document: args.document,
        operation,
        variables: args.variableValues ?? undefined,
        context: args.contextValue as RequestContext,
      })
      return {
        ...result,
        data: result.data instanceof RawJson ? JSON.parse(result.data.text) : result.data,
      } as ExecutionResult
    },
    subscribe: (args: ExecutionArgs) => subscribe(args),
    onError: ({ extra }, _id, _payload, errors) => {
      const masked = errors.map((error) => mask(error.originalError ?? error))
      if (masked.some(isUnavailableError)) tryLater(extra)
      return masked.map((error) => error.toJSON())
    },
    onNext: (_ctx, _id, _payload, _args, result) => masked(room, result as ExecutionResult),
  }
}

/** The schema is large; over HTTP it goes to the network as the text that is kept. */
const RULES = [limitsRule, NoSchemaIntrospectionCustomRule, ...specifiedRules]

function executionArgs(
  room: WebSocketRoom,
  context: RequestContext,
  payload: { query: string; operationName?: string | null; variables?: Record<string, unknown> | null },
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = parse(payload.query, PARSE_OPTIONS)
    const errors = validate(context.schema, document, RULES, VALIDATION_OPTIONS)
    if (errors.length) return errors
    const operation = getOperationAST(document, payload.operationName)
    const tooMany = operation && conditionsError(operation, payload.variables ?? {})
    if (tooMany) return [tooMany]
    return {
      schema: context.schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: context,
      fieldResolver,
      typeResolver,
    }
  } catch (error) {
    return [maskError(error, room.logError)]
  }
}

/** A context whose actor follows the session for as long as the subscription lives; its schema stays the one it began with. */
function liveContext(room: WebSocketRoom, caller: Caller, again: () => Promise<Caller | undefined>): RequestContext {
  let now = caller
  const start = room.contextFor(caller)
  return {
    services: start.services,
    schema: start.schema,
    get actor() {
      return now.actor
    },
    get catalog() {
      return now.catalog
    },
    get user() {
      return now.user
    },
    get readOnly() {
      return now.readOnly
    },
    refresh: async () => {
      const next = await again()
      if (next) now = next
      return next !== undefined
    },
  }
}

function masked(room: WebSocketRoom, result: ExecutionResult): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map((error) => maskError(error, room.logError)) } : result
}
