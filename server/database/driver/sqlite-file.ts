/** The file of an SQLite database, before and while SQLite opens it: SQLite itself would take an empty file for a new database. */
import { lstat, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { DatabaseError } from '../errors.ts'
import { MIGRATIONS } from '../migrate.ts'
import { SqliteConnection } from './sqlite-connection.ts'

const unusable = (message: string, hint: string, cause?: unknown): DatabaseError =>
  new DatabaseError('UNAVAILABLE', message, { hint, cause })

/** Throws when what is there can't be a database or be made one. */
export async function refuseUnusable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found && !found.isFile())
    throw unusable(`${file} is a folder or a device, not a database file.`, 'Name a file in DATABASE_URL.')
  if (found?.size === 0)
    throw unusable(
      `The database file ${file} is there, but empty; it may be what is left of one.`,
      'Restore it from a backup, or delete it to begin a new organisation.',
    )
  if (found) await refuseForeign(file)
}

/** The one name of the file, however it was spelled or linked to. */
export async function realName(given: string): Promise<string> {
  const path = resolve(given)
  const folder = await realpath(dirname(path)).catch((cause: unknown) => {
    throw unusable(
      `The folder ${dirname(path)} of the database file does not exist.`,
      'Create the folder, or change DATABASE_URL.',
      cause,
    )
  })
  const file = join(folder, basename(path))
  if (!(await lstat(file).catch(() => undefined))?.isSymbolicLink()) return file
  return realpath(file).catch((cause: unknown) => {
    throw unusable(`${file} is a link to a file that is not there.`, 'Mend the link, or change DATABASE_URL.', cause)
  })
}

/** Nothing of the file is changed. */
async function refuseForeign(file: string): Promise<void> {
  const onlooker = await SqliteConnection.open(file, [])
  try {
    const tables = (await onlooker.all<{ name: string }>(TABLES, [])).map((row) => row.name)
    if (tables.length > 0 && !tables.includes(MIGRATIONS)) throw foreignError(file, tables)
  } finally {
    await onlooker.close()
  }
}

const TABLES = String.raw`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`

const foreignError = (file: string, tables: readonly string[]): DatabaseError =>
  unusable(
    `The database file ${file} is another program’s: it has tables (${tables.slice(0, 3).join(', ')}${tables.length > 3 ? ', …' : ''}), but none of Milepost’s.`,
    'Name another file in DATABASE_URL. Nothing was changed.',
  )

/** What SQLite finds when it opens the file, with the file's name and the next step. */
export function openingError(file: string, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error
  const code = (error.cause as { code?: string } | undefined)?.code
  if (code === 'SQLITE_NOTADB')
    return unusable(`${file} is no SQLite database.`, 'Name another file in DATABASE_URL, or restore a backup.', error)
  if (error.code === 'CORRUPT')
    return new DatabaseError('CORRUPT', `The database file ${file} is damaged or cut short.`, {
      hint: error.hint,
      cause: error,
    })
  if (code !== 'SQLITE_CANTOPEN') return error
  return unusable(`The database file ${file} can’t be opened or made.`, 'Check the rights of its folder.', error)
}
