import type { Value } from '#util'
import type { ActionContext, Perform } from './action.ts'
import { createDraft } from './create.ts'
import { merge, organisationReader } from './merge.ts'
import { personId } from './people.ts'

/** A Task about the record; for its owner unless the action says whose. */
export const task: Perform<'Task'> = async (context) => {
  const { document } = context
  createDraft(context, 'Task', {
    Subject: merge(document.subject, context.said(organisationReader(context.run))),
    WhatId: context.draft.id,
    OwnerId: await assignee(context),
    ...context.values(Object.keys(document.values ?? {})),
  })
}

async function assignee(context: ActionContext<'Task'>): Promise<Value> {
  const to = context.document.assignTo ?? 'owner'
  const own = (field: string): Value => context.draft.changes[field] ?? context.draft.before?.[field] ?? null
  if (to === 'owner') return own('OwnerId')
  if (to === 'creator') return own('CreatedById')
  return 'field' in to ? context.value(to.field) : personId(context.run, to)
}
