import type { Perform } from './action.ts'
import { createDraft } from './create.ts'
import { merge, organisationReader } from './merge.ts'

/** A post in the record's feed. */
export const feedPost: Perform<'FeedPost'> = async (context) => {
  createDraft(context, 'FeedItem', {
    ParentId: context.draft.id,
    Body: merge(context.document.body, context.said(organisationReader(context.run))),
  })
}
