import { readRows } from '#records'
import type { Row } from '#util'
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
  return id
}

/** E-mail addresses of users, groups (members included) and contacts by id. */
export async function addressesOf(run: Run, ids: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const id of ids) {
    const object = run.catalog.objectByKeyPrefix(id.slice(0, 3))
    if (!object?.field('Email')) continue
    const row = (await readRows(run.tx, run.catalog, object, [id], ['Id', 'Email'])).get(id)
    if (typeof row?.Email === 'string') found.push(row.Email)
    else if (object.name === 'Group') found.push(...(await memberAddresses(run, id)))
  }
  return [...new Set(found)]
}

async function memberAddresses(run: Run, groupId: string): Promise<string[]> {
  const member = run.catalog.object('GroupMember')
  const field = member?.field('GroupId')
  if (!member || !field) return []
  const ids = await childIds(run.tx, member, field, [groupId])
  const rows: Row[] = [...(await readRows(run.tx, run.catalog, member, ids, ['Id', 'UserId'])).values()]
  return addressesOf(
    run,
    rows.map((row) => String(row.UserId)),
  )
}
