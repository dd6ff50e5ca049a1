import type { Draft, Run } from './draft.ts'

/**
 * An action whose changes don't hold is undone: the record goes back to what it was before the action wrote to it, a record it made is
 * dropped, and the action's row says why. Errors of the caller's own changes stay.
 */
export function undoFailedActions(run: Run, drafts: readonly Draft[]): void {
  for (const draft of drafts) {
    const { touched } = draft
    draft.touched = undefined
    if (!touched || draft.errors.length === 0) continue
    for (const step of touched.by) {
      step.status = 'Failed'
      step.why = draft.errors.map((e) => e.message).join(' ')
    }
    if (draft.index < 0 && draft.operation === 'create') dropDraft(run, draft)
    else restore(draft, touched.changes)
  }
}

export function restore(draft: Draft, changes: Draft['changes']): void {
  for (const name of Object.keys(draft.changes)) delete draft.changes[name]
  Object.assign(draft.changes, changes)
  draft.errors.length = 0
}

export function dropDraft(run: Run, draft: Draft): void {
  run.drafts.splice(run.drafts.indexOf(draft), 1)
  run.draftById.delete(draft.id)
}
