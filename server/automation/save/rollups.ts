import { countRollups } from '#records'
import type { Rollup } from '#metadata'
import { enqueueReaders } from '../processes/dependents.ts'
import { changed, fieldAfter } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/** Step 11: roll-ups of the parents whose children this save touched are counted again, in SQL, and so are those above them. */
export const updateRollups = (run: Run): Promise<void> => countTouched(run, (rollup) => parentsTouched(run, rollup))

/** One roll-up field, by its id, of these records; nothing when it is gone. */
export const recount = (run: Run, field: string, records: readonly string[]): Promise<void> =>
  countTouched(run, (rollup) => (rollup.field.id === field ? records : []))

async function countTouched(run: Run, touched: (rollup: Rollup) => readonly string[]): Promise<void> {
  run.counted.push(...(await countRollups(run.tx, run.catalog, touched)))
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
