/** The database room as its callers see it: two dialects behind one small interface. SQL text is written by callers in the dialect's own words. */
import type { Instant } from '#util'

export type Dialect = 'sqlite' | 'postgres'
/** What a driver takes and gives. BigInt is refused (sqlite3 would store NULL). */
export type SqlValue = string | number | boolean | null | Uint8Array

export interface Clock {
  /** Milliseconds; whole. On PostgreSQL corrected by the offset sampled from the server. */
  now(): Instant
  /** Calls back once the clock has reached `at` (a manual clock: when it is moved there). Returns the cancel function. */
  wake(at: Instant, callback: () => void): () => void
}
export interface ManualClock extends Clock {
  advance(ms: number): Instant
  set(at: Instant): void
}

export interface Reader {
  /** Rows as plain objects; placeholders are `?` on SQLite and `$1` on PostgreSQL. Statements are prepared once per connection and kept. */
  all<T = Record<string, SqlValue>>(sql: string, params?: readonly SqlValue[]): Promise<T[]>
  get<T = Record<string, SqlValue>>(sql: string, params?: readonly SqlValue[]): Promise<T | undefined>
}

export interface Transaction extends Reader {
  readonly dialect: Dialect
  /** Rows changed. */
  run(sql: string, params?: readonly SqlValue[]): Promise<number>
  /** Undoes to here when `work` throws, and throws on. */
  savepoint<T>(work: () => Promise<T>): Promise<T>
  /** Like the database's own, with the commit, never after a rollback. */
  notify(channel: string, payload: string): Promise<void>
  /** Runs after the commit, never after a rollback. */
  afterCommit(hook: () => void): void
}

export type Listener = (payload: string | undefined) => void

export interface Database extends Reader {
  readonly dialect: Dialect
  readonly clock: Clock
  /** One writer at a time on SQLite (BEGIN IMMEDIATE through a queue); READ COMMITTED on PostgreSQL, retried on serialization failure or deadlock. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>
  /**
   * Runs the work while no other node runs any; whoever comes second is told by `waiting` and waits. The database lets go of it when the node dies.
   * SQLite has one node, so nobody to wait for.
   */
  exclusively<T>(work: () => Promise<T>, waiting?: () => void): Promise<T>
  /** Tells other nodes (PostgreSQL LISTEN/NOTIFY; in process on SQLite). Payload under 8 kB; a hint, never the only truth. */
  notify(channel: string, payload: string): void
  /** `payload` undefined: the connection was lost for a while, and messages may have been missed. */
  listen(channel: string, callback: Listener): () => void
  /** Interrupts a read that takes longer (ms). */
  readonly statementTimeout: number
  close(): Promise<void>
}
