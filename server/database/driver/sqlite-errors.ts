import { DatabaseError } from '../errors.ts'
import type { DatabaseErrorCode } from '../errors.ts'

const CODES: { readonly [code: string]: DatabaseErrorCode } = {
  SQLITE_BUSY: 'BUSY',
  SQLITE_LOCKED: 'BUSY',
  SQLITE_INTERRUPT: 'TIMEOUT',
  SQLITE_CANTOPEN: 'UNAVAILABLE',
  SQLITE_NOTADB: 'UNAVAILABLE',
  SQLITE_IOERR: 'UNAVAILABLE',
  SQLITE_FULL: 'FULL',
  SQLITE_CORRUPT: 'CORRUPT',
  SQLITE_READONLY: 'ACCESS_DENIED',
}
const HINTS: { readonly [code: string]: string } = {
  BUSY: 'Another program holds the database file; stop it or try again.',
  TIMEOUT: 'Ask for fewer records, or filter on an indexed field.',
  ACCESS_DENIED: 'Give this user the right to write the database file and its folder.',
  FULL: 'Make room on the disk of the database file.',
  CORRUPT: 'Stop the server and restore the file from a backup.',
  UNAVAILABLE: 'Check the path in DATABASE_URL: it must be an SQLite file in a folder that exists and may be written.',
}

/** Maps the driver's error; a unique violation names its table and columns. */
export function sqliteError(cause: Error & { code?: string }, sql?: string): DatabaseError {
  const unique = /^SQLITE_CONSTRAINT: UNIQUE constraint failed: (.+)$/.exec(cause.message)?.[1]
  if (unique) return uniqueError(unique, cause, sql)
  if (cause.message.includes('FOREIGN KEY constraint failed'))
    return new DatabaseError('FOREIGN_KEY', 'A record refers to another one that does not exist.', { cause, sql })
  const code = cause.message.endsWith('integer overflow') ? 'TOO_LARGE' : (CODES[cause.code ?? ''] ?? 'SQL')
  return new DatabaseError(code, `SQLite: ${cause.message.replace(/^SQLITE_\w+: /, '')}.`, {
    hint: HINTS[code],
    cause,
    sql,
  })
}

/** `o_case.c_x, o_case.c_y`, or `index 'u_x'` where the index is over an expression. */
function uniqueError(what: string, cause: Error, sql: string | undefined): DatabaseError {
  const message = 'A value that must be unique is already taken.'
  const index = /^index '(.+)'$/.exec(what)?.[1]
  if (index) return new DatabaseError('UNIQUE', message, { constraint: index, cause, sql })
  const parts = what.split(', ').map((part) => part.split('.'))
  return new DatabaseError('UNIQUE', message, {
    table: parts[0]?.[0],
    columns: parts.map((p) => p[1] ?? ''),
    cause,
    sql,
  })
}
