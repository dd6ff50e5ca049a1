import type { Database } from '#database'
import type { ObjectDef } from '#metadata'
import { updateRows } from '#records'
import type { Row } from '#util'

interface Result {
  readonly id: string
  readonly set: Row
}
interface Waiting extends Result {
  readonly done: PromiseWithResolvers<void>
}

/** Most results a transaction. */
const MOST = 50

/** Notes what became of messages. Results that come while others are written wait and share one transaction, so that timers find the writer free. */
export function resultWriter(database: Database, object: () => ObjectDef): (result: Result) => Promise<void> {
  const waiting: Waiting[] = []
  let writing = false
  async function write(): Promise<void> {
    writing = true
    for (let batch = waiting.splice(0, MOST); batch.length > 0; batch = waiting.splice(0, MOST)) await together(batch)
    writing = false
  }
  async function together(batch: readonly Waiting[]): Promise<void> {
    const changes = batch.map(({ id, set }) => ({ id, set }))
    const wrote = database.transaction((tx) => updateRows(tx, object(), changes))
    await wrote.then(
      () => batch.forEach(({ done }) => done.resolve()),
      (error: unknown) => batch.forEach(({ done }) => done.reject(error)),
    )
  }
  return (result) => {
    const done = Promise.withResolvers<void>()
    waiting.push({ ...result, done })
    if (!writing) void write()
    return done.promise
  }
}
