import { formatInstant } from '#util'
import { evaluationContext } from './formula-context.ts'
import { fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'
import { layered } from './layers.ts'

/** Date-times that say since when a formula holds (Case.ClosedDate): set in the save that makes it true, blank while it is false. */
export function applyStamps(run: Run, draft: Draft): void {
  const fields =
    draft.operation === 'create' || draft.operation === 'update' ? draft.object.fields.filter((f) => f.stampWhen) : []
  for (const field of fields) {
    const context = evaluationContext(run, draft)
    const holds = field.stampWhen!.evaluate(context)
    if (!holds.ok) {
      fail(draft, 'STAMP', `${field.label} can't be worked out: ${holds.finding.message}`, field.name)
      continue
    }
    const before = draft.before
      ? field.stampWhen!.evaluate({ ...context, record: layered(draft.before, draft.parents) })
      : undefined
    const held = before?.ok === true && before.value === true
    if (holds.value === true && !held) draft.changes[field.name] ??= formatInstant(run.now)
    else if (holds.value !== true && (draft.before?.[field.name] ?? null) !== null) draft.changes[field.name] = null
  }
}
