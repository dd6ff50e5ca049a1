import { beforeAll, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const CASE = '{ record { Id Subject Priority Version } errors { field code message path } }'

describeDatabases('records over GraphQL', (open) => {
  let server: TestServer
  let admin: Person
  let agent: Person
  const account = async (Name: string) =>
    (
      await admin.data(
        'mutation ($Name: String!) { AccountCreate(input: { Name: $Name, Tier__c: "Gold" }) { record { Id } } }',
        { Name },
      )
    ).AccountCreate.record.Id as string

  beforeAll(async () => {
    server = await keepServer(await open.url())
    admin = server.admin
    await server.change({
      kind: 'PermissionSet',
      name: 'Desk',
      document: {
        kind: 'PermissionSet',
        name: 'Desk',
        label: 'Desk',
        objects: {
          Case: {
            create: true,
            edit: true,
            fields: { Id: 'read', CaseNumber: 'read', Subject: 'edit', AccountId: 'read' },
          },
          Account: { read: true, fields: { Id: 'read', Name: 'read' } },
        },
      },
    })
    agent = await server.person('desk@example.com', 'Desk')
  })

  test('a required field that a formula fills may be left out, and the metadata says so', async () => {
    const { metadata } = await admin.data(
      '{ metadata { object(name: "Contact") { field(name: "Name") { required defaultFormula } } } }',
    )
    expect(metadata.object.field).toEqual({ required: true, defaultFormula: expect.stringMatching(/FirstName/) })
    expect(
      await admin.data(
        'mutation { ContactCreate(input: { FirstName: "Ada", LastName: "Byron" }) { record { Name } errors { code } } }',
      ),
    ).toEqual({ ContactCreate: { record: { Name: 'Ada Byron' }, errors: [] } })
  })

  test('an import of those who may modify everything brings its own numbers', async () => {
    const make = 'mutation ($input: [CaseCreateInput!]!) { CaseCreateMany(input: $input, mode: PARTIAL) { results { record { CaseNumber } errors { code } } } }' // prettier-ignore
    const input = [{ Subject: 'theirs', CaseNumber: '00070000' }, { Subject: 'twice', CaseNumber: '00070000' }, { Subject: 'ours' }] // prettier-ignore
    expect((await admin.data(make, { input })).CaseCreateMany.results).toEqual([
      { record: { CaseNumber: '00070000' }, errors: [] },
      { record: null, errors: [{ code: 'UNIQUE' }] },
      { record: { CaseNumber: '00070001' }, errors: [] },
    ])
    expect((await agent.ask(make, { input })).errors?.[0]?.message).toContain('CaseNumber')
  })

  test('create, read, update with a version, delete, undelete', async () => {
    const { CaseCreate } = await admin.data(
      `mutation { CaseCreate(input: { Subject: "Printer", Priority: "High" }) ${CASE} }`,
    )
    const { Id, Version } = CaseCreate.record
    const update = `mutation ($Id: ID!, $v: Int) { CaseUpdate(Id: $Id, version: $v, input: { Subject: "Plotter" }) { record { Subject Version } errors { code conflict } } }`
    expect((await admin.data(update, { Id, v: Version })).CaseUpdate.record).toEqual({
      Subject: 'Plotter',
      Version: Version + 1,
    })
    expect((await admin.data(update, { Id, v: Version })).CaseUpdate).toMatchObject({
      record: null,
      errors: [{ code: 'STALE' }],
    })
    expect(
      (await admin.data('mutation ($Id: ID!) { CaseDelete(Id: $Id) { record { Subject } errors { code } } }', { Id }))
        .CaseDelete,
    ).toEqual({ record: { Subject: 'Plotter' }, errors: [] })
    expect(
      await admin.data(
        'query ($Id: ID!) { CaseById(Id: $Id) { Id } Case(deleted: ONLY, where: { Id: { eq: $Id } }) { nodes { Subject } } }',
        { Id },
      ),
    ).toEqual({ CaseById: null, Case: { nodes: [{ Subject: 'Plotter' }] } })
    expect(
      (await admin.data('mutation ($Id: ID!) { CaseUndelete(Id: $Id) { record { Id } } }', { Id })).CaseUndelete.record,
    ).toEqual({ Id })
  })

  test('field errors come together, each with its place', async () => {
    const { CaseCreate } = await admin.data(
      `mutation { CaseCreate(input: { Priority: "Nope", Origin: "Nowhere" }) ${CASE} }`,
    )
    expect(CaseCreate.record).toBeNull()
    expect(CaseCreate.errors.map((error: { field: string; path: unknown }) => [error.field, error.path])).toEqual(expect.arrayContaining([['Priority', ['input', 'Priority']], ['Origin', ['input', 'Origin']]])) // prettier-ignore
  })

  test('in bulk: all or nothing, or what is good; by ids and by filter', async () => {
    const make =
      'mutation ($input: [CaseCreateInput!]!, $mode: SaveMode) { CaseCreateMany(input: $input, mode: $mode) { saved results { record { Subject } errors { path } } } }'
    const input = [{ Subject: 'bulk a' }, { Subject: 'bulk b', Priority: 'Nope' }, { Subject: 'bulk c' }]
    expect((await admin.data(make, { input, mode: 'ALL_OR_NOTHING' })).CaseCreateMany.saved).toBe(0)
    expect((await admin.data(make, { input, mode: 'PARTIAL' })).CaseCreateMany).toEqual({
      saved: 2,
      results: [{ record: { Subject: 'bulk a' }, errors: [] }, { record: null, errors: [{ path: ['input', 1, 'Priority'] }] }, { record: { Subject: 'bulk c' }, errors: [] }],
    }) // prettier-ignore
    const where = { Subject: { startsWith: 'bulk' } }
    expect(
      (
        await admin.data(
          'mutation ($where: CaseWhere) { CaseUpdateMany(where: $where, input: { Priority: "Low" }) { saved } }',
          { where },
        )
      ).CaseUpdateMany.saved,
    ).toBe(2)
    expect(
      (await admin.data('mutation { CaseUpdateMany(input: { Priority: "Low" }) { errors { code } } }')).CaseUpdateMany
        .errors,
    ).toEqual([{ code: 'BAD_USER_INPUT' }])
    expect(
      (await admin.data('mutation ($where: CaseWhere) { CaseDeleteMany(where: $where) { saved } }', { where }))
        .CaseDeleteMany.saved,
    ).toBe(2)
    expect(await admin.data('query ($where: CaseWhere) { Case(where: $where) { totalCount } }', { where })).toEqual({
      Case: { totalCount: 0 },
    })
  })

  test('several mutations run in their order', async () => {
    const { a, b } = await admin.data(
      'mutation { a: AccountCreate(input: { Name: "first" }) { record { Id } } b: AccountCreate(input: { Name: "second" }) { record { Id } } }',
    )
    expect(a.record.Id < b.record.Id).toBe(true)
  })

  test('aliases, fragments, directives, variables in every place, the same through cold and warm plans', async () => {
    const AccountId = await account('Northwind')
    await admin.data(
      'mutation ($AccountId: ID) { CaseCreateMany(input: [{ Subject: "p1", AccountId: $AccountId }, { Subject: "p2", AccountId: $AccountId, Priority: "High" }]) { saved } }',
      { AccountId },
    )
    const query = `query ($a: ID, $w: CaseWhere!, $o: [CaseOrderBy!], $n: Int, $deep: Boolean!) {
      list: Case(where: { and: [{ AccountId: { eq: $a } }, $w] }, orderBy: $o, first: $n) { ...c pageInfo { more: hasNextPage } }
    }
    fragment c on CaseConnection { __typename nodes { s: Subject ... on Case @include(if: $deep) { account: Account { __typename Name } display { Priority __typename } } } }`
    const ask = (more: object) =>
      admin.data(query, { a: AccountId, w: {}, o: [{ Subject: 'ASC' }], n: 1, deep: false, ...more })
    const first = { list: { __typename: 'CaseConnection', nodes: [{ s: 'p1' }], pageInfo: { more: true } } }
    for (let i = 0; i < 3; i++) {
      expect(await ask({})).toEqual(first)
      expect((await ask({ o: [{ Subject: 'DESC' }] })).list.nodes).toEqual([{ s: 'p2' }])
      expect((await ask({ w: { Priority: { in: ['High'] } }, n: 9 })).list.nodes).toEqual([{ s: 'p2' }])
      expect((await ask({ w: { Priority: { eq: 'High' }, not: { Subject: { eq: 'p2' } } } })).list.nodes).toEqual([])
      const [node] = (await ask({ deep: true, w: { Priority: { eq: 'High' } } })).list.nodes
      expect(node).toEqual({
        s: 'p2',
        account: { __typename: 'Account', Name: 'Northwind' },
        display: { Priority: 'High', __typename: 'CaseDisplay' },
      })
    }
  })

  test('groups are filtered by what is measured of them, with values in variables and by what the caller may read', async () => {
    const input = [1, 1, 1, 2, 2, 3].map((n) => ({ Name: `Having ${n}`, NumberOfEmployees: n * 10 }))
    await server.admin.data('mutation ($input: [AccountCreateInput!]!) { AccountCreateMany(input: $input) { saved } }', { input }) // prettier-ignore
    const ask = async (having: object) => {
      const document = 'query ($having: AccountHaving) { AccountAggregate(where: { Name: { startsWith: "Having" } }, groupBy: [Name], having: $having) { group { Name } count } }' // prettier-ignore
      return (await server.admin.data(document, { having })).AccountAggregate.map((g: { group: { Name: string } }) => g.group.Name) // prettier-ignore
    }
    expect(await ask({ count: { gte: 2 } })).toEqual(['Having 1', 'Having 2'])
    expect(await ask({ count: { gte: 3 } })).toEqual(['Having 1'])
    expect(await ask({ sum: { NumberOfEmployees: { eq: 40 } } })).toEqual(['Having 2'])
    expect(await ask({ or: [{ avg: { NumberOfEmployees: { gt: 25 } } }, { count: { in: [3] } }] })).toEqual(['Having 1', 'Having 3']) // prettier-ignore
    expect(await ask({ not: { max: { NumberOfEmployees: { lt: 30 } } } })).toEqual(['Having 3'])
    expect(await ask({ min: { CreatedDate: { isNull: true } } })).toEqual([])
    const { AccountAggregate } = await server.admin.data('{ AccountAggregate(where: { Name: { startsWith: "Having" } }, having: { count: { gt: 6 } }) { count } }') // prettier-ignore
    expect(AccountAggregate).toEqual([])
    const hidden = '{ AccountAggregate(groupBy: [Name], having: { sum: { Nope: { gt: 1 } } }) { count } }'
    expect((await server.admin.ask(hidden)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })

  test('patterns disregard letter case beyond ASCII, in fields of every kind of text, parents, children, groups and variables', async () => {
    const { AccountCreate } = await admin.data('mutation { AccountCreate(input: { Name: "ÄRZTEHAUS SÜD", Tier__c: "Gold" }) { record { Id } } }') // prettier-ignore
    const input = { AccountId: AccountCreate.record.Id, FirstName: 'Ζωή', LastName: 'MÜLLER', Email: 'ZOË@EXAMPLE.COM', Phone: 'ДОБ. 12' } // prettier-ignore
    await admin.data('mutation ($input: ContactCreateInput!) { ContactCreate(input: $input) { errors { message } } }', { input }) // prettier-ignore
    const count = 'query ($where: ContactWhere) { Contact(where: $where) { totalCount } ContactAggregate(where: $where) { count } }' // prettier-ignore
    const found = async (where: object) => {
      const { Contact, ContactAggregate } = await admin.data(count, { where })
      return [Contact.totalCount, ContactAggregate[0]?.count ?? 0]
    }
    for (const fits of [
      { LastName: { contains: 'LLER' } },
      { LastName: { contains: 'üll' } },
      { LastName: { startsWith: 'mü' } },
      { LastName: { like: '_Ül%' } },
      { Name: { startsWith: 'ζΩΉ m' } },
      { Email: { contains: 'zoë' } },
      { Phone: { contains: 'доб.' } },
      { Account: { Name: { contains: 'süd' } } },
    ])
      // prettier-ignore
      expect(await found(fits), JSON.stringify(fits)).toEqual([1, 1])
    for (const not of [
      { LastName: { contains: 'mu' } },
      { LastName: { eq: 'müller' } },
      { and: [{ LastName: { eq: 'MÜLLER' } }, { not: { LastName: { contains: 'ü' } } }] },
    ])
      // prettier-ignore
      expect(await found(not), JSON.stringify(not)).toEqual([0, 0])
    const below = '{ Account(where: { Name: { startsWith: "ärzte" }, Contacts: { some: { LastName: { contains: "ÜLLER" } } } }) { nodes { Contacts(where: { Email: { startsWith: "zoË" } }) { nodes { LastName } } } } }' // prettier-ignore
    expect((await admin.data(below)).Account.nodes).toEqual([{ Contacts: { nodes: [{ LastName: 'MÜLLER' }] } }])
  })

  test('what the caller may not read does not exist: selection, filter, order, group, payload', async () => {
    const bad = [
      '{ Case { nodes { Priority } } }', '{ Case(where: { Priority: { eq: "High" } }) { totalCount } }', '{ Case(orderBy: [{ Priority: ASC }]) { totalCount } }',
      '{ CaseAggregate { max { Priority } } }', '{ Case(where: { Account: { Tier__c: { eq: "Gold" } } }) { totalCount } }', '{ Contact { totalCount } }',
      'mutation { CaseCreate(input: { Subject: "x", Priority: "High" }) { record { Id } } }', 'mutation { AccountCreate(input: { Name: "x" }) { record { Id } } }',
    ] // prettier-ignore
    for (const query of bad)
      expect([query, (await agent.ask(query)).errors?.[0]?.extensions.code]).toEqual([
        query,
        'GRAPHQL_VALIDATION_FAILED',
      ])
    const grouped = await agent.ask('{ CaseAggregate(groupBy: [Priority]) { count } }')
    expect(grouped.errors?.[0]).toMatchObject({ message: 'No field Priority on Case.' })
    const made = await agent.data(
      'mutation { CaseCreate(input: { Subject: "mine" }) { record { Subject Account { Name } } errors { message } } }',
    )
    expect(made.CaseCreate).toEqual({ record: { Subject: 'mine', Account: null }, errors: [] })
  })

  test('a warm plan of one caller is never another’s', async () => {
    const query = '{ Case(first: 1) { nodes { Id Priority } } }'
    await admin.data(query)
    await admin.data(query)
    expect((await agent.ask(query)).errors).toHaveLength(1)
    expect((await server.nobody.ask(query)).errors).toHaveLength(1)
  })

  test('the metadata a caller sees is what they may use', async () => {
    const query =
      '{ metadata { objects { name } object(name: "Case") { access { create delete } fields { name updateable } } user: object(name: "User") { name } } }'
    const { metadata } = await agent.data(query)
    expect(metadata.objects.map((object: { name: string }) => object.name).sort()).toEqual(
      expect.arrayContaining(['Account', 'Case']),
    )
    expect(metadata.user).toBeNull()
    expect(metadata.object.access).toEqual({ create: true, delete: false })
    expect(metadata.object.fields).toContainEqual({ name: 'Subject', updateable: true })
    expect(metadata.object.fields).not.toContainEqual(expect.objectContaining({ name: 'Priority' }))
    expect(
      (await agent.ask('{ metadata { documents(kind: PermissionSet) { name } } }')).errors?.[0]?.extensions.code,
    ).toBe('FORBIDDEN')
  })

  test('polymorphic lookups say what they hold', async () => {
    const { Case } = await admin.data(
      '{ Case(first: 1, where: { Owner: { User: { Username: { eq: "admin@example.com" } } } }) { nodes { Owner { Id Name __typename ... on User { Username } ... on Group { Type } } } } }',
    )
    expect(Case.nodes[0].Owner).toMatchObject({ __typename: 'User', Username: 'admin@example.com', Name: 'Alex Admin' })
  })
})
