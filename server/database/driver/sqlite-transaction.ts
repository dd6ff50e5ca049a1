import { DatabaseError } from '../errors.ts'
import type { SqlValue, Transaction } from '../types.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

export class SqliteTransaction implements Transaction {
  readonly dialect = 'sqlite'
  readonly hooks: (() => void)[] = []
  #connection: SqliteConnection | undefined
  #savepoints = 0

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  async all<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return await this.#open().all<T>(sql, params)
  }

  async get<T>(sql: string, params: readonly SqlValue[] = []): Promise<T | undefined> {
    return (await this.all<T>(sql, params))[0]
  }

  async run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return await this.#open().run(sql, params)
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
      await this.run(`ROLLBACK TO ${name}`)
      await this.run(`RELEASE ${name}`)
      throw error
    } finally {
      this.#savepoints--
    }
  }

  afterCommit(hook: () => void): void {
    this.hooks.push(hook)
  }

  end(): void {
    this.#connection = undefined
  }

  #open(): SqliteConnection {
    if (this.#connection) return this.#connection
    throw new DatabaseError('CLOSED', 'The transaction is over; its tx can’t be used any more.', {
      hint: 'Await every call made with tx.',
    })
  }
}
