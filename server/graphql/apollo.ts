/**
 * Apollo Server as the authority for everything but plan-cache hits: parsing, validation, errors, negotiation.
 * One light server per permission set and catalog version, each around its lazy schema; a metadata change makes new ones and requests under way finish on theirs.
 */
import { ApolloServer, type ApolloServerOptionsWithGateway, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled, ApolloServerPluginSchemaReportingDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled' // prettier-ignore
import type { RequestContext } from './context.ts'
import { formatError, UNAVAILABLE } from './errors.ts'
import type { Executor } from './execute/operation.ts'
import { stringifyResult } from './execute/raw-json.ts'
import { limitsRule, PARSE_OPTIONS, VALIDATION_OPTIONS } from './limits.ts'
import type { LazySchema } from './schema/lazy-schema.ts'

export interface ApolloOptions {
  readonly schema: LazySchema
  readonly executor: Executor
  readonly logError: (error: unknown) => string
  /** A query that was answered without an error: its document may be served from the plan cache from now on. */
  readonly onAnswered: (request: {
    query: string
    operationName: string | null
    document: object
    operation: object
    context: RequestContext
  }) => void
}

function gateway({ schema, executor }: ApolloOptions): ApolloServerOptionsWithGateway<RequestContext>['gateway'] {
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' })
      return () => undefined
    },
    async load() {
      return {
        executor: async ({ document, operation, request, context }) =>
          executor.execute({
            document,
            operation: operation!,
            variables: request.variables,
            context: context as RequestContext,
          }) as never,
      }
    },
    async stop() {
      // Nothing to release: a schema is memory only.
    },
  }
}

/** Codes of a well-formed request whose document or variables are at fault: 200 under `application/json`, 400 under `application/graphql-response+json`. */
const DOCUMENT_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'DOCUMENT_TOO_LARGE',
])

/** What clients are told to wait while the database is away. */
export const RETRY_AFTER_S = 5

function protocol(options: ApolloOptions): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ request, response, source, document, operation, contextValue, errors }) {
          if (response.body.kind !== 'single') return
          const { singleResult } = response.body
          const codes = singleResult.errors?.map((error) => String(error.extensions?.code)) ?? []
          if (singleResult.data === undefined && codes.length && codes.every((code) => DOCUMENT_FAULTS.has(code)))
            response.http.status = prefersGraphqlResponse(request.http?.headers.get('accept')) ? 400 : 200
          if (singleResult.data === undefined && codes.includes(UNAVAILABLE)) {
            response.http.status = 503
            response.http.headers.set('retry-after', String(RETRY_AFTER_S))
          }
          if (!errors && source && document && operation?.operation === 'query')
            options.onAnswered({
              query: source,
              operationName: request.operationName ?? null,
              document,
              operation,
              context: contextValue,
            })
        },
      }
    },
  }
}

function prefersGraphqlResponse(accept: string | undefined): boolean {
  const at = (type: string) => accept?.indexOf(type) ?? -1
  const graphql = at('application/graphql-response+json')
  const json = at('application/json')
  return graphql >= 0 && (json < 0 || graphql < json)
}

/** Also gives the errors of a refused document their own code instead of a validation error's. */
export async function startApollo(options: ApolloOptions): Promise<ApolloServer<RequestContext>> {
  const server = new ApolloServer<RequestContext>({
    gateway: gateway(options),
    stringifyResult: stringifyResult as never,
    validationRules: [limitsRule],
    parseOptions: PARSE_OPTIONS,
    validationOptions: VALIDATION_OPTIONS,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    // Origin and content type are checked by the http room, for every way in.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => formatError(formatted, error, options.logError),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      protocol(options),
    ],
  })
  await server.start()
  return server
}
