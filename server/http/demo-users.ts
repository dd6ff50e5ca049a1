/** The people of the demo organisation who may sign in, all with one password that the sign-in page shows. */
import { readSetting, writeSetting } from '#automation'
import type { Database } from '#database'
import type { Engine } from '#automation'
import { authorize, compileQuery, isAuthorized, runQuery, systemActor } from '#records'
import { storeCredential } from './auth/credentials.ts'
import { hashPassword } from './auth/password-threads/argon2.ts'
import type { DemoUser } from './auth/room.ts'

const SETTING = 'demo users'
const PASSWORD = 'milepost-demo'

interface Assigned {
  readonly PermissionSet: string
  readonly Assignee: {
    readonly Id: string
    readonly Username: string
    readonly Name: string
    readonly IsActive: boolean
  } | null
}

export async function demoUsers(database: Database): Promise<readonly DemoUser[]> {
  return JSON.parse((await readSetting(database, SETTING)) ?? '[]') as DemoUser[]
}

/** Gives everybody with a permission set the demo's password. */
export async function makeDemoUsers(engine: Engine): Promise<void> {
  const { database, catalogs } = engine
  const assigned = (await assignments(engine)).filter((row) => row.Assignee?.IsActive)
  const hash = hashPassword(PASSWORD)
  const users = assigned.map(({ PermissionSet, Assignee }) => ({
    username: Assignee!.Username,
    password: PASSWORD,
    name: Assignee!.Name,
    role: catalogs.current().permissionSets.get(PermissionSet)?.label ?? PermissionSet,
  }))
  await database.transaction(async (tx) => {
    for (const { Assignee } of assigned) await storeCredential(tx, Assignee!.Id, hash)
    await writeSetting(tx, SETTING, JSON.stringify(users))
  })
}

async function assignments({ database, catalogs }: Engine): Promise<readonly Assigned[]> {
  const field = (name: string) => ({ key: name, kind: 'field', field: name }) as const
  const assignee = {
    key: 'Assignee',
    kind: 'parent',
    relationship: 'Assignee',
    types: [{ object: 'User', select: ['Id', 'Username', 'Name', 'IsActive'].map(field) }],
  } as const
  const authorized = authorize(
    {
      kind: 'list',
      object: 'PermissionSetAssignment',
      orderBy: [{ path: ['Id'], direction: 'asc', nulls: 'last' }],
      page: { first: { constant: 100 } },
      select: [{ key: 'nodes', kind: 'nodes', select: [field('PermissionSet'), assignee] }],
    },
    systemActor('demo users'),
    catalogs.current(),
  )
  if (!isAuthorized(authorized)) throw new Error(authorized.map((finding) => finding.message).join(' '))
  const text = await runQuery(
    database,
    compileQuery(authorized, database.dialect),
    {},
    { userId: '', now: database.clock.now(), timeZone: 'UTC', cursorKey: '' },
  )
  return (JSON.parse(text) as { nodes: readonly Assigned[] }).nodes
}
