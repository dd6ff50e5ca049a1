import { beforeAll, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const set = (name: string, more: object) => ({
  kind: 'PermissionSet',
  name,
  document: { kind: 'PermissionSet', name, label: name.replace('_', ' '), ...more },
})

describeDatabases('users over GraphQL', (open) => {
  let server: TestServer
  /** Edits everything and changes metadata, but manages no users. */
  let editor: Person
  beforeAll(async () => {
    server = await keepServer(await open.url())
    await server.change(set('All_Editor', { modifyAll: true, system: ['manageMetadata', 'viewSetup'] }))
    editor = await server.person('eve@example.com', 'All_Editor')
  })
  const id = async (who: Person): Promise<string> => (await who.data('{ me { id } }')).me.id

  test.each<[string, string, string]>([
    ['an assignment', 'PermissionSetAssignmentCreate(input: { AssigneeId: $me, PermissionSet: "System_Administrator" }) { errors { code } }', 'Cannot query field \\"PermissionSetAssignmentCreate'], // prettier-ignore
    ['a user', 'UserUpdate(Id: $admin, input: { Phone: "1" }) { errors { code } }', 'NO_ACCESS'],
    ['a name', 'UserUpdate(Id: $admin, input: { Username: "gone@example.com" }) { errors { code } }', 'Field \\"Username\\" is not defined by type'], // prettier-ignore
    ['a user by name', 'UserUpsert(by: { Username: "admin@example.com" }, input: { Phone: "1" }) { errors { code } }', 'Cannot query field \\"UserUpsert'], // prettier-ignore
    ['their own name', 'UserUpdate(Id: $me, input: { Username: "admin2@example.com" }) { errors { code } }', 'Field \\"Username\\" is not defined by type'], // prettier-ignore
    ['a user away', 'UserDelete(Id: $admin) { errors { code } }', 'Cannot query field \\"UserDelete'],
  ])('are changed by nobody without manageUsers: %s', async (_, mutation, refusal) => {
    const variables = { me: await id(editor), admin: await id(server.admin) }
    const used = Object.keys(variables).filter((name) => mutation.includes(`$${name}`)).map((name) => `$${name}: ID!`) // prettier-ignore
    const answer = await editor.text(`mutation ${used.length ? `(${used.join(', ')})` : ''} { ${mutation} }`, variables)
    expect(answer).toContain(refusal)
    const { User } = await server.admin.data('{ User(orderBy: [{ Username: ASC }]) { nodes { Username Email PermissionSetAssignments { nodes { PermissionSet } } } } }') // prettier-ignore
    const nodes = User.nodes as { Username: string }[]
    expect(nodes.filter((user) => /admin|eve/.test(user.Username))).toEqual([
      { Username: 'admin@example.com', Email: 'admin@example.com', PermissionSetAssignments: { nodes: [{ PermissionSet: 'System_Administrator' }] } }, // prettier-ignore
      { Username: 'eve@example.com', Email: 'eve@example.com', PermissionSetAssignments: { nodes: [{ PermissionSet: 'All_Editor' }] } }, // prettier-ignore
    ])
  })

  test('are given a permission set once, whichever way', async () => {
    const me = await id(await server.person('twice@example.com', 'All_Editor'))
    const other = await id(await server.person('other@example.com', 'All_Editor'))
    const input = 'AssigneeId: $me, PermissionSet: "all_editor"'
    const { PermissionSetAssignment } = await server.admin.data('query ($other: ID!) { PermissionSetAssignment(where: { AssigneeId: { eq: $other } }) { nodes { Id } } }', { other }) // prettier-ignore
    const [{ Id }] = PermissionSetAssignment.nodes
    const ways = [
      `PermissionSetAssignmentCreate(input: { ${input} }) { errors { field code } }`,
      `PermissionSetAssignmentCreateMany(input: [{ ${input} }]) { results { errors { field code } } }`,
      `PermissionSetAssignmentUpdate(Id: "${Id}", input: { ${input} }) { errors { field code } }`,
      `PermissionSetAssignmentUpdateMany(ids: ["${Id}"], input: { ${input} }) { results { errors { field code } } }`,
    ]
    for (const way of ways) {
      const answer = await server.admin.text(`mutation ($me: ID!) { ${way} }`, { me })
      expect(answer).toContain('{"field":"PermissionSet","code":"UNIQUE"}')
    }
  })

  test('change their own phone and time zone', async () => {
    const { UserUpdate } = await editor.data('mutation ($me: ID!) { UserUpdate(Id: $me, input: { Phone: "555", TimeZone: "Europe/Berlin" }) { errors { code message } } }', { me: await id(editor) }) // prettier-ignore
    expect(UserUpdate.errors).toEqual([])
  })

  test('are offered the names of what they may set, and nobody else is', async () => {
    const question = '{ metadata { object(name: "PermissionSetAssignment") { access { create edit } field(name: "PermissionSet") { type createable picklist { restricted values { value label active } } } } } }' // prettier-ignore
    const { object } = (await server.admin.data(question)).metadata
    expect(object.field.picklist.restricted).toBe(true)
    expect(object.field.picklist.values).toContainEqual({ value: 'All_Editor', label: 'All Editor', active: true })
    expect((await editor.data(question)).metadata.object).toMatchObject({
      access: { create: false, edit: false },
      field: { createable: false, picklist: null },
    })
  })

  test('have a new permission at once under the new name of its set, and a misspelled one not at all', async () => {
    const assign = (PermissionSet: string) =>
      server.admin.data('mutation ($me: ID!, $set: String!) { PermissionSetAssignmentCreate(input: { AssigneeId: $me, PermissionSet: $set }) { errors { code field message } } }', { me: helperId, set: PermissionSet }) // prettier-ignore
    const helper = await server.person('helper@example.com')
    const helperId = await id(helper)
    await server.change(set('Help_Desk', { system: ['viewSetup'] }))
    expect((await assign('Help Desk')).PermissionSetAssignmentCreate.errors).toEqual([
      { code: 'NOT_FOUND', field: 'PermissionSet', message: 'There is no permission set “Help Desk”. Did you mean Help_Desk?' }, // prettier-ignore
    ])
    expect((await assign('help_desk')).PermissionSetAssignmentCreate.errors).toEqual([])
    await server.change({ ...set('Front_Desk', { system: ['viewSetup'] }), renameFrom: 'Help_Desk' })
    expect(await helper.data('{ me { permissionSets systemPermissions } }')).toEqual({ me: { permissionSets: ['Front_Desk'], systemPermissions: ['viewSetup'] } }) // prettier-ignore
  })
})
