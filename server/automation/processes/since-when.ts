import type { Decision, HeldBackMilestone } from '#process'
import { readRows } from '#records'
import { childIds } from '../rows.ts'
import type { Run } from '../save/draft.ts'

/** Since when milestones are held back, from the record's log; to those who may know by which condition. */
export async function sinceWhen(
  run: Run,
  record: string,
  held: readonly HeldBackMilestone[],
): Promise<readonly HeldBackMilestone[]> {
  if (held.length === 0) return held
  const object = run.catalog.objects.get('MilestoneEvent')!
  const ids = await childIds(run.tx, object, object.field('ParentId')!, [record])
  const rows = (await readRows(run.tx, run.catalog, object, ids, ['Outcome'])).values()
  const decisions = [...rows].flatMap((row) => row.Outcome as unknown as readonly Decision[])
  return held.map((one) => (one.condition === undefined ? one : { ...one, ...since(one, decisions) }))
}

/** The log says it once, when it begins; the last time counts. */
function since({ items }: HeldBackMilestone, decisions: readonly Decision[]): Pick<HeldBackMilestone, 'since'> {
  const times = decisions.filter((d) => d.what === 'heldBack' && items.includes(d.item ?? '')).map((d) => d.at)
  return times.length > 0 ? { since: Math.max(...times) } : {}
}
