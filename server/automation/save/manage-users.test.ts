import { beforeAll, expect, it } from 'vitest'
import { AUTOMATION_USER_ID, automationActor } from '#automation'
import type { SaveRequest } from '#automation'
import type { PermissionSetDocument } from '#metadata'
import { compilePermissions } from '#records'
import type { Actor } from '#records'
import type { Row } from '#util'
import { describeDatabases } from '#test/databases'
import { installShipped, openOrganisation } from '../testing/organisation.ts'
import type { Organisation } from '../testing/organisation.ts'
import { deploy } from '../testing/simple-process.ts'

const NOON = '2026-03-04T17:00:00Z'
const PEOPLE = ['User', 'PermissionSetAssignment', 'UserRole', 'Group', 'GroupMember', 'Profile']

describeDatabases(
  'rows about people',
  (open) => {
    let o: Organisation
    beforeAll(async () => {
      o = await openOrganisation(open.keep, NOON)
    }, 120_000)

    const actor = (set: Partial<PermissionSetDocument>, userId = o.ids.ana!): Actor => ({
      ...automationActor('x'),
      system: undefined,
      userId,
      permissions: compilePermissions(
        [{ kind: 'PermissionSet', name: 'x', label: 'x', ...set }],
        o.engine.catalogs.current(),
      ),
    })
    /** Everything but the one permission. */
    const editor = (userId?: string): Actor =>
      actor({ modifyAll: true, system: ['manageMetadata', 'manageProcesses', 'viewSetup'] }, userId)
    const manager = (): Actor => actor({ modifyAll: true, system: ['manageUsers'] })
    const save = async (by: Actor, ...requests: SaveRequest[]) =>
      (await o.engine.save(by, requests)).map((r) => r.errors.map((e) => `${e.field ?? ''} ${e.code}`.trim()))
    const values: { [object: string]: () => Row } = {
      User: () => ({ Username: 'eve@example.com', LastName: 'Eve', Email: 'eve@example.com' }),
      PermissionSetAssignment: () => ({ AssigneeId: o.ids.ana!, PermissionSet: 'Read_Only' }),
      UserRole: () => ({ Name: 'Boss' }),
      Group: () => ({ Name: 'Night shift', Type: 'Queue' }),
      GroupMember: () => ({ GroupId: o.ids.group!, UserOrGroupId: o.ids.ana! }),
      Profile: () => ({ Name: 'Chief', DeveloperName: 'Chief' }),
    }

    it('a username is written in one way, so that no two look or read alike', async () => {
      const create = (Username: string): SaveRequest => ({ operation: 'create', object: 'User', values: { ...values.User!(), Username } }) // prettier-ignore
      for (const name of ['EVE@example.com', ' eve@example.com', 'eve@example.com ', 'eve@example.com\u200b', 'ev\u0435@example.com'])
        expect([name, await save(manager(), create(name))]).toEqual([name, [['Username VALIDATION_RULE']]]) // prettier-ignore
      for (const name of ["eve.o'neil+1@example.com", 'eve_2'])
        expect([name, await save(manager(), create(name))]).toEqual([name, [[]]])
    })

    it('nobody changes the user of the platform, and no action does', async () => {
      const id = AUTOMATION_USER_ID
      const update = (changes: Row): SaveRequest => ({ operation: 'update', object: 'User', id, values: changes })
      const refused: Row[] = [{ IsActive: true }, { Username: 'x@example.com' }, { Email: 'x@example.com' }, { LastName: 'X' }] // prettier-ignore
      for (const changes of refused) expect(await save(manager(), update(changes))).toEqual([['NO_ACCESS']])
      expect(await save(manager(), { operation: 'delete', object: 'User', id })).toEqual([['NO_ACCESS']])
      expect(await save(automationActor('an action'), update({ IsActive: true }))).toEqual([['NO_ACCESS']])
      expect(await save(manager(), { operation: 'update', object: 'User', id: o.ids.ben!, values: { IsActive: true } })).toEqual([[]]) // prettier-ignore
    })

    it.each(PEOPLE)('%s is made, changed, deleted and brought back by those who manage users alone', async (object) => {
      o.ids.group ??= await o.create('Group', { Name: 'Day shift', Type: 'Group' })
      const create: SaveRequest = { operation: 'create', object, values: values[object]!() }
      expect(await save(editor(), create)).toEqual([['NO_ACCESS']])
      const [made] = await o.engine.save(manager(), [create])
      expect(made!.errors).toEqual([])
      const id = made!.id!
      const changed = object === 'GroupMember' ? { UserOrGroupId: o.ids.ben! } : values[object]!()
      const update: SaveRequest = { operation: 'update', object, id, values: changed }
      expect(await save(editor(), update)).toEqual([['NO_ACCESS']])
      expect(await save(editor(), { operation: 'delete', object, id })).toEqual([['NO_ACCESS']])
      expect(await save(manager(), update)).toEqual([[]])
      expect(await save(manager(), { operation: 'delete', object, id })).toEqual([[]])
      expect(await save(editor(), { operation: 'undelete', object, id })).toEqual([['NO_ACCESS']])
      expect(await save(manager(), { operation: 'undelete', object, id })).toEqual([[]])
      const by = { field: 'Username', value: 'eve@example.com' }
      if (object === 'User')
        expect(await save(editor(), { operation: 'upsert', object, by, values: { Title: 'Queen' } })).toEqual([['NO_ACCESS']]) // prettier-ignore
    })

    it('says which permission it takes', async () => {
      const [result] = await o.engine.save(editor(), [
        { operation: 'create', object: 'UserRole', values: { Name: 'CEO' } },
      ])
      expect(result!.errors[0]!.message).toBe('You may not create a Role: it takes the permission manageUsers.')
    })

    it('lets people change what is personal of themselves, as far as it is granted, and nothing else', async () => {
      const ana = o.ids.ana!
      const own = (changes: Row, by = editor(ana)) => save(by, { operation: 'update', object: 'User', id: ana, values: changes }) // prettier-ignore
      const before = await o.read(ana)
      expect(await own({ Phone: '555', TimeZone: 'Europe/Berlin', Locale: 'de-DE', FirstName: 'Ana' })).toEqual([[]])
      expect(await o.read(ana)).toMatchObject({ Phone: '555', TimeZone: 'Europe/Berlin', Name: 'Ana Silva' })
      for (const [field, value] of Object.entries({
        Username: 'admin@example.com',
        Email: 'x@example.com',
        IsActive: false,
        IsInternal: false,
        ProfileId: null,
        RoleId: null,
        ManagerId: o.ids.ben!,
        OwnerId: o.ids.ben!,
        Name: 'Alex Admin',
      }))
        expect(await own({ [field]: value }), field).toEqual([[`${field} NO_ACCESS`]])
      const granted = { User: { read: true, edit: true, fields: { Phone: 'edit', Title: 'read' } } } as const
      expect(await own({ Phone: '556' }, actor({ objects: granted }))).toEqual([[]])
      expect(await own({ Title: 'CEO' }, actor({ objects: granted }))).toEqual([['Title NO_ACCESS']])
      expect(await own({ Phone: '557' }, actor({ objects: { User: { read: true } } }))).toEqual([['NO_ACCESS']])
      expect(await save(editor(o.ids.ben!), { operation: 'update', object: 'User', id: ana, values: { Phone: '1' } })).toEqual([['NO_ACCESS']]) // prettier-ignore
      expect(await o.read(ana)).toMatchObject({ Username: before.Username, Email: before.Email, Phone: '556' })
    })

    it('holds for what a delete takes along or an undelete brings back', async () => {
      await deploy(
        o,
        {
          kind: 'Object',
          name: 'Team__c',
          label: 'Team',
          pluralLabel: 'Teams',
          nameField: { label: 'Name', type: 'Text' },
        },
        { kind: 'Field', name: 'GroupMember.Team__c', label: 'Team', type: 'Lookup', referenceTo: ['Team__c'], deleteConstraint: 'Cascade' }, // prettier-ignore
      )
      const team = await o.create('Team__c', { Name: 'Blue' })
      const GroupId = await o.create('Group', { Name: 'Blues', Type: 'Group' })
      const member = await o.create('GroupMember', { GroupId, UserOrGroupId: o.ids.ben!, Team__c: team })
      const remove: SaveRequest = { operation: 'delete', object: 'Team__c', id: team }
      const undelete: SaveRequest = { ...remove, operation: 'undelete' }
      expect(await save(editor(), remove)).toEqual([['NO_ACCESS']])
      expect(await o.read(member)).toMatchObject({ IsDeleted: false })
      expect(await save(manager(), remove)).toEqual([[]])
      expect(await o.read(member)).toMatchObject({ IsDeleted: true })
      expect(await save(editor(), undelete)).toEqual([['NO_ACCESS']])
      expect(await save(manager(), undelete)).toEqual([[]])
    })

    it('holds for rows that come as documents', async () => {
      const change = { kind: 'Row', name: 'Profile.Chief_2', document: { kind: 'Row', name: 'Profile.Chief_2', values: { Name: 'Chief 2' } } } as const // prettier-ignore
      expect((await o.engine.catalogs.plan(editor(), [change])).findings).toMatchObject([{ code: 'NO_ACCESS' }])
      const both = actor({ system: ['manageMetadata', 'manageUsers'] })
      const { planId, findings } = await o.engine.catalogs.plan(both, [change])
      expect(findings).toEqual([])
      expect((await o.engine.catalogs.apply(editor(), planId)).findings).not.toEqual([])
      expect(await o.rows('Profile', (row) => row.Name === 'Chief 2')).toEqual([])
    })
  },
  installShipped,
)
