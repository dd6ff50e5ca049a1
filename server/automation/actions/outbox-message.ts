import { formatInstant } from '#util'
import type { Value } from '#util'
import type { ActionBase } from './action.ts'
import { hostOf } from '../outbox/host.ts'
import { createDraft } from './create.ts'

/** Puts a message into the outbox in this transaction; the worker sends it after the commit, at least once, under this key. `sources`: ids of fields that give addresses. */
export function queueMessage(
  context: ActionBase,
  kind: 'Email' | 'Webhook',
  recipient: string,
  payload: { readonly [key: string]: Value },
  sources: readonly string[] = [],
): void {
  createDraft(
    context,
    'OutboxMessage',
    {
      Name: `${context.document.label} → ${recipient}`.slice(0, 255),
      Kind: kind,
      Host: hostOf(kind, payload),
      Status: 'Pending',
      Recipients: recipient.slice(0, 4000),
      ParentId: context.draft.id,
      RecordMilestoneId: context.pending.work.ids[context.pending.action.instance] ?? null,
      Subject: typeof payload.subject === 'string' ? payload.subject.slice(0, 255) : null,
      IdempotencyKey: context.pending.action.id,
      Payload: payload,
      Attempts: 0,
      NextAttemptDate: formatInstant(context.run.now),
      Action: context.document.name,
    },
    sources,
  )
}
