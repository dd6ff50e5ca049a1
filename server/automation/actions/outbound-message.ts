import { formatInstant } from '#util'
import { after } from '../save/draft.ts'
import type { Perform } from './action.ts'
import { queueMessage } from './outbox-message.ts'

/** A signed webhook; its body names the record, the milestone and the fields the action lists. The secret is added when it is sent. */
export const outboundMessage: Perform<'OutboundMessage'> = async (context) => {
  const { document, draft, pending, run } = context
  const row = after(draft)
  const { action } = pending
  queueMessage(context, 'Webhook', document.url, {
    url: document.url,
    body: {
      id: action.id,
      action: document.name,
      object: draft.object.name,
      recordId: draft.id,
      milestone: {
        id: pending.work.ids[action.instance] ?? null,
        step: action.step,
        kind: action.kind,
        due: formatInstant(action.due),
        ...(action.missed && { missed: action.missed }),
      },
      at: formatInstant(run.now),
      fields: Object.fromEntries((document.fields ?? []).map((field) => [field, row[field] ?? context.value(field)])),
    },
  })
}
