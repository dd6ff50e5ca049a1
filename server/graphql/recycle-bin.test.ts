import { beforeAll, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const fields = { Id: 'read', CaseNumber: 'read', Subject: 'edit', AccountId: 'edit' }
const set = (name: string, more: object) => ({ kind: 'PermissionSet', name, document: { kind: 'PermissionSet', name, label: name, ...more } }) // prettier-ignore

describeDatabases('the recycle bin holds what one deleted oneself', (open) => {
  let server: TestServer
  let admin: Person
  let ana: Person
  let ben: Person
  let viewer: Person

  beforeAll(async () => {
    server = await keepServer(await open.url())
    admin = server.admin
    const desk = { Case: { create: true, edit: true, delete: true, fields }, Account: { create: true, edit: true, delete: true, fields: { Name: 'edit' } } } // prettier-ignore
    await server.change(set('Desk', { objects: desk }), set('Viewer', { viewAll: true }))
    ana = await server.person('ana@example.com', 'Desk')
    ben = await server.person('ben@example.com', 'Desk')
    viewer = await server.person('viewer@example.com', 'Viewer')
  })

  const create = async (Subject: string, AccountId?: string): Promise<string> =>
    (await admin.data('mutation ($i: CaseCreateInput!) { CaseCreate(input: $i) { record { Id } } }', { i: { Subject, AccountId } })).CaseCreate.record.Id // prettier-ignore
  const remove = async (who: Person, id: string) =>
    (await who.data('mutation ($id: ID!) { CaseDelete(Id: $id) { record { Subject } errors { code } } }', { id })).CaseDelete // prettier-ignore
  const undelete = async (who: Person, id: string) =>
    (await who.data('mutation ($id: ID!) { CaseUndelete(Id: $id) { record { Subject } errors { code message } } }', { id })).CaseUndelete // prettier-ignore
  const bin = async (who: Person, where: object): Promise<unknown> => {
    const document = 'query ($w: CaseWhere) { Case(deleted: ONLY, where: $w, orderBy: [{ Subject: ASC }]) { nodes { Subject } edges { node { Subject } } totalCount } }' // prettier-ignore
    const { nodes, edges, totalCount } = (await who.data(document, { w: where })).Case
    expect([edges.map((edge: { node: object }) => edge.node), totalCount]).toEqual([nodes, nodes.length])
    return nodes.map((node: { Subject: string }) => node.Subject)
  }

  test('in lists, filters and counts; all of it is for those who may modify everything', async () => {
    const [a, b, c] = [await create('bin a'), await create('bin b'), await create('bin c')]
    expect(await remove(ana, a)).toEqual({ record: { Subject: 'bin a' }, errors: [] })
    await remove(ben, b)
    await remove(admin, c)
    const where = { Subject: { startsWith: 'bin' } }
    expect(await bin(ana, where)).toEqual(['bin a'])
    expect(await bin(ben, where)).toEqual(['bin b'])
    expect(await bin(viewer, where)).toEqual([])
    expect(await bin(admin, where)).toEqual(['bin a', 'bin b', 'bin c'])
    expect(await bin(ana, { Id: { eq: b } })).toEqual([])
    expect(await bin(ana, { not: { Id: { eq: a } } })).toEqual([])
    const none = { CaseById: null, Case: { totalCount: 0 }, CaseAggregate: [{ count: 0 }] }
    const document = 'query ($id: ID!) { CaseById(Id: $id) { Id } Case(where: { Id: { eq: $id } }) { totalCount } CaseAggregate(where: { Id: { eq: $id } }) { count } }' // prettier-ignore
    for (const who of [ana, admin]) expect(await who.data(document, { id: a })).toEqual(none)
  })

  test('nobody takes a record out of somebody else’s, and is not told that it is there', async () => {
    const id = await create('not mine')
    await remove(ben, id)
    const refused = await undelete(ana, id)
    expect(refused).toMatchObject({ record: null, errors: [{ code: 'NOT_FOUND' }] })
    expect(await undelete(ana, `${id.slice(0, -6)}000000`)).toEqual(refused)
    expect(await undelete(ben, id)).toEqual({ record: { Subject: 'not mine' }, errors: [] })
    await remove(ana, id)
    expect(await undelete(admin, id)).toMatchObject({ record: { Subject: 'not mine' } })
  })

  test('a deleted record is in no list of children, and gives no way to its own', async () => {
    const { AccountCreate } = await admin.data('mutation { AccountCreate(input: { Name: "Parent" }) { record { Id } } }') // prettier-ignore
    const account = AccountCreate.record.Id as string
    await remove(ben, await create('child', account))
    const children = 'query ($id: ID!) { AccountById(Id: $id) { Cases { totalCount nodes { Subject } } } Account(where: { Cases: { some: { Subject: { eq: "child" } } } }) { totalCount } }' // prettier-ignore
    for (const who of [ana, ben, admin])
      expect(await who.data(children, { id: account })).toEqual({ AccountById: { Cases: { totalCount: 0, nodes: [] } }, Account: { totalCount: 0 } }) // prettier-ignore
    const asked = await admin.ask('{ Account { nodes { Cases(deleted: ONLY) { totalCount } } } }')
    expect(asked.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
  })
})
