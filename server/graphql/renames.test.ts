import { beforeAll, expect, test } from 'vitest'
import type { Document } from '#metadata'
import { describeDatabases } from '#test/databases'
import { keepServer, type TestServer } from '../http/testing.ts'

const PLAN = 'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes, allowDestructive: true) { planId steps { text } questions { kind name text choices { id name text } } findings { code file path hint } } }' // prettier-ignore
const APPLY = 'mutation ($planId: ID!) { metadataApply(planId: $planId) { version findings { code message } } }'
const UNDO = 'mutation ($version: Int!) { metadataUndoPlan(version: $version, allowDestructive: true) { planId questions { text } findings { code message } } }' // prettier-ignore
const put = (document: object) => {
  const { kind, name } = document as Document
  return { kind, name, document }
}
const number = (name: string) => ({ kind: 'Field', name: `Toy__c.${name}`, label: 'Size', type: 'Number', precision: 5 }) // prettier-ignore
const gone = { kind: 'Field', name: 'Toy__c.Size__c', delete: true }

describeDatabases('a document that may be another one renamed', (open) => {
  let server: TestServer
  const plan = async (...changes: object[]) => (await server.admin.data(PLAN, { changes })).metadataPlan
  const apply = async (planId: string) => (await server.admin.data(APPLY, { planId })).metadataApply
  const values = async (field: string) => (await server.admin.data(`{ Toy__c { nodes { ${field} } } }`)).Toy__c.nodes
  const idOf = async (name: string) =>
    (await server.admin.data('query ($name: String!) { metadata { document(kind: Field, name: $name) } }', { name })).metadata.document.id // prettier-ignore

  beforeAll(async () => {
    server = await keepServer(await open.url())
    const toy = { kind: 'Object', name: 'Toy__c', label: 'Toy', pluralLabel: 'Toys', nameField: { label: 'Name', type: 'Text' } } // prettier-ignore
    await server.change(put(toy), put(number('Size__c')))
    await server.admin.data('mutation { Toy__cCreate(input: { Name: "Bear", Size__c: 5 }) { errors { message } } }')
  })

  test('is asked, and nothing happens without an answer; renamed it keeps its values, there and back', async () => {
    const id = await idOf('Toy__c.Size__c')
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    const asked = await plan(put(number('Width__c')), gone)
    expect(asked).toMatchObject({
      steps: [],
      questions: [{ kind: 'Field', name: 'Toy__c.Width__c', text: 'Is the field Toy__c.Width__c one that is here, or a new one?', choices: [{ id, name: 'Toy__c.Size__c', text: 'Toy__c.Size__c, renamed' }] }],
      findings: [{ code: 'WHICH_DOCUMENT', file: 'objects/Toy__c/fields/Width__c.json', path: 'id', hint: `Answer with the change: sameAs: "${id}", or isNew: true.` }],
    }) // prettier-ignore
    expect((await apply(asked.planId)).findings[0]).toMatchObject({ code: 'PLAN_HAS_ERRORS' })
    const answered = await plan({ ...put(number('Width__c')), sameAs: id }, gone)
    expect([answered.questions, answered.findings]).toEqual([[], []])
    const { version } = await apply(answered.planId)
    expect(await values('Width__c')).toEqual([{ Width__c: 5 }])
    const undo = (await server.admin.data(UNDO, { version })).metadataUndoPlan
    expect([undo.questions, undo.findings]).toEqual([[], []])
    await apply(undo.planId)
    expect([await values('Size__c'), await idOf('Toy__c.Size__c')]).toEqual([[{ Size__c: 5 }], id])
  })

  test('that is new leaves the other one’s values behind, and undo brings them back', async () => {
    const id = await idOf('Toy__c.Size__c')
    const { planId } = await plan({ ...put(number('Width__c')), isNew: true }, gone)
    const { version } = await apply(planId)
    expect(await values('Width__c')).toEqual([{ Width__c: null }])
    expect(await idOf('Toy__c.Width__c')).not.toBe(id)
    await apply((await server.admin.data(UNDO, { version })).metadataUndoPlan.planId)
    expect([await values('Size__c'), await idOf('Toy__c.Size__c')]).toEqual([[{ Size__c: 5 }], id])
  })

  test('with the same name and another organisation’s id is asked once', async () => {
    const theirs = { ...number('Size__c'), id: '0123456789abcdef0123456789abcdef', label: 'Theirs' }
    const { questions } = await plan(put(theirs))
    expect(questions[0].choices).toMatchObject([{ text: 'The same as the present Toy__c.Size__c' }])
    await apply((await plan({ ...put(theirs), sameAs: questions[0].choices[0].id })).planId)
    expect(await plan(put(theirs))).toMatchObject({ steps: [], questions: [], findings: [] })
    expect(await values('Size__c')).toEqual([{ Size__c: 5 }])
  })
})
