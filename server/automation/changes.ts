import { randomUUID } from 'node:crypto'
import type { Database } from '#database'
import type { RecordChange } from './types.ts'

const CHANNEL = 'milepost_changes'
/** PostgreSQL carries at most 8,000 bytes a notification. */
const MAX_BYTES = 7_500
const MAX_FIELDS = 60
const MAX_IDS = 200

/** Tells every node, this one included, which records changed; after the commit, each node's own in the order of its saves. */
export interface ChangeBus {
  publish(changes: readonly RecordChange[]): void
  /** `missed`: the database was away for a while, and so were its messages. */
  listen(callback: (change: RecordChange) => void, missed?: () => void): () => void
  /** Resolves when everything that this node published before has been heard. */
  heard(): Promise<void>
  close(): void
}

export function changeBus(database: Database): ChangeBus {
  const callbacks = new Set<(change: RecordChange) => void>()
  const gaps = new Set<() => void>()
  const marks = new Map<string, () => void>()
  const deliver = ({ ids, mark, ...common }: Alike): void => {
    if (mark !== undefined) marks.get(mark)?.()
    for (const id of ids) {
      // The same object for everybody: what one subscriber finds out about it others need not ask again.
      const change = { ...common, id }
      for (const callback of callbacks) callback(change)
    }
  }
  const unlisten = database.listen(CHANNEL, (payload) => {
    if (payload === undefined) for (const one of [...gaps, ...marks.values()]) one()
    else if (callbacks.size > 0 || marks.size > 0) for (const part of JSON.parse(payload) as Alike[]) deliver(part)
  })
  return {
    publish: (changes) => {
      for (const payload of payloads(changes)) database.notify(CHANNEL, payload)
    },
    listen: (callback, missed = () => {}) => {
      callbacks.add(callback)
      gaps.add(missed)
      return () => {
        callbacks.delete(callback)
        gaps.delete(missed)
      }
    },
    heard: async () => {
      const mark = randomUUID()
      await new Promise<void>((resolve) => {
        marks.set(mark, resolve)
        database.notify(CHANNEL, JSON.stringify([{ ids: [], mark }]))
      })
      marks.delete(mark)
    },
    close: unlisten,
  }
}

/** Records that changed alike: of a batch that is most of them, so that one message tells of hundreds. */
interface Alike extends Omit<RecordChange, 'id'> {
  readonly ids: readonly string[]
  /** Of no records: where a node stands in its own messages. */
  readonly mark?: string
}

function alike(changes: readonly RecordChange[]): Alike[] {
  const groups = Map.groupBy(
    changes,
    (c) => `${c.object} ${c.change} ${c.at} ${c.catalogVersion} ${c.fields.join(' ')}`,
  )
  return [...groups.values()].flatMap((group) => {
    const { id: _, ...common } = { ...group[0]!, fields: group[0]!.fields.slice(0, MAX_FIELDS) }
    const ids = group.map((change) => change.id)
    return Array.from({ length: Math.ceil(ids.length / MAX_IDS) }, (_, i) => ({
      ...common,
      ids: ids.slice(i * MAX_IDS, (i + 1) * MAX_IDS),
    }))
  })
}

function* payloads(changes: readonly RecordChange[]): Generator<string> {
  let part: string[] = []
  let size = 0
  for (const text of alike(changes).map((group) => JSON.stringify(group))) {
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
