/** One server to a file, by whatever name each knows it. */
import { stat } from 'node:fs/promises'
import { DatabaseError } from '../errors.ts'
import type { Held } from '../types-internal.ts'
import { lockInode } from './inode-lock.ts'
import { SqliteConnection } from './sqlite-connection.ts'

const PATIENCE_MS = 1000

/**
 * Two locks, which the operating system lets go of however the process ends: an exclusive one on an empty database beside the file, for those who come by
 * the same path, from another machine too; and one on device and inode, for those who come by a hard link or after the file was moved.
 * The lock's file stays: whoever deleted it would let two others in at once.
 */
export class FileLock implements Held {
  readonly #file: string
  readonly #path: SqliteConnection
  #content: Held | undefined

  private constructor(file: string, path: SqliteConnection) {
    this.#file = file
    this.#path = path
  }

  static async take(file: string): Promise<FileLock> {
    const path = await SqliteConnection.open(`${file}-lock`, [`busy_timeout = ${PATIENCE_MS}`])
    try {
      await path.exec('BEGIN EXCLUSIVE')
      return new FileLock(file, path)
    } catch (error) {
      await path.close()
      throw error instanceof DatabaseError && error.code === 'BUSY' ? inUse(file, error) : error
    }
  }

  /** As soon as there is a file: before it is opened, or when it has been made. */
  async holdContent(): Promise<void> {
    const found = this.#content ? undefined : await stat(this.#file, { bigint: true }).catch(() => undefined)
    if (!found) return
    this.#content = await lockInode(found)
    if (!this.#content) throw inUse(this.#file)
  }

  async close(): Promise<void> {
    await this.#content?.close()
    await this.#path.close()
  }
}

const inUse = (file: string, cause?: unknown): DatabaseError =>
  new DatabaseError('IN_USE', `Another process of Milepost works on the database file ${file}.`, {
    hint: 'Stop that one first, or give this one another DATABASE_URL; for several servers on one database use PostgreSQL.',
    cause,
  })
