import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { describeDatabases } from '#test/databases'
import { hear } from '../testing-sockets.ts'
import { cookieFrom, givePassword, keepServer, Person, type TestServer } from '../testing.ts'

afterEach(() => void vi.useRealTimers())

const PASSWORD = 'a password of some length'
const CASES = { kind: 'PermissionSet', name: 'Cases', label: 'Cases', objects: { Case: { read: true, edit: true, fields: { Subject: 'edit', Priority: 'read' } } } } // prettier-ignore
const NO_SUBJECT = { kind: 'PermissionSet', name: 'No_Subject', label: 'No subject', objects: { Case: { fields: { Subject: 'none' } } } } // prettier-ignore

describeDatabases('tokens for programs', (open) => {
  let server: TestServer
  let last = 0
  beforeAll(async () => {
    server = await keepServer(await open.url())
    await server.change(...[CASES, NO_SUBJECT].map((document) => ({ kind: 'PermissionSet', name: document.name, document }))) // prettier-ignore
  })

  /** Signed in with a password, in a session. */
  async function user(...sets: string[]): Promise<Person> {
    const username = `user${++last}@example.com`
    const { me } = await (await server.person(username, ...sets)).data('{ me { id } }')
    await givePassword(server.app, me.id, PASSWORD)
    return new Person(server.app, { cookie: cookieFrom(await server.nobody.post('/auth/sign-in', { username, password: PASSWORD })) }) // prettier-ignore
  }
  const create = (person: Person, body: object) => person.post('/auth/tokens', { label: 'test', ...body })
  async function program(person: Person, body: object): Promise<Person> {
    const made = await create(person, body)
    const { token } = (await made.json()) as { token: string }
    return new Person(server.app, { authorization: `Bearer ${token}` })
  }
  const listed = async (person: Person) =>
    ((await (await fetch(`${server.app.url}/auth/tokens`, { headers: person.headers })).json()) as { tokens: { id: string; readOnly: boolean; permissionSets: string[] | null; lastUsedAt: string | null }[] }).tokens // prettier-ignore

  test.each([
    [{ days: -5 }, 'days', /at least 1/],
    [{ days: 0 }, 'days', /at least 1/],
    [{ days: '30' }, 'days', /must be a whole number, not "30"/],
    [{ days: 1.5 }, 'days', /must be a whole number/],
    [{ days: 1e9 }, 'days', /at most 365/],
    [{ days: 366 }, 'days', /at most 365/],
    [{ day: 30 }, 'day', /no key `day`/],
    [{ readOnly: 'yes' }, 'readOnly', /true or false/],
    [{ permissionSets: 'Cases' }, 'permissionSets', /a list/],
    [{ permissionSets: [] }, 'permissionSets', /at least one/],
    [{ permissionSets: null }, 'permissionSets', /must not be null\. Leave it out, or give a value/],
    [{ readOnly: null }, 'readOnly', /must not be null\. Leave it out, or give a value/],
    [{ label: 5 }, 'label', /must be text/],
  ])('%j is refused with its place', async (body, field, message) => {
    const answer = await create(server.admin, body)
    const { error } = (await answer.json()) as { error: { message: string; field: string } }
    expect([answer.status, error.field]).toEqual([400, field])
    expect(error.message).toMatch(message)
  })

  test('NaN is no JSON, and an id that is none is just unknown', async () => {
    expect((await server.admin.post('/auth/tokens', '{"label":"x","days":NaN}')).status).toBe(400)
    for (const id of ['%00', 'x', `${'0'.repeat(16)}`]) {
      const answer = await fetch(`${server.app.url}/auth/tokens/${id}`, { method: 'DELETE', headers: server.admin.headers }) // prettier-ignore
      expect(answer.status).toBe(404)
    }
  })

  test('a token lives for its days and says when it was last used', async () => {
    const person = await user('Cases')
    const token = await program(person, { days: 2 })
    expect(await token.data('{ Case { totalCount } }')).toEqual({ Case: { totalCount: 0 } })
    expect((await listed(person)).at(-1)!.lastUsedAt).toMatch(/^\d{4}-/)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 86_400_000 + 1 })
    expect((await token.post('/graphql', { query: '{ me { id } }' })).status).toBe(401)
  })

  test('one that may only read changes nothing, over HTTP and over a socket', async () => {
    const person = await user('System_Administrator')
    const token = await program(person, { readOnly: true })
    expect(await token.data('{ Case { totalCount } }')).toEqual({ Case: { totalCount: 0 } })
    const writes = [
      'mutation { CaseCreate(input: { Subject: "x" }) { record { Id } } }',
      'query Q { me { id } } mutation M { CaseCreate(input: { Subject: "x" }) { record { Id } } }',
      'mutation { metadataPlan(changes: []) { planId } }',
    ]
    for (const query of writes) {
      const answer = await (await token.post('/graphql', { query, operationName: query.includes('M {') ? 'M' : null })).json() // prettier-ignore
      expect(answer).toMatchObject({ errors: [{ message: 'This token may only read. Use one that may write.', extensions: { code: 'FORBIDDEN' } }] }) // prettier-ignore
    }
    const heard = await hear(token, writes[0]!)
    expect(await heard.wait(1)).toMatchObject([{ errors: [{ extensions: { code: 'FORBIDDEN' } }] }])
    expect(await person.data('{ Case { totalCount } }')).toEqual({ Case: { totalCount: 0 } })
    expect((await listed(person)).at(-1)).toMatchObject({ readOnly: true, permissionSets: null })
  })

  test('one with some of the permission sets has those, and no set that its user does not have', async () => {
    const person = await user('System_Administrator', 'Cases')
    const token = await program(person, { permissionSets: ['Cases'] })
    expect(await token.data('{ me { permissionSets systemPermissions } }')).toEqual({ me: { permissionSets: ['Cases'], systemPermissions: [] } }) // prettier-ignore
    expect((await token.ask('{ User { totalCount } }')).errors).toHaveLength(1)
    expect((await listed(person)).at(-1)).toMatchObject({ readOnly: false, permissionSets: ['Cases'] })
    const other = await user('Cases')
    for (const name of ['System_Administrator', 'Nothing_Like_It']) {
      const refused = await create(other, { permissionSets: ['Cases', name] })
      expect([refused.status, await refused.json()]).toEqual([422, { error: { code: 'INVALID', message: `You don’t have the permission set “${name}”. Choose among your own.`, field: 'permissionSets' } }]) // prettier-ignore
    }
  })

  test('leaving out the set that denies a field does not open the field', async () => {
    const person = await user('Cases', 'No_Subject')
    const token = await program(person, { permissionSets: ['Cases'] })
    for (const who of [person, token]) {
      expect((await who.ask('{ Case { nodes { Priority } } }')).errors).toBeUndefined()
      expect((await who.ask('{ Case { nodes { Subject } } }')).errors).toHaveLength(1)
    }
  })

  test('a permission set that is taken from the user is taken from the token', async () => {
    const person = await user('Cases', 'No_Subject')
    const token = await program(person, { permissionSets: ['Cases'] })
    const { me } = await person.data('{ me { id } }')
    const { PermissionSetAssignment } = await server.admin.data(
      'query ($id: ID!) { PermissionSetAssignment(where: { AssigneeId: { eq: $id }, PermissionSet: { eq: "Cases" } }) { nodes { Id } } }',
      { id: me.id },
    )
    await server.admin.data('mutation ($id: ID!) { PermissionSetAssignmentDelete(Id: $id) { errors { message } } }', { id: PermissionSetAssignment.nodes[0].Id }) // prettier-ignore
    expect((await token.ask('{ Case { totalCount } }')).errors).toHaveLength(1)
  })

  test('fifty are enough for anybody, also when they are made at once; a revoked one makes room', async () => {
    // One comes with them.
    const person = await user('Cases')
    const answers = await Promise.all(Array.from({ length: 53 }, () => create(person, {})))
    const refused = answers.filter(({ status }) => status === 422)
    expect([answers.filter(({ status }) => status === 201).length, refused.length]).toEqual([49, 4])
    expect(await refused[0]!.json()).toMatchObject({ error: { code: 'TOO_MANY_TOKENS' } })
    const [first] = await listed(person)
    await fetch(`${server.app.url}/auth/tokens/${first!.id}`, { method: 'DELETE', headers: person.headers })
    expect((await create(person, {})).status).toBe(201)
  })
})
