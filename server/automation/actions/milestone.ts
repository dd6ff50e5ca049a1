import { rowsOf } from '#process'
import { readRows } from '#records'
import type { Row } from '#util'
import { rulesOf } from '../processes/context.ts'
import type { PendingAction } from '../processes/work.ts'
import { formulaRow } from '../save/draft.ts'
import type { Draft, Run } from '../save/draft.ts'
import { hydrate } from '../save/hydrate.ts'
import { systemValues } from '../save/platform-rows.ts'

const PREFIX = '$Milestone.'

/** What an action's formulas read of the milestone that it acts for, by path; all blank when that is gone. */
export async function readMilestone(
  run: Run,
  pending: PendingAction,
  draft: Draft,
  paths: readonly string[],
): Promise<Row> {
  const wanted = paths.filter((path) => path.startsWith(PREFIX)).map((path) => path.slice(PREFIX.length))
  const milestone = wanted.length > 0 ? await milestoneDraft(run, pending, draft, wanted) : undefined
  if (milestone) await hydrate(run, [milestone], () => wanted)
  const row: Row = milestone ? formulaRow(milestone) : {}
  return Object.fromEntries(wanted.map((path) => [PREFIX + path, row[path] ?? null]))
}

/** The row as this evaluation leaves it, which is not written yet, over what is stored of it. */
async function milestoneDraft(
  run: Run,
  { work, action }: PendingAction,
  draft: Draft,
  wanted: readonly string[],
): Promise<Draft | undefined> {
  const object = run.catalog.objects.get('RecordMilestone')!
  const fields = rowsOf(rulesOf(run), work.state, run.now).milestones.find(({ key }) => key === action.instance)?.fields
  if (!fields) return undefined
  const id = (work.ids[action.instance] ??= run.newId(object))
  const known = run.draftById.get(id)
  const stored = wanted.filter((path) => !(path in fields))
  const before = known?.before ?? (await readRows(run.tx, run.catalog, object, [id], stored)).get(id)
  const changes = { ...known?.changes, ...fields, Id: id, ParentId: work.record }
  return { ...draft, object, id, before: before ?? systemValues(run), changes }
}
