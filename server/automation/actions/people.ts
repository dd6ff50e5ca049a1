import type { ObjectDef } from '#metadata'
import { readRows } from '#records'
import type { Row, Value } from '#util'
import { childIds, idsBy } from '../rows.ts'
import type { Run } from '../save/draft.ts'
import { ActionFailure } from './action.ts'

/** Id of a user by username or of a group by name; a missing one fails the action in words. */
export async function personId(
  run: Run,
  person: { readonly user: string } | { readonly group: string },
): Promise<string> {
  const [objectName, fieldName, key] =
    'user' in person ? ['User', 'Username', person.user] : ['Group', 'Name', person.group]
  const object = run.catalog.object(objectName)
  const field = object?.field(fieldName)
  const id = object && field && (await idsBy(run.tx, object, field, [key])).get(key)
  if (!id) throw new ActionFailure(`There is no ${objectName.toLowerCase()} ${key} any more. Mend the action.`)
  if ('user' in person) await requireActive(run, object, id, key)
  return id
}

async function requireActive(run: Run, users: ObjectDef, id: string, name: string): Promise<void> {
  const row = (await readRows(run.tx, run.catalog, users, [id], ['IsActive'])).get(id)
  if (row?.IsActive === false) throw new ActionFailure(`The user ${name} is not active any more. Mend the action.`)
}

const MOST_NESTED = 10

/** Where an e-mail goes, and how its reader writes dates, where that is known: of users. */
export interface Addressee {
  readonly address: string
  /** Id of the field that holds it; absent: the action itself names it. */
  readonly source?: string
  readonly locale?: Value
  readonly timeZone?: Value
}

/** E-mail addresses of users, contacts and groups (members included, groups of groups too) by id. Users that are not active are left out. */
export async function addressesOf(run: Run, ids: readonly string[], depth = 0): Promise<Addressee[]> {
  const found = new Map<string, Addressee>()
  for (const [prefix, part] of Map.groupBy(ids, (id) => id.slice(0, 3))) {
    const object = run.catalog.objectByKeyPrefix(prefix)
    if (!object) continue
    const paths = ['Email', 'IsActive', 'IsDeleted', 'Locale', 'TimeZone'].filter((name) => object.field(name))
    for (const [id, row] of await readRows(run.tx, run.catalog, object, part, paths)) {
      if (row.IsDeleted === true || row.IsActive === false) continue
      if (typeof row.Email === 'string')
        found.set(row.Email, { address: row.Email, source: object.field('Email')!.id, locale: row.Locale ?? null, timeZone: row.TimeZone ?? null }) // prettier-ignore
      else if (object.name === 'Group' && depth < MOST_NESTED)
        for (const one of await addressesOf(run, await membersOf(run, id), depth + 1)) found.set(one.address, one)
    }
  }
  return [...found.values()]
}

async function membersOf(run: Run, groupId: string): Promise<string[]> {
  const member = run.catalog.object('GroupMember')
  const field = member?.field('GroupId')
  if (!member || !field) return []
  const ids = await childIds(run.tx, member, field, [groupId])
  const rows: Row[] = [...(await readRows(run.tx, run.catalog, member, ids, ['UserOrGroupId'])).values()]
  return rows.map((row) => String(row.UserOrGroupId))
}

/** Ids of the users who have a role. */
export async function roleHolders(run: Run, role: string): Promise<string[]> {
  const [roles, users] = [run.catalog.object('UserRole'), run.catalog.object('User')]
  const [name, held] = [roles?.field('Name'), users?.field('RoleId')]
  const id = roles && name && (await idsBy(run.tx, roles, name, [role])).get(role)
  if (!id || !users || !held) throw new ActionFailure(`There is no role ${role} any more. Mend the action.`)
  return childIds(run.tx, users, held, [id])
}
