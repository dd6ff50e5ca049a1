import { beforeAll, describe, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { keepServer, type TestServer } from '../http/testing.ts'

const PLAN = 'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { planId findings { code path message } } }' // prettier-ignore
const field = (name: string, type: string, more: object = {}) => ({ kind: 'Field', name: `Toy__c.${name}`, document: { kind: 'Field', name: `Toy__c.${name}`, label: name, type, ...more } }) // prettier-ignore

describeDatabases('values that a database or JSON can not hold', (open) => {
  let server: TestServer
  const create = (input: object) =>
    server.admin.data('mutation ($input: Toy__cCreateInput!) { Toy__cCreate(input: $input) { record { Id Amount__c } errors { field code message } } }', { input }) // prettier-ignore
  const plan = async (...changes: object[]) => (await server.admin.data(PLAN, { changes })).metadataPlan.findings

  beforeAll(async () => {
    server = await keepServer(await open.url())
    const toy = { kind: 'Object', name: 'Toy__c', label: 'Toy', pluralLabel: 'Toys', nameField: { label: 'Name', type: 'Text' } } // prettier-ignore
    await server.change(
      { kind: 'Object', name: 'Toy__c', document: toy },
      field('Day__c', 'Date'),
      field('At__c', 'DateTime'),
      field('Amount__c', 'Number', { precision: 18, scale: 5 }),
      field('Json__c', 'JSON'),
      field('Place__c', 'Address'),
      field('Kind__c', 'Picklist', { valueSet: { restricted: false, values: [{ value: 'a' }] } }),
      field('Part__c', 'Picklist', {
        valueSet: { values: [{ value: 'x' }], controllingField: 'Kind__c', dependencies: { a: ['x'] } },
      }),
    )
  })

  test.each([
    ['Name', 'half \uD83D'],
    ['Name', 'nul \0'],
    ['Json__c', { a: ['\0'] }],
    ['Json__c', { 'k\uDC00': 1 }],
    ['Place__c', { city: 'B\0nn' }],
    ['Kind__c', '\0'],
  ])('a character of %s that no database holds is refused: %j', async (name, value) => {
    const { Toy__cCreate } = await create({ Name: 'n', [name]: value })
    expect(Toy__cCreate.record).toBeNull()
    expect(Toy__cCreate.errors).toEqual([
      { field: name, code: 'WRONG_TYPE', message: expect.stringContaining("can't be stored") },
    ])
  })

  test.each([
    ['Day__c', '0000-01-01'],
    ['Day__c', '10000-01-01'],
    ['At__c', '0000-12-31T00:00:00Z'],
    ['At__c', '0001-01-01T00:00:00+01:00'],
    ['At__c', '9999-12-31T23:30:00-01:00'],
  ])('%s outside of the calendar is refused, written and asked for: %s', async (name, value) => {
    const words = { errors: [{ message: expect.stringMatching(/must be/) }] }
    expect(await server.admin.ask(`mutation { Toy__cCreate(input: { Name: "n", ${name}: "${value}" }) { record { Id } } }`)).toMatchObject(words) // prettier-ignore
    expect(await server.admin.ask(`query ($v: ${name === 'Day__c' ? 'Date' : 'DateTime'}) { Toy__c(where: { ${name}: { eq: $v } }) { totalCount } }`, { v: value })).toMatchObject(words) // prettier-ignore
    const type = name === 'Day__c' ? 'Date' : 'DateTime'
    expect(await plan(field('Other__c', type, { defaultValue: value }))).toMatchObject([{ code: 'BAD_DEFAULT', path: 'defaultValue' }]) // prettier-ignore
  })

  test('the first and the last day are kept', async () => {
    const { Toy__cCreate } = await create({ Name: 'edges', Day__c: '0001-01-01', At__c: '9999-12-31T23:59:59.999Z' })
    const { Toy__cById } = await server.admin.data('query ($id: ID!) { Toy__cById(Id: $id) { Day__c At__c } }', { id: Toy__cCreate.record.Id }) // prettier-ignore
    expect(Toy__cById).toEqual({ Day__c: '0001-01-01', At__c: '9999-12-31T23:59:59.999Z' })
  })

  test('documents hold no such characters either', async () => {
    expect(await plan(field('Other__c', 'Text', { helpText: 'a\0b' }))).toMatchObject([{ code: 'BAD_TEXT' }])
    expect(await plan(field('Other__c', 'Text', { helpText: 'a\uD800b' }))).toMatchObject([{ code: 'BAD_TEXT' }])
  })

  test('a value that every object of JavaScript has controls nothing', async () => {
    expect((await create({ Name: 'n', Kind__c: 'constructor', Part__c: 'x' })).Toy__cCreate.errors).toMatchObject([
      { field: 'Part__c', code: 'NOT_IN_PICKLIST' },
    ])
  })

  describe('a number with more digits than a JSON number holds', () => {
    const digits = '1234567890123.12345'
    const words = expect.stringMatching(
      /1234567890123\.12345 has more digits than a JSON number holds: write it in quotes/,
    )
    const query = 'mutation ($n: Decimal, $j: JSON) { Toy__cCreate(input: { Name: "n", Amount__c: $n, Json__c: $j }) { record { Amount__c Json__c } errors { message } } }' // prettier-ignore

    test('is exact as a text', async () => {
      expect((await create({ Name: 'n', Amount__c: digits })).Toy__cCreate.record.Amount__c).toBe(digits)
      expect(await server.admin.data(`{ Toy__c(where: { Amount__c: { eq: "${digits}" } }) { totalCount } }`)).toEqual({ Toy__c: { totalCount: 1 } }) // prettier-ignore
    })

    test.each(['n', 'j'])('is refused in a variable: %s', async (name) => {
      const response = await server.admin.post('/graphql', `{"query":${JSON.stringify(query)},"variables":{"${name}":${digits}}}`) // prettier-ignore
      expect([response.status, await response.json()]).toMatchObject([400, { errors: [{ message: words }] }])
    })

    test.each([
      `mutation { Toy__cCreate(input: { Name: "n", Amount__c: ${digits} }) { record { Id } } }`,
      `mutation { Toy__cCreate(input: { Name: "n", Json__c: { a: [${digits}] } }) { record { Id } } }`,
      `{ Toy__c(where: { Amount__c: { in: [1, ${digits}] } }) { totalCount } }`,
    ])('is refused in a document: %s', async (text) =>
      expect(await server.admin.ask(text)).toMatchObject({ errors: [{ message: words }] }),
    )

    test('is exact in a formula', async () => {
      await server.change(field('Exact__c', 'Number', { precision: 18, scale: 5, defaultFormula: digits }))
      const { Toy__cCreate } = await server.admin.data('mutation { Toy__cCreate(input: { Name: "n" }) { record { Exact__c } } }') // prettier-ignore
      expect(Toy__cCreate.record.Exact__c).toBe(digits)
    })
  })
})
