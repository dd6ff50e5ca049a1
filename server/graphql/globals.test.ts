import { beforeAll, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const formula = (name: string, text: string) => ({
  kind: 'Field',
  name,
  document: { kind: 'Field', name, label: name, type: 'Formula', formulaType: 'Text', formula: text },
})

describeDatabases('$User and $Organization in formula fields', (open) => {
  let server: TestServer
  let admin: Person
  let first: Person
  let second: Person
  let Id: string
  const me = async (person: Person) => (await person.data('{ me { id } }')).me.id as string
  const update = async (object: string, id: string, input: object) => {
    const answer = await admin.data(
      `mutation ($id: ID!, $input: ${object}UpdateInput!) { it: ${object}Update(Id: $id, input: $input) { errors { message } } }`,
      { id, input },
    )
    expect(answer.it.errors).toEqual([])
  }
  const seen = async (person: Person, fields = 'Reader__c') =>
    (await person.data(`query ($Id: ID!) { CaseById(Id: $Id) { ${fields} } }`, { Id })).CaseById

  beforeAll(async () => {
    server = await keepServer(await open.url())
    admin = server.admin
    await server.change(
      formula('Case.Reader__c', '$User.LastName & ", " & $User.Title & " of " & $Organization.Name'),
      formula('Case.Boss__c', '$User.Manager.LastName'),
      formula('Account.Said__c', '"to " & $User.Title'),
      formula('User.Called__c', 'Title & " " & LastName'),
      formula('Case.Called__c', '$User.Called__c'),
    )
    await server.change({
      kind: 'PermissionSet',
      name: 'Desk',
      document: {
        kind: 'PermissionSet',
        name: 'Desk',
        label: 'Desk',
        objects: {
          Case: {
            read: true,
            fields: { Id: 'read', AccountId: 'read', Reader__c: 'read', Boss__c: 'read', Called__c: 'read' },
          },
          Account: { read: true, fields: { Id: 'read', Said__c: 'read' } },
        },
      },
    })
    ;[first, second] = [
      await server.person('first@example.com', 'Desk'),
      await server.person('second@example.com', 'Desk'),
    ]
    const { AccountCreate } = await admin.data(
      'mutation { AccountCreate(input: { Name: "Acme" }) { record { Id } errors { message } } }',
    )
    const { CaseCreate } = await admin.data(
      'mutation ($a: ID!) { CaseCreate(input: { Subject: "x", AccountId: $a }) { record { Id } errors { message } } }',
      { a: AccountCreate.record.Id },
    )
    Id = CaseCreate.record.Id
    const { Organization } = await admin.data('{ Organization { nodes { Id } } }')
    await update('Organization', Organization.nodes[0].Id, { Name: 'Milepost Ltd' })
    await update('User', await me(first), { LastName: 'first', Title: 'Clerk' })
    await update('User', await me(second), { LastName: 'second' })
  })

  test('each caller is told their own, though they may not read users, and again as soon as it changes', async () => {
    expect(await seen(first)).toEqual({ Reader__c: 'first, Clerk of Milepost Ltd' })
    expect(await seen(second)).toEqual({ Reader__c: 'second,  of Milepost Ltd' })
    await update('User', await me(first), { Title: 'Head' })
    expect(await seen(first)).toEqual({ Reader__c: 'first, Head of Milepost Ltd' })
    const { Organization } = await admin.data('{ Organization { nodes { Id } } }')
    await update('Organization', Organization.nodes[0].Id, { Name: 'Milepost' })
    expect(await seen(first)).toEqual({ Reader__c: 'first, Head of Milepost' })
  })

  test('through parents and formulas of the user, below a parent of the record, in lists and in display', async () => {
    await update('User', await me(first), { Title: 'Clerk', ManagerId: await me(second) })
    expect(await seen(first, 'Boss__c Called__c Account { Said__c } display { Reader__c }')).toEqual({
      Boss__c: 'second',
      Called__c: 'Clerk first',
      Account: { Said__c: 'to Clerk' },
      display: { Reader__c: 'first, Clerk of Milepost' },
    })
    await update('User', await me(second), { LastName: 'another' })
    expect(await seen(first, 'Boss__c')).toEqual({ Boss__c: 'another' })
    expect(await seen(second, 'Boss__c')).toEqual({ Boss__c: null })
    const { Case } = await first.data('{ Case(first: 1) { edges { node { Called__c } } nodes { Boss__c } } }')
    expect(Case).toEqual({ edges: [{ node: { Called__c: 'Clerk first' } }], nodes: [{ Boss__c: 'another' }] })
  })

  test('one document asked by two people and answered from the cache is still each one’s own', async () => {
    await update('User', await me(second), { LastName: 'other', Title: 'Guest' })
    const ask = () => Promise.all([first, second].map((person) => seen(person, 'Called__c Reader__c')))
    expect(await ask()).toEqual(await ask())
    expect((await ask()).map((record) => record.Called__c)).toEqual(['Clerk first', 'Guest other'])
  })

  test('in a filter, below an order and beside a count', async () => {
    const found = async (person: Person) =>
      (
        await person.data(
          '{ Case(where: { Called__c: { eq: "Clerk first" } }, orderBy: [{ Reader__c: ASC }]) { totalCount nodes { Id } } }',
        )
      ).Case
    expect(await found(first)).toEqual({ totalCount: 1, nodes: [{ Id }] })
    expect(await found(second)).toEqual({ totalCount: 0, nodes: [] })
  })
})
