import { holidayProblems } from '#business-hours'
import { evaluationContext } from './formula-context.ts'
import { after, fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/** Step 6: every active validation rule; all failures together, each beside the field its rule names. */
export function checkValidationRules(run: Run, draft: Draft): void {
  const untouched = draft.operation === 'update' && Object.keys(draft.changes).length === 0
  if (draft.operation === 'delete' || untouched || draft.object.validationRules.length === 0) return
  const context = evaluationContext(run, draft)
  for (const { document, condition } of draft.object.validationRules) {
    const result = condition.evaluate(context)
    const field = document.errorDisplayField
    if (!result.ok)
      fail(draft, 'VALIDATION_RULE', `The rule ${document.name} can't be worked out: ${result.finding.message}`, field)
    else if (result.value === true) fail(draft, 'VALIDATION_RULE', document.errorMessage, field)
  }
}

/** A holiday that says too little is refused when it is saved, not when hours come to use it. */
export function checkHoliday(draft: Draft): void {
  if (draft.object.name !== 'Holiday' || draft.operation === 'delete') return
  for (const { field, message } of holidayProblems(after(draft)))
    if (!draft.errors.some((e) => e.field === field)) fail(draft, 'HOLIDAY', message, field)
}
