import { beforeAll, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { keepServer, type TestServer } from '../http/testing.ts'

const PLAN = 'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { planId steps { text data } findings { code file path message } } }' // prettier-ignore
const APPLY = 'mutation ($id: ID!) { metadataApply(planId: $id) { version findings { code message } } }'
const office = {
  kind: 'Row',
  name: 'BusinessHours.Office',
  values: { Name: 'Office', TimeZone: 'Europe/Paris', Hours: { mon: [['09:00', '17:00']] }, Holidays: ['May_Day'] },
}
const mayDay = { kind: 'Row', name: 'Holiday.May_Day', values: { Name: 'May Day', ActivityDate: '2026-05-01' } }
const put = (document: { kind: string; name: string }) => ({ kind: document.kind, name: document.name, document })

describeDatabases('set-up rows over GraphQL', (open) => {
  let server: TestServer
  beforeAll(async () => {
    server = await keepServer(await open.url())
  })
  const plan = async (...changes: object[]) => (await server.admin.data(PLAN, { changes })).metadataPlan
  const documents = async () =>
    (await server.admin.data('{ metadata { documents(kind: Row, of: "BusinessHours") { name document } } }')).metadata
      .documents

  test('are planned, applied, downloaded as they were deployed, and taken back', async () => {
    const made = await plan(put(office), put(mayDay))
    expect(made.findings).toEqual([])
    expect(made.steps.map((s: { text: string }) => s.text)).toEqual(['Add the Holiday May_Day.', 'Add the Business Hours Office.']) // prettier-ignore
    expect(made.steps[1].data).toMatchObject({ action: 'addRow', name: office.name })
    const { metadataApply } = await server.admin.data(APPLY, { id: made.planId })
    expect(metadataApply.findings).toEqual([])
    const found = (await documents()).find((d: { name: string }) => d.name === office.name)
    expect(found.document).toMatchObject(office)
    expect((await plan(put(found.document))).steps).toEqual([])
    const one = await server.admin.data('{ metadata { document(kind: Row, name: "Holiday.May_Day") } }')
    expect(one.metadata.document).toMatchObject(mayDay)
    await server.admin.data('mutation ($v: Int!) { metadataUndo(version: $v) { findings { message } } }', { v: metadataApply.version }) // prettier-ignore
    expect((await documents()).map((d: { name: string }) => d.name)).not.toContain(office.name)
  })

  test('that are wrong name document and place; without permission there is no plan', async () => {
    const { findings } = await plan(put({ ...office, values: { ...office.values, TimeZone: 5, Nope: 1 } } as never))
    expect(findings.map((f: { file: string; path: string }) => [f.file, f.path])).toEqual([
      ['objects/BusinessHours/rows/Office.json', 'values.Holidays[0]'],
    ])
    const broken = await plan(put(mayDay), put({ ...office, values: { ...office.values, TimeZone: 5, Nope: 1 } } as never)) // prettier-ignore
    expect(broken.findings.map((f: { code: string; path: string }) => `${f.code} ${f.path}`).sort()).toEqual([
      'UNKNOWN_FIELD values.Nope',
      'WRONG_TYPE values.TimeZone',
    ])
    const guest = await server.person('guest@example.com')
    expect((await guest.ask(PLAN, { changes: [put(mayDay)] })).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })
})
