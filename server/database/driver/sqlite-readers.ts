import type { SqlValue } from '../types.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

/** Reader connections, one query at a time each, the idle one first: round-robin would queue quick reads behind a slow one. */
export class SqliteReaders {
  readonly #idle: SqliteConnection[]
  readonly #waiting: ((connection: SqliteConnection) => void)[] = []
  readonly #timeout: number

  constructor(connections: readonly SqliteConnection[], timeout: number) {
    this.#idle = [...connections]
    this.#timeout = timeout
  }

  async all<T>(sql: string, params: readonly SqlValue[]): Promise<T[]> {
    const connection =
      this.#idle.pop() ?? (await new Promise<SqliteConnection>((resolve) => this.#waiting.push(resolve)))
    const timer = setTimeout(() => connection.interrupt(), this.#timeout)
    try {
      return await connection.all<T>(sql, params)
    } finally {
      clearTimeout(timer)
      this.#release(connection)
    }
  }

  #release(connection: SqliteConnection): void {
    const next = this.#waiting.shift()
    if (next) next(connection)
    else this.#idle.push(connection)
  }
}
