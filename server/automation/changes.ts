import type { Database } from '#database'
import type { RecordChange } from './types.ts'

const CHANNEL = 'milepost_changes'
/** PostgreSQL carries at most 8,000 bytes a notification. */
const MAX_BYTES = 7_500
const MAX_FIELDS = 60

/** Tells every node, this one included, which records changed; after the commit, in the order of the saves. */
export interface ChangeBus {
  publish(changes: readonly RecordChange[]): void
  listen(callback: (change: RecordChange) => void): () => void
  close(): void
}

export function changeBus(database: Database): ChangeBus {
  const callbacks = new Set<(change: RecordChange) => void>()
  const unlisten = database.listen(CHANNEL, (payload) => {
    if (callbacks.size === 0) return
    for (const change of JSON.parse(payload) as RecordChange[]) for (const callback of callbacks) callback(change)
  })
  return {
    publish: (changes) => {
      for (const payload of payloads(changes)) database.notify(CHANNEL, payload)
    },
    listen: (callback) => {
      callbacks.add(callback)
      return () => callbacks.delete(callback)
    },
    close: unlisten,
  }
}

function* payloads(changes: readonly RecordChange[]): Generator<string> {
  let part: string[] = []
  let size = 0
  for (const change of changes) {
    const text = JSON.stringify({ ...change, fields: change.fields.slice(0, MAX_FIELDS) })
    if (size + text.length > MAX_BYTES && part.length) {
      yield `[${part.join(',')}]`
      part = []
      size = 0
    }
    part.push(text)
    size += text.length + 1
  }
  if (part.length) yield `[${part.join(',')}]`
}
