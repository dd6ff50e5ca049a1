/** What went wrong, in words that do not depend on the driver. */
export type DatabaseErrorCode =
  | 'BAD_URL'
  | 'UNAVAILABLE'
  | 'ACCESS_DENIED'
  | 'NEWER_VERSION'
  | 'NESTED_USE'
  | 'CLOSED'
  | 'BUSY'
  | 'IN_USE'
  | 'FULL'
  | 'CORRUPT'
  | 'TIMEOUT'
  | 'BAD_VALUE'
  | 'TOO_LARGE'
  | 'UNIQUE'
  | 'FOREIGN_KEY'
  | 'RETRY'
  | 'SQL'

export interface DatabaseErrorDetails {
  /** What to do next, one sentence. */
  readonly hint?: string
  readonly cause?: unknown
  /** UNIQUE, FOREIGN_KEY: the physical names, as far as the driver tells. */
  readonly table?: string
  readonly columns?: readonly string[]
  readonly constraint?: string
  /** The statement; never shown to a caller, for the log alone. */
  readonly sql?: string
}

/** Every error that leaves the database room. `message` is safe to log; it holds no bound value. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: DatabaseErrorCode
  readonly hint: string | undefined
  readonly table: string | undefined
  readonly columns: readonly string[] | undefined
  readonly constraint: string | undefined
  readonly sql: string | undefined

  constructor(code: DatabaseErrorCode, message: string, details: DatabaseErrorDetails = {}) {
    super(message, { cause: details.cause })
    this.code = code
    this.hint = details.hint
    this.table = details.table
    this.columns = details.columns
    this.constraint = details.constraint
    this.sql = details.sql
  }
}

const NOT_AVAILABLE: ReadonlySet<DatabaseErrorCode> = new Set([
  'UNAVAILABLE',
  'ACCESS_DENIED',
  'BUSY',
  'FULL',
  'RETRY',
  'CLOSED',
])

/** The database is away, full, busy or takes no writes: nothing is wrong with what it was asked, and asking again later may help. */
export const isUnavailable = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && NOT_AVAILABLE.has(error.code)

/** For a commit that finds its transaction aborted. */
export const swallowedError = (): DatabaseError =>
  new DatabaseError('SQL', 'A statement of the transaction failed and its error was swallowed; nothing was saved.', {
    hint: 'Use a savepoint around what may fail.',
  })
