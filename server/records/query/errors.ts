import type { Finding } from '#util'

/** A query that was allowed but can't run with these values: a bad cursor, a value of the wrong kind, too many rows. Its finding is for the caller. */
export class QueryError extends Error {
  readonly finding: Finding
  constructor(code: string, message: string, hint?: string) {
    super(message)
    this.name = 'QueryError'
    this.finding = { code, severity: 'error', message, ...(hint ? { hint } : {}) }
  }
}
