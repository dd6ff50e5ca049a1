import { observe } from '#process'
import { contextOf, processRow } from '../processes/context.ts'
import { take } from '../processes/evaluate.ts'
import { registryOf } from '../processes/registry.ts'
import { withLookups } from '../save/lookups.ts'
import { ActionFailure } from './action.ts'
import type { Perform } from './action.ts'

/** Starts a further milestone of the record's process, whatever its criteria say. */
export const startMilestone: Perform<'StartMilestone'> = async ({ run, document, draft, pending: { work } }) => {
  const process = work.state.process === null ? undefined : registryOf(run.catalog).version(work.state.process)
  if (!process) throw new ActionFailure('The record is in no process any more.')
  const context = { ...contextOf(run, draft), starting: document.milestone }
  const observation = await withLookups(run, () =>
    observe(process, work.state, processRow(run, draft), draft.before, context),
  )
  const cause = { kind: 'action', what: document.name }
  run.asked.push(...take(run, work, { kind: 'start', milestone: document.milestone, at: run.now, cause, observation }))
  if (work.refusals.length) throw new ActionFailure(work.refusals.map((f) => f.message).join(' '))
}
