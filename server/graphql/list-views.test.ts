import { beforeAll, expect, test, vi } from 'vitest'
import type { Document } from '#metadata'
import { saveDocuments } from '#records'
import { describeDatabases } from '#test/databases'
import { keepServer, type TestServer } from '../http/testing.ts'

const PLAN = 'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { findings { code file path message hint } } }' // prettier-ignore
const put = (document: Document) => ({ kind: document.kind, name: document.name, document })
const field = (name: string, type: string, more: object = {}) => put({ kind: 'Field', name: `Toy__c.${name}`, label: name, type, ...more } as Document) // prettier-ignore
const view = (filter: object): Document => ({ kind: 'ListView', name: 'Toy__c.Some', label: 'Some', columns: ['Name'], filter: filter as { [key: string]: unknown } }) // prettier-ignore
const TYPES: { readonly [type: string]: object } = {
  Text: {}, LongTextArea: {}, Number: { precision: 5 }, Currency: {}, Percent: { precision: 18, scale: 4 }, Checkbox: {}, Date: {}, DateTime: {}, Time: {}, Email: {},
  Picklist: { valueSet: { restricted: false, values: [{ value: 'a' }] } }, MultiselectPicklist: { valueSet: { restricted: false, values: [{ value: 'a' }] } },
  Lookup: { referenceTo: ['Account'] }, Geolocation: {}, Address: {}, JSON: {},
} // prettier-ignore
const OPERATORS = ['eq', 'ne', 'in', 'nin', 'lt', 'lte', 'gt', 'gte', 'like', 'contains', 'startsWith', 'isNull', 'includes', 'excludes', 'relative', 'LAST_N_DAYS', 'distance', 'equals'] // prettier-ignore
const near = { from: { latitude: 40.7, longitude: -74 } }
const VALUES = ['a', '', '2026-03-09', '2026-02-30', '2026-03-09T11:00:00Z', '17:30', '12.5', 'TODAY', 5, 2.5, 5e9, 0, true, null, ['a'], [5], [null], {}, { ...near, km: 5 }, { ...near, miles: 3 }, near] // prettier-ignore

describeDatabases('a list view', (open) => {
  let server: TestServer
  const plan = async (...changes: object[]) => (await server.admin.data(PLAN, { changes })).metadataPlan.findings
  const asked = async (where: object) =>
    (await server.admin.ask('query ($where: Toy__cWhere) { Toy__c(where: $where) { nodes { Id } } }', { where })) as { errors?: readonly { message: string }[] } // prettier-ignore

  beforeAll(async () => {
    server = await keepServer(await open.url())
    const toy = { kind: 'Object', name: 'Toy__c', label: 'Toy', pluralLabel: 'Toys', nameField: { label: 'Name', type: 'Text' } } // prettier-ignore
    await server.change(
      put(toy as Document),
      ...Object.entries(TYPES).map(([type, more]) => field(`A_${type}__c`, type, more)),
    )
    await server.admin.data('mutation { Toy__cCreate(input: { Name: "Bear" }) { errors { message } } }')
  })

  test.each(Object.keys(TYPES))('of %s passes the plan when, and only when, a query takes its filter', async (type) => {
    const wheres = OPERATORS.flatMap((operator) => VALUES.map((value) => ({ [`A_${type}__c`]: { [operator]: value } })))
    const findings = await plan(...wheres.map((where, i) => put({ ...view(where), name: `Toy__c.V${i}` } as Document)))
    const refused = new Set(findings.map(({ file }: { file: string }) => file))
    const odd: unknown[] = []
    for (const [i, where] of wheres.entries()) {
      const { errors = [] } = await asked(where)
      if (refused.has(`objects/Toy__c/listViews/V${i}.json`) !== errors.length > 0) odd.push([where, errors])
    }
    expect(odd).toEqual([])
  })

  test('that no query takes, of an earlier release, says where it is wrong, to the doctor too; mending it is a change like any other', async () => {
    const { engine } = server.app
    const base = engine.catalogs.current().version
    const stored = { ...view({ A_Checkbox__c: { contains: 'x' } }), id: 'Toy__c.Some' }
    await engine.database.transaction((tx) => saveDocuments(tx, { base, at: '2026-03-09T11:00:00.000Z', by: null, put: [stored], changes: [], undo: null })) // prettier-ignore
    engine.database.notify('milepost_catalog', String(base + 1))
    await vi.waitFor(() => expect(engine.catalogs.current().version).toBe(base + 1))
    const problem = async () => {
      const { metadata } = await server.admin.data('{ metadata { object(name: "Toy__c") { listViews { name problem } } } }') // prettier-ignore
      return metadata.object.listViews.find(({ name }: { name: string }) => name === 'Toy__c.Some').problem
    }
    const words = `A_Checkbox__c can't be compared with "contains".`
    expect(await problem()).toBe(`filter.A_Checkbox__c.contains: ${words} Use eq, ne, isNull.`)
    expect(await engine.diagnose()).toContainEqual({ code: 'OPERATOR', severity: 'error', file: 'objects/Toy__c/listViews/Some.json', path: 'filter.A_Checkbox__c.contains', message: words, hint: 'Use eq, ne, isNull.' }) // prettier-ignore
    await server.change(field('Other__c', 'Text'))
    await server.change(put(view({ A_Checkbox__c: { eq: true } })))
    expect(await problem()).toBeNull()
  })
})
