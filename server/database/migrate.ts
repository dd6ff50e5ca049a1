import { readdir } from 'node:fs/promises'
import type { Knex } from 'knex'
import { DatabaseError } from './errors.ts'
import type { Reader } from './types.ts'
import type { Connectable } from './types-internal.ts'

const FOLDER = new URL('../../migrations/', import.meta.url)
/** Names what has been applied; a database that has it is ours. */
export const MIGRATIONS = 'platform_migration'
const ADVISORY_LOCK = 7_105_300_111

interface Migration {
  readonly up: (knex: Knex) => Promise<void>
}

async function migrationNames(): Promise<string[]> {
  return (await readdir(FOLDER))
    .filter((name) => /^\d{4}_.+\.ts$/.test(name))
    .map((name) => name.replace(/\.ts$/, ''))
    .sort()
}

async function appliedNames(database: Reader, dialect: Connectable['dialect']): Promise<string[]> {
  const there =
    dialect === 'sqlite'
      ? await database.get(`SELECT 1 AS x FROM sqlite_master WHERE type = 'table' AND name = '${MIGRATIONS}'`)
      : await database.get(
          `SELECT 1 AS x FROM pg_tables WHERE schemaname = current_schema() AND tablename = '${MIGRATIONS}'`,
        )
  return there
    ? (await database.all<{ name: string }>(`SELECT name FROM ${MIGRATIONS} ORDER BY name`)).map((row) => row.name)
    : []
}

/** Names of migrations this program has and the database has not; throws NEWER_VERSION when it is the other way round. */
export async function pendingMigrations(
  database: Reader & { readonly dialect: Connectable['dialect'] },
): Promise<string[]> {
  const [known, applied] = [await migrationNames(), await appliedNames(database, database.dialect)]
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new DatabaseError(
      'NEWER_VERSION',
      `The database was written by a newer version of Milepost (it has ${unknown.join(', ')}, which this program does not know).`,
      {
        hint: 'Start the newer version, or point DATABASE_URL at another database. Nothing was changed.',
      },
    )
  return known.filter((name) => !applied.includes(name))
}

/**
 * Brings the platform tables up to date in one transaction, by knex's schema builder on a connection of its own.
 * Its first statement is a write (SQLite) or takes a lock (PostgreSQL), so that two nodes that start together wait for one another.
 */
export async function migrate(database: Connectable, at: string): Promise<void> {
  if ((await pendingMigrations(database)).length === 0) return
  const { default: createKnex } = await import('knex')
  const knex = createKnex(knexConfig(database))
  try {
    await knex.transaction((trx) => migrateInside(trx, database, at))
  } finally {
    await knex.destroy()
  }
}

const knexConfig = ({ connection }: Connectable): Knex.Config =>
  'file' in connection
    ? {
        client: 'sqlite3',
        connection: { filename: connection.file },
        useNullAsDefault: true,
        pool: { min: 1, max: 1, afterCreate: waitForOthers },
      }
    : { client: 'pg', connection: connection.url, pool: { min: 0, max: 1 } }

function waitForOthers(
  connection: { run(sql: string, done: (error: Error | null) => void): void },
  done: (error: Error | null, connection: unknown) => void,
): void {
  connection.run('PRAGMA busy_timeout = 10000', (error) => done(error, connection))
}

async function migrateInside(trx: Knex.Transaction, database: Connectable, at: string): Promise<void> {
  if (database.dialect === 'postgres') await trx.raw('SELECT pg_advisory_xact_lock(?)', [ADVISORY_LOCK])
  await trx.raw(`CREATE TABLE IF NOT EXISTS ${MIGRATIONS} (name varchar(255) PRIMARY KEY, at varchar(24) NOT NULL)`)
  const applied = new Set((await trx(MIGRATIONS).select<{ name: string }[]>('name')).map((row) => row.name))
  for (const name of (await migrationNames()).filter((n) => !applied.has(n))) {
    const migration = (await import(new URL(`${name}.ts`, FOLDER).href)) as Migration
    await migration.up(trx)
    await trx(MIGRATIONS).insert({ name, at })
  }
}
