import { beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { describeDatabases } from '#test/databases'
import { hear } from '../http/testing-sockets.ts'
import { keepServer, type TestServer } from '../http/testing.ts'

describeDatabases('subscriptions', (open) => {
  let server: TestServer
  beforeAll(async () => {
    server = await keepServer(await open.url())
    await server.change({
      kind: 'PermissionSet',
      name: 'Reader',
      document: {
        kind: 'PermissionSet',
        name: 'Reader',
        label: 'Reader',
        objects: { Case: { read: true, fields: { Id: 'read', CaseNumber: 'read', Subject: 'read' } } },
      },
    })
  })
  const create = async (Subject: string) =>
    (
      await server.admin.data(
        'mutation ($Subject: String) { CaseCreate(input: { Subject: $Subject, Priority: "Low" }) { record { Id } } }',
        { Subject },
      )
    ).CaseCreate.record.Id as string
  const update = (Id: string, input: object) =>
    server.admin.data(
      'mutation ($Id: ID!, $input: CaseUpdateInput!) { CaseUpdate(Id: $Id, input: $input) { errors { message } } }',
      { Id, input },
    )

  test('a change that fits is told, read as the subscriber; one that does not is not', async () => {
    const heard = await hear(
      server.admin,
      'subscription ($s: String) { CaseChanged(where: { Subject: { startsWith: $s } }) { change id fields record { s: Subject Owner { Name __typename } } } }',
      { s: 'told' },
    )
    await create('other')
    const id = await create('told once')
    await update(id, { Subject: 'told twice' })
    await server.admin.data('mutation ($id: ID!) { CaseDelete(Id: $id) { errors { message } } }', { id })
    const [created, updated, deleted] = (await heard.wait(3)) as {
      CaseChanged: { change: string; id: string; fields: string[]; record: object }
    }[]
    const Owner = { Name: 'Alex Admin', __typename: 'User' }
    expect(created!.CaseChanged).toMatchObject({ change: 'created', id, record: { Owner } })
    expect(updated!.CaseChanged).toMatchObject({
      change: 'updated',
      fields: expect.arrayContaining(['Subject']),
      record: { s: 'told twice' },
    })
    expect(deleted!.CaseChanged).toMatchObject({ change: 'deleted', id, record: { s: 'told twice' } })
  })

  test('whoever could read a record hears that somebody else deleted it, and then no more of it', async () => {
    const watcher = await server.person('watcher@example.com', 'Reader')
    const id = await create('soon gone')
    const heard = await hear(watcher, 'subscription ($id: ID!) { CaseChanged(where: { Id: { eq: $id } }) { change record { Subject } } }', { id }) // prettier-ignore
    await server.admin.data('mutation ($id: ID!) { CaseDelete(Id: $id) { errors { message } } }', { id })
    const isLate = (event: unknown) => (event as { CaseChanged: { change: string } }).CaseChanged.change === 'created' // prettier-ignore
    const [first] = await heard.wait(1)
    // On PostgreSQL the notice of the creation may still be on its way when the subscription begins.
    const events = isLate(first) ? (await heard.wait(2)).slice(1) : [first]
    expect(events).toEqual([{ CaseChanged: { change: 'deleted', record: { Subject: 'soon gone' } } }])
    expect(await watcher.data('{ Case(deleted: ONLY) { totalCount } }')).toEqual({ Case: { totalCount: 0 } })
  })

  test('fields that the subscriber may not read are not named', async () => {
    const reader = await server.person('reader@example.com', 'Reader')
    const heard = await hear(reader, 'subscription { CaseChanged { fields record { Subject } } }')
    await update(await create('quiet'), { Subject: 'loud', Priority: 'High' })
    const [, updated] = (await heard.wait(2)) as { CaseChanged: { fields: string[] } }[]
    expect(updated!.CaseChanged.fields).toContain('Subject')
    expect(updated!.CaseChanged.fields).not.toContain('Priority')
    expect(await (await hear(reader, 'subscription { CaseChanged { record { Priority } } }')).ended).toMatchObject([
      { message: expect.stringContaining('Priority') },
    ])
  })

  test('some records of any object', async () => {
    const id = await create('watched')
    const heard = await hear(
      server.admin,
      'subscription ($ids: [ID!]!) { recordChanged(ids: $ids) { object id change } }',
      { ids: [id] },
    )
    await create('not watched')
    await update(id, { Subject: 'changed' })
    // On PostgreSQL the notice of the creation may still be on its way when the subscription begins.
    const told = (await heard.wait(1)).concat(
      (heard.events[0] as unknown as { recordChanged: { change: string } }).recordChanged.change === 'created'
        ? await heard.wait(2)
        : [],
    )
    expect(told.at(-1)).toEqual({ recordChanged: { object: 'Case', id, change: 'updated' } })
  })

  test('a change of the catalog', async () => {
    const heard = await hear(server.admin, 'subscription { catalogChanged { version } }')
    const version = await server.change({
      kind: 'PermissionSet',
      name: 'Another',
      document: { kind: 'PermissionSet', name: 'Another', label: 'Another' },
    })
    expect(await heard.wait(1)).toEqual([{ catalogChanged: { version } }])
  })

  test('it ends with the user', async () => {
    const person = await server.person('leaver@example.com', 'System_Administrator')
    const heard = await hear(person, 'subscription { CaseChanged { id } }')
    const { me } = await person.data('{ me { id } }')
    await server.admin.data(
      'mutation ($id: ID!) { UserUpdate(Id: $id, input: { IsActive: false }) { errors { message } } }',
      { id: me.id },
    )
    await create('after')
    // The event may come before the message about the end; nothing is heard of it either way.
    expect(await heard.ended).toSatisfy((end) => end === 'complete' || (end as { code: number }).code === 4403)
    expect(heard.events).toEqual([])
  })

  test('nobody and other sites get no socket', async () => {
    const attempt = (headers: { [name: string]: string }) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${server.app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
          headers,
        })
        socket.on('open', () => socket.send('{"type":"connection_init"}'))
        socket.on('message', (message) => resolve(JSON.parse(String(message)).type))
        socket.on('close', (code) => resolve(code))
        socket.on('error', (error) => resolve(error.message))
      })
    expect(await attempt({})).toBe(4403)
    expect(await attempt({ ...server.admin.headers, origin: 'https://evil.example' })).toBe(
      'Unexpected server response: 403',
    )
    expect(await attempt({ ...server.admin.headers })).toBe('connection_ack')
  })
})
