import type { Value } from '#util'
import { ownSources, quotesIn, withSources } from '../source-fields.ts'
import type { Draft } from '../save/draft.ts'
import type { ActionBase, Perform } from './action.ts'
import { requireField } from './action.ts'
import { targetDraft } from './target.ts'

/** Sets a field of the record, its milestone or a parent to a formula's value. */
export const fieldUpdate: Perform<'FieldUpdate'> = async (context) => {
  const target = await targetDraft(context, context.document.on)
  const field = requireField(target.object, context.document.field)
  target.changes[field] = context.value('formula')
  Object.assign(target.changes, quoting(context, target, field))
}

/** A text that quotes other fields now quotes the formula's, too. */
function quoting({ sources }: ActionBase, target: Draft, name: string): { [field: string]: Value } {
  if (!quotesIn(target.object, name)) return {}
  return withSources(target.object, [...ownSources(target), ...sources])
}
