import { DatabaseError } from '../errors.ts'
import type { DatabaseErrorCode } from '../errors.ts'

interface DriverError extends Error {
  readonly code?: string
  readonly table?: string
  readonly constraint?: string
  readonly detail?: string
}

const CODES: { readonly [state: string]: DatabaseErrorCode } = {
  '40001': 'RETRY',
  '40P01': 'RETRY',
  '57014': 'TIMEOUT',
  '55P03': 'BUSY',
  '54000': 'TOO_LARGE',
  '54011': 'TOO_LARGE',
  '28P01': 'ACCESS_DENIED',
  '28000': 'ACCESS_DENIED',
  '42501': 'ACCESS_DENIED',
  '3D000': 'UNAVAILABLE',
  '53100': 'FULL',
  XX001: 'CORRUPT',
  XX002: 'CORRUPT',
  '25006': 'UNAVAILABLE',
  '57P01': 'UNAVAILABLE',
  '57P02': 'UNAVAILABLE',
  '57P03': 'UNAVAILABLE',
  '53300': 'UNAVAILABLE',
  '08006': 'UNAVAILABLE',
  ECONNREFUSED: 'UNAVAILABLE',
  ECONNRESET: 'UNAVAILABLE',
  ENOTFOUND: 'UNAVAILABLE',
  EAI_AGAIN: 'UNAVAILABLE',
  ETIMEDOUT: 'UNAVAILABLE',
  ENOENT: 'UNAVAILABLE',
}
const HINTS: { readonly [code: string]: string } = {
  BUSY: 'Try again in a moment; if it stays so, look for long transactions.',
  TIMEOUT: 'Ask for fewer records, or filter on an indexed field.',
  ACCESS_DENIED: 'Check the user name and the password in DATABASE_URL, and the rights of that user.',
  FULL: 'Make room on the disk of the PostgreSQL server.',
  CORRUPT: 'Stop the server and restore the database from a backup.',
  UNAVAILABLE: 'Check that PostgreSQL runs at the address in DATABASE_URL and that the database exists.',
}
const stale = (error: DriverError): boolean => error.code === '0A000' && error.message.includes('cached plan')
const dropped = (error: DriverError): boolean => /Connection terminated|not queryable/.test(error.message)

/** `Key (c_code)=(X) already exists.` → `['c_code']`. */
const keyColumns = (detail = ''): string[] | undefined =>
  /^Key \((.+?)\)=/
    .exec(detail)?.[1]
    ?.split(', ')
    .map((c) => c.replaceAll('"', ''))

/** Maps the driver's error; a unique violation names table, columns and index. */
export function postgresError(error: unknown, sql?: string, where = ''): DatabaseError {
  if (error instanceof DatabaseError) return error
  const cause = error as DriverError
  const { table, constraint } = cause
  if (cause.code === '23505')
    return new DatabaseError('UNIQUE', 'A value that must be unique is already taken.', {
      table,
      constraint,
      columns: keyColumns(cause.detail),
      cause,
      sql,
    })
  if (cause.code === '23503')
    return new DatabaseError('FOREIGN_KEY', 'A record refers to another one that does not exist.', {
      table,
      constraint,
      cause,
      sql,
    })
  if (cause.message === 'timeout exceeded when trying to connect')
    return new DatabaseError('BUSY', `PostgreSQL${where ? ` at ${where}` : ''}: no connection became free in time.`, {
      hint: HINTS['BUSY'],
      cause,
      sql,
    })
  const code = stale(cause) ? 'RETRY' : (CODES[cause.code ?? ''] ?? (dropped(cause) ? 'UNAVAILABLE' : 'SQL'))
  const place = where ? ` at ${where}` : ''
  return new DatabaseError(code, `PostgreSQL${place}: ${plain(cause)}.`, { hint: HINTS[code], cause, sql })
}

/** Node gives a list of errors without a message when a name has several addresses. */
const plain = (error: DriverError): string =>
  error.message || (error.code === 'ECONNREFUSED' ? 'nothing answers there' : (error.code ?? 'no connection'))
