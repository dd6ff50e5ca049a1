import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { describeDatabases } from '#test/databases'
import { createApp } from '../http/index.ts'
import { hear } from '../http/testing-sockets.ts'
import { keepServer, Person, type TestServer } from '../http/testing.ts'

/** Far more than it takes: a machine may be busy. */
const POLL = { timeout: 30_000 }

describeDatabases('subscriptions', (open) => {
  let server: TestServer
  let url: string
  beforeAll(async () => {
    url = await open.url()
    server = await keepServer(url)
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

  const remove = (id: string) =>
    server.admin.data('mutation ($id: ID!) { CaseDelete(Id: $id) { errors { message } } }', { id })
  const undelete = (id: string) =>
    server.admin.data('mutation ($id: ID!) { CaseUndelete(Id: $id) { errors { message } } }', { id })

  test('a change that fits is told, read as the subscriber; one that does not is not', async () => {
    const heard = await hear(
      server.admin,
      'subscription ($s: String) { CaseChanged(where: { Subject: { startsWith: $s } }) { change id fields record { s: Subject Owner { Name __typename } } } }',
      { s: 'told' },
    )
    await create('other')
    const id = await create('told once')
    await heard.wait(1)
    await update(id, { Subject: 'told twice' })
    await heard.wait(2)
    await remove(id)
    const [created, updated, deleted] = (await heard.wait(3)) as {
      CaseChanged: { change: string; id: string; fields: string[]; record: object }
    }[]
    const Owner = { Name: 'Alex Admin', __typename: 'User' }
    expect(created!.CaseChanged).toMatchObject({ change: 'entered', id, record: { Owner } })
    expect(updated!.CaseChanged).toMatchObject({
      change: 'changed',
      fields: expect.arrayContaining(['Subject']),
      record: { s: 'told twice' },
    })
    expect(deleted!.CaseChanged).toMatchObject({ change: 'deleted', id, record: { s: 'told twice' } })
  })

  test('whoever could read a record hears that somebody else deleted it, and then no more of it', async () => {
    const watcher = await server.person('watcher@example.com', 'Reader')
    const id = await create('soon gone')
    const heard = await hear(watcher, 'subscription ($id: ID!) { CaseChanged(where: { Id: { eq: $id } }) { change record { Subject } } }', { id }) // prettier-ignore
    await remove(id)
    // On PostgreSQL the notice of the creation may still be on its way when the subscription begins.
    await expect
      .poll(() => heard.events.at(-1))
      .toEqual({ CaseChanged: { change: 'deleted', record: { Subject: 'soon gone' } } })
    expect(await watcher.data('{ Case(deleted: ONLY) { totalCount } }')).toEqual({ Case: { totalCount: 0 } })
  })

  const make = async (object: string, input: object): Promise<string> =>
    (await server.admin.data(`mutation ($input: ${object}CreateInput!) { made: ${object}Create(input: $input) { record { Id } } }`, { input })).made.record.Id // prettier-ignore
  const of = (heard: { readonly events: readonly object[] }, change: string) =>
    heard.events.flatMap((event) => Object.values(event)).filter((event) => event.change === change)

  test('what goes with its master is deleted for whoever could read it, and comes back with it', async () => {
    const field = (name: string, more: object) => ({ kind: 'Field', name, label: name.split('.')[1]!, ...more })
    await server.change(
      ...[
        { kind: 'Object', name: 'Crate__c', label: 'Crate', pluralLabel: 'Crates', nameField: { label: 'Name', type: 'Text' } },
        { kind: 'Object', name: 'Part__c', label: 'Part', pluralLabel: 'Parts', nameField: { label: 'Name', type: 'Text' } },
        { kind: 'Object', name: 'Screw__c', label: 'Screw', pluralLabel: 'Screws', nameField: { label: 'Name', type: 'Text' } },
        field('Part__c.Crate__c', { type: 'MasterDetail', referenceTo: ['Crate__c'], childRelationshipName: 'Parts__r' }),
        field('Screw__c.Part__c', { type: 'MasterDetail', referenceTo: ['Part__c'], childRelationshipName: 'Screws__r' }),
        { kind: 'PermissionSet', name: 'Crates', label: 'Crates', objects: { Crate__c: { read: true }, Part__c: { read: true }, Screw__c: { read: true } } },
        { kind: 'PermissionSet', name: 'Part_Only', label: 'Part Only', objects: { Case: { read: true }, Part__c: { read: true } } },
      ].map((document) => ({ kind: document.kind, name: document.name, document })),
    ) // prettier-ignore
    const crate = await make('Crate__c', { Name: 'crate' })
    const part = await make('Part__c', { Name: 'part', Crate__c: crate })
    const screw = await make('Screw__c', { Name: 'screw', Part__c: part })
    const reader = await server.person('crates@example.com', 'Crates')
    const all = await hear(reader, 'subscription ($id: ID!) { Part__cChanged(where: { Id: { eq: $id } }) { change id record { Name } } }', { id: part }) // prettier-ignore
    const screws = await hear(reader, 'subscription { Screw__cChanged { change id record { Name } } }')
    const named = await hear(reader, 'subscription ($ids: [ID!]!) { recordChanged(ids: $ids) { change id } }', { ids: [crate, part, screw] }) // prettier-ignore
    const stranger = await server.person('parts@example.com', 'Part_Only')
    const unread = await hear(stranger, 'subscription ($ids: [ID!]!) { recordChanged(ids: $ids) { change id } }', { ids: [crate, part, screw] }) // prettier-ignore
    await server.admin.data('mutation ($id: ID!) { Crate__cDelete(Id: $id) { errors { message } } }', { id: crate })
    await expect.poll(() => of(named, 'deleted').map(({ id }) => id).sort(), POLL).toEqual([crate, part, screw].sort()) // prettier-ignore
    await expect.poll(() => of(all, 'deleted'), POLL).toEqual([{ change: 'deleted', id: part, record: { Name: 'part' } }]) // prettier-ignore
    await expect.poll(() => of(screws, 'deleted'), POLL).toEqual([{ change: 'deleted', id: screw, record: { Name: 'screw' } }]) // prettier-ignore
    expect(of(all, 'left')).toEqual([])
    await server.admin.data('mutation ($id: ID!) { Crate__cUndelete(Id: $id) { errors { message } } }', { id: crate })
    await expect.poll(() => of(all, 'entered').at(-1), POLL).toEqual({ change: 'entered', id: part, record: { Name: 'part' } }) // prettier-ignore
    await expect.poll(() => of(screws, 'undeleted'), POLL).toMatchObject([{ id: screw }])
    expect(unread.events).toEqual([])
  })

  test('the milestones of a record are deleted and come back with it', async () => {
    await make('BusinessHours', { Name: 'Always', IsActive: true, TimeZone: 'UTC', Always24x7: true })
    await make('Milestone', { Name: 'Answer', RecurrenceType: 'None' })
    await server.change(
      ...[
        { kind: 'EntitlementProcess', name: 'Care_v1', process: 'Care', version: 1, label: 'Care', object: 'Case', status: 'active', isDefault: true, businessHours: 'Always', milestones: [{ name: 'Answer', milestone: 'Answer', target: { hours: 1 } }] },
        { kind: 'AutoApplyRule', name: 'Case_Care', object: 'Case', order: 1, when: 'Subject = "with milestones"', apply: { process: 'Care' } },
      ].map((document) => ({ kind: document.kind, name: document.name, document })),
    ) // prettier-ignore
    const id = await create('with milestones')
    const found = async () =>
      (await server.admin.data('query ($id: ID!) { RecordMilestone(where: { ParentId: { eq: $id } }) { nodes { Id } } }', { id })).RecordMilestone.nodes as { Id: string }[] // prettier-ignore
    const ids = (await found()).map((node) => node.Id)
    expect(ids.length).toBeGreaterThan(0)
    const filter = 'subscription ($id: ID!) { RecordMilestoneChanged(where: { ParentId: { eq: $id } }) { change id record { Name } } }' // prettier-ignore
    const filtered = await hear(server.admin, filter, { id })
    const named = await hear(server.admin, 'subscription ($ids: [ID!]!) { recordChanged(ids: $ids) { change id } }', { ids }) // prettier-ignore
    await remove(id)
    await expect.poll(() => of(named, 'deleted').map((event) => event.id).sort(), POLL).toEqual(ids.toSorted()) // prettier-ignore
    await expect.poll(() => of(filtered, 'deleted').map((event) => event.id).sort(), POLL).toEqual(ids.toSorted()) // prettier-ignore
    expect(of(filtered, 'deleted').every(({ record }) => typeof record.Name === 'string')).toBe(true)
    await undelete(id)
    await expect.poll(() => of(named, 'undeleted').map((event) => event.id).sort(), POLL).toEqual(ids.toSorted()) // prettier-ignore
    expect((await found()).map((node) => node.Id).sort()).toEqual(ids.toSorted())
  })

  describe('with a filter', () => {
    const SUBSCRIPTION = 'subscription ($s: String) { CaseChanged(where: { Subject: { startsWith: $s } }) { change id fields record { Subject } } }' // prettier-ignore
    /** A subscription that has begun: a record that it knows is said to have changed. */
    const begun = async (person: Person, s: string) => {
      const heard = await hear(person, SUBSCRIPTION, { s })
      const probe = await create(`${s} probe`)
      const isProbe = (event: unknown) => (event as { CaseChanged: { id: string } }).CaseChanged.id === probe
      const last = () => (heard.events.findLast(isProbe) as unknown as { CaseChanged: { change: string } } | undefined)?.CaseChanged.change // prettier-ignore
      const touch = async (n: number) => (await update(probe, { Subject: `${s} probe ${n}` }), last())
      for (let n = 0; (await touch(n)) !== 'changed'; n++);
      return { ...heard, eventsHeard: () => heard.events.filter((event) => !isProbe(event)).map((event) => (event as unknown as { CaseChanged: object }).CaseChanged) } // prettier-ignore
    }

    test('a record that was there before leaves, comes back, leaves, is deleted and undeleted', async () => {
      const id = await create('inside')
      const stranger = await create('never')
      const { eventsHeard } = await begun(server.admin, 'inside')
      // On PostgreSQL the notice of the creation may have been on its way.
      const before = eventsHeard().length
      // Each is looked at as it is when its turn comes, so the next is saved when the last was heard.
      const heard = async (count: number, act: Promise<unknown>) => {
        await act
        await expect.poll(() => eventsHeard().length - before, POLL).toBe(count)
      }
      await update(stranger, { Subject: 'never again' })
      await heard(1, update(id, { Subject: 'outside' }))
      await heard(2, update(id, { Subject: 'inside again' }))
      await heard(3, update(id, { Priority: 'High' }))
      await heard(4, update(id, { Subject: 'outside again' }))
      await update(id, { Subject: 'still outside' })
      await remove(stranger)
      await heard(5, remove(id))
      await undelete(id)
      await heard(6, update(id, { Subject: 'inside at last' }))
      expect(eventsHeard().slice(before)).toMatchObject([
        { change: 'left', id, record: { Subject: 'outside' } },
        { change: 'entered', id, record: { Subject: 'inside again' } },
        { change: 'changed', id },
        { change: 'left', id },
        { change: 'deleted', id, record: { Subject: 'still outside' } },
        { change: 'entered', id },
      ])
    })

    test('one that may no longer be read leaves without a word of what it is now, and is then not heard of', async () => {
      const fields = { Id: 'read', Name: 'read', Of__c: 'read' }
      await server.change(
        ...[
          { kind: 'Object', name: 'Remark__c', label: 'Remark', pluralLabel: 'Remarks', nameField: { label: 'Text', type: 'Text' }, accessFrom: 'Of__c' },
          { kind: 'Field', name: 'Remark__c.Of__c', label: 'Of', type: 'Lookup', referenceTo: ['Case', 'Account'] },
          { kind: 'PermissionSet', name: 'Remarks', label: 'Remarks', objects: { Case: { read: true, fields: { Id: 'read' } }, Remark__c: { read: true, fields } } },
        ].map((document) => ({ kind: document.kind, name: document.name, document })),
      ) // prettier-ignore
      const reader = await server.person('remarks@example.com', 'Remarks')
      const ofCase = await create('with remarks')
      const { AccountCreate } = await server.admin.data('mutation { AccountCreate(input: { Name: "hidden" }) { record { Id } } }') // prettier-ignore
      const ofAccount = AccountCreate.record.Id
      const remark = async (Name: string, Of__c: string): Promise<string> =>
        (await server.admin.data('mutation ($input: Remark__cCreateInput!) { saved: Remark__cCreate(input: $input) { record { Id } } }', { input: { Name, Of__c } })).saved.record.Id // prettier-ignore
      const change = (Id: string, input: object) =>
        server.admin.data('mutation ($Id: ID!, $input: Remark__cUpdateInput!) { Remark__cUpdate(Id: $Id, input: $input) { errors { message } } }', { Id, input }) // prettier-ignore
      const { events } = await hear(reader, 'subscription { Remark__cChanged(where: { Name: { like: "%" } }) { change id fields record { Name } } }') // prettier-ignore
      const id = await remark('seen', ofCase)
      const last = () => (events.at(-1) as { Remark__cChanged?: object } | undefined)?.Remark__cChanged
      await expect.poll(last, POLL).toMatchObject({ change: 'entered', id })
      await change(id, { Of__c: ofAccount, Name: 'secret' })
      await expect.poll(last, POLL).toEqual({ change: 'left', id, fields: [], record: null })
      await change(id, { Name: 'more secret' })
      await server.admin.data('mutation ($id: ID!) { Remark__cDelete(Id: $id) { errors { message } } }', { id })
      const other = await remark('hidden first', ofAccount)
      await change(other, { Of__c: ofCase })
      const eventsHeard = () => (events as unknown as { Remark__cChanged: { change: string; id: string } }[]).map((event) => event.Remark__cChanged) // prettier-ignore
      await expect
        .poll(() => eventsHeard().find((event) => event.id === other), POLL)
        .toMatchObject({ change: 'entered' })
      expect(eventsHeard().flatMap((event) => (event.id === id ? event.change : []))).toEqual(['entered', 'left'])
    })

    test('who loses a field of the filter loses what it found, and hears why', async () => {
      const watching = (fields: object) => ({ kind: 'PermissionSet', name: 'Watching', document: { kind: 'PermissionSet', name: 'Watching', label: 'Watching', objects: { Case: { read: true, fields: { Id: 'read', ...fields } } } } }) // prettier-ignore
      await server.change(watching({ Subject: 'read' }))
      const person = await server.person('watching@example.com', 'Watching')
      const id = await create('losing 1')
      const { eventsHeard, ended } = await begun(person, 'losing')
      await server.change(watching({}))
      await update(await create('another'), { Subject: 'losing 2' })
      expect(await ended).toMatchObject([{ message: expect.stringContaining('Subject') }])
      expect(eventsHeard().at(-1)).toEqual({ change: 'left', id, fields: [], record: null })
      expect(JSON.stringify(eventsHeard())).not.toContain('losing 2')
    })

    test('three hundred subscribers each hear it once', { timeout: 120_000 }, async () => {
      const people = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => server.person(`crowd${n}@example.com`, 'Reader')))
      const crowd = await Promise.all(people.flatMap((person) => Array.from({ length: 50 }, () => hear(person, SUBSCRIPTION, { s: 'crowd' })))) // prettier-ignore
      const eventsHeard = (id: string) => crowd.map(({ events }) => (events as unknown as { CaseChanged: { change: string; id: string } }[]).flatMap(({ CaseChanged }) => (CaseChanged.id === id ? CaseChanged.change : [])).join()) // prettier-ignore
      const expectAll = (id: string, changes: string) => expect.poll(() => [...new Set(eventsHeard(id))], POLL).toEqual([changes]) // prettier-ignore
      // Who has heard of one has begun.
      const first = await create('crowded')
      await expect.poll(() => eventsHeard(first), POLL).not.toContain('')
      const id = await create('crowded')
      await expectAll(id, 'entered')
      await update(id, { Subject: 'empty' })
      await expectAll(id, 'entered,left')
      await remove(id)
      await expectAll(id, 'entered,left,deleted')
    })

    describe.runIf(open.dialect === 'postgres')('several nodes', () => {
      test('what leaves by one node leaves for who listens on the other', async () => {
        const there = await createApp({ databaseUrl: url, worker: false, clock: server.clock })
        onTestFinished(() => there.close())
        const { eventsHeard } = await begun(new Person(there, server.admin.headers), 'nodes')
        const id = await create('nodes')
        for (const [Subject, change] of [
          ['nodes', 'entered'],
          ['left', 'left'],
          ['nodes', 'entered'],
          ['gone', 'left'],
        ] as const) {
          // prettier-ignore
          await update(id, { Subject })
          await expect.poll(() => eventsHeard().at(-1), POLL).toMatchObject({ change, id })
        }
        await remove(id)
        await expect.poll(() => eventsHeard().at(-1), POLL).toMatchObject({ change: 'deleted', id })
      })

      test('when notices may have been lost the subscription ends, and the next one starts from what is there', async () => {
        const id = await create('lost')
        const first = await begun(server.admin, 'lost')
        await server.app.engine.database.all(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
        )
        const away = await create('away')
        await update(id, { Subject: 'away' })
        await update(away, { Subject: 'lost and found' })
        expect(await first.ended).toMatchObject({ code: 1013 })
        const { eventsHeard } = await begun(server.admin, 'lost')
        await update(away, { Subject: 'away again' })
        await expect.poll(() => eventsHeard().at(-1), POLL).toMatchObject({ change: 'left', id: away })
      })
    })
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
    const eventsHeard = (await heard.wait(1)).concat(
      (heard.events[0] as unknown as { recordChanged: { change: string } }).recordChanged.change === 'created'
        ? await heard.wait(2)
        : [],
    )
    expect(eventsHeard.at(-1)).toEqual({ recordChanged: { object: 'Case', id, change: 'updated' } })
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
