import { expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { field, rollup, TREE } from '../automation/testing/rollup-world.ts'
import { startServer } from '../http/testing.ts'

describeDatabases('sums beyond what 64 bits hold', (open) => {
  test('leave a roll-up blank and refuse no save; it is exact as soon as it fits', async () => {
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
})
