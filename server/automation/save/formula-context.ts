import type { EvaluationContext, FormulaCalendar } from '#formula'
import type { Row } from '#util'
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
    calendar: hoursOf(run, record),
    lookup: lookupIn(run),
  }
}

/** The record's own business hours where it has some, else the organisation's. */
export function hoursOf(run: Run, record: Row): FormulaCalendar | undefined {
  const own = record['BusinessHoursId']
  return ((typeof own === 'string' && run.setUp.hours(own)) || run.setUp.defaultHours)?.calendar
}
