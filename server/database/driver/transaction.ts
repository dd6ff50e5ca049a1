import { DatabaseError, swallowedError } from '../errors.ts'
import type { Dialect, SqlValue, Transaction } from '../types.ts'
import { Turns } from './turns.ts'

/** One connection inside BEGIN … COMMIT. */
export interface Session {
  readonly dialect: Dialect
  all<T>(sql: string, params: readonly SqlValue[]): Promise<T[]>
  run(sql: string, params: readonly SqlValue[]): Promise<number>
}

/** How a message leaves with the commit. */
export type Notify = (tx: Transaction, channel: string, payload: string) => Promise<void>

/**
 * A transaction as its work sees it, alike on both databases: statements run one after another, and after one that failed nothing goes on
 * but a savepoint's way back. Otherwise a swallowed error would be saved on SQLite and not on PostgreSQL, and a statement that
 * nobody waits for could run after the rollback, on its own.
 */
export class OpenTransaction implements Transaction {
  readonly dialect: Dialect
  readonly hooks: (() => void)[] = []
  readonly #turns = new Turns()
  readonly #notify: Notify
  #session: Session | undefined
  #savepoints = 0
  #failed = false
  #lost: DatabaseError | undefined

  constructor(session: Session, notify: Notify) {
    this.#notify = notify
    this.dialect = session.dialect
    this.#session = session
  }

  all<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    return this.#guarded((session) => session.all<T>(sql, params))
  }

  async get<T>(sql: string, params: readonly SqlValue[] = []): Promise<T | undefined> {
    return (await this.all<T>(sql, params))[0]
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return this.#guarded((session) => session.run(sql, params))
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
      await this.#rollBackTo(name)
      throw error
    } finally {
      this.#savepoints--
    }
  }

  notify(channel: string, payload: string): Promise<void> {
    return this.#notify(this, channel, payload)
  }

  afterCommit(hook: () => void): void {
    this.hooks.push(hook)
  }

  /** No further statement is taken; waits for those under way. Throws when one had failed and nobody took it back. */
  async finish(): Promise<void> {
    await this.abandon()
    if (this.#lost) throw this.#lost
    if (this.#failed) throw swallowedError()
  }

  /** Like finish, before a rollback. */
  async abandon(): Promise<void> {
    this.#session = undefined
    await this.#turns.idle()
  }

  #rollBackTo(name: string): Promise<void> {
    return this.#turns.run(async () => {
      const session = this.#open()
      await session.run(`ROLLBACK TO ${name}`, [])
      await session.run(`RELEASE ${name}`, [])
      this.#failed = false
    })
  }

  #guarded<T>(call: (session: Session) => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      const session = this.#open()
      if (this.#lost) throw this.#lost
      if (this.#failed)
        throw new DatabaseError('SQL', 'An earlier statement of this transaction failed.', {
          hint: 'Use a savepoint around what may fail.',
        })
      try {
        return await call(session)
      } catch (error) {
        this.#note(error)
        throw error
      }
    })
  }

  /** A value refused before it reached the database has changed nothing there; a deadlock's loser must begin anew, whatever a savepoint makes of it. */
  #note(error: unknown): void {
    const code = error instanceof DatabaseError ? error.code : undefined
    if (code !== 'BAD_VALUE') this.#failed = true
    if (code === 'RETRY') this.#lost = error as DatabaseError
  }

  #open(): Session {
    if (this.#session) return this.#session
    throw new DatabaseError('CLOSED', 'The transaction is over; its tx can’t be used any more.', {
      hint: 'Await every call made with tx.',
    })
  }
}
