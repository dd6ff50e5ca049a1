import type { Perform } from './action.ts'
import { personId } from './people.ts'
import { targetDraft } from './target.ts'

/** Hands the record to a user or a queue. */
export const ownerChange: Perform<'OwnerChange'> = async (context) => {
  const { to } = context.document
  const target = await targetDraft(context)
  target.changes.OwnerId = 'formula' in to ? context.value('formula') : await personId(context.run, to)
}
