/** Why a milestone does not start, or does not end: the rule, and what it still wants. */
import { beforeAll, expect, test } from 'vitest'
import { manualClock } from '#database'
import { describeDatabases } from '#test/databases'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const START = Date.UTC(2026, 2, 9, 8, 0)

const field = (name: string, type: string, more: object = {}) => ({ kind: 'Field', name: `Case.${name}`, label: name.replace('__c', ''), type, ...more }) // prettier-ignore
const documents = [
  field('Amount__c', 'Currency', { precision: 18, scale: 2 }),
  field('Paid__c', 'Checkbox'),
  field('Secret__c', 'Text', { length: 80 }),
  {
    kind: 'EntitlementProcess', name: 'Care_v1', process: 'Care', version: 1, label: 'Care', object: 'Case', status: 'active', isDefault: true,
    businessHours: 'Always', exit: { when: 'AND(IsClosed, NOT(ISBLANK(TEXT(Reason))), Secret__c <> "no")' },
    milestones: [
      { name: 'Answer_Item', milestone: 'Answer', target: { hours: 1 }, completion: [{ when: 'NOT(ISBLANK(Amount__c))' }] },
      { name: 'Quiet_Item', milestone: 'Quiet', target: { hours: 1 }, completion: [{ when: 'Secret__c = "c0nst"' }] },
      { name: 'Bill_Item', milestone: 'Bill', target: { hours: 9 }, completion: [{ when: 'AND(IsClosed, Paid__c)' }] },
    ],
  },
  { kind: 'AutoApplyRule', name: 'Case_Care', object: 'Case', order: 1, when: 'always', apply: { process: 'Care' } },
  { kind: 'PermissionSet', name: 'Unseeing', label: 'Unseeing', objects: { Case: { read: true, edit: true } } },
  { kind: 'PermissionSet', name: 'Denied', label: 'Denied', objects: { Case: { read: true, edit: true }, RecordMilestone: { fields: { TargetDate: 'none' } } } },
  { kind: 'PermissionSet', name: 'Agent', label: 'Agent', objects: { Case: { read: true, edit: true, fields: { Reason: 'edit', Amount__c: 'read', IsClosed: 'read' } } } },
] // prettier-ignore

describeDatabases('what holds a milestone back, and what it still wants', (open) => {
  let server: TestServer
  let admin: Person
  let agent: Person
  const clock = manualClock(START)
  const make = async (object: string, input: object): Promise<string> => {
    const text = `mutation ($input: ${object}CreateInput!) { it: ${object}Create(input: $input) { record { Id } errors { message } } }`
    const { it } = await admin.data(text, { input })
    expect(it.errors).toEqual([])
    return it.record.Id as string
  }
  const update = async (id: string, input: object) => {
    const text = 'mutation ($id: ID!, $input: CaseUpdateInput!) { CaseUpdate(Id: $id, input: $input) { errors { message } } }' // prettier-ignore
    expect((await admin.data(text, { id, input })).CaseUpdate.errors).toEqual([])
  }
  const later = (hours: number) => admin.data('mutation ($ms: Float!) { clockAdvance(ms: $ms) }', { ms: hours * 3_600_000 }) // prettier-ignore
  const explain = async (who: Person, id: string, selection: string) =>
    (await who.data(`query ($id: ID!) { milestone { explain(id: $id) { ${selection} } } }`, { id })).milestone.explain
  const HELD = 'text heldBack { milestone rule condition since }'

  beforeAll(async () => {
    server = await keepServer(await open.url(), { clock })
    admin = server.admin
    await make('BusinessHours', { Name: 'Always', IsActive: true, TimeZone: 'UTC', Always24x7: true })
    for (const Name of ['Answer', 'Quiet', 'Bill']) await make('Milestone', { Name, RecurrenceType: 'None' })
    await server.change(...documents.map((document) => ({ kind: document.kind, name: document.name, document })))
    agent = await server.person('agent@example.com', 'Agent')
  })

  test('the plan warns of a rule that holds from the start', async () => {
    const document = { ...documents.find(({ kind }) => kind === 'EntitlementProcess')!, name: 'Care_v2', version: 2, status: 'draft', isDefault: false } // prettier-ignore
    const changes = [{ kind: 'EntitlementProcess', name: 'Care_v2', document }]
    const text = 'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { warnings } }'
    expect((await admin.data(text, { changes })).metadataPlan.warnings).toContain(
      'Care_v2 milestones[0].completion: Answer_Item of Care_v2 never starts: its completion rule 1 (Amount is filled) holds already, because a blank Amount counts as 0. Compare Amount with 0 instead.',
    )
  })

  test('the rule that holds a milestone back, what it says and since when', async () => {
    const id = await make('Case', { Subject: 'x' })
    await later(2)
    await update(id, { Subject: 'y' })
    expect(await explain(admin, id, HELD)).toEqual({
      text: expect.stringContaining('\nAnswer: not started: its completion rule 1 (Amount is filled) has held since 9 Mar 08:00 UTC.'), // prettier-ignore
      heldBack: [
        { milestone: 'Answer', rule: 'rule 1', condition: 'Amount is filled', since: '2026-03-09T08:00:00.000Z' },
      ],
    })
  })

  test('what a rule says is for those alone who may read its fields', async () => {
    const id = await make('Case', { Subject: 'x', Secret__c: 'c0nst' })
    const { text, heldBack } = await explain(agent, id, HELD)
    expect(heldBack).toMatchObject([{ condition: 'Amount is filled' }, { milestone: 'Quiet', rule: 'rule 1', condition: null }]) // prettier-ignore
    expect(heldBack[1].since).toBeNull()
    expect(text).toContain('Quiet: not started: its completion rule 1 holds already')
    expect((await explain(admin, id, HELD)).heldBack[1].condition).toBe('Secret is c0nst')
  })

  test('an explanation, and what is foreseen, are for those who may read what they are made of', async () => {
    const id = await make('Case', { Subject: 'x' })
    const denied = await server.person('denied@example.com', 'Denied')
    const soon = 'query { milestone { forecast(within: "P2D", object: "Case") { breaches { target } } } }'
    expect(await explain(denied, id, 'text data')).toBeNull()
    expect((await denied.data(soon)).milestone.forecast.breaches).toEqual([])
    expect(await explain(agent, id, 'text')).not.toBeNull()
    expect((await admin.data(soon)).milestone.forecast.breaches).not.toEqual([])
  })

  test('whether a record is closed is for those who may read by what', async () => {
    const id = await make('Case', { Subject: 'x', Status: 'Closed' })
    const denied = await server.person('unseeing@example.com', 'Unseeing')
    expect(await explain(denied, id, 'closed')).toEqual({ closed: false })
    expect(await explain(admin, id, 'closed')).toEqual({ closed: true })
  })

  test('a reason that can’t be stored is refused', async () => {
    const id = await make('Case', { Subject: 'x' })
    const text = 'mutation ($id: ID!, $reason: String!) { milestone { pause(recordId: $id, reason: $reason) { errors { code } } } }' // prettier-ignore
    for (const reason of ['a\u0000b', 'a\ud800b']) {
      const answer = await admin.ask(text, { id, reason })
      expect(answer.errors ?? answer.data!.milestone).toEqual({ pause: { errors: [{ code: 'WRONG_TYPE' }] } })
    }
  })

  test('what was completed by its rule is done, not held back', async () => {
    const id = await make('Case', { Subject: 'x' })
    await update(id, { Secret__c: 'c0nst' })
    const { text, heldBack } = await explain(admin, id, HELD)
    expect(heldBack.map(({ milestone }: { milestone: string }) => milestone)).toEqual(['Answer'])
    expect(text).toContain('Quiet: done: it occurs once per run.')
  })

  const UNMET = 'text closed unmet { milestoneId milestone conditions { text fields } }'
  const closing = async (input: object): Promise<string> => {
    const id = await make('Case', { Subject: 'x', ...input })
    await update(id, { Status: 'Closed' })
    return id
  }

  test('what a closed record still lacks: of the exit and of an open milestone', async () => {
    const id = await closing({})
    const { text, closed, unmet } = await explain(admin, id, UNMET)
    expect(closed).toBe(true)
    expect(unmet).toEqual([
      { milestoneId: null, milestone: null, conditions: [{ text: 'Case Reason is filled', fields: ['Reason'] }] },
      { milestoneId: expect.any(String), milestone: 'Quiet', conditions: [{ text: 'Secret is c0nst', fields: ['Secret__c'] }] },
      { milestoneId: expect.any(String), milestone: 'Bill', conditions: [{ text: 'Paid is checked', fields: ['Paid__c'] }] },
    ]) // prettier-ignore
    expect(text).toContain('\nThe process ends when Case Reason is filled.\n')
    expect(text).toMatch(/\nBill completes when Paid is checked\.$/)
    const bill = await explain(admin, unmet[2].milestoneId, UNMET)
    expect(bill).toMatchObject({ closed: true, unmet: [unmet[2]] })
    expect(bill.text).toMatch(/\nBill completes when Paid is checked\.$/)
    await update(id, { Reason: 'Other' })
    expect(await explain(admin, id, UNMET)).toMatchObject({ closed: true, unmet: [] })
  })

  test('an open record is told in data alone what would close it', async () => {
    const id = await make('Case', { Subject: 'x' })
    const { text, closed, unmet } = await explain(admin, id, UNMET)
    expect(closed).toBe(false)
    expect(unmet[0].conditions.map((c: { text: string }) => c.text)).toEqual(['Closed is checked', 'Case Reason is filled']) // prettier-ignore
    expect(text).not.toContain(' when ')
  })

  test('conditions on fields that one may not read are left out', async () => {
    const id = await closing({ Secret__c: 'no' })
    const conditions = async (who: Person) =>
      (await explain(who, id, UNMET)).unmet[0].conditions.map((c: { text: string }) => c.text)
    expect(await conditions(admin)).toEqual(['Case Reason is filled', 'Secret is not no'])
    expect(await conditions(agent)).toEqual(['Case Reason is filled'])
    expect((await explain(agent, id, UNMET)).unmet).toHaveLength(1)
  })

  test('a deleted record, one that is not there and one in no process have nothing', async () => {
    expect(await explain(admin, '5000000000000', UNMET)).toBeNull()
    const order = await make('WorkOrder', { Subject: 'x' })
    expect(await explain(admin, order, `${HELD} ${UNMET}`)).toMatchObject({ heldBack: [], closed: false, unmet: [] })
  })
})
