import { beforeAll, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { keepServer, undoChange, type TestServer } from '../http/testing.ts'

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
    await undoChange(server.admin, metadataApply.version)
    expect((await documents()).map((d: { name: string }) => d.name)).not.toContain(office.name)
  })

  test("a country's public holidays come as documents, which business hours may get at once; the second time there is nothing to do", async () => {
    const holidays = async (args: string, who = server.admin) =>
      (await who.data(`{ metadata { publicHolidays(country: "GB", ${args}) { findings { code message } documents { name document } } } }`)).metadata.publicHolidays // prettier-ignore
    const changes = async () =>
      (await holidays('state: "ENG", from: 2026, to: 2027, hours: "London"')).documents.map((d: { document: object }) => put(d.document as never)) // prettier-ignore
    const london = {
      ...office,
      name: 'BusinessHours.London',
      values: { ...office.values, Name: 'London', Holidays: ['Local'] },
    }
    const apply = async (made: { planId: string; findings: object[] }) => {
      expect(made.findings).toEqual([])
      expect((await server.admin.data(APPLY, { id: made.planId })).metadataApply.findings).toEqual([])
    }
    await apply(await plan(put({ ...mayDay, name: 'Holiday.Local' }), put(london)))
    const first = await changes()
    expect(first[0]).toEqual({ kind: 'Row', name: 'Holiday.GB_ENG_2026_01_01', document: expect.objectContaining({ values: { Name: "New Year's Day", ActivityDate: '2026-01-01', IsAllDay: true } }) }) // prettier-ignore
    await apply(await plan(...first))
    const found = (await documents()).find((d: { name: string }) => d.name === london.name).document.values.Holidays
    expect(found).toEqual(expect.arrayContaining(['Local', 'GB_ENG_2026_12_25', 'GB_ENG_2027_12_27']))
    expect((await plan(...(await changes()))).steps).toEqual([])
    expect(await holidays('from: 2026, to: 2026, hours: "Nowhere"')).toMatchObject({ documents: [], findings: [{ code: 'UNKNOWN_HOURS' }] }) // prettier-ignore
    expect((await holidays('state: "XX", from: 2026, to: 2026')).findings).toMatchObject([{ code: 'UNKNOWN_STATE' }])
    const accounts = { kind: 'PermissionSet', name: 'Accounts_Only', label: 'Accounts', objects: { Account: { read: true } } } // prettier-ignore
    await server.change(put(accounts))
    const guest = await server.person('nosy@example.com', 'Accounts_Only')
    await expect(holidays('from: 2026, to: 2026', guest)).rejects.toThrow(/viewSetup/)
  })

  test('a document that was left out deletes nothing', async () => {
    const text = 'mutation ($document: JSON) { metadataPlan(changes: [{ kind: CustomLabel, name: "Hello", document: $document }]) { steps { text } } }' // prettier-ignore
    for (const variables of [{}, { document: null }])
      expect((await server.admin.ask(text, variables)).errors).toMatchObject([{ message: expect.stringMatching(/^changes\[0\].*Hello/), extensions: { code: 'BAD_USER_INPUT' } }]) // prettier-ignore
    const both = { kind: 'Row', name: mayDay.name, document: mayDay, delete: true }
    expect((await server.admin.ask(PLAN, { changes: [both] })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
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
