import type { Draft, Run } from './draft.ts'

/** Looks at drafts once more: steps 1 to 6 of the save. */
type Check = (run: Run, drafts: readonly Draft[]) => Promise<void>

/**
 * An action whose changes don't hold is undone: the record goes back to what it was before the action wrote to it, a record it made is
 * dropped, and the action's row says why. Of several that wrote to one record each is tried by itself, in their order, so that only those that
 * don't hold are undone. Errors of the caller's own changes stay.
 */
export async function undoFailedActions(run: Run, drafts: readonly Draft[], check: Check): Promise<void> {
  for (const draft of drafts) {
    const { touched } = draft
    draft.touched = undefined
    if (!touched || draft.errors.length === 0) continue
    if (draft.index < 0 && draft.operation === 'create') {
      for (const { step } of touched.by) failStep(step, draft)
      dropDraft(run, draft)
    } else await redo(run, draft, touched, check)
  }
}

async function redo(
  run: Run,
  draft: Draft,
  { by, changes }: NonNullable<Draft['touched']>,
  check: Check,
): Promise<void> {
  const why = [...draft.errors]
  restore(draft, changes)
  for (const { step, set } of by) {
    const before = { ...draft.changes }
    Object.assign(draft.changes, set)
    if (by.length > 1) await check(run, [draft])
    else draft.errors.push(...why)
    if (draft.errors.length === 0) continue
    failStep(step, draft)
    restore(draft, before)
  }
}

function failStep(step: NonNullable<Draft['touched']>['by'][number]['step'], draft: Draft): void {
  step.status = 'Failed'
  step.why = draft.errors.map((e) => e.message).join(' ')
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
