import type { Perform } from './action.ts'
import { createDraft } from './create.ts'
import { merge } from './formulas.ts'

/** A post in the record's feed. */
export const feedPost: Perform<'FeedPost'> = async (context) => {
  createDraft(context, 'FeedItem', {
    ParentId: context.draft.id,
    Body: merge(context.document.body, (place) => context.value(place)),
  })
}
