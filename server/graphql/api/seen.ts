import type { RequestContext } from '../context.ts'

const MOST_ROWS = 500

/** The first rows, of those about records that the caller may see. */
export async function firstSeen<T extends { readonly recordId: string }>(
  context: RequestContext,
  rows: readonly T[],
  first: number,
  objectOf: (row: T) => string | undefined,
): Promise<readonly T[]> {
  const most = Math.min(Math.max(first, 1), MOST_ROWS)
  const seen: T[] = []
  for (const row of rows) {
    if (seen.length === most) break
    const object = objectOf(row)
    if (object !== undefined && (await context.services.visible(context, object, row.recordId, false))) seen.push(row)
  }
  return seen
}
