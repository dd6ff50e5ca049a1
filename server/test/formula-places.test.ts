/** Every kind of expression in every place that takes a formula, through the API, on both databases. A row of a table each. */
import { beforeAll, describe, expect, test } from 'vitest'
import { keepServer, undoChange, type Person, type TestServer } from '../http/testing.ts'
import { describeDatabases } from './databases.ts'

/** Expressions that give a text, with what they give for the record below. */
const EXPRESSIONS: readonly (readonly [kind: string, formula: string, gives: string])[] = [
  ['an own field', 'Code__c', 'A7'],
  ['a parent', 'Account__r.Name', 'Acme'],
  ['a picklist of a parent', 'TEXT(Account__r.Tier__c)', 'Gold'],
  ['a formula field of a parent', 'Account__r.Shout__c', 'ACME!'],
  ['the owner', 'Owner:User.LastName', 'Admin'],
  ['a polymorphic parent', 'About__r:Case.Subject', 'Broken'],
  ['ten hops', `${'Up__r.'.repeat(10)}Code__c`, 'root'],
  ['the user', '$User.LastName', 'Admin'],
  ["the user's manager", '$User.Manager.LastName', 'Boss'],
  ['the profile', '$Profile.Name', 'Tester'],
  ['the role', '$UserRole.Name', 'Lead'],
  ['the organisation', '$Organization.Name', 'Here'],
  ['a label', '$Label.Greeting', 'Hello'],
  ["a setting, the profile's over the organisation's", '$Setup.Limits__c.Word__c', 'profile'],
  ["a setting, blank for the profile and the user", '$Setup.Limits__c.Other__c', 'everyone'],
  ['a rate', 'TEXT(CURRENCYRATE("eur"))', '0.9'],
  ['business time', 'TEXT(BUSINESSDIFF(DATETIMEVALUE("2026-03-09 08:00:00"), DATETIMEVALUE("2026-03-10 08:00:00")))', '480'], // prettier-ignore
  ['a look-up', 'VLOOKUP($ObjectType.Codes__c.Fields.Text__c, $ObjectType.Codes__c.Fields.Name, Code__c)', 'found'],
  ['a look-up by what was looked up', 'VLOOKUP($ObjectType.Codes__c.Fields.Text__c, $ObjectType.Codes__c.Fields.Name, VLOOKUP($ObjectType.Codes__c.Fields.Text__c, $ObjectType.Codes__c.Fields.Name, "first"))', 'second hand'], // prettier-ignore
] // prettier-ignore
/** What a database can't say, with the words of the refusal. */
const NOT_IN_SQL: { readonly [kind: string]: string } = {
  'a formula field of a parent': 'databases change the case of foreign letters differently',
  'a rate': 'it looks up a rate',
  'business time': 'it needs a calendar',
}
const CASES = EXPRESSIONS.map(([kind, formula, gives], n) => ({ kind, formula, gives, n, holds: `${formula} = "${gives}"` })) // prettier-ignore
/** In a process a setting is the organisation's. */
const promised = ({ formula, gives }: (typeof CASES)[number]) =>
  `${formula} = "${gives === 'profile' ? 'everyone' : gives}"`
const searches = (formula: string): boolean => formula.includes('VLOOKUP')
const FIELDS = CASES.filter((c) => !searches(c.formula))

type Json = { readonly [key: string]: unknown }
const document = (kind: string, name: string, more: Json) => ({ kind, name, document: { kind, name, ...more } })
const field = (name: string, type: string, more: Json = {}) => document('Field', name, { label: name, type, ...more })
const object = (name: string, more: Json = {}) =>
  document('Object', name, {
    label: name,
    pluralLabel: `${name}s`,
    nameField: { label: 'Name', type: 'Text' },
    ...more,
  })

const OBJECTS = [
  object('Thing__c', { enableProcesses: true, closedWhen: 'Closed__c' }),
  field('Thing__c.Code__c', 'Text'),
  field('Thing__c.Probe__c', 'Number'),
  field('Thing__c.Want__c', 'Text'),
  field('Thing__c.Closed__c', 'Checkbox'),
  field('Thing__c.Done__c', 'Checkbox'),
  field('Thing__c.Account__c', 'Lookup', { referenceTo: ['Account'] }),
  field('Thing__c.Up__c', 'Lookup', { referenceTo: ['Thing__c'] }),
  field('Thing__c.About__c', 'Lookup', { referenceTo: ['Case', 'Account'] }),
  field('Account.Shout__c', 'Formula', { formulaType: 'Text', formula: 'UPPER(Name) & "!"' }),
  object('Limits__c', { customSettingsType: 'Hierarchy' }),
  field('Limits__c.Word__c', 'Text'),
  field('Limits__c.Other__c', 'Text'),
  field('Limits__c.Minutes__c', 'Number'),
  object('Codes__c', { nameField: { label: 'Code', type: 'Text', unique: true } }),
  field('Codes__c.Text__c', 'Text'),
  field('Codes__c.Minutes__c', 'Number'),
  document('CustomLabel', 'Greeting', { value: 'Hello' }),
]
const IN_SQL_OR_NOT = FIELDS.flatMap(({ n, formula }) => [
  field(`Thing__c.Field${n}__c`, 'Formula', { formulaType: 'Text', formula }),
  field(`Thing__c.Finished${n}__c`, 'Formula', { formulaType: 'Text', formula: `IF(REGEX("a", "a"), ${formula}, "")` }),
])
const IN_A_SAVE = CASES.flatMap(({ n, formula, holds }) => [
  field(`Thing__c.Default${n}__c`, 'Text', { defaultFormula: formula }),
  field(`Thing__c.Stamp${n}__c`, 'DateTime', { stampWhen: holds }),
  field(`Thing__c.Set${n}__c`, 'Text'),
  document('ValidationRule', `Thing__c.Rule${n}`, { errorConditionFormula: `AND(Probe__c = ${n}, ${formula} = Want__c)`, errorMessage: `Rule ${n}` }), // prettier-ignore
  document('Action', `Set${n}`, { label: `Set ${n}`, object: 'Thing__c', type: 'FieldUpdate', field: `Set${n}__c`, formula }), // prettier-ignore
])
const minutes = (formula: string, milestone: string, more: Json = {}) => ({ name: milestone, milestone, target: { minutesFormula: formula }, ...more }) // prettier-ignore
const PROCESS = [
  document('EntitlementProcess', 'Places_v1', {
    process: 'Places', version: 1, label: 'Places', object: 'Thing__c', status: 'active', isDefault: true,
    milestones: [
      minutes('60', 'Actions', { completion: [{ when: 'Done__c' }], successActions: CASES.map(({ n }) => `Set${n}`) }),
      minutes('$Setup.Limits__c.Minutes__c', 'Setting'),
      minutes('IF($Label.Greeting = "Hello", 60, 90)', 'Label'),
      minutes('IF(CONTAINS(Account__r.Shout__c, "?"), 60, 90)', 'Field'),
      minutes('CURRENCYRATE("GBP") * 100', 'Rate'),
      minutes('VLOOKUP($ObjectType.Codes__c.Fields.Minutes__c, $ObjectType.Codes__c.Fields.Name, Code__c)', 'LookUp'),
      ...CASES.map((c) => ({ n: c.n, when: promised(c) })).flatMap(({ n, when }) => [
        { ...minutes(`IF(${when}, 60, 600)`, `Yes${n}`), when },
        { ...minutes('60', `No${n}`), when: `NOT(${when})` },
      ]),
    ],
  }),
  document('AutoApplyRule', 'Places', { object: 'Thing__c', order: 1, when: `AND(${CASES.map((c) => c.holds).join(', ')})`, apply: { process: 'Places' } }), // prettier-ignore
] // prettier-ignore

describeDatabases('formulas in every place', (open) => {
  let server: TestServer
  let admin: Person
  const ids: { [key: string]: string } = {}
  const create = async (name: string, input: Json): Promise<string> => {
    const text = `mutation ($i: ${name}CreateInput!) { it: ${name}Create(input: $i) { record { Id } errors { field message } } }`
    const { it } = await admin.data(text, { i: input })
    expect(it.errors).toEqual([])
    return it.record.Id as string
  }
  const update = async (name: string, id: string, input: Json): Promise<{ message: string }[]> => {
    const text = `mutation ($id: ID!, $i: ${name}UpdateInput!) { it: ${name}Update(Id: $id, input: $i) { errors { message } } }`
    return (await admin.data(text, { id, i: input })).it.errors
  }
  const read = async (id: string, fields: string) =>
    (await admin.data(`query ($id: ID!) { it: Thing__cById(Id: $id) { ${fields} } }`, { id })).it
  const due = async (id: string, milestone: string): Promise<string | undefined> => {
    const fields = 'Milestones(first: 200, where: { IsCompleted: { eq: false } }) { nodes { Name TargetDate Status } }'
    const { nodes } = (await read(id, fields)).Milestones
    return nodes.find((n: { Name: string; Status: string }) => n.Name === milestone && n.Status !== 'Cancelled')?.TargetDate // prettier-ignore
  }
  const thing = (more: Json = {}): Json => ({ Name: 'it', Code__c: 'A7', Account__c: ids.account, About__c: ids.case, Up__c: ids.up, BusinessHoursId: ids.hours, ...more }) // prettier-ignore

  beforeAll(async () => {
    server = await keepServer(await open.url())
    admin = server.admin
    await server.change(...OBJECTS)
    await server.change(...IN_SQL_OR_NOT)
    const { me, Organization } = await admin.data('{ me { id } Organization { nodes { Id } } }')
    ids.org = Organization.nodes[0].Id
    ids.me = me.id
    await update('Organization', ids.org!, { Name: 'Here' })
    const first = await admin.data('query ($id: ID!) { it: UserById(Id: $id) { Profile { Name } } }', { id: ids.me })
    expect(first.it).toEqual({ Profile: { Name: 'System Administrator' } })
    ids.profile = await create('Profile', { Name: 'Tester' })
    ids.role = await create('UserRole', { Name: 'Lead' })
    ids.boss = await create('User', { Username: 'boss@example.com', LastName: 'Boss', Email: 'boss@example.com' })
    await update('User', me.id, { ProfileId: ids.profile, RoleId: ids.role, ManagerId: ids.boss })
    ids.everyone = await create('Limits__c', { Name: 'all', SetupOwnerId: ids.org, Word__c: 'everyone', Other__c: 'everyone', Minutes__c: 30 }) // prettier-ignore
    await create('Limits__c', { Name: 'profile', SetupOwnerId: ids.profile, Word__c: 'profile' })
    ids.mine = await create('Limits__c', { Name: 'me', SetupOwnerId: me.id })
    await create('CurrencyType', { IsoCode: 'EUR', ConversionRate: 0.9 })
    ids.pound = await create('CurrencyType', { IsoCode: 'GBP', ConversionRate: 0.8 })
    ids.a7 = await create('Codes__c', { Name: 'A7', Text__c: 'found', Minutes__c: 20 })
    await create('Codes__c', { Name: 'first', Text__c: 'second' })
    await create('Codes__c', { Name: 'second', Text__c: 'second hand' })
    const day = [['09:00', '17:00']]
    ids.hours = await create('BusinessHours', { Name: 'Day', TimeZone: 'UTC', IsActive: true, Hours: { mon: day, tue: day } }) // prettier-ignore
    ids.account = await create('Account', { Name: 'Acme', Tier__c: 'Gold' })
    ids.case = await create('Case', { Subject: 'Broken' })
    for (const name of [
      'Actions',
      'Setting',
      'Label',
      'Field',
      'Rate',
      'LookUp',
      ...CASES.flatMap(({ n }) => [`Yes${n}`, `No${n}`]),
    ])
      await create('Milestone', { Name: name })
    // Ten things above the one that is looked at.
    ids.up = await create('Thing__c', { Name: 'root', Code__c: 'root' })
    for (let n = 1; n < 10; n++) ids.up = await create('Thing__c', { Name: `up ${n}`, Up__c: ids.up })
    await server.change(...IN_A_SAVE, ...PROCESS)
    ids.thing = await create('Thing__c', thing())
  })

  describe('a formula field', () => {
    test.each(FIELDS)('$kind', async ({ n, gives }) =>
      expect(await read(ids.thing!, `Field${n}__c Finished${n}__c`)).toEqual({
        [`Field${n}__c`]: gives,
        [`Finished${n}__c`]: gives,
      }),
    )
  })
  test.each(FIELDS)('a filter, or the reason why there is none: $kind', async ({ n, kind, gives }) => {
    const name = `Field${n}__c`
    const found = (text: string) =>
      admin.ask(`query ($t: String!) { it: Thing__c(where: { Name: { eq: "it" }, ${name}: { eq: $t } }) { nodes { Id } } }`, { t: text }) // prettier-ignore
    const reason = NOT_IN_SQL[kind]
    if (reason) return expect((await found(gives)).errors?.[0]?.message).toContain(reason)
    expect(await found(gives)).toMatchObject({ data: { it: { nodes: expect.arrayContaining([{ Id: ids.thing }]) } } })
    expect(await found('nothing of this')).toEqual({ data: { it: { nodes: [] } } })
  })
  test.each(CASES)('a default value: $kind', async ({ n, gives }) =>
    expect(await read(ids.thing!, `Default${n}__c`)).toEqual({ [`Default${n}__c`]: gives }),
  )
  test.each(CASES)('a stamp: $kind', async ({ n }) =>
    expect(await read(ids.thing!, `Stamp${n}__c`)).toEqual({ [`Stamp${n}__c`]: '2026-03-09T14:00:00.000Z' }),
  )
  test.each(CASES)('a validation rule: $kind', async ({ n, gives }) => {
    const refused = await update('Thing__c', ids.thing!, { Probe__c: n, Want__c: gives })
    expect(refused.map((e) => e.message)).toEqual([`Rule ${n}`])
    expect(await update('Thing__c', ids.thing!, { Probe__c: n, Want__c: 'nothing of this' })).toEqual([])
  })
  test.each(CASES)('criteria and target of a process, chosen by a rule: $kind', async ({ n }) => {
    expect(await due(ids.thing!, `Yes${n}`)).toBe('2026-03-09T15:00:00.000Z')
    expect(await due(ids.thing!, `No${n}`)).toBeUndefined()
  })
  test('a field update', async () => {
    const id = await create('Thing__c', thing())
    expect(await update('Thing__c', id, { Done__c: true })).toEqual([])
    const set = await read(id, CASES.map(({ n }) => `Set${n}__c`).join(' '))
    expect(set).toEqual(Object.fromEntries(CASES.map(({ n, gives }) => [`Set${n}__c`, gives])))
  })

  describe('what formulas read elsewhere changes', () => {
    test('a setting: what is shown, and the targets of records in flight', async () => {
      expect(await due(ids.thing!, 'Setting')).toBe('2026-03-09T14:30:00.000Z')
      expect(await update('Limits__c', ids.everyone!, { Minutes__c: 45, Other__c: 'all of us' })).toEqual([])
      expect(await due(ids.thing!, 'Setting')).toBe('2026-03-09T14:45:00.000Z')
      const { n } = CASES.find((c) => c.formula.endsWith('Other__c'))!
      expect(await read(ids.thing!, `Field${n}__c`)).toEqual({ [`Field${n}__c`]: 'all of us' })
      expect(await update('Limits__c', ids.everyone!, { Other__c: 'everyone' })).toEqual([])
    })
    test('a rate', async () => {
      expect(await due(ids.thing!, 'Rate')).toBe('2026-03-09T15:20:00.000Z')
      expect(await update('CurrencyType', ids.pound!, { ConversionRate: 0.7 })).toEqual([])
      expect(await due(ids.thing!, 'Rate')).toBe('2026-03-09T15:10:00.000Z')
    })
    test('a record that is looked up', async () => {
      expect(await due(ids.thing!, 'LookUp')).toBe('2026-03-09T14:20:00.000Z')
      expect(await update('Codes__c', ids.a7!, { Minutes__c: 25 })).toEqual([])
      await server.app.engine.runDue()
      expect(await due(ids.thing!, 'LookUp')).toBe('2026-03-09T14:25:00.000Z')
    })
    test("a label: formulas are compiled anew, in the database's own language too", async () => {
      const { n } = CASES.find((c) => c.formula === '$Label.Greeting')!
      const version = await server.change(document('CustomLabel', 'Greeting', { value: 'Good day' }))
      const found = async (text: string): Promise<number> =>
        (await admin.data(`query ($t: String!) { it: Thing__c(where: { Name: { eq: "it" }, Field${n}__c: { eq: $t } }) { nodes { Field${n}__c } } }`, { t: text })).it.nodes.length // prettier-ignore
      expect([await found('Good day'), await found('Hello')].map((count) => count > 0)).toEqual([true, false])
      expect(await due(ids.thing!, 'Label')).toBe('2026-03-09T15:30:00.000Z')
      await undoChange(admin, version)
      expect([await found('Good day'), await found('Hello')].map((count) => count > 0)).toEqual([false, true])
      expect(await due(ids.thing!, 'Label')).toBe('2026-03-09T15:00:00.000Z')
    })
    test('the formula of a field that a process reads', async () => {
      expect(await due(ids.thing!, 'Field')).toBe('2026-03-09T15:30:00.000Z')
      const version = await server.change(field('Account.Shout__c', 'Formula', { formulaType: 'Text', formula: 'UPPER(Name) & "?"' })) // prettier-ignore
      expect(await due(ids.thing!, 'Field')).toBe('2026-03-09T15:00:00.000Z')
      await undoChange(admin, version)
    })
    test('the user’s own setting comes first, and is not for others', async () => {
      const { n } = CASES.find((c) => c.formula.endsWith('Word__c'))!
      const seen = async () => (await read(ids.thing!, `word: Finished${n}__c`)).word
      await update('Limits__c', ids.mine!, { Word__c: 'mine' })
      expect(await seen()).toBe('mine')
      await update('Limits__c', ids.mine!, { SetupOwnerId: ids.boss })
      expect(await seen()).toBe('profile')
    })
    test('nobody needs access to what a formula reads, and everybody is told their own', async () => {
      const names = CASES.filter((c) => /Word__c|Profile|EUR|eur/.test(c.formula)).map((c) => `Field${c.n}__c`)
      const fields = Object.fromEntries(['Id', ...names].map((name) => [name, 'read']))
      await server.change(document('PermissionSet', 'Clerk', { label: 'Clerk', objects: { Thing__c: { read: true, fields } } })) // prettier-ignore
      const clerk = await server.person('clerk@example.com', 'Clerk')
      const text = `query ($id: ID!) { it: Thing__cById(Id: $id) { ${names.join(' ')} } }`
      expect(Object.values((await clerk.data(text, { id: ids.thing })).it)).toEqual([null, 'everyone', '0.9'])
    })
    test('settings without a row are blank, an unknown currency counts as the own one, business time is the organisation’s', async () => {
      const { n } = CASES.find((c) => c.kind === 'business time')!
      await server.change(
        object('Nothing__c', { customSettingsType: 'Hierarchy' }),
        field('Nothing__c.Word__c', 'Text'),
        field('Thing__c.Unset__c', 'Formula', { formulaType: 'Text', formula: 'BLANKVALUE($Setup.Nothing__c.Word__c, "none") & TEXT(CURRENCYRATE("XXX"))' }), // prettier-ignore
      )
      expect(await read(ids.up!, `Unset__c Field${n}__c`)).toEqual({ Unset__c: 'none1', [`Field${n}__c`]: '1440' })
    })
  })

  test.each([
    [field('Case.X__c', 'Formula', { formulaType: 'Text', formula: CASES.at(-1)!.formula }), 'VLOOKUP searches other records'],
    [field('Account.X__c', 'RollupSummary', { rollup: { object: 'Thing__c', through: 'Account__c', operation: 'count', filter: '$User.LastName = "x"' } }), '$User.LastName may change'],
    [field('Account.X__c', 'RollupSummary', { rollup: { object: 'Thing__c', through: 'Account__c', operation: 'count', filter: 'Up__r.Code__c = "x"' } }), 'Up__r.Code__c may change'],
    [field('Case.X__c', 'Formula', { formulaType: 'Text', formula: '$Permission.Boss' }), 'no custom permissions'],
    [object('X__c', { customSettingsType: 'Hierarchy', enableProcesses: true, closedWhen: 'FALSE' }), 'no processes'],
  ])('what can’t stand somewhere is refused in words (%#)', async (change, words) =>
    expect(server.change(change)).rejects.toThrow(words)) // prettier-ignore
})
