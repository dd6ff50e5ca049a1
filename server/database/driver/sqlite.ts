import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../clock/system.ts'
import { DatabaseError } from '../errors.ts'
import { TransactionGuard } from '../guard.ts'
import type { Clock, Listener, SqlValue, Transaction } from '../types.ts'
import type { Connectable, DriverOptions, Held } from '../types-internal.ts'
import type { DatabaseUrl } from '../url.ts'
import { LocalChannels } from './channels.ts'
import { FileLock } from './file-lock.ts'
import { SqliteConnection } from './sqlite-connection.ts'
import { openingError, realName, refuseUnusable } from './sqlite-file.ts'
import { SqliteReaders } from './sqlite-readers.ts'
import { OpenTransaction } from './transaction.ts'

/** One writer connection behind a queue, `readers` connections beside it. */
export async function openSqlite(
  target: DatabaseUrl & { dialect: 'sqlite' },
  options: DriverOptions,
): Promise<Connectable> {
  const folder = target.temporary ? await mkdtemp(join(tmpdir(), 'milepost-')) : undefined
  const file = folder ? join(folder, 'milepost.db') : await realName(target.path)
  const opened: Held[] = []
  const open = async <T extends Held>(opening: Promise<T>): Promise<T> => {
    const held = await opening
    opened.unshift(held)
    return held
  }
  try {
    const lock = options.exclusive && !folder ? await open(FileLock.take(file)) : undefined
    await lock?.holdContent()
    await refuseUnusable(file)
    const writer = await open(SqliteConnection.open(file))
    await lock?.holdContent()
    const readers: SqliteConnection[] = []
    while (readers.length < (options.readers ?? 3)) readers.push(await open(SqliteConnection.open(file)))
    return new SqliteDatabase(file, folder, { writer, readers, all: opened }, options)
  } catch (error) {
    for (const connection of opened) await connection.close()
    throw openingError(file, error)
  }
}

interface Connections {
  readonly writer: SqliteConnection
  readonly readers: readonly SqliteConnection[]
  /** In the order in which they are closed: the lock of the file last. */
  readonly all: readonly Held[]
}

class SqliteDatabase implements Connectable {
  readonly dialect = 'sqlite'
  readonly clock: Clock
  readonly connection: { readonly file: string }
  readonly statementTimeout: number
  readonly #writer: SqliteConnection
  readonly #connections: readonly Held[]
  readonly #readers: SqliteReaders
  readonly #folder: string | undefined
  readonly #guard = new TransactionGuard()
  readonly #channels = new LocalChannels()
  #queue: Promise<unknown> = Promise.resolve()
  #closed: Promise<void> | undefined

  constructor(file: string, folder: string | undefined, { writer, readers, all }: Connections, options: DriverOptions) {
    this.connection = { file }
    this.clock = options.clock ?? systemClock()
    this.statementTimeout = options.statementTimeout ?? 30_000
    this.#folder = folder
    this.#writer = writer
    this.#connections = all
    this.#readers = new SqliteReaders(readers, this.statementTimeout)
  }

  async all<T>(sql: string, params: readonly SqlValue[] = []): Promise<T[]> {
    this.#check()
    return await this.#readers.all<T>(sql, params)
  }

  async get<T>(sql: string, params: readonly SqlValue[] = []): Promise<T | undefined> {
    return (await this.all<T>(sql, params))[0]
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.#check()
    const turn = this.#queue.then(() => this.#transact(work))
    this.#queue = turn.catch(() => {})
    const { result, hooks } = await turn
    for (const hook of hooks) hook()
    return result
  }

  async #transact<T>(work: (tx: Transaction) => Promise<T>): Promise<{ result: T; hooks: (() => void)[] }> {
    const tx = new OpenTransaction(this.#writer, async (own, ...message) =>
      own.afterCommit(() => this.#channels.emit(...message)),
    )
    await this.#writer.run('BEGIN IMMEDIATE', [])
    try {
      const result = await this.#guard.inside(() => work(tx))
      await tx.finish()
      await this.#writer.run('COMMIT', [])
      return { result, hooks: tx.hooks }
    } catch (error) {
      await tx.abandon()
      // A statement that failed for want of space may have rolled back already; the first error is the one to tell.
      await this.#writer.run('ROLLBACK', []).catch(() => {})
      throw error
    }
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return work()
  }

  notify(channel: string, payload: string): void {
    this.#channels.emit(channel, payload)
  }

  listen(channel: string, callback: Listener): () => void {
    return this.#channels.on(channel, callback)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await this.#queue
    // Refreshes the planner's statistics where they are stale; quick, and never a reason not to close.
    if (!this.#folder) await this.#writer.exec('PRAGMA optimize').catch(() => {})
    for (const connection of this.#connections) await connection.close()
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true })
  }

  #check(): void {
    if (this.#closed) throw new DatabaseError('CLOSED', 'The database is closed.')
    this.#guard.check()
  }
}
