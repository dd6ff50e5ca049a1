import { readRows } from '#records'
import type { CompiledProcess, ProcessContext, Rules } from '#process'
import { parseInstant } from '#util'
import type { Row, Value } from '#util'
import { fieldAfter, formulaRow } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { lookupIn, mayOwnIn } from '../save/lookups.ts'
import { childIds } from '../rows.ts'
import { settingOf } from '../set-up/custom-settings.ts'
import { registryOf } from './registry.ts'

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

/** For a process that attaches late: what its pause rules read, over time. */
export const historyOf = (run: Run, draft: Draft, process: CompiledProcess): ReturnType<typeof recordHistory> =>
  recordHistory(run, draft, process.pausePaths)

/** The record over time, oldest first, as far as field history tells of these fields. The others, and parents, have their values of today. */
export async function recordHistory(
  run: Run,
  draft: Draft,
  paths: readonly string[],
): Promise<{ at: number; record: Row }[]> {
  const object = run.catalog.objects.get('FieldHistory')
  if (!object || !draft.before) return []
  const ids = await childIds(run.tx, object, object.field('RecordId')!, [draft.id])
  const rows = [
    ...(await readRows(run.tx, run.catalog, object, ids, ['Id', 'Field', 'OldValue', 'ChangedDate'])).values(),
  ]
  const changes = rows
    .filter((row) => paths.includes(String(row.Field)))
    .sort((a, b) => String(b.ChangedDate).localeCompare(String(a.ChangedDate)))
  return backwards(draft, changes)
}

/** Walks from today's values back through the changes, then turns the list round: oldest first. */
function backwards(draft: Draft, newestFirst: readonly Row[]): { at: number; record: Row }[] {
  const points: { at: number; record: Row }[] = []
  let record: Row = { ...draft.before, ...draft.parents }
  for (const change of newestFirst) {
    points.push({ at: parseInstant(String(change.ChangedDate)) ?? 0, record })
    record = { ...record, [String(change.Field)]: typedOld(draft, change) }
  }
  points.push({ at: parseInstant(String(draft.before?.CreatedDate)) ?? 0, record })
  return points.reverse()
}

function typedOld(draft: Draft, change: Row): Value {
  const field = draft.object.field(String(change.Field))
  const old = change.OldValue
  if (typeof old !== 'string') return null
  if (field?.storage === 'boolean') return old === 'true'
  return field?.storage === 'decimal' || field?.storage === 'integer' ? Number(old) : old
}
