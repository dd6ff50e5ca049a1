import { sendJson } from './http.ts'
import { ApiError } from './errors.ts'

interface GraphQLErrorBody {
  readonly message: string
  readonly extensions?: { readonly code?: string; readonly id?: string }
}

/** What is thrown when the session has ended; whoever watches is told. */
export function signedOut(): ApiError {
  onSignedOut()
  return new ApiError('UNAUTHENTICATED', 'Your session has ended. Sign in again.')
}

let onSignedOut: () => void = () => {}
/** Called when the server says that the session has ended. */
export const whenSignedOut = (callback: () => void) => (onSignedOut = callback)

/** One GraphQL request. Throws ApiError when the answer has errors; errors a user can mend come back in the data. */
export async function graphql<T>(
  query: string,
  variables: Record<string, unknown> = {},
  signal?: AbortSignal,
): Promise<T> {
  const { status, body } = await sendJson('/graphql', { query, variables }, signal)
  const answer = (body ?? {}) as {
    data?: T | null
    errors?: readonly GraphQLErrorBody[]
    error?: GraphQLErrorBody & { code?: string }
  }
  const first = answer.errors?.[0]
  if (status === 401 || first?.extensions?.code === 'UNAUTHENTICATED') throw signedOut()
  if (first) throw new ApiError(first.extensions?.code ?? 'SERVER', first.message, first.extensions?.id)
  if (!answer.data)
    throw new ApiError('SERVER', answer.error?.message ?? `The server could not answer (status ${status}). Try again.`)
  return answer.data
}
