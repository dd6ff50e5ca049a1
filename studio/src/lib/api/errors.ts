/** A user can mend these: one per field, as the server's payloads carry them. */
export interface FieldError {
  readonly field?: string | null
  readonly code: string
  readonly message: string
  readonly path?: readonly (string | number)[] | null
  /** STALE: the value in the database and the one that was sent, by field. */
  readonly conflict?: { readonly [field: string]: { readonly current: unknown; readonly yours: unknown } } | null
}

/** Everything else that can go wrong on the way: no network, signed out, no access, refused by the server. */
export class ApiError extends Error {
  readonly code: string
  /** The id under which the server logged it. */
  readonly id: string | undefined

  constructor(code: string, message: string, id?: string) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.id = id
  }
}

export const offline = () =>
  new ApiError('OFFLINE', 'The server can’t be reached. Check the connection; the studio tries again by itself.')

/** Plain words for a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : 'Something went wrong. Try again.'
}
