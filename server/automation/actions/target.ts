import type { ActionTarget } from '#metadata'
import type { Draft, Run } from '../save/draft.ts'
import { loadDrafts } from '../save/load.ts'
import { ActionFailure } from './action.ts'
import type { ActionBase } from './action.ts'

/** The draft an action writes to: the record, its milestone, or a record it refers to. Marked for another look. */
export async function targetDraft(context: ActionBase, target: ActionTarget = 'record'): Promise<Draft> {
  const { run, draft, pending } = context
  const id =
    target === 'record'
      ? draft.id
      : target === 'milestone'
        ? pending.work.ids[pending.action.instance]
        : referredId(draft, target.through)
  if (id === undefined) throw new ActionFailure('The record to change is not there.')
  const found = id === draft.id ? draft : (run.draftById.get(id) ?? (await loadDraft(run, id)))
  context.touch(found)
  found.dirty = true
  return found
}

function referredId(draft: Draft, through: string): string | undefined {
  const id = draft.changes[through] ?? draft.before?.[through]
  if (typeof id !== 'string')
    throw new ActionFailure(
      `${draft.object.field(through)?.label ?? through} is blank, so there is no record to change.`,
    )
  return id
}

/** A record that nobody asked to save, read so that an action may change it. */
export async function loadDraft(run: Run, id: string): Promise<Draft> {
  const [draft] = await loadDrafts(run, [id])
  if (!draft) throw new ActionFailure('The record to change has been deleted.')
  return draft
}
