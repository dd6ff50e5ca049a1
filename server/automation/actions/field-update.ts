import type { Perform } from './action.ts'
import { requireField } from './action.ts'
import { targetDraft } from './target.ts'

/** Sets a field of the record, its milestone or a parent to a formula's value. */
export const fieldUpdate: Perform<'FieldUpdate'> = async (context) => {
  const target = await targetDraft(context, context.document.on)
  target.changes[requireField(target.object, context.document.field)] = context.value('formula')
}
