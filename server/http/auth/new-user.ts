/** A user with permission sets, all or nothing. */
import { newRecordId, type Engine, type FieldError, type SaveRequest } from '#automation'
import type { Actor } from '#records'
import type { Row } from '#util'

/** A username is written in small letters. */
export const usernameOf = (text: string): string => text.trim().toLowerCase()

export async function createUser(
  engine: Engine,
  actor: Actor,
  values: Row,
  permissionSets: readonly string[],
): Promise<{ readonly userId: string } | { readonly errors: readonly FieldError[] }> {
  const userId = newRecordId(engine.catalogs.current().object('User')!, engine.database.clock.now())
  const requests: SaveRequest[] = [
    { operation: 'create', object: 'User', values: { IsActive: true, IsInternal: true, ...values }, newId: userId },
    ...[...new Set(permissionSets)].map((set) => ({
      operation: 'create' as const,
      object: 'PermissionSetAssignment',
      values: { AssigneeId: userId, PermissionSet: set },
    })),
  ]
  const [user, ...assignments] = await engine.save(actor, requests)
  // An assignment to a user who can't be made is refused too; that tells nobody anything.
  const errors = user!.id ? [] : user!.errors.filter(isCause)
  const others = errors.length > 0 ? [] : assignments.flatMap((result) => result.errors.filter(isCause))
  return user!.id ? { userId } : { errors: [...errors, ...others] }
}

const isCause = ({ code }: FieldError): boolean => code !== 'NOTHING_SAVED'
