import type { EvaluationContext } from '#formula'
import type { Draft, Run } from './draft.ts'
import { formulaRow } from './draft.ts'

/** What a formula of a save sees: the record as it will stand, as it stood, and the save's one instant. */
export function evaluationContext(run: Run, draft: Draft): EvaluationContext {
  return {
    record: formulaRow(draft),
    ...(draft.before ? { prior: draft.before } : {}),
    now: run.now,
    timeZone: draft.actor.timeZone,
  }
}
