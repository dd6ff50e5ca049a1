/**
 * What stands before Express on POST /graphql: origin, content type, who asks, the body; and, when the document has been answered before, the answer.
 * Everything else goes on to Express with the body read and the caller known, so both ways do the same checks once.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseMediaRange } from './media.ts'
import { isUnavailable } from '#database'
import { LIMITS, maskError, Places, RETRY_AFTER_S, type GraphqlRoom } from '#graphql'
import type { Authenticated, Authenticator } from './auth/authenticate.ts'
import { BodyError, readBody, type GraphqlBody } from './body.ts'
import { TOO_MANY_REQUESTS, tooManyRequests, type RequestLimit } from './request-limit.ts'
import { isJson, isOwnOrigin, type SecurityOptions } from './security.ts'

export interface FrontOptions {
  readonly graphql: GraphqlRoom
  readonly authenticator: Authenticator
  readonly security: SecurityOptions
  /** false: nothing is answered here; Express does it all. */
  readonly fast: boolean
  readonly now: () => number
  readonly logError: (error: unknown) => string
  readonly limit: RequestLimit
}

/** What Express finds on the request. */
export interface PreparedRequest extends IncomingMessage {
  body?: GraphqlBody
  authenticated?: Authenticated
}

export type Next = (request: IncomingMessage, response: ServerResponse) => void

const isGraphqlPost = (request: IncomingMessage): boolean =>
  request.method === 'POST' && (request.url === '/graphql' || request.url?.startsWith('/graphql?') === true)

interface Front extends FrontOptions {
  readonly places: Places
}

export function front(frontOptions: FrontOptions, next: Next): Next {
  const options: Front = { ...frontOptions, places: new Places(LIMITS.bulkPlaces) }
  return (request, response) => {
    if (!isGraphqlPost(request)) return next(request, response)
    handle(options, request, response, next).catch((error: unknown) => refuse(options, response, error))
  }
}

async function handle(options: Front, request: PreparedRequest, response: ServerResponse, next: Next): Promise<void> {
  if (!isOwnOrigin(request, options.security)) throw new BodyError(403, 'This request comes from another site.')
  if (!isJson(request)) throw new BodyError(415, 'Send the body as application/json.')
  const authenticated = await options.authenticator.of(request.headers, { cookies: true })
  if (!authenticated) throw new BodyError(401, 'The token is unknown, revoked or has run out.')
  const userId = authenticated.caller.user?.id
  const wait = userId ? options.limit.ofUser(userId) : 0
  if (wait) throw new BodyError(429, tooManyRequests(wait), wait)
  const body = await readBody(request, response, { userId, places: options.places })
  const text = options.fast ? await fastAnswer(options, authenticated, body) : undefined
  const type = text === undefined ? undefined : parseMediaRange(request.headers.accept)
  if (text !== undefined && type) return send(options, response, type, text)
  request.body = body
  request.authenticated = authenticated
  next(request, response)
}

/** Errors of a hit go the long way too: there they get their code and their place. */
async function fastAnswer(
  options: FrontOptions,
  { caller }: Authenticated,
  { query, operationName, variables }: GraphqlBody,
): Promise<string | undefined> {
  if (typeof query !== 'string' || (operationName != null && typeof operationName !== 'string')) return undefined
  if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return undefined
  try {
    return await options.graphql.fast(caller, {
      query,
      operationName: operationName ?? null,
      variables: (variables ?? {}) as { [name: string]: unknown },
    })
  } catch (error) {
    if (isUnavailable(error)) throw error
    return undefined
  }
}

function send(options: FrontOptions, response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Milepost-Time': String(options.now()),
  })
  response.end(text)
}

const CODES: { readonly [status: number]: string } = {
  401: 'UNAUTHENTICATED',
  413: 'TOO_LARGE',
  429: TOO_MANY_REQUESTS,
}

function refuse(options: FrontOptions, response: ServerResponse, error: unknown): void {
  const [status, told] = answerOf(options, error)
  if (response.headersSent) return void response.end()
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    // What comes in of a body that was refused is not waited for.
    Connection: response.req.complete ? 'keep-alive' : 'close',
    ...(status === 503 ? { 'Retry-After': RETRY_AFTER_S } : {}),
    ...(error instanceof BodyError && error.retryAfter ? { 'Retry-After': error.retryAfter } : {}),
  })
  response.end(JSON.stringify({ errors: [told] }))
}

function answerOf({ logError }: FrontOptions, error: unknown): [number, object] {
  if (!(error instanceof BodyError)) return [isUnavailable(error) ? 503 : 500, maskError(error, logError)]
  const code = CODES[error.status] ?? 'BAD_REQUEST'
  return [error.status, { message: error.message, extensions: { code } }]
}
