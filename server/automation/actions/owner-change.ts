import type { Value } from '#util'
import { activeOwners } from '../save/owners.ts'
import { type ActionContext, ActionFailure, type Perform, requireField } from './action.ts'
import { personId } from './people.ts'
import { targetDraft } from './target.ts'

/** Hands the record to a user or a queue. */
export const ownerChange: Perform<'OwnerChange'> = async (context) => {
  const { to } = context.document
  const target = await targetDraft(context)
  target.changes.OwnerId = 'formula' in to ? await fromFormula(context) : await personId(context.run, to)
}

async function fromFormula({ run, draft, value }: ActionContext<'OwnerChange'>): Promise<Value> {
  const id = value('formula')
  const owner = draft.object.field(requireField(draft.object, 'OwnerId'))!
  if (id === null || (await activeOwners(run, owner, [String(id)])).has(String(id))) return id
  throw new ActionFailure('The owner that the formula gives is no active user or group.')
}
