import { unmet } from '#process'
import type { Explained, UnmetRule } from '../engine-types.ts'
import type { Draft, Run } from '../save/draft.ts'
import { hydrate } from '../save/hydrate.ts'
import { withLookups } from '../save/lookups.ts'
import { contextOf, organisationZone, processRow, rulesOf } from './context.ts'
import { registryOf } from './registry.ts'
import type { ProcessWork } from './work.ts'

/** Whether a record counts as closed, and what its process and milestones still want of it: those conditions that `sees` allows. */
export async function closedAndUnmet(
  run: Run,
  draft: Draft,
  { state, ids }: ProcessWork,
  sees: (object: string, paths: readonly string[]) => boolean,
): Promise<Pick<Required<Explained>, 'closed' | 'unmet'>> {
  const { name, closedWhen } = draft.object
  const process = state.process === null ? undefined : registryOf(run.catalog).version(state.process)
  if (!process) return { closed: false, unmet: [] }
  await hydrate(run, [draft], () => [...process.paths, ...(closedWhen?.paths ?? []), 'Entitlement.BusinessHoursId'])
  const record = processRow(run, draft)
  const found = await withLookups(run, () => unmet(rulesOf(run), state, record, contextOf(run, draft)))
  const rules = found.map(({ instance, conditions }): UnmetRule => {
    const milestone = state.instances.find((i) => i.key === instance)?.milestone
    const seen = conditions.filter(({ paths }) => sees(name, paths))
    return {
      ...(instance !== undefined && milestone !== undefined && { milestoneId: ids[instance]!, milestone }),
      conditions: seen.map(({ text, paths }) => ({ text, fields: paths.filter((path) => !path.includes('.')) })),
    }
  })
  const asked = closedWhen && sees(name, closedWhen.paths) ? closedWhen : undefined
  const closed = asked?.evaluate({ record, prior: record, now: run.now, timeZone: organisationZone(run) })
  return {
    closed: closed?.ok === true && closed.value === true,
    unmet: rules.filter(({ conditions }) => conditions.length > 0),
  }
}
