import type { ActionDocument } from '#metadata'
import type { Perform } from './action.ts'
import { createRecord } from './create.ts'
import { emailAlert } from './email-alert.ts'
import { feedPost } from './feed-post.ts'
import { fieldUpdate } from './field-update.ts'
import { outboundMessage } from './outbound-message.ts'
import { ownerChange } from './owner-change.ts'
import { startMilestone } from './start-milestone.ts'
import { task } from './task.ts'

/** One entry an action kind; the type makes a missing one an error. */
export const ACTIONS: { readonly [type in ActionDocument['type']]: Perform<type> } = {
  FieldUpdate: fieldUpdate,
  Task: task,
  EmailAlert: emailAlert,
  OutboundMessage: outboundMessage,
  OwnerChange: ownerChange,
  CreateRecord: createRecord,
  FeedPost: feedPost,
  StartMilestone: startMilestone,
}
