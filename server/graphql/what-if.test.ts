import { beforeAll, expect, test } from 'vitest'
import { manualClock } from '#database'
import { describeDatabases } from '#test/databases'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const START = Date.UTC(2026, 2, 9, 8, 0)
/** Hours after the start, as an instant. */
const at = (hours: number): string => new Date(START + hours * 3_600_000).toISOString()

const answered = [{ when: 'NOT(ISPICKVAL(Status, "New"))' }]
const care = (version: number, hours: number, more: object[] = []) => ({
  kind: 'EntitlementProcess',
  name: `Care_v${version}`,
  process: 'Care',
  version,
  label: 'Care',
  object: 'Case',
  status: version === 1 ? 'active' : 'draft',
  isDefault: version === 1,
  businessHours: 'Always',
  milestones: [{ name: 'Answer', milestone: 'Answer', target: { hours }, completion: answered }, ...more],
})
const mailed = {
  name: 'Mail',
  milestone: 'Mail',
  target: { hours: 1 },
  completion: [{ object: 'EmailMessage', through: 'ParentId', when: 'ISPICKVAL(Parent:Case.Status, "New")' }],
}
const rule = { kind: 'AutoApplyRule', name: 'Case_Care', object: 'Case', order: 1, when: 'always', apply: { process: 'Care' } } // prettier-ignore

async function create(who: Person, object: string, input: object): Promise<string> {
  const text = `mutation ($input: ${object}CreateInput!) { it: ${object}Create(input: $input) { record { Id } errors { message } } }`
  const { it } = await who.data(text, { input })
  expect(it.errors).toEqual([])
  return it.record.Id as string
}

const SIMULATE =
  '{ process { simulate(version: "Care_v2") { records findings { code } milestones { milestone today { met missed open attainment } simulated { met missed open attainment } } changes { recordId milestone statusToday statusSimulated targetSimulated violatedAt } } } }'
const FORECAST =
  'query ($within: String!, $object: String) { milestone { forecast(within: $within, object: $object) { until records breaches { recordId milestone target chance sample } } } }'

describeDatabases('what would have been, and what will be', (open) => {
  let server: TestServer
  let admin: Person
  const clock = manualClock(START)
  const cases: { [name: string]: string } = {}
  const go = (hours: number) =>
    admin.data('mutation ($ms: Float!) { clockAdvance(ms: $ms) }', {
      ms: START + hours * 3_600_000 - clock.now(),
    })
  const answer = (name: string) =>
    admin.data('mutation ($id: ID!) { CaseUpdate(Id: $id, input: { Status: "In Progress" }) { errors { message } } }', {
      id: cases[name],
    })
  const hand = (what: string) => admin.data(`mutation { milestone { it: ${what} { errors { message } } } }`)
  const see = async (who: Person, within: string, object?: string) =>
    (await who.data(FORECAST, { within, object })).milestone.forecast

  beforeAll(async () => {
    server = await keepServer(await open.url(), { clock })
    admin = server.admin
    await create(admin, 'BusinessHours', { Name: 'Always', IsActive: true, TimeZone: 'UTC', Always24x7: true })
    for (const Name of ['Answer', 'Mail']) await create(admin, 'Milestone', { Name, RecurrenceType: 'None' })
    await server.change(...[care(1, 4), rule, care(2, 2, [mailed])].map((document) => ({ kind: document.kind, name: document.name, document }))) // prettier-ignore
    for (const name of ['soon', 'late', 'held', 'never', 'no more'])
      cases[name] = await create(admin, 'Case', { Subject: name, Status: 'New' })
    await go(0.5)
    await create(admin, 'EmailMessage', { ParentId: cases.soon, Subject: 'Re', FromAddress: 'a@example.com', ToAddress: 'b@example.com' }) // prettier-ignore
    await go(1)
    await answer('soon')
    await hand(`pause(recordId: "${cases.held}", reason: "parts")`)
    await go(2.5)
    await hand(`resume(recordId: "${cases.held}")`)
    await go(3)
    await answer('late')
    await answer('held')
    await go(10)
  })

  test('a draft is lived over what happened to records: fields, mails and what people did', async () => {
    const before = await admin.data('{ RecordMilestone { totalCount } MilestoneEvent { totalCount } Case { nodes { Version } } }') // prettier-ignore
    const { process } = await admin.data(SIMULATE)
    expect(process.simulate).toMatchObject({
      records: 5,
      findings: [],
      milestones: [
        {
          milestone: 'Answer',
          today: { met: 3, missed: 2, open: 0, attainment: 0.6 },
          simulated: { met: 2, missed: 3, open: 0, attainment: 0.4 },
        },
        { milestone: 'Mail', today: { met: 0, missed: 0, attainment: null }, simulated: { met: 1, missed: 4 } },
      ],
    })
    const change = (name: string, milestone: string) =>
      process.simulate.changes.find((c: { recordId: string; milestone: string }) => c.recordId === cases[name] && c.milestone === milestone) // prettier-ignore
    expect(change('late', 'Answer')).toMatchObject({ statusToday: 'Met', statusSimulated: 'Met late', targetSimulated: at(2), violatedAt: at(2) }) // prettier-ignore
    expect(change('held', 'Answer')).toMatchObject({ statusToday: 'Met', statusSimulated: 'Met', targetSimulated: at(3.5), violatedAt: null }) // prettier-ignore
    expect(change('soon', 'Mail')).toMatchObject({ statusToday: null, statusSimulated: 'Met' })
    expect(await admin.data('{ RecordMilestone { totalCount } MilestoneEvent { totalCount } Case { nodes { Version } } }')).toEqual(before) // prettier-ignore
  })

  test('a version lived over its own records changes nothing', async () => {
    const same = SIMULATE.replace('Care_v2', 'Care_v1')
    expect((await admin.data(same)).process.simulate).toMatchObject({ records: 5, changes: [] })
    const unknown = await admin.data(SIMULATE.replace('Care_v2', 'Nope_v1'))
    expect(unknown.process.simulate).toMatchObject({ records: 0, findings: [{ code: 'UNKNOWN_VERSION' }] })
  })

  test('is for those who look after processes', async () => {
    const ana = await server.person('ana@example.com', 'Support_Agent')
    expect((await ana.ask(SIMULATE)).errors).toHaveLength(1)
  })

  test('what will be broken when nobody acts, how likely by what has been, and only for those who may see it', async () => {
    expect((await see(admin, 'P1D')).breaches).toEqual([])
    const id = await create(admin, 'Case', { Subject: 'new', Status: 'New' })
    expect((await see(admin, 'PT3H')).breaches).toEqual([])
    const breach = { recordId: id, milestone: 'Answer', target: at(14), chance: 0.4, sample: 5 }
    expect(await see(admin, 'PT4H')).toMatchObject({ until: at(14), records: 1, breaches: [breach] })
    expect((await see(admin, 'PT4H', 'WorkOrder')).breaches).toEqual([])
    const accounts = { kind: 'PermissionSet', name: 'Accounts_Only', label: 'Accounts', objects: { Account: { read: true } } } // prettier-ignore
    await server.change({ kind: accounts.kind, name: accounts.name, document: accounts })
    expect((await see(await server.person('olaf@example.com', 'Accounts_Only'), 'PT4H')).breaches).toEqual([])
    await hand(`pause(recordId: "${id}", reason: "parts")`)
    expect((await see(admin, 'PT4H')).breaches).toEqual([])
    await hand(`resume(recordId: "${id}")`)
    for (const within of ['soon', 'PT0S', 'P9999D'])
      expect((await admin.ask(FORECAST, { within })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test('a target that was set by hand is foreseen, and lived again', async () => {
    const id = await create(admin, 'Case', { Subject: 'agreed', Status: 'New' })
    const found = async () => (await see(admin, 'PT9H')).breaches.find((b: { recordId: string }) => b.recordId === id)
    expect(await found()).toMatchObject({ target: at(14) })
    const milestone = `{ RecordMilestone(where: { ParentId: { eq: "${id}" }, Name: { eq: "Answer" } }) { nodes { Id } } }`
    const milestoneId = (await admin.data(milestone)).RecordMilestone.nodes[0].Id
    const set = (when: string) => hand(`setTarget(id: "${milestoneId}", target: "${when}", reason: "agreed")`)
    expect(await set(at(9))).toMatchObject({
      milestone: { it: { errors: [{ message: expect.stringMatching(/after the start/) }] } },
    })
    expect(await set(at(12))).toEqual({ milestone: { it: { errors: [] } } })
    expect(await found()).toMatchObject({ target: at(12) })
    expect((await admin.data(SIMULATE.replace('Care_v2', 'Care_v1'))).process.simulate.changes).toEqual([])
    expect(await hand(`clearTarget(id: "${milestoneId}")`)).toEqual({ milestone: { it: { errors: [] } } })
    expect(await found()).toMatchObject({ target: at(14) })
    expect((await admin.data(SIMULATE.replace('Care_v2', 'Care_v1'))).process.simulate.changes).toEqual([])
  })

  test('of one object alone, also beside one whose ids begin with the same letters in another case', async () => {
    const object = (n: number) => ({ kind: 'Object', name: `O${n}__c`, label: `O${n}`, pluralLabel: `O${n}`, nameField: { label: 'Name', type: 'Text' }, enableProcesses: n === 36, closedWhen: 'FALSE' }) // prettier-ignore
    const process = { ...care(1, 4), name: 'Small_v1', process: 'Small', object: 'O36__c', milestones: [{ name: 'Answer', milestone: 'Answer', target: { hours: 4 }, completion: [{ when: 'Name = "done"' }] }] } // prettier-ignore
    const small = { ...rule, name: 'Small_Rule', object: 'O36__c', apply: { process: 'Small' } }
    const documents = [...Array.from({ length: 37 }, (_, n) => object(n)), process, small]
    await server.change(...documents.map((document) => ({ kind: document.kind, name: document.name, document })))
    const [capital, letter] = [await create(admin, 'O10__c', { Name: 'A' }), await create(admin, 'O36__c', { Name: 'a' })] // prettier-ignore
    expect([capital.slice(0, 3), letter.slice(0, 3)]).toEqual(['A0A', 'A0a'])
    expect((await see(admin, 'PT4H', 'O36__c')).breaches).toMatchObject([{ recordId: letter }])
    expect(await see(admin, 'PT4H', 'O10__c')).toMatchObject({ records: 0, breaches: [] })
  })
})
