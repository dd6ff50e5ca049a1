import { beforeAll, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { cookieFrom, givePassword, keepServer, Person, tokenOf, type TestServer } from './testing.ts'

const PASSWORD = 'a password of some length'

describeDatabases('sign-in', (open) => {
  let server: TestServer
  beforeAll(async () => {
    server = await keepServer(await open.url())
  })

  /** A user with a password; not signed in. */
  async function user(
    username: string,
  ): Promise<{ readonly id: string; readonly name: { username: string; password: string } }> {
    const person = await server.person(username, 'System_Administrator')
    const { me } = await person.data('{ me { id } }')
    await givePassword(server.app, me.id, PASSWORD)
    return { id: me.id, name: { username, password: PASSWORD } }
  }
  const signIn = (name: object) => server.nobody.post('/auth/sign-in', name)

  test('a session cookie answers as the user until the sign-out', async () => {
    const { name } = await user('ana@example.com')
    const signedIn = await signIn({ ...name, username: 'ANA@Example.com' })
    expect(signedIn.status).toBe(200)
    expect(signedIn.headers.get('set-cookie')).toMatch(/^milepost_session=[\w-]{43};.*HttpOnly; SameSite=Lax/)
    const person = new Person(server.app, { cookie: cookieFrom(signedIn) })
    expect(await person.data('{ me { username } }')).toEqual({ me: { username: 'ana@example.com' } })
    await person.post('/auth/sign-out', {})
    expect(await person.data('{ me { username } }')).toEqual({ me: null })
  })

  test('somebody who is deactivated is out at once', async () => {
    const { id, name } = await user('cleo@example.com')
    const cleo = new Person(server.app, { cookie: cookieFrom(await signIn(name)) })
    expect((await cleo.data('{ me { id } }')).me.id).toBe(id)
    await server.admin.data(
      'mutation ($id: ID!) { UserUpdate(Id: $id, input: { IsActive: false }) { errors { message } } }',
      { id },
    )
    expect(await cleo.data('{ me { id } }')).toEqual({ me: null })
    expect((await signIn(name)).status).toBe(401)
  })

  test('a permission given counts from the next request', async () => {
    const dora = await server.person('dora@example.com')
    expect((await dora.ask('{ Case { totalCount } }')).errors).toHaveLength(1)
    const { me } = await dora.data('{ me { id } }')
    await server.admin.data(
      'mutation ($id: ID!) { PermissionSetAssignmentCreate(input: { AssigneeId: $id, PermissionSet: "System_Administrator" }) { errors { message } } }',
      { id: me.id },
    )
    expect(await dora.data('{ Case { totalCount } }')).toEqual({ Case: { totalCount: 0 } })
  })

  test('the set-up link works once and makes an administrator', async () => {
    const { app, admin, nobody } = server
    expect((await admin.data('{ me { systemPermissions } }')).me.systemPermissions).toContain('manageMetadata')
    const token = tokenOf(app.setupUrl!)
    const again = await nobody.post('/auth/setup', {
      token,
      username: 'eve@example.com',
      lastName: 'Eve',
      password: PASSWORD,
    })
    expect([again.status, ((await again.json()) as { error: { message: string } }).error.message]).toEqual([
      410,
      'This link has been used or has run out. Restart the server to get a new one.',
    ])
  })

  test('tokens for programs: made in a session, shown once, revoked', async () => {
    const { app, admin } = server
    const { id, token } = (await (await admin.post('/auth/tokens', { label: 'import', days: 7 })).json()) as {
      id: string
      token: string
    }
    const program = new Person(app, { authorization: `Bearer ${token}` })
    expect((await program.data('{ me { username } }')).me.username).toBe('admin@example.com')
    expect((await program.post('/auth/tokens', { label: 'more' })).status).toBe(401)
    const listed = await (await fetch(`${app.url}/auth/tokens`, { headers: admin.headers })).json()
    expect(listed).toMatchObject({ tokens: [{ id, label: 'import' }] })
    await fetch(`${app.url}/auth/tokens/${id}`, { method: 'DELETE', headers: admin.headers })
    expect((await program.post('/graphql', { query: '{ me { id } }' })).status).toBe(401)
  })

  test('a new password ends the other sessions', async () => {
    const { name } = await user('finn@example.com')
    const [here, there] = await Promise.all(
      [1, 2].map(async () => new Person(server.app, { cookie: cookieFrom(await signIn(name)) })),
    )
    const changed = await here!.post('/auth/password', { current: PASSWORD, password: 'herons wade quietly' })
    expect(changed.status).toBe(200)
    expect(await there!.data('{ me { id } }')).toEqual({ me: null })
    expect((await signIn({ ...name, password: 'herons wade quietly' })).status).toBe(200)
  })
})
