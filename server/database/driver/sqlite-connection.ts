import sqlite3 from 'sqlite3'
import type { SqlValue } from '../types.ts'
import { checkedParams } from '../sql.ts'
import { LruMap } from './lru.ts'
import type { Session } from './transaction.ts'
import { sqliteError } from './sqlite-errors.ts'

const KEPT_STATEMENTS = 300
const PRAGMAS = [
  'busy_timeout = 5000',
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'foreign_keys = ON',
  'temp_store = MEMORY',
  'cache_size = -32000',
  'wal_autocheckpoint = 4000',
  'mmap_size = 268435456',
]

/** One connection: calls run one after another, statements are prepared once and kept. `get` of the driver is never used: it leaves its statement open on a row. */
export class SqliteConnection implements Session {
  readonly dialect = 'sqlite'
  readonly #db: sqlite3.Database
  readonly #statements = new LruMap<Promise<sqlite3.Statement>>(KEPT_STATEMENTS, (old) => void finalized(old))

  private constructor(db: sqlite3.Database) {
    this.#db = db
    db.serialize()
  }

  static async open(file: string, pragmas: readonly string[] = PRAGMAS): Promise<SqliteConnection> {
    const db = await new Promise<sqlite3.Database>((resolve, reject) => {
      const opened: sqlite3.Database = new sqlite3.Database(file, (error) =>
        error ? reject(sqliteError(error)) : resolve(opened),
      )
    })
    const connection = new SqliteConnection(db)
    try {
      for (const pragma of pragmas) await connection.exec(`PRAGMA ${pragma}`)
      return connection
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  async all<T>(sql: string, params: readonly SqlValue[]): Promise<T[]> {
    const values = checkedParams(params, sql)
    const statement = await this.#prepared(sql)
    return new Promise((resolve, reject) => {
      statement.all<T>(values, (error, rows) => (error ? reject(sqliteError(error, sql)) : resolve(rows)))
    })
  }

  async run(sql: string, params: readonly SqlValue[]): Promise<number> {
    const values = checkedParams(params, sql)
    const statement = await this.#prepared(sql)
    return new Promise((resolve, reject) => {
      statement.run(values, function (error) {
        if (error) reject(sqliteError(error, sql))
        else resolve(this.changes)
      })
    })
  }

  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#db.exec(sql, (error) => (error ? reject(sqliteError(error, sql)) : resolve())),
    )
  }

  /** Stops what is running; it fails with TIMEOUT. */
  interrupt(): void {
    this.#db.interrupt()
  }

  async close(): Promise<void> {
    await Promise.all(this.#statements.values().map(finalized))
    await new Promise<void>((resolve, reject) =>
      this.#db.close((error) => (error ? reject(sqliteError(error)) : resolve())),
    )
  }

  #prepared(sql: string): Promise<sqlite3.Statement> {
    const kept = this.#statements.get(sql)
    if (kept) return kept
    const prepared = new Promise<sqlite3.Statement>((resolve, reject) => {
      const statement: sqlite3.Statement = this.#db.prepare(sql, (error: Error | null) =>
        error ? reject(sqliteError(error, sql)) : resolve(statement),
      )
    })
    this.#statements.set(sql, prepared)
    prepared.catch(() => this.#statements.delete(sql))
    return prepared
  }
}

const finalized = (prepared: Promise<sqlite3.Statement>): Promise<void> =>
  prepared.then(
    (statement) => new Promise((resolve) => statement.finalize(() => resolve())),
    () => {},
  )
