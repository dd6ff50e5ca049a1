import { deletePlatformRows, insertPlatformRows, updatePlatformRows } from '../save/platform-rows.ts'
import { writeStates } from '../processes/store.ts'
import type { Run } from '../save/draft.ts'
import type { Difference, Mend } from './differences.ts'
import type { Stored } from './stored.ts'

/** Writes what the log says over what is stored, row by row; nothing is sent and no action fires again. */
export async function mend(run: Run, stored: Stored, differences: readonly Difference[]): Promise<void> {
  for (const { object, mend } of differences) if (mend) await mendOne(run, stored, object, mend)
}

async function mendOne(run: Run, stored: Stored, object: string, mend: Mend): Promise<void> {
  if (mend.do === 'insert') await insertPlatformRows(run, object, [mend.row])
  else if (mend.do === 'update') await updatePlatformRows(run, object, [{ id: mend.id, set: mend.set }])
  else if (mend.do === 'delete') await deletePlatformRows(run, object, [mend.id])
  else
    await writeStates(
      run.tx,
      [{ ...EMPTY, record: stored.record, object: stored.object, state: mend.state, ids: mend.ids }],
      run.now,
    )
}

const EMPTY = { stored: undefined, written: new Set<string>(), logs: [], fired: [], refusals: [], rowChanges: [] }
