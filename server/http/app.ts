/** The Express application: headers, /auth, /graphql, /healthz, /readyz, /metrics, the studio's files, and one place where errors end. */
import type { GraphQLError } from 'graphql'
import express, { type ErrorRequestHandler, type Express, type Response } from 'express'
import type { Engine } from '#automation'
import { isUnavailable } from '#database'
import { maskError, RETRY_AFTER_S, type GraphqlRoom } from '#graphql'
import type { AuthRoom } from './auth/room.ts'
import { authRoutes } from './auth/routes.ts'
import { graphqlRoutes } from './graphql-route.ts'
import { health, ready, type Readiness } from './health.ts'
import type { LogError } from './log.ts'
import { metricsRoute, type Metrics } from './metrics.ts'
import type { RequestLimit } from './request-limit.ts'
import { securityHeaders } from './security.ts'
import { studioFiles } from './static.ts'

export interface AppOptions {
  readonly engine: Engine
  readonly graphql: GraphqlRoom
  readonly auth: AuthRoom
  readonly studioFolder: string
  /** How many proxies in front may be believed about the caller's address. */
  readonly trustProxy: number
  readonly limit: RequestLimit
  readonly logError: LogError
  readonly readiness: Readiness
  readonly metrics: Metrics
  readonly metricsToken?: string
}

export function createExpress(options: AppOptions): Express {
  const { engine, graphql, auth } = options
  const app = express()
  const now = () => engine.database.clock.now()
  app.disable('x-powered-by')
  // What is made here is not kept by anybody; files have tags of their own.
  app.disable('etag')
  app.set('trust proxy', options.trustProxy)
  app.use(securityHeaders(auth.security))
  app.get('/healthz', health(engine, options.readiness))
  app.get('/readyz', ready(options.readiness))
  app.get('/metrics', metricsRoute(options.metrics, { token: options.metricsToken, proxied: isProxied(options) }))
  app.use(
    '/auth',
    (_, response, next) => (response.setHeader('Milepost-Time', String(now())), next()),
    authRoutes(auth),
  )
  app.use(graphqlRoutes({ graphql, authenticator: auth.authenticator, limit: options.limit, now }))
  app.use(studioFiles(options.studioFolder))
  app.use(lastResort(options.logError))
  return app
}

const isProxied = ({ auth, trustProxy }: AppOptions): boolean => trustProxy > 0 || auth.security.publicUrl !== undefined

function lastResort(logError: LogError): ErrorRequestHandler {
  return (error: { status?: unknown; expose?: unknown; message?: unknown }, _request, response, next) => {
    if (response.headersSent) return next(error)
    if (isUnavailable(error)) return unavailable(response, maskError(error, logError))
    const status = typeof error.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500
    const message = status < 500 ? clientMessage(status) : `Something went wrong on the server (${logError(error)}).`
    return void response
      .status(status)
      .json({ error: { code: status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR', message } })
  }
}

function unavailable(response: Response, { message, extensions }: GraphQLError): void {
  response.setHeader('Retry-After', RETRY_AFTER_S)
  response.status(503).json({ error: { message, ...extensions } })
}

function clientMessage(status: number): string {
  if (status === 413) return 'The request is too large.'
  if (status === 404) return 'There is nothing here.'
  return 'The request can’t be read. Send a JSON object.'
}
