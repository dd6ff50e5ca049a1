import { placeholders } from '#database'
import type { Transaction } from '#database'
import type { Catalog, ObjectDef, PermissionSetDocument, SystemPermission } from '#metadata'
import { findBy, readRows } from '#records'
import type { DialectReader } from '#records'
import { formatInstant } from '#util'
import type { Finding, Instant, Row } from '#util'
import { AUTOMATION_USER_ID } from './actor.ts'
import { writeSetting } from './catalog/settings.ts'

/** Who has all of them can mend everything else. */
const NEEDED: readonly SystemPermission[] = ['manageUsers', 'manageMetadata']

export const LAST_ADMINISTRATOR = {
  code: 'LAST_ADMINISTRATOR',
  message: 'Nobody who can sign in would have the permissions manageUsers and manageMetadata any more.',
  hint: 'Make another user an administrator first.',
} as const

/** Rows that a save is about to write, by id; null: deleted. */
export type Pending = ReadonlyMap<string, Row | null>

/** Those who take an administrator away do so one after the other, so that of two who take away one each the later sees what the earlier did. */
export const lockAdministrators = (tx: Transaction, now: Instant): Promise<void> =>
  writeSetting(tx, 'administrators looked at', formatInstant(now))

/** Somebody active who can sign in holds, by permission sets that are there, what it takes to look after the organisation. */
export async function hasAdministrator(
  reader: DialectReader,
  catalog: Catalog,
  sets: Iterable<PermissionSetDocument> = catalog.permissionSets.values(),
  pending: Pending = new Map(),
): Promise<boolean> {
  const decisive = [...sets].filter(isDecisive)
  const users = await assignedUsers(reader, catalog, decisive, pending)
  const active = await live(reader, catalog, catalog.objects.get('User')!, users, ['IsActive'], pending)
  return someCanSignIn(reader, [...active].flatMap(([id, user]) => (user.IsActive === true && id !== AUTOMATION_USER_ID ? [id] : []))) // prettier-ignore
}

/** Users whose sets together hold all that is needed. */
async function assignedUsers(
  reader: DialectReader,
  catalog: Catalog,
  sets: readonly PermissionSetDocument[],
  pending: Pending,
): Promise<string[]> {
  const object = catalog.objects.get('PermissionSetAssignment')!
  const named = await findBy(reader, object, object.field('PermissionSet')!, sets.map((set) => set.name)) // prettier-ignore
  const ids = new Set([...named.map((found) => found.id), ...[...pending.keys()].filter((id) => id.startsWith(object.keyPrefix))]) // prettier-ignore
  const rows = await live(reader, catalog, object, [...ids], ['AssigneeId', 'PermissionSet'], pending)
  const byUser = Map.groupBy(rows.values(), (row) => String(row.AssigneeId))
  return [...byUser].flatMap(([user, own]) => {
    const held = new Set(sets.filter((set) => own.some((row) => row.PermissionSet === set.name)).flatMap((set) => set.system ?? [])) // prettier-ignore
    return NEEDED.every((permission) => held.has(permission)) ? [user] : []
  })
}

/** Rows as they will stand. */
async function live(
  reader: DialectReader,
  catalog: Catalog,
  object: ObjectDef,
  ids: readonly string[],
  fields: readonly string[],
  pending: Pending,
): Promise<Map<string, Row>> {
  const stored = await readRows(reader, catalog, object, ids, ['IsDeleted', ...fields])
  return new Map(
    ids.flatMap((id) => {
      const now = stored.get(id)
      const row = pending.has(id) ? pending.get(id) : now?.IsDeleted === false ? now : undefined
      return row ? [[id, row] as const] : []
    }),
  )
}

/** Before anybody has a password, as in an organisation that is only being set up, no one needs one. */
async function someCanSignIn(reader: DialectReader, users: readonly string[]): Promise<boolean> {
  if (users.length === 0) return false
  const known = await reader.get(`SELECT user_id FROM user_credential WHERE user_id IN (${placeholders(reader.dialect, users.length)}) LIMIT 1`, users) // prettier-ignore
  return known !== undefined || (await reader.get('SELECT user_id FROM user_credential LIMIT 1')) === undefined
}

const sameSets = ({ permissionSets: a }: Catalog, { permissionSets: b }: Catalog): boolean =>
  a.size === b.size && [...a].every(([name, set]) => b.get(name) === set)

/** A change of permission sets may not take the last administrator's permissions. */
export async function checkAdministrators(reader: DialectReader, current: Catalog, next: Catalog): Promise<Finding[]> {
  if (sameSets(current, next)) return []
  // Under their old names, which the rows still have; what is new nobody has.
  const names = new Map([...current.permissionSets.values()].map((set) => [set.id, set.name]))
  const sets = [...next.permissionSets.values()].flatMap((set) => (names.has(set.id) ? [{ ...set, name: names.get(set.id)! }] : [])) // prettier-ignore
  const lost = (await hasAdministrator(reader, current)) && !(await hasAdministrator(reader, current, sets))
  return lost ? [{ ...LAST_ADMINISTRATOR, severity: 'error' }] : []
}

/** The same when the change is applied: since it was planned an administrator may have gone. */
export async function recheckAdministrators(
  tx: Transaction,
  current: Catalog,
  next: Catalog,
  now: Instant,
): Promise<Finding[]> {
  if (sameSets(current, next)) return []
  await lockAdministrators(tx, now)
  return checkAdministrators(tx, current, next)
}

/** What those who look after the organisation no longer get from the set that makes them so. */
export function administratorLosses(current: Catalog, next: Catalog): Finding[] {
  return [...current.permissionSets.values()].filter(isDecisive).flatMap((set): Finding[] => {
    const now = [...next.permissionSets.values()].find(({ id }) => id === set.id)
    const lost = heldBy(set).filter((permission) => !heldBy(now).includes(permission))
    if (lost.length === 0) return []
    const message = `Administrators who have ${set.name} lose ${lost.join(', ')}.`
    return [{ code: 'ADMINISTRATORS_LOSE', severity: 'warning', message, hint: 'Make sure that somebody else has it.' }]
  })
}

const isDecisive = (set: PermissionSetDocument): boolean =>
  NEEDED.some((permission) => set.system?.includes(permission))
const heldBy = (set: PermissionSetDocument | undefined): string[] => [
  ...(set?.system ?? []),
  ...(['modifyAll', 'viewAll'] as const).filter((all) => set?.[all]),
]
