import type { CompiledProcess, ProcessContext, Rules } from '#process'
import type { Row, Value } from '#util'
import { fieldAfter, formulaRow } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { lookupIn, mayOwnIn } from '../save/lookups.ts'
import { settingOf } from '../set-up/custom-settings.ts'
import { registryOf } from './registry.ts'
import { pointsOf, readStories, snapshotsOf, timelines } from './timeline.ts'
import type { Points } from './timeline.ts'

export const rulesOf = ({ catalog, setUp }: Run): Rules => ({
  process: registryOf(catalog).version,
  calendar: setUp.calendar,
})

const text = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null)

export const organisationZone = (run: Run): string => text(run.setUp.organization.TimeZone) ?? 'UTC'

export function contextOf(run: Run, draft: Draft, history?: ProcessContext['history']): ProcessContext {
  return {
    now: run.now,
    timeZone: organisationZone(run),
    milestone: (name) => run.setUp.milestone(name),
    calendar: (key, zone) => run.setUp.hours(key, zone),
    recordHours: text(fieldAfter(draft, 'BusinessHoursId')),
    entitlementHours: text(draft.parents['Entitlement.BusinessHoursId']),
    lookup: lookupIn(run),
    mayOwn: mayOwnIn(run),
    organisationHours: run.setUp.defaultHours?.id ?? 'of the organisation',
    ...(history ? { history } : {}),
  }
}

/** What a process sees of a record: settings are the organisation's there, because a promise must not depend on who saved last. */
export function processRow(run: Run, draft: Draft): Row {
  const settings: { [path: string]: Value } = {}
  for (const path of Object.keys(draft.parents))
    if (path.startsWith('$Setup.')) settings[path] = settingOf(run.setUp.settings, path, [run.setUp.organizationId])
  return formulaRow(draft, settings)
}

/** For a process that attaches late: what its pause rules read, over time, as far as field history tells. */
export async function historyOf(
  run: Run,
  draft: Draft,
  { pausePaths }: CompiledProcess,
): Promise<NonNullable<ProcessContext['history']>> {
  const lines = timelines(run)
  await readStories(lines, [draft.id])
  const today = processRow(run, draft)
  const fields = new Map<string, Points>()
  for (const path of pausePaths) fields.set(path, await pointsOf(lines, draft.id, path, (name) => today[name] ?? null))
  return snapshotsOf(fields).map(({ at, record }) => ({ at: Math.floor(at), record }))
}
