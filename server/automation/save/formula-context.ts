import type { EvaluationContext } from '#formula'
import { hoursFor } from '../set-up/formula-set-up.ts'
import type { Draft, Run } from './draft.ts'
import { formulaRow } from './draft.ts'
import { lookupIn } from './lookups.ts'

/** What a formula of a save sees: the record as it will stand, as it stood, the save's one instant, and the business hours in force. */
export function evaluationContext(run: Run, draft: Draft): EvaluationContext {
  const record = formulaRow(draft)
  return {
    record,
    ...(draft.before ? { prior: draft.before } : {}),
    now: run.now,
    timeZone: draft.actor.timeZone,
    calendar: hoursFor(run.setUp, record['BusinessHoursId']),
    lookup: lookupIn(run),
  }
}
