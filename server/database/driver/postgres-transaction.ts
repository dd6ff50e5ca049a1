import type { ClientBase } from 'pg'
import { DatabaseError } from '../errors.ts'
import type { SqlValue, Transaction } from '../types.ts'
import { query } from './postgres-statements.ts'

export class PostgresTransaction implements Transaction {
  readonly dialect = 'postgres'
  readonly hooks: (() => void)[] = []
  #client: ClientBase | undefined
  #savepoints = 0

  constructor(client: ClientBase) {
    this.#client = client
  }

  async all<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return (await query(this.#open(), sql, params)).rows as T[]
  }

  async get<T>(sql: string, params: readonly SqlValue[] = []): Promise<T | undefined> {
    return (await this.all<T>(sql, params))[0]
  }

  async run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return (await query(this.#open(), sql, params)).rowCount ?? 0
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
    this.#client = undefined
  }

  #open(): ClientBase {
    if (this.#client) return this.#client
    throw new DatabaseError('CLOSED', 'The transaction is over; its tx can’t be used any more.', {
      hint: 'Await every call made with tx.',
    })
  }
}
