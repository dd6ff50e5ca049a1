import { randomUUID } from 'node:crypto'
import { readSetting, writeSetting } from '../catalog/settings.ts'
import type { Database, Transaction } from '#database'
import type { Catalog } from '#metadata'
import type { DialectReader } from '#records'
import type { Instant } from '#util'
import { calendarVersions } from './calendar-versions.ts'
import { readSetUp } from './set-up.ts'
import type { SetUp } from './set-up.ts'

const CHANNEL = 'milepost_set_up'
const VERSION = 'set-up version'

/** Keeps the set-up rows of one node; any node that saves one of them makes every node read them again. */
export interface SetUpHolder {
  readonly tzdata: string
  current(reader: DialectReader, catalog: Catalog): Promise<SetUp>
  /** As the rows of this transaction make it, whatever is held. */
  peek(tx: Transaction, catalog: Catalog): Promise<SetUp>
  /** Stores the calendar versions that were made since. */
  keep(tx: Transaction, now: Instant): Promise<void>
  /** A set-up row was saved in this transaction. */
  changed(tx: Transaction): Promise<void>
  close(): void
}

export function setUpHolder(database: Database, tzdata: string): SetUpHolder {
  const known = calendarVersions(tzdata)
  let held: { readonly setUp: SetUp; readonly catalog: Catalog; readonly version: string | undefined } | undefined
  let changes = 0
  const forget = (): void => {
    held = undefined
    changes++
  }
  const unlisten = database.listen(CHANNEL, forget)
  return {
    tzdata,
    current: async (reader, catalog) => {
      // Another node's hint may still be on its way; on SQLite there is no other node.
      const version = reader.dialect === 'postgres' ? await readSetting(reader, VERSION) : undefined
      if (held?.catalog === catalog && held.version === version) return held.setUp
      const then = changes
      const setUp = await readSetUp(reader, catalog, known)
      // A save may have been committed meanwhile: what was read then is good for once.
      if (then === changes) held = { setUp, catalog, version }
      return setUp
    },
    peek: (tx, catalog) => readSetUp(tx, catalog, known),
    keep: (tx, now) => known.keep(tx, now),
    changed: async (tx) => {
      await writeSetting(tx, VERSION, randomUUID())
      tx.afterCommit(() => {
        forget()
        database.notify(CHANNEL, '')
      })
    },
    close: unlisten,
  }
}
