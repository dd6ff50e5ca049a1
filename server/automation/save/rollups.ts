import { countRollups } from '#records'
import type { Rollup } from '#metadata'
import { enqueueReaders } from '../processes/dependents.ts'
import { changed, fieldAfter } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/** Step 11: roll-ups of the parents whose children this save touched are counted again, in SQL, and so are those above them. */
export async function updateRollups(run: Run): Promise<void> {
  run.counted.push(...(await countRollups(run.tx, run.catalog, (rollup) => parentsTouched(run, rollup))))
  await enqueueReaders(run, run.counted)
}

function parentsTouched(run: Run, { child, through, reads }: Rollup): string[] {
  return run.drafts
    .filter((d) => d.object === child && counts(d, reads))
    .flatMap((d) => [fieldAfter(d, through.name), d.before?.[through.name]])
    .filter((id) => typeof id === 'string')
}

const counts = (draft: Draft, reads: Rollup['reads']): boolean =>
  draft.operation !== 'update' || [...reads].some((field) => changed(draft, field.name))
