import { expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { field, rollup, TREE } from '../automation/testing/rollup-world.ts'
import { startServer } from '../http/testing.ts'

describeDatabases('what is too large', (open) => {
  test('a sum beyond 64 bits leaves a roll-up blank and refuses no save; it is exact as soon as it fits', async () => {
    const { admin, change } = await startServer(await open.url())
    const documents = [...TREE, field('K__c.N__c', 'Number', { precision: 18, scale: 0 }), rollup('P__c.Sum__c', 'sum', 'K__c', 'P__c', { field: 'N__c' })] // prettier-ignore
    await change(...documents.map((document) => ({ kind: document.kind, name: document.name, document })))
    const { made } = await admin.data('mutation { made: P__cCreate(input: { Name: "p" }) { record { Id } } }')
    const N = '999999999999999999'
    const input = Array.from({ length: 12 }, () => ({ Name: 'k', P__c: made.record.Id, N__c: N }))
    const many = await admin.ask('mutation ($input: [K__cCreateInput!]!) { K__cCreateMany(input: $input) { results { errors { message } } } }', { input }) // prettier-ignore
    expect(many.errors).toBeUndefined()
    const sum = async () => (await admin.data('{ P__c { nodes { Sum__c } } }')).P__c.nodes[0].Sum__c
    expect(await sum()).toBeNull()
    const { K__c } = await admin.data('{ K__c { nodes { Id } } }')
    for (const { Id } of K__c.nodes.slice(1))
      await admin.data('mutation ($Id: ID!) { K__cDelete(Id: $Id) { errors { message } } }', { Id })
    expect(await sum()).toBe(N)
  })

  test('sums beyond them are refused in words; of fewer records they are exact', async () => {
    const { admin, change } = await startServer(await open.url())
    const documents = [...TREE, field('G__c.N__c', 'Number', { precision: 18, scale: 0 })]
    await change(...documents.map((document) => ({ kind: document.kind, name: document.name, document })))
    const input = Array.from({ length: 12 }, (_, i) => ({ Name: i < 9 ? 'few' : 'more', N__c: '999999999999999999' }))
    await admin.data('mutation ($input: [G__cCreateInput!]!) { G__cCreateMany(input: $input) { saved } }', { input })
    const sum = 'query ($where: G__cWhere) { G__cAggregate(where: $where) { sum { N__c } } }'
    expect(await admin.data(sum, { where: { Name: { eq: 'few' } } })).toEqual({ G__cAggregate: [{ sum: { N__c: '8999999999999999991' } }] }) // prettier-ignore
    const all = await admin.ask(sum, { where: {} })
    if (open.dialect === 'sqlite') expect(all.errors).toMatchObject([{ extensions: { code: 'TOO_LARGE' } }])
    else expect(all.data).toEqual({ G__cAggregate: [{ sum: { N__c: '11999999999999999988' } }] })
  })

  test('a record that is larger than the database takes is refused in words', async () => {
    const { admin, change } = await startServer(await open.url())
    const names = Array.from({ length: 780 }, (_, i) => `F${i}__c`)
    const documents = [...TREE, ...names.map((name) => field(`G__c.${name}`, 'Number', { precision: 18, scale: 0 }))]
    await change(...documents.map((document) => ({ kind: document.kind, name: document.name, document })))
    const input = { Name: 'full', ...Object.fromEntries(names.map((name) => [name, '123456789012345678'])) }
    const { G__cCreate } = await admin.data('mutation ($input: G__cCreateInput!) { G__cCreate(input: $input) { record { Name } errors { code } } }', { input }) // prettier-ignore
    expect(G__cCreate).toEqual(open.dialect === 'sqlite' ? { record: { Name: 'full' }, errors: [] } : { record: null, errors: [{ code: 'TOO_LARGE' }] }) // prettier-ignore
  })
})
