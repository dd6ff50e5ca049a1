import { endWaysIn } from '../ways-in.ts'
import { changed } from './draft.ts'
import type { Draft, Run } from './draft.ts'

/** Step 7: whoever is deactivated or deleted is signed out for good, and whoever comes back begins with nothing. */
export async function signOut(run: Run): Promise<void> {
  const users = run.drafts.filter(comesOrGoes).map((draft) => draft.id)
  if (users.length) await endWaysIn(run.tx, users)
}

const comesOrGoes = (draft: Draft): boolean =>
  draft.object.name === 'User' &&
  draft.operation !== 'create' &&
  (draft.operation !== 'update' || changed(draft, 'IsActive'))
