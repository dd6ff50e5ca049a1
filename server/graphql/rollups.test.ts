import { expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { rollup, TREE } from '../automation/testing/rollup-world.ts'
import { startServer } from '../http/testing.ts'

describeDatabases('roll-ups', (open) => {
  test('of no children are found by `eq: 0`, whether they were there before the field, or lost their last child', async () => {
    const { admin, change } = await startServer(await open.url())
    const deploy = (...documents: typeof TREE) => change(...documents.map((document) => ({ kind: document.kind, name: document.name, document }))) // prettier-ignore
    const create = async (object: string, input: object): Promise<string> =>
      (await admin.data(`mutation ($input: ${object}CreateInput!) { made: ${object}Create(input: $input) { record { Id } } }`, { input })).made.record.Id // prettier-ignore
    await deploy(...TREE)
    await create('P__c', { Name: 'before' })
    await deploy(rollup('P__c.Kids__c', 'count', 'K__c', 'P__c'), rollup('P__c.Sum__c', 'sum', 'K__c', 'P__c', { field: 'A__c' })) // prettier-ignore
    await create('P__c', { Name: 'after' })
    const kid = await create('K__c', { Name: 'k', P__c: await create('P__c', { Name: 'parent' }), A__c: 5 })
    const found = async (field: string) =>
      (await admin.data(`{ P__c(where: { ${field}: { eq: 0 } }, orderBy: [{ Name: ASC }]) { nodes { Name ${field} } } }`)).P__c.nodes // prettier-ignore
    const zero = (field: string, ...names: string[]) => names.map((Name) => ({ Name, [field]: 0 }))
    for (const field of ['Kids__c', 'Sum__c']) expect(await found(field)).toEqual(zero(field, 'after', 'before'))
    await admin.data('mutation ($id: ID!) { K__cDelete(Id: $id) { errors { message } } }', { id: kid })
    for (const field of ['Kids__c', 'Sum__c']) expect(await found(field)).toEqual(zero(field, 'after', 'before', 'parent')) // prettier-ignore
  })
})
