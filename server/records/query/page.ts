/** Page sizes. `first` and `last`: 0 to 2,000; 50 when neither is given. */
import type { Value } from '#util'
import type { ListQuery, Slot } from '../query-tree.ts'
import { QueryError } from './errors.ts'
import { slotValue } from './run-values.ts'
import type { Run } from './run-values.ts'

export const DEFAULT_PAGE = 50
export const MAX_PAGE = 2000
/** `totalCount` counts no further than this. */
export const MAX_COUNT = 100_000

export const given = (slot: Slot | undefined, run: Run): boolean => slot !== undefined && slotValue(slot, run) !== null

/** Pages from the end: `last` without `first`. */
export function isBackward(list: ListQuery, run: Run): boolean {
  const backward = given(list.page.last, run)
  if (backward && given(list.page.first, run))
    throw new QueryError('PAGE', 'A page has either first or last, not both.')
  return backward
}

export function pageSize(list: ListQuery, run: Run): number {
  const slot = isBackward(list, run) ? list.page.last : list.page.first
  return slot && given(slot, run) ? checkedSize(slotValue(slot, run)) : DEFAULT_PAGE
}

export function checkedSize(value: Value): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > MAX_PAGE)
    throw new QueryError(
      'PAGE',
      `A page has 0 to ${MAX_PAGE.toLocaleString('en-US')} records.`,
      'Ask for fewer and go on with the cursor.',
    )
  return value
}
