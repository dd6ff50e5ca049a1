import type { Draft, Run } from '../save/draft.ts'
import { loadDrafts } from '../save/load.ts'
import { governed } from './governed.ts'

/** Drafts of those records that a process governs, without a change: to be looked at again. Others, and deleted ones, are left out. */
export const loadGoverned = async (run: Run, ids: readonly string[]): Promise<Draft[]> =>
  loadDrafts(run, await governed(run.tx, ids))
