import fc from 'fast-check'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { describeDatabases } from '#test/databases'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const ACCOUNTS = [
  { Name: 'Alpha', Tier__c: 'Gold', NumberOfEmployees: 1 },
  { Name: 'Beta', Tier__c: 'Gold', NumberOfEmployees: 2 },
  { Name: 'Gamma', Tier__c: 'Silver', NumberOfEmployees: 3 },
  { Name: 'Delta', Tier__c: null, NumberOfEmployees: null },
]
const MEANT = 'All records are meant only by all: true.'
type Payload = {
  readonly saved: number
  readonly errors: readonly { readonly code: string; readonly message: string }[]
}

describeDatabases('a write by filter means what it says', (open) => {
  let server: TestServer
  let admin: Person
  let ids: { readonly [name: string]: string } = {}

  beforeAll(async () => {
    server = await keepServer(await open.url())
    admin = server.admin
  })
  beforeEach(async () => {
    const { gone, made } = await admin.data(
      `mutation ($input: [AccountCreateInput!]!) {
        gone: AccountDeleteMany(all: true) { errors { message } results { errors { message } } }
        made: AccountCreateMany(input: $input) { results { record { Id Name } errors { message } } } }`,
      { input: ACCOUNTS },
    )
    expect(gone.errors).toEqual([])
    ids = Object.fromEntries(made.results.map(({ record }: { record: { Id: string; Name: string } }) => [record.Name, record.Id])) // prettier-ignore
  })

  const PAYLOAD = '{ saved errors { code message path } results { errors { message } } }'
  const update = async (args: string, declared = '', variables = {}): Promise<Payload> =>
    (await admin.data(`mutation ${declared} { many: AccountUpdateMany(${args}) ${PAYLOAD} }`, variables)).many
  const rate = (args: string, declared = '', variables = {}) => update(`${args}, input: { AccountNumber: "touched" }`, declared, variables) // prettier-ignore
  const remove = async (args: string, declared = '', variables = {}): Promise<Payload> =>
    (await admin.data(`mutation ${declared} { many: AccountDeleteMany(${args}) ${PAYLOAD} }`, variables)).many
  const touched = async (): Promise<string[]> =>
    (await admin.data('{ Account(where: { AccountNumber: { eq: "touched" } }, orderBy: [{ Name: ASC }]) { nodes { Name } } }')).Account.nodes.map((n: { Name: string }) => n.Name) // prettier-ignore
  const left = async (): Promise<number> => (await admin.data('{ Account { totalCount } }')).Account.totalCount

  const NOT_GIVEN: readonly (readonly [string, string, string])[] = [
    ['($id: ID)', 'where: { Id: { eq: $id } }', 'where.Id.eq: $id was not given.'],
    ['($id: ID)', 'where: { and: [{ Tier__c: { eq: "Gold" } }, { Id: { eq: $id } }] }', 'where.and[1].Id.eq: $id was not given.'],
    ['($id: ID)', 'where: { Tier__c: { eq: "Gold" }, Id: { ne: $id } }', 'where.Id.ne: $id was not given.'],
    ['($ids: [ID!])', 'where: { not: { Id: { in: $ids } } }', 'where.not.Id.in: $ids was not given.'],
    ['($w: AccountWhere)', 'where: { not: $w }', 'where.not: $w was not given.'],
    ['($w: [AccountWhere!])', 'where: { or: $w }', 'where.or: $w was not given.'],
    ['($w: CaseWhere)', 'where: { Cases: { some: $w } }', 'where.Cases.some: $w was not given.'],
    ['($t: TextFilter)', 'where: { Name: $t }', 'where.Name: $t was not given.'],
    ['($w: AccountWhere)', 'where: $w', 'where: $w was not given.'],
    ['($ids: [ID!])', 'ids: $ids', 'ids: $ids was not given.'],
    ['($all: Boolean)', 'all: $all', 'all: $all was not given.'],
    ['($n: Int)', 'where: { Tier__c: { eq: "Gold" } }, expect: $n', 'expect: $n was not given.'],
  ] // prettier-ignore

  test('a variable that was not given is an error that names its place', async () => {
    for (const [declared, args, message] of NOT_GIVEN)
      for (const write of [rate, remove])
        expect([args, await write(args, declared)]).toMatchObject([args, { saved: 0, errors: [{ code: 'BAD_USER_INPUT', message: `${message} ${MEANT}` }] }]) // prettier-ignore
    expect(await touched()).toEqual([])
    expect(await left()).toBe(ACCOUNTS.length)
  })

  test('so is a condition that says nothing, written or in a variable', async () => {
    const empty: readonly (readonly [object | null, string])[] = [
      [null, 'where'],
      [{ Id: null }, 'where.Id'],
      [{ and: null }, 'where.and'],
      [{}, 'where'],
      [{ and: [] }, 'where.and'],
      [{ or: [] }, 'where.or'],
      [{ not: {} }, 'where.not'],
      [{ Id: {} }, 'where.Id'],
      [{ Parent: {} }, 'where.Parent'],
      [{ Cases: {} }, 'where.Cases'],
      [{ Cases: { some: {} } }, 'where.Cases.some'],
      [{ Cases: { some: { Priority: {} } } }, 'where.Cases.some.Priority'],
      [{ and: [{ Tier__c: { eq: 'Gold' } }, {}] }, 'where.and[1]'],
      [{ Tier__c: { eq: 'Gold' }, or: [{ not: { and: [{}] } }] }, 'where.or[0].not.and[0]'],
      [{ Id: { nin: [] } }, 'where.Id.nin'],
      [{ not: { Id: { in: [] } } }, 'where.not.Id.in'],
      [{ Name: { contains: '' } }, 'where.Name.contains'],
    ]
    for (const [where, place] of empty)
      for (const write of [rate, remove])
        expect([place, await write('where: $w', '($w: AccountWhere)', { w: where })]).toMatchObject([place, { saved: 0, errors: [{ message: `${place} says nothing. ${MEANT}` }] }]) // prettier-ignore
    for (const where of ['{}', '{ and: [] }', '{ or: [{}] }', '{ not: {} }', '{ Id: {} }', '{ Parent: {} }'])
      expect([where, (await rate(`where: ${where}`)).errors]).toMatchObject([where, [{ code: 'BAD_USER_INPUT' }]])
    for (const [place, where] of [['where.Tier__c.eq', { Tier__c: { eq: null } }], ['where.Id.ne', { Id: { ne: null } }]] as const)
      expect((await rate('where: $w', '($w: AccountWhere)', { w: where })).errors).toMatchObject([{ message: `${place} is null; blanks are meant by isNull: true. ${MEANT}` }]) // prettier-ignore
    expect(await touched()).toEqual([])
    expect(await left()).toBe(ACCOUNTS.length)
  })

  test('nothing listed is nothing found, and blanks are meant by isNull', async () => {
    expect(await rate('where: { Id: { in: $ids } }', '($ids: [ID!])', { ids: [] })).toMatchObject({ saved: 0, errors: [] }) // prettier-ignore
    expect(await rate('ids: []')).toMatchObject({ saved: 0, errors: [] })
    expect(await update('items: []')).toMatchObject({ saved: 0, errors: [] })
    expect(await touched()).toEqual([])
    expect((await rate('where: { Tier__c: { isNull: true } }')).saved).toBe(1)
    expect(await touched()).toEqual(['Delta'])
  })

  test('all records are meant by all: true, and by nothing beside it', async () => {
    for (const args of [
      'where: { Tier__c: { eq: "Gold" } }, all: true',
      'ids: ["x"], all: true',
      'where: { Tier__c: { eq: "Gold" } }, ids: ["x"]',
      'all: false',
      'all: null',
    ])
      // prettier-ignore
      for (const write of [rate, remove])
        expect([args, (await write(args)).errors]).toMatchObject([args, [{ code: 'BAD_USER_INPUT' }]])
    expect((await update('all: true')).errors).toMatchObject([{ message: expect.stringMatching(/^input/) }])
    expect((await update('all: true, input: {}')).errors).toMatchObject([{ message: expect.stringMatching(/^input/) }])
    expect((await update('all: true, input: $i', '($i: AccountUpdateInput)')).errors).toMatchObject([{ message: expect.stringMatching(/^input: \$i was not given/) }]) // prettier-ignore
    expect((await update('items: [], all: true')).errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
    expect(await touched()).toEqual([])
    expect((await rate('all: true')).saved).toBe(ACCOUNTS.length)
    expect(await touched()).toHaveLength(ACCOUNTS.length)
    expect((await remove('all: true')).saved).toBe(ACCOUNTS.length)
    expect(await left()).toBe(0)
  })

  test('a version or a number that is null or was not given guards nothing, so nothing is changed', async () => {
    const writes = [
      ['$v was not given', `AccountUpdate(Id: $id, version: $v, input: { AccountNumber: "touched" })`],
      ['$v was not given', `AccountDelete(Id: $id, version: $v)`],
      ['says nothing', `AccountUpdate(Id: $id, version: null, input: { AccountNumber: "touched" })`],
      ['says nothing', `AccountDelete(Id: $id, version: null)`],
      ['$v was not given', `AccountUpdateMany(items: [{ Id: $id, version: $v, input: { AccountNumber: "touched" } }])`],
      ['says nothing', `AccountUpdateMany(items: [{ Id: $id, version: null, input: { AccountNumber: "touched" } }])`],
      ['says nothing', `AccountUpdateMany(ids: [$id], expect: null, input: { AccountNumber: "touched" })`],
      ['says nothing', `AccountDeleteMany(ids: [$id], expect: null)`],
    ] as const
    for (const [message, write] of writes) {
      const declared = write.includes('$v') ? '($id: ID!, $v: Int)' : '($id: ID!)'
      const { payload } = await admin.data(`mutation ${declared} { payload: ${write} { errors { code message } } }`, { id: ids.Alpha }) // prettier-ignore
      expect([write, payload]).toMatchObject([write, { errors: [{ code: 'BAD_USER_INPUT', message: expect.stringContaining(message) }] }]) // prettier-ignore
    }
    expect(await touched()).toEqual([])
    expect(await left()).toBe(ACCOUNTS.length)
  })

  test('another number than expected changes nothing', async () => {
    const gold = 'where: { Tier__c: { eq: "Gold" } }'
    for (const [args, found] of [[gold, 2], ['all: true', 4], ['where: { Name: { eq: "Nobody" } }', 0], [`ids: ["${ids.Alpha}"]`, 1]] as const) // prettier-ignore
      for (const write of [rate, remove])
        expect([args, await write(`${args}, expect: 3`)]).toMatchObject([args, { saved: 0, results: [], errors: [{ code: 'COUNT_DIFFERS', message: `3 records were expected, ${found} ${found === 1 ? 'is' : 'are'} meant. Nothing was changed.` }] }]) // prettier-ignore
    expect(await touched()).toEqual([])
    expect((await rate(`${gold}, expect: 2`)).saved).toBe(2)
    expect((await remove('where: { Name: { eq: "Nobody" } }, expect: 0')).errors).toEqual([])
    expect((await remove(`${gold}, expect: 2, mode: PARTIAL`)).saved).toBe(2)
    expect(await left()).toBe(2)
  })

  test('a record that another save takes out of the filter meanwhile is left alone', async () => {
    const take = (name: string) =>
      rate(`where: { AccountNumber: { isNull: true }, Tier__c: { eq: "Gold" } }, expect: 2, mode: ${name}`).then(
        ({ saved }) => saved,
      )
    const several = await Promise.all(['PARTIAL', 'ALL_OR_NOTHING', 'PARTIAL', 'ALL_OR_NOTHING'].map(take))
    expect(several.toSorted()).toEqual([0, 0, 0, 2])
    const without = () => remove('where: { Tier__c: { eq: "Gold" } }').then(({ saved, errors }) => [saved, errors])
    expect((await Promise.all([without(), without(), without()])).toSorted()).toEqual([
      [0, []],
      [0, []],
      [2, []],
    ])
  })

  test('a key that was not given, or is blank, upserts nothing', async () => {
    await server.change({ kind: 'Field', name: 'Account.Key__c', document: { kind: 'Field', name: 'Account.Key__c', label: 'Key', type: 'ExternalId', length: 40 } }) // prettier-ignore
    const ask = (declared: string, by: string, variables = {}) =>
      admin.ask(`mutation ${declared} { AccountUpsert(by: ${by}, input: { Name: "Keyed" }) { created errors { code field } } many: AccountUpsertMany(items: [{ by: ${by}, input: { Name: "Keyed" } }]) { saved } }`, variables) // prettier-ignore
    for (const [declared, by] of [
      ['($k: String)', '{ Key__c: $k }'],
      ['($k: AccountUpsertKey!)', '$k'],
      ['', '{}'],
      ['', '{ Key__c: null }'],
    ] as const)
      // prettier-ignore
      expect([by, (await ask(declared, by)).errors?.length]).toEqual([by, expect.any(Number)])
    expect((await ask('', '{ Key__c: "" }')).data).toMatchObject({ AccountUpsert: { errors: [{ code: 'REQUIRED', field: 'Key__c' }] }, many: { saved: 0 } }) // prettier-ignore
    expect(await left()).toBe(ACCOUNTS.length)
  })

  // ── any filter with any of its variables left out ──

  interface Account {
    readonly Name: string
    readonly Tier__c: string | null
    readonly NumberOfEmployees: number | null
  }
  /** A filter as text with its variables, and what it means when all of them are given. */
  interface Filter {
    readonly text: string
    readonly variables: readonly (readonly [name: string, type: string, value: unknown])[]
    readonly fits: (account: Account) => boolean
  }
  let next = 0
  const compare = fc.constantFrom<readonly [string, string, string, unknown, Filter['fits']]>(
    ['Name', 'eq', 'String', 'Alpha', (a) => a.Name === 'Alpha'],
    ['Name', 'in', '[String!]', ['Beta', 'Gamma'], (a) => ['Beta', 'Gamma'].includes(a.Name)],
    ['Name', 'startsWith', 'String', 'D', (a) => a.Name.startsWith('D')],
    ['Tier__c', 'ne', 'String', 'Gold', (a) => a.Tier__c !== 'Gold'],
    ['Tier__c', 'isNull', 'Boolean', true, (a) => a.Tier__c === null],
    ['Tier__c', 'nin', '[String!]', ['Silver'], (a) => a.Tier__c !== 'Silver'],
    ['NumberOfEmployees', 'gt', 'Int', 1, (a) => a.NumberOfEmployees !== null && a.NumberOfEmployees > 1],
    ['NumberOfEmployees', 'lte', 'Int', 2, (a) => a.NumberOfEmployees !== null && a.NumberOfEmployees <= 2],
  ) // prettier-ignore
  const leaf: fc.Arbitrary<Filter> = compare.map(([field, operator, type, value, fits]) => {
    const name = `v${next++}`
    return { text: `{ ${field}: { ${operator}: $${name} } }`, variables: [[name, type, value]], fits }
  })
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => {
    const several = fc.array(tie('filter'), { minLength: 1, maxLength: 3 })
    const joined = (key: 'and' | 'or') =>
      several.map((of): Filter => ({
        text: `{ ${key}: [${of.map((f) => f.text).join(', ')}] }`,
        variables: of.flatMap((f) => f.variables),
        fits: (a) => (key === 'and' ? of.every((f) => f.fits(a)) : of.some((f) => f.fits(a))),
      }))
    const not = tie('filter').map(({ text, variables, fits }): Filter => ({ text: `{ not: ${text} }`, variables, fits: (a) => !fits(a) })) // prettier-ignore
    return { filter: fc.oneof({ maxDepth: 3 }, leaf, joined('and'), joined('or'), not) }
  })

  test('whatever is left out of a filter, a write touches what the whole of it means, or nothing', async () => {
    let [refused, done] = [0, 0]
    await fc.assert(
      fc.asyncProperty(filter, fc.array(fc.constantFrom('given', 'given', 'left out', 'null'), { minLength: 40 }), async (f, how) => {
        const declared = `(${f.variables.map(([name, type]) => `$${name}: ${type}`).join(', ')})`
        const given = f.variables.flatMap(([name, , value], i) => (how[i] === 'left out' ? [] : [[name, how[i] === 'null' ? null : value] as const])) // prettier-ignore
        const complete = given.length === f.variables.length && given.every(([, value]) => value !== null)
        await admin.data('mutation { AccountUpdateMany(all: true, input: { AccountNumber: null }) { saved } }')
        const { errors } = await rate(`where: ${f.text}`, declared, Object.fromEntries(given))
        expect(await touched()).toEqual(complete ? ACCOUNTS.filter(f.fits).map((a) => a.Name).toSorted() : [])
        expect(errors).toHaveLength(complete ? 0 : 1)
        if (complete) done++
        else refused++
      }),
      { numRuns: Number(process.env.MILEPOST_RUNS ?? 40), endOnFailure: true },
    ) // prettier-ignore
    expect([refused > 3, done > 3]).toEqual([true, true])
  })
})
