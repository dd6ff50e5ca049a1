import { expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { startServer, undoChange } from '../http/testing.ts'

const object = {
  kind: 'Object',
  name: 'Parcel__c',
  document: {
    kind: 'Object',
    name: 'Parcel__c',
    label: 'Parcel',
    pluralLabel: 'Parcels',
    nameField: { label: 'Name', type: 'Text' },
  },
}
const field = (n: number) => ({
  kind: 'Field',
  name: `Parcel__c.F${n}__c`,
  document: { kind: 'Field', name: `Parcel__c.F${n}__c`, label: `F${n}`, type: 'Text', length: 20 },
})

describeDatabases('a metadata change on the running server', (open) => {
  test('fails no request, and the next one sees it', async () => {
    const { admin, change } = await startServer(await open.url())
    await change(object)
    await admin.data('mutation { Parcel__cCreate(input: { Name: "one" }) { record { Id } } }')
    const failures: unknown[] = []
    let answered = 0
    let going = true
    const load = Array.from({ length: 6 }, async (_, i) => {
      while (going) {
        const answer = await admin.ask(
          i % 3 === 0
            ? 'mutation { Parcel__cCreate(input: { Name: "load" }) { record { Name } errors { message } } }'
            : i % 3 === 1
              ? '{ Parcel__c(first: 3) { nodes { Name } } }'
              : `{ Parcel__c(first: 1) { nodes { Id n${answered}: Name } } }`,
        )
        if (answer.errors) failures.push(answer.errors)
        answered++
      }
    })
    for (let n = 1; n <= 4; n++) {
      await change(field(n))
      expect(
        await admin.data(
          `mutation { Parcel__cCreate(input: { Name: "swap", F${n}__c: "seen" }) { record { F${n}__c } } }`,
        ),
      ).toEqual({ Parcel__cCreate: { record: { [`F${n}__c`]: 'seen' } } })
    }
    going = false
    await Promise.all(load)
    expect(failures).toEqual([])
    expect(answered).toBeGreaterThan(20)
  })

  test('a plan that has been overtaken is refused, an undone change is gone', async () => {
    const { admin, change } = await startServer(await open.url())
    await change(object)
    const plan = async (n: number) =>
      (
        await admin.data(
          'mutation ($c: [MetadataChangeInput!]!) { metadataPlan(changes: $c) { planId steps { text } findings { message } } }',
          { c: [field(n)] },
        )
      ).metadataPlan
    const [early, late] = [await plan(1), await plan(2)]
    expect(early.steps[0].text).toContain('F1')
    const apply = async (id: string) =>
      (
        await admin.data(
          'mutation ($id: ID!) { metadataApply(planId: $id) { version findings { severity message } } }',
          { id },
        )
      ).metadataApply
    const applied = await apply(early.planId)
    expect(applied.findings).toEqual([])
    expect((await apply(late.planId)).findings).toMatchObject([{ severity: 'error' }])
    expect(await admin.data('{ Parcel__c { nodes { F1__c } } }')).toEqual({ Parcel__c: { nodes: [] } })
    await undoChange(admin, applied.version)
    expect((await admin.ask('{ Parcel__c { nodes { F1__c } } }')).errors).toHaveLength(1)
  })

  test('what a document was before each change of it can be read, under its earlier names too', async () => {
    const { admin, change } = await startServer(await open.url())
    await change(object)
    await change(field(1))
    const longer = { ...field(1).document, length: 40 }
    await change({ kind: 'Field', name: longer.name, document: longer })
    const name = 'Parcel__c.Renamed__c'
    await change({ kind: 'Field', name, renameFrom: longer.name, document: { ...longer, name } })
    const { metadata } = await admin.data(
      '{ metadata { documentHistory(kind: Field, name: "Parcel__c.Renamed__c") { version at by document } } }',
    )
    const told = metadata.documentHistory.map((one: { document: { name: string; length: number } | null }) =>
      one.document ? [one.document.name, one.document.length] : null,
    )
    expect(told).toEqual([['Parcel__c.F1__c', 40], ['Parcel__c.F1__c', 20], null]) // prettier-ignore
    const versions = metadata.documentHistory.map((one: { version: number }) => one.version)
    expect(versions).toEqual([versions[0], versions[0] - 1, versions[0] - 2])
  })
})
