import { pushTo } from '#util'
import type { SaveOptions, SaveRequest, SaveResult } from '../types.ts'

/** Whoever took the key has committed when that shows, so the second attempt finds the record, unless it is deleted and made again meanwhile. */
const ATTEMPTS = 3

/** Saves, and saves again what came to nothing because another transaction made a record with an upsert’s key after the upsert had looked for it. */
export async function againWhenLate(
  requests: readonly SaveRequest[],
  mode: SaveOptions['mode'],
  save: (part: readonly SaveRequest[]) => Promise<SaveResult[]>,
): Promise<SaveResult[]> {
  const results = await save(requests)
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const late = lateUpserts(requests, results)
    if (late.length === 0) break
    const again = mode === 'partial' ? late : [...requests.keys()]
    const saved = await save(again.map((i) => requests[i]!))
    again.forEach((i, at) => (results[i] = saved[at]!))
  }
  return results
}

/** Positions of upserts whose own key was taken. A key that one call has twice is the caller’s mistake. */
function lateUpserts(requests: readonly SaveRequest[], results: readonly SaveResult[]): number[] {
  const byKey = new Map<string, number[]>()
  for (const [i, request] of requests.entries())
    if (request.operation === 'upsert') pushTo(byKey, JSON.stringify([request.object, request.by]), i)
  return [...byKey.values()].filter((twins) => twins.length === 1).flatMap(([i]) => (isLate(requests[i!]!, results[i!]!) ? [i!] : [])) // prettier-ignore
}

const isLate = (request: SaveRequest, { errors }: SaveResult): boolean =>
  request.operation === 'upsert' && errors.some(({ code, field }) => code === 'UNIQUE' && field === request.by.field)
