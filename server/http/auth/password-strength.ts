/** The one measure of a new password: in the set-up, an invitation, a reset, a change, and for forms while somebody types. */
import type { Request } from 'express'
import type { CurrentUser } from '#graphql'
import { addressOf } from './attempts.ts'
import type { Strength } from './passwords.ts'
import type { AuthRoom } from './room.ts'

/** `names`: of the person whose password it becomes; the organisation's are added. */
export async function passwordStrength(
  room: AuthRoom,
  request: Request,
  password: string,
  names: readonly string[],
): Promise<Strength> {
  const organisation = await room.callers.organisationNames()
  return room.passwords.strength({ lane: addressOf(request) }, password, [...names, ...organisation])
}

export const namesOf = (user: CurrentUser | undefined): string[] =>
  user ? [user.name, user.username, user.email ?? ''] : []
