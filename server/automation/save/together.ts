import type { Dialect } from '#database'
import type { Catalog } from '#metadata'
import type { Actor } from '#records'
import { isHeld } from '../set-up/set-up.ts'
import type { SaveOptions, SaveRequest, SaveResult } from '../types.ts'
import { NOTHING_SAVED } from './bulk.ts'

export interface Caller {
  readonly actor: Actor
  readonly request: SaveRequest
}

interface Waiting extends Caller {
  readonly done: PromiseWithResolvers<SaveResult>
}

/** Most saves that share a transaction. */
const MOST = 50
/** Transactions under way at once: SQLite has one writer; on PostgreSQL a slow save must not hold up all others. */
const LANES = { sqlite: 1, postgres: 2 } as const

/** One record created or changed by a caller; rows of set-up have a journal to work off. */
export const canShare = (
  catalog: Catalog,
  [request, ...more]: readonly SaveRequest[],
  options: SaveOptions = {},
): boolean =>
  request !== undefined &&
  more.length === 0 &&
  (request.operation === 'create' || request.operation === 'update') &&
  options.cause === undefined &&
  options.stillMatching === undefined &&
  options.expect === undefined &&
  !isHeld(catalog.object(request.object))

/**
 * Single saves that come in while others are being written wait for them, and then share one transaction: most of what a save costs is
 * the transaction's statements and the pages it writes, not the record. It is kept only when all of its saves succeed; otherwise those that
 * failed are saved alone, so that nobody sees what another did wrong.
 */
export function togetherSaver(
  dialect: Dialect,
  saveAll: (callers: readonly Caller[]) => Promise<readonly SaveResult[]>,
) {
  const waiting: Waiting[] = []
  const underWay: (readonly Waiting[])[] = []

  async function saveGroup(group: readonly Waiting[]): Promise<void> {
    const results = group.length > 1 ? await saveAll(group).catch(() => []) : []
    if (results.length > 0 && results.every((result) => result.errors.length === 0))
      return group.forEach(({ done }, i) => done.resolve(results[i]!))
    const innocent = group.filter((_, i) => results[i]?.errors[0]?.code === NOTHING_SAVED.code)
    const again = innocent.length < group.length ? innocent : []
    if (again.length > 0) await saveGroup(again)
    for (const one of group.filter((w) => !again.includes(w)))
      await saveAll([one]).then(([result]) => one.done.resolve(result!), one.done.reject)
  }

  function next(): void {
    while (underWay.length < LANES[dialect]) {
      const group = takeGroup(waiting, underWay.flat())
      if (group.length === 0) return
      underWay.push(group)
      void saveGroup(group).finally(() => {
        underWay.splice(underWay.indexOf(group), 1)
        next()
      })
    }
  }

  return (actor: Actor, request: SaveRequest): Promise<SaveResult> => {
    const done = Promise.withResolvers<SaveResult>()
    waiting.push({ actor, request, done })
    next()
    return done.promise
  }
}

/** The first that wait and save another record than those under way and those before them: saves of one record keep their order. */
function takeGroup(waiting: Waiting[], underWay: readonly Waiting[]): Waiting[] {
  const records = new Set(underWay.map(recordOf))
  records.delete(undefined)
  const [taken, left]: [Waiting[], Waiting[]] = [[], []]
  for (const one of waiting.splice(0)) {
    const record = recordOf(one)
    const waits = taken.length === MOST || records.has(record)
    ;(waits ? left : taken).push(one)
    if (record !== undefined) records.add(record)
  }
  waiting.push(...left)
  return taken
}

const recordOf = ({ request }: Caller): string | undefined => ('id' in request ? request.id : undefined)
