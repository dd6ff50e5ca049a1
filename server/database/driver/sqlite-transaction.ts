import { DatabaseError } from '../errors.ts'
import type { SqlValue, Transaction } from '../types.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

export class SqliteTransaction implements Transaction {
  readonly dialect = 'sqlite'
  readonly hooks: (() => void)[] = []
  #connection: SqliteConnection | undefined
  #savepoints = 0
  #failed = false

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  all<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return this.#guarded((connection) => connection.all<T>(sql, params))
  }

  async get<T>(sql: string, params: readonly SqlValue[] = []): Promise<T | undefined> {
    return (await this.all<T>(sql, params))[0]
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return this.#guarded((connection) => connection.run(sql, params))
  }

  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    const name = `s${++this.#savepoints}`
    const hooks = this.hooks.length
    await this.run(`SAVEPOINT ${name}`)
    try {
      const result = await work()
      await this.run(`RELEASE ${name}`)
      return result
    } catch (error) {
      this.hooks.length = hooks
      await this.#open().run(`ROLLBACK TO ${name}`, [])
      this.#failed = false
      await this.run(`RELEASE ${name}`)
      throw error
    } finally {
      this.#savepoints--
    }
  }

  afterCommit(hook: () => void): void {
    this.hooks.push(hook)
  }

  /** True once a statement has failed outside a savepoint that took it back. */
  get failed(): boolean {
    return this.#failed
  }

  end(): void {
    this.#connection = undefined
  }

  /** As on PostgreSQL, nothing goes on after a statement that failed: else a swallowed error would be saved on one database and not on the other. */
  async #guarded<T>(call: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    const connection = this.#open()
    if (this.#failed)
      throw new DatabaseError('SQL', 'An earlier statement of this transaction failed.', {
        hint: 'Use a savepoint around what may fail.',
      })
    try {
      return await call(connection)
    } catch (error) {
      this.#failed ||= !(error instanceof DatabaseError && error.code === 'BAD_VALUE')
      throw error
    }
  }

  #open(): SqliteConnection {
    if (this.#connection) return this.#connection
    throw new DatabaseError('CLOSED', 'The transaction is over; its tx can’t be used any more.', {
      hint: 'Await every call made with tx.',
    })
  }
}
