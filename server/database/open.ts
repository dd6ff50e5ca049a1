import type { Instant } from '#util'
import { systemClock } from './clock/system.ts'
import { openPostgres } from './driver/postgres.ts'
import { openSqlite } from './driver/sqlite.ts'
import { migrate } from './migrate.ts'
import type { Clock, Database } from './types.ts'
import { parseUrl } from './url.ts'

export interface OpenOptions {
  /** `sqlite:path`, `sqlite::memory:` (a temporary file, removed on close) or `postgres://…`. */
  readonly url: string
  /** Default `system`; a clock given here is used as it is. */
  readonly clock?: 'system' | Clock
  /** SQLite: reader connections (3). PostgreSQL: the pool's size (10). */
  readonly readers?: number
  /** Milliseconds after which a read is interrupted (30,000). */
  readonly statementTimeout?: number
  /** Seconds to keep trying while PostgreSQL does not answer yet (10). */
  readonly startUpPatience?: number
  /** Platform tables are brought up to date unless this is false. */
  readonly migrate?: boolean
  /** SQLite: refused with IN_USE while another process has the file so. PostgreSQL is made for several servers and needs it not. */
  readonly exclusive?: boolean
}

/**
 * Connects, checks that this program knows the schema it finds, and brings the platform tables up to date.
 * Throws a DatabaseError whose message and hint are fit for the terminal.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const target = parseUrl(options.url)
  const clock = options.clock === 'system' ? undefined : options.clock
  const database =
    target.dialect === 'sqlite'
      ? await openSqlite(target, { ...options, clock: clock ?? systemClock() })
      : await openPostgres(target, { ...options, clock })
  try {
    if (options.migrate !== false) await migrate(database, appliedAt(database.clock.now()))
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

const appliedAt = (now: Instant): string => new Date(now).toISOString()
