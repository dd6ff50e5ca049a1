import { loadStoredKind } from '#records'
import { hasAdministrator, LAST_ADMINISTRATOR, lockAdministrators } from '../administrators.ts'
import type { Pending } from '../administrators.ts'
import { after, changed, fail } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/** Step 5: an organisation that has somebody to look after it keeps somebody. Of several changes the last ones are refused, as many as it takes. */
export async function checkLastAdministrator(run: Run): Promise<void> {
  const taking = run.drafts.filter((draft) => draft.errors.length === 0 && mayTake(draft))
  if (taking.length === 0) return
  await lockAdministrators(run.tx, run.now)
  const sets = await loadStoredKind(run.tx, 'PermissionSet')
  const hasOne = (pending?: Pending): Promise<boolean> => hasAdministrator(run.tx, run.catalog, sets, pending)
  if (!(await hasOne())) return
  for (const draft of taking.toReversed()) {
    if (await hasOne(pendingOf(run))) return
    fail(draft, LAST_ADMINISTRATOR.code, `${LAST_ADMINISTRATOR.message} ${LAST_ADMINISTRATOR.hint}`)
  }
}

const DECISIVE: { readonly [object: string]: readonly string[] } = {
  User: ['IsActive'],
  PermissionSetAssignment: ['AssigneeId', 'PermissionSet'],
}

const mayTake = (draft: Draft): boolean => {
  const fields = DECISIVE[draft.object.name] ?? []
  return fields.length > 0 && (draft.operation === 'delete' || (draft.operation === 'update' && fields.some((name) => changed(draft, name)))) // prettier-ignore
}

const pendingOf = ({ drafts }: Run): Pending =>
  new Map(
    drafts
      .filter((draft) => draft.errors.length === 0 && draft.object.name in DECISIVE)
      .map((draft) => [draft.id, draft.operation === 'delete' ? null : after(draft)]),
  )
