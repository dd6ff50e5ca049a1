import type { Calendar } from '#business-hours'
import type { Database, Transaction } from '#database'
import type { Catalog } from '#metadata'
import { readSetUp } from './set-up.ts'
import type { SetUp } from './set-up.ts'

const CHANNEL = 'milepost_set_up'

/** Keeps the set-up rows of one node; any node that saves one of them makes every node read them again. */
export interface SetUpHolder {
  current(tx: Transaction, catalog: Catalog): Promise<SetUp>
  /** A set-up row was saved in this transaction. */
  changed(tx: Transaction): void
  close(): void
}

export function setUpHolder(database: Database): SetUpHolder {
  const known = new Map<string, Calendar>()
  let held: { readonly setUp: SetUp; readonly catalog: Catalog } | undefined
  const forget = (): void => void (held = undefined)
  const unlisten = database.listen(CHANNEL, forget)
  return {
    current: async (tx, catalog) => {
      if (held?.catalog === catalog) return held.setUp
      const made = { setUp: await readSetUp(tx, catalog, known), catalog }
      held = made
      return made.setUp
    },
    changed: (tx) =>
      tx.afterCommit(() => {
        forget()
        database.notify(CHANNEL, '')
      }),
    close: unlisten,
  }
}
