/** Errors as a caller sees them: ours with a stable code, everything else masked under an id that stands in the log. */
import { GraphQLError, type GraphQLErrorOptions, type GraphQLFormattedError } from 'graphql'
import { isUnavailable } from '#database'
import type { Finding } from '#util'

export const userError = (message: string, code: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } })
export const forbidden = (message: string): GraphQLError => userError(message, 'FORBIDDEN')

export function findingErrors(
  findings: readonly Finding[],
  nodes: GraphQLError['nodes'],
  path: readonly (string | number)[],
): readonly GraphQLError[] {
  return findings.map((finding) => {
    const message = finding.hint ? `${finding.message} ${finding.hint}` : finding.message
    return new GraphQLError(message, { nodes, path, extensions: { code: finding.code } })
  })
}

/** Codes that a thrown error may carry and whose message is written for callers. */
const TELLING_CODES = new Set([
  'TIMEOUT',
  'BAD_CURSOR',
  'BAD_USER_INPUT',
  'TOO_COSTLY',
  'STALE_PLAN',
  'FORBIDDEN',
  'NOT_FOUND',
  'LOCKED',
  'STATEMENT_TIMEOUT',
])

export const UNAVAILABLE = 'UNAVAILABLE'

export const isUnavailableError = ({ extensions }: GraphQLError): boolean => extensions.code === UNAVAILABLE

/** The same request may succeed later. What exactly is wrong with the database is for the log. */
export const unavailable = (at: GraphQLErrorOptions = {}): GraphQLError =>
  new GraphQLError('The database is not available at the moment. Try again in a few seconds.', {
    ...at,
    extensions: { code: UNAVAILABLE, retryable: true },
  })

export function maskError(
  error: unknown,
  logError: (error: unknown) => string,
  path?: readonly (string | number)[],
): GraphQLError {
  if (error instanceof GraphQLError && isOurs(error))
    return path && !error.path
      ? new GraphQLError(error.message, { nodes: error.nodes, path, extensions: error.extensions })
      : error
  const cause = error instanceof GraphQLError ? error.originalError : error
  const code = (cause as { code?: unknown } | undefined)?.code
  const at = { path: path ?? (error instanceof GraphQLError ? error.path : undefined) }
  if (cause instanceof Error && typeof code === 'string' && TELLING_CODES.has(code))
    return new GraphQLError(cause.message, { ...at, extensions: { code } })
  const id = logError(cause ?? error)
  if (isUnavailable(cause)) return unavailable(at)
  return new GraphQLError(
    `Something went wrong on the server. If it happens again, give your administrator this number: ${id}.`,
    { ...at, extensions: { code: 'INTERNAL_SERVER_ERROR', id } },
  )
}

/** Made by graphql-js or Apollo about the document, or by this room with a code. */
function isOurs(error: GraphQLError): boolean {
  const { originalError } = error
  return !originalError || originalError instanceof GraphQLError
}

/** For Apollo: whatever reaches it unmasked is masked here; stacks never leave. */
export function formatError(
  formatted: GraphQLFormattedError,
  error: unknown,
  logError: (error: unknown) => string,
): GraphQLFormattedError {
  if (formatted.extensions?.code === 'INTERNAL_SERVER_ERROR' && typeof formatted.extensions.id !== 'string')
    return maskError(stripped(error), logError).toJSON()
  const { stacktrace: _, ...extensions } = (formatted.extensions ?? {}) as { [key: string]: unknown }
  return { ...formatted, extensions: extensions.code === REFUSED ? { ...extensions, ...ownCode(error) } : extensions }
}

/** Apollo's code for whatever a rule reports. */
const REFUSED = 'GRAPHQL_VALIDATION_FAILED'

function ownCode(error: unknown): { readonly code?: unknown } {
  const reported = error instanceof GraphQLError ? error.originalError : undefined
  return reported instanceof GraphQLError && reported.extensions.code ? { code: reported.extensions.code } : {}
}

const stripped = (error: unknown): unknown =>
  error instanceof GraphQLError ? (error.originalError ?? new Error(error.message)) : error
