import type { Pool } from 'pg'
import type { PostgresListener } from './postgres-listener.ts'

/** At a time, in one statement. */
const MOST = 100

/** Messages of this node leave in the order in which they were given (each by a connection of its own, they overtook one another), and so that it hears them itself. */
export class PostgresNotices {
  readonly #pool: Pool
  readonly #listener: PostgresListener
  #waiting: { readonly channel: string; readonly payload: string }[] = []
  #sending: Promise<void> | undefined

  constructor(pool: Pool, listener: PostgresListener) {
    this.#pool = pool
    this.#listener = listener
  }

  /** Resolves when nothing waits any more. */
  send(channel: string, payload: string): Promise<void> {
    this.#waiting.push({ channel, payload })
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined))
    return this.#sending
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#listener.listening
      const batch = this.#waiting.splice(0, MOST)
      const columns = [batch.map((one) => one.channel), batch.map((one) => one.payload)]
      await this.#pool.query(SEND, columns).catch(() => {})
    }
  }
}

const SEND = 'SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS notice (channel, payload)'
