import { setTimeout as wait } from 'node:timers/promises'
import { Client, Pool } from 'pg'
import type { ClientBase, ClientConfig, PoolConfig } from 'pg'
import { ClockOffset } from '../clock/offset.ts'
import { systemClock } from '../clock/system.ts'
import { DatabaseError } from '../errors.ts'
import { TransactionGuard } from '../guard.ts'
import type { Clock, Listener, SqlValue, Transaction } from '../types.ts'
import type { Connectable, DriverOptions } from '../types-internal.ts'
import type { DatabaseUrl } from '../url.ts'
import { postgresError } from './postgres-errors.ts'
import { exclusively } from './postgres-lock.ts'
import { PostgresListener } from './postgres-listener.ts'
import { PostgresNotices } from './postgres-notices.ts'
import { query } from './postgres-statements.ts'
import { OpenTransaction } from './transaction.ts'
import type { Notify, Session } from './transaction.ts'
import { typeParsers } from './postgres-types.ts'

const ATTEMPTS = 6

/**
 * What works in a transaction finds rows by key. A plan is made once for a connection, maybe while the table was empty, and must be right when
 * the table holds a million rows: so never one that reads all of it when there is an index.
 */
const BEGIN = [
  'BEGIN',
  'SET LOCAL statement_timeout = 0',
  'SET LOCAL plan_cache_mode = force_generic_plan',
  // Before PostgreSQL 18 a way that is off but needed counts as so dear that it would be compiled.
  'SET LOCAL jit = off',
  ...['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((way) => `SET LOCAL enable_${way} = off`),
].join('; ')

export async function openPostgres(
  target: DatabaseUrl & { dialect: 'postgres' },
  options: DriverOptions,
): Promise<Connectable> {
  const timeout = options.statementTimeout ?? 30_000
  const config: PoolConfig = {
    connectionString: target.url,
    max: options.readers ?? 10,
    connectionTimeoutMillis: 10_000,
    types: typeParsers,
    application_name: 'milepost',
    options: `-c timezone=UTC -c statement_timeout=${timeout}`,
    allowExitOnIdle: true,
    // A connection's prepared statements live as long as it does.
    maxLifetimeSeconds: 3600,
  }
  await reachable(config, target.shown, (options.startUpPatience ?? 10) * 1000)
  const pool = new Pool(config)
  // An idle connection that breaks is replaced by the pool; without a listener Node would end the process.
  pool.on('error', () => {})
  const offset = options.clock ? undefined : new ClockOffset(() => serverNow(pool))
  await offset?.sample()
  return new PostgresDatabase(target.url, pool, config, timeout, options.clock, offset)
}

async function serverNow(pool: Pool): Promise<number> {
  const { rows } = await query<{ ms: number }>(
    pool,
    `SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`,
    [],
  )
  return rows[0]!.ms
}

/** Tries until the server answers or `patience` (ms) is over; a wrong password or database name fails at once. */
async function reachable(config: ClientConfig, shown: string, patience: number): Promise<void> {
  for (let waited = 0, pause = 200; ; waited += pause, pause = Math.min(pause * 2, 2000)) {
    const client = new Client(config)
    client.on('error', () => {})
    try {
      await client.connect()
      return
    } catch (cause) {
      const error = postgresError(cause, undefined, shown)
      const hopeless = error.code === 'ACCESS_DENIED' || (cause as { code?: string }).code === '3D000'
      if (hopeless || waited >= patience) throw error
    } finally {
      await client.end().catch(() => {})
    }
    await wait(pause)
  }
}

const sessionOf = (client: ClientBase): Session => ({
  dialect: 'postgres',
  all: async <T>(sql: string, params: readonly SqlValue[]) => (await query(client, sql, params)).rows as T[],
  run: async (sql, params) => (await query(client, sql, params)).rowCount ?? 0,
})

/** The server sends it when the transaction commits. */
const notifyWithCommit: Notify = async (tx, channel, payload) => {
  await tx.all('SELECT pg_notify($1, $2)', [channel, payload])
}

class PostgresDatabase implements Connectable {
  readonly dialect = 'postgres'
  readonly clock: Clock
  readonly connection: { readonly url: string }
  readonly statementTimeout: number
  readonly #pool: Pool
  readonly #config: PoolConfig
  readonly #listener: PostgresListener
  readonly #notices: PostgresNotices
  readonly #guard = new TransactionGuard()
  readonly #offset: ClockOffset | undefined
  readonly #running = new Set<Promise<unknown>>()
  #closed: Promise<void> | undefined

  constructor(
    url: string,
    pool: Pool,
    config: ClientConfig,
    timeout: number,
    clock: Clock | undefined,
    offset: ClockOffset | undefined,
  ) {
    this.connection = { url }
    this.#pool = pool
    this.#config = config
    this.#offset = offset
    this.clock = clock ?? systemClock(offset?.value)
    this.statementTimeout = timeout
    this.#listener = new PostgresListener(config)
    this.#notices = new PostgresNotices(pool, this.#listener)
  }

  async all<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    this.#check()
    return (await this.#tracked(query(this.#pool, sql, params))).rows as T[]
  }

  async get<T>(sql: string, params: readonly SqlValue[] = []): Promise<T | undefined> {
    return (await this.all<T>(sql, params))[0]
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.#check()
    return await this.#tracked(this.#retried(work))
  }

  async #retried<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const { result, hooks } = await this.#transact(work)
        for (const hook of hooks) hook()
        return result
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.code !== 'RETRY' || attempt >= ATTEMPTS) throw error
        await wait(Math.random() * 20 * 2 ** attempt)
      }
    }
  }

  async #transact<T>(work: (tx: Transaction) => Promise<T>): Promise<{ result: T; hooks: (() => void)[] }> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw postgresError(error)
    })
    const tx = new OpenTransaction(sessionOf(client), notifyWithCommit)
    let broken = false
    // The statement under way fails with it; without a listener Node would end the process.
    const lost = (): void => void (broken = true)
    client.on('error', lost)
    try {
      await query(client, BEGIN, [])
      const result = await this.#guard.inside(() => work(tx))
      await tx.finish()
      await query(client, 'COMMIT', [])
      return { result, hooks: tx.hooks }
    } catch (error) {
      await tx.abandon()
      broken ||= error instanceof DatabaseError && error.code === 'RETRY'
      await client.query('ROLLBACK').catch(() => (broken = true))
      throw error
    } finally {
      client.off('error', lost)
      client.release(broken)
    }
  }

  exclusively<T>(work: () => Promise<T>, waiting?: () => void): Promise<T> {
    this.#check()
    return exclusively(this.#config, work, waiting)
  }

  notify(channel: string, payload: string): void {
    if (this.#closed) return
    void this.#tracked(this.#notices.send(channel, payload))
  }

  listen(channel: string, callback: Listener): () => void {
    return this.#listener.on(channel, callback)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#offset?.stop()
    await this.#listener.close()
    // A pool that ends forgets who still waits for a connection.
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
    await this.#pool.end()
  }

  async #tracked<T>(call: Promise<T>): Promise<T> {
    this.#running.add(call)
    try {
      return await call
    } finally {
      this.#running.delete(call)
    }
  }

  #check(): void {
    if (this.#closed) throw new DatabaseError('CLOSED', 'The database is closed.')
    this.#guard.check()
  }
}
