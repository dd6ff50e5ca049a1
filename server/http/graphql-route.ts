/** /graphql and /graphql/schema.graphql on Express: Apollo for the caller, the explorer page for a browser. */
import { join } from 'node:path'
import { expressMiddleware } from '@as-integrations/express5'
import { Router, type Request, type RequestHandler } from 'express'
import type { GraphQLError } from 'graphql'
import type { Caller, GraphqlRoom } from '#graphql'
import type { Authenticated, Authenticator } from './auth/authenticate.ts'
import type { PreparedRequest } from './front.ts'
import { jsonProblem } from './json-nesting.ts'
import { TOO_MANY_REQUESTS, tooManyRequests, type RequestLimit } from './request-limit.ts'

export interface GraphqlRouteOptions {
  readonly graphql: GraphqlRoom
  readonly authenticator: Authenticator
  readonly limit: RequestLimit
  readonly now: () => number
}

const EXPLORER = join(import.meta.dirname, 'explorer')

export function graphqlRoutes(options: GraphqlRouteOptions): Router {
  const router = Router()
  router.get('/graphql/schema.graphql', schemaText(options))
  router.get(['/graphql/explorer.js', '/graphql/explorer.css'], (request, response) =>
    response.sendFile(join(EXPLORER, request.path.slice('/graphql/'.length))),
  )
  router.all('/graphql', explorer(), answer(options))
  return router
}

/** A person with a browser, not a program that happens to take everything. */
function explorer(): RequestHandler {
  return (request, response, next) => {
    const asks =
      request.method === 'GET' &&
      request.query.query === undefined &&
      /\btext\/html\b/.test(request.headers.accept ?? '')
    if (asks) response.sendFile(join(EXPLORER, 'index.html'))
    else next()
  }
}

const NO_COOKIE =
  'A GET can’t be asked as the person who is signed in, because another site’s page could cause it. Send a POST with a JSON body, or a GET with an API token.'

/**
 * A GET may be caused by another site's page (an image, a link), so it never uses the cookie: it says so to who sends one, and without a token it is asked by nobody.
 * POST comes through the front handler, which has read the body and knows the caller.
 */
async function authenticatedOf(options: GraphqlRouteOptions, request: Request): Promise<Authenticated | undefined> {
  return (
    (request as unknown as PreparedRequest).authenticated ??
    options.authenticator.of(request.headers, { cookies: false })
  )
}

function answer(options: GraphqlRouteOptions): RequestHandler {
  return async (request, response, next) => {
    if (request.method === 'GET' && options.authenticator.hasSessionOnly(request.headers))
      return void response.status(403).json({ errors: [{ message: NO_COOKIE, extensions: { code: 'FORBIDDEN' } }] })
    const authenticated = await authenticatedOf(options, request)
    if (!authenticated)
      return void response.status(401).json({
        errors: [{ message: 'The token is unknown, revoked or has run out.', extensions: { code: 'UNAUTHENTICATED' } }],
      })
    const message = problemOfGet(request)
    if (message !== undefined)
      return void response.status(400).json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] })
    const { caller } = authenticated
    const wait = waitOf(options, request, caller)
    if (wait)
      return void response
        .status(429)
        .setHeader('Retry-After', wait)
        .json({ errors: [{ message: tooManyRequests(wait), extensions: { code: TOO_MANY_REQUESTS } }] })
    request.body ??= {}
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader('Milepost-Time', String(options.now()))
    const apollo = await options.graphql.apolloFor(caller)
    await expressMiddleware(apollo, { context: async () => options.graphql.contextFor(caller) })(
      request,
      response,
      next,
    )
  }
}

/** Requests of users that came by POST have been counted before. */
function waitOf({ limit }: GraphqlRouteOptions, request: Request, caller: Caller): number {
  if (!caller.user) return limit.ofAddress(request)
  return (request as unknown as PreparedRequest).authenticated ? 0 : limit.ofUser(caller.user.id)
}

/** What a POST has in its body. */
function problemOfGet({ url }: Request): string | undefined {
  const { searchParams } = new URL(url, 'http://localhost')
  const texts = ['variables', 'extensions'].flatMap((name) => searchParams.getAll(name))
  return texts.map((json) => jsonProblem(Buffer.from(json))).find((problem) => problem !== undefined)
}

const STATUS: { readonly [code: string]: number } = { UNAUTHENTICATED: 401, TOO_MANY_REQUESTS: 429 }

function schemaText(options: GraphqlRouteOptions): RequestHandler {
  const { graphql, authenticator } = options
  return async (request, response) => {
    const found = (await authenticator.of(request.headers, { cookies: true })) ?? authenticator.nobody()
    response.setHeader('Cache-Control', 'no-store')
    response.type('text/plain')
    const wait = waitOf(options, request, found.caller)
    if (wait) return void response.status(429).setHeader('Retry-After', wait).send(tooManyRequests(wait))
    try {
      response.send(await graphql.printedSchema(found.caller))
    } catch (error) {
      const { message, extensions = {} } = error as Partial<GraphQLError>
      const status = STATUS[String(extensions.code)]
      if (!status) throw error
      response.status(status).send(message)
    }
  }
}
