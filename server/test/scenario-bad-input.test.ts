import { beforeAll, expect, test } from 'vitest'
import { manualClock } from '#database'
import { describeDatabases } from '#test/databases'
import { parseInstant } from '#util'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const MONDAY_10 = '2026-03-09T14:00:00Z' // 10:00 in New York
const OPEN = [['09:00', '17:00']]
const HOURS = { mon: OPEN, tue: OPEN, wed: OPEN, thu: OPEN, fri: OPEN }

type Answer = { readonly [name: string]: any } // oxlint-disable-line typescript/no-explicit-any -- answers are read freely

const process = (more: object = {}, item: object = {}) => ({
  kind: 'EntitlementProcess',
  name: 'Care_v1',
  process: 'Care',
  version: 1,
  label: 'Care',
  object: 'Case',
  status: 'active',
  isDefault: true,
  businessHours: 'Office',
  milestones: [{ name: 'Answer', milestone: 'First Response', target: { hours: 1 }, ...item }],
  ...more,
})
/** A draft of the next version, so that nothing is in force yet. */
const draft = (item: object, more: object = {}) =>
  process({ name: 'Care_v2', version: 2, status: 'draft', isDefault: false, ...more }, item)

/** A process of its own for cases of this subject. */
const forSubject = (name: string, item: object, more: object = {}) => [
  process({ name: `${name}_v1`, process: name, label: name, ...more }, item),
  { kind: 'AutoApplyRule', name: `Case_${name}`, object: 'Case', order: 1, when: `Subject = "${name}"`, apply: { process: name } },
] // prettier-ignore

async function save(who: Person, operation: string, object: string, variables: object): Promise<Answer> {
  const id = operation === 'Create' ? '' : '$id: ID!, '
  const pass = operation === 'Create' ? '' : 'Id: $id, '
  const text = `mutation (${id}$input: ${object}${operation}Input!) { save: ${object}${operation}(${pass}input: $input) { record { Id } errors { code field message } } }`
  return (await who.data(text, variables)).save
}
async function create(who: Person, object: string, input: object): Promise<string> {
  const { record, errors } = await save(who, 'Create', object, { input })
  expect(errors).toEqual([])
  return record.Id as string
}

interface Change { readonly kind: string; readonly name: string } // prettier-ignore
const put = (document: Change) => ({ kind: document.kind, name: document.name, document })
const gone = (kind: string, name: string) => ({ kind, name, delete: true })

/** What the planner says of these changes, each as `CODE path: message hint`, and its warnings; nothing is applied. */
async function plan({ admin }: TestServer, ...changes: object[]): Promise<string> {
  const { metadataPlan } = await admin.data(
    'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { warnings findings { code severity message hint path } } }',
    { changes },
  )
  const told = metadataPlan.findings.map((f: Answer) => `${f.code} ${f.path}: ${f.message} ${f.hint}`)
  return [...told, ...metadataPlan.warnings.map((warning: string) => `warning: ${warning}`)].join('\n')
}

const CASE = `query ($id: ID!) { CaseById(Id: $id) { MilestoneStatus EntitlementProcessVersionId Milestones { nodes { Id Status TargetDate IsViolated } } }
  MilestoneEvent(where: { ParentId: { eq: $id } }, orderBy: [{ Seq: ASC }]) { nodes { Text } } MilestoneTimer(where: { ParentId: { eq: $id }, Status: { eq: "Failed" } }) { nodes { Reason } } }`
async function look({ admin }: TestServer, id: string): Promise<Answer> {
  const { CaseById, MilestoneEvent, MilestoneTimer } = await admin.data(CASE, { id })
  return {
    version: CaseById.EntitlementProcessVersionId,
    status: CaseById.MilestoneStatus,
    milestones: CaseById.Milestones.nodes,
    log: MilestoneEvent.nodes.map((e: Answer) => e.Text).join('\n'),
    failed: MilestoneTimer.nodes.map((t: Answer) => t.Reason),
  }
}

describeDatabases('bad input, over GraphQL', (open) => {
  let server: TestServer
  const newCase = (Subject: string, more: object = {}) => create(server.admin, 'Case', { Subject, ...more })
  const newlyMade = async (Subject: string) => look(server, await newCase(Subject))
  beforeAll(async () => {
    server = await keepServer(await open.url(), { clock: manualClock(parseInstant(MONDAY_10)!) })
    const { admin } = server
    await create(admin, 'BusinessHours', { Name: 'Office', IsActive: true, TimeZone: 'America/New_York', Hours: HOURS })
    await create(admin, 'Milestone', { Name: 'First Response', RecurrenceType: 'None' })
    await server.change(put(process()))
  })

  test('business hours without an open minute are refused, by the field that is wrong where there is one', async () => {
    const hours = { Name: 'Never', IsActive: true, TimeZone: 'UTC' }
    const make = async (more: object) => (await save(server.admin, 'Create', 'BusinessHours', { input: { ...hours, ...more } })).errors // prettier-ignore
    expect(await make({ Hours: {} })).toMatchObject([{ code: 'BUSINESS_HOURS', message: expect.stringMatching(/no open minute/) }]) // prettier-ignore
    expect(await make({ Hours: HOURS, TimeZone: 'Mars/Base' })).toMatchObject([{ field: 'TimeZone' }])
    expect(await make({ Hours: HOURS, EffectiveFrom: '2026-05-02', EffectiveTo: '2026-05-03' })).toMatchObject([{ code: 'BUSINESS_HOURS' }]) // prettier-ignore
  })

  test('a process that cannot be meant says so before it is in force', async () => {
    const told = (item: object, more: object = {}) => plan(server, put(draft(item, more)))
    const isNew = 'ISPICKVAL(Status, "New")'
    expect(await told({ when: isNew, completion: [{ when: isNew }] })).toMatch(/^STOPS_AS_IT_STARTS .*Status = "New"/)
    expect(await told({ when: isNew, completion: [{ when: `AND(ISPICKVAL(Priority, "Low"), ${isNew})` }] })).toMatch(/^warning: \S+ milestones\S+: Answer starts and is completed \(rule 1\) at once with .*"Low"/) // prettier-ignore
    expect(await told({}, { entry: { when: isNew }, exit: { when: isNew } })).toMatch(/^STOPS_AS_IT_STARTS entry.when/)
    expect(await told({ target: { minutesFormula: 'Nope + 1' } })).toMatch(/^UNKNOWN_FIELD milestones\[0\].target.minutesFormula/) // prettier-ignore
    expect(await told({ target: { minutesFormula: 'Subject' } })).toMatch(/milestones\[0\].target.minutesFormula/)
    expect(await told({ when: 'CreatedDate < NOW()' })).toMatch(/^FUNCTION_REFUSED milestones\[0\].when/)
    expect(await told({ when: 'ISCHANGED(Status)' })).toMatch(/^FUNCTION_REFUSED milestones\[0\].when/)
    expect(await told({ violations: [{ after: { minutes: 0 }, actions: ['Nope'] }] })).toMatch(/^UNKNOWN_ACTION /)
    expect(await told({ after: ['First Response'] })).toMatch(/^AFTER_ITSELF /)
    expect(await told({})).toBe('')
  })

  test('overlapping versions, and changes of an active one', async () => {
    expect(await plan(server, put(draft({}, { status: 'active', isDefault: true })))).toMatch(/^TWO_DEFAULTS isDefault/)
    expect(await plan(server, put(draft({}, { isDefault: true })))).toMatch(/Care_v2/)
    expect(await plan(server, put(draft({}, { version: 1 })))).toMatch(/version/i)
    expect(await plan(server, put(process({}, { target: { hours: 2 } })))).toMatch(/^VERSION_IMMUTABLE milestones/)
    expect(await plan(server, gone('EntitlementProcess', 'Care_v1'))).toMatch(/^VERSION_ACTIVE/)
  })

  test('a target that cannot be worked out leaves a row in the log, and the save holds; a strict process refuses it', async () => {
    await server.change(
      ...forSubject('Zero', { target: { minutesFormula: '60 / LEN(SuppliedName)' } }).map(put),
      ...forSubject('Negative', { target: { minutesFormula: '-5 - LEN(Subject)' } }).map(put),
      ...forSubject('Strict', { target: { minutesFormula: '60 / LEN(SuppliedName)' } }, { strict: true }).map(put),
    )
    const zero = await newlyMade('Zero')
    expect(zero).toMatchObject({
      version: 'Zero_v1',
      milestones: [{ Status: 'Not evaluated', TargetDate: null, IsViolated: false }],
      status: 'Not evaluated',
    })
    expect(zero.log).toMatch(/Answer could not be evaluated: .*(zero|0)/i)
    expect(zero.failed).toEqual([expect.stringMatching(/zero|0/i)])
    expect(await newlyMade('Negative')).toMatchObject({ status: 'Not evaluated', log: expect.stringMatching(/Answer could not be evaluated: .*gave no minutes/) }) // prettier-ignore
    const { record, errors } = await save(server.admin, 'Create', 'Case', { input: { Subject: 'Strict' } })
    expect(record).toBeNull()
    expect(errors).toMatchObject([{ code: 'PROCESS', message: expect.stringMatching(/zero|0/i) }])
  })

  test('what was missing is mended by the next save: the promise counts from the start', async () => {
    const id = await newCase('Zero')
    const input = { SuppliedName: 'A' }
    expect((await save(server.admin, 'Update', 'Case', { id, input })).errors).toEqual([])
    expect((await look(server, id)).milestones).toMatchObject([{ Status: 'Running', TargetDate: '2026-03-09T15:00:00.000Z' }]) // prettier-ignore
  })

  test('a blank target is not evaluated; a target that is past is violated at once', async () => {
    await create(server.admin, 'BusinessHours', { Name: 'Day and night', IsActive: true, TimeZone: 'UTC', Always24x7: true }) // prettier-ignore
    await server.change(
      ...forSubject('Blank', { target: { dateTimeFormula: 'IF(FALSE, CreatedDate, NULL)' } }).map(put),
      ...forSubject('Past', { target: { dateTimeFormula: 'CreatedDate - 1' } }).map(put),
      ...forSubject('Far', { businessHours: 'Day and night', target: { minutesFormula: '10 ^ 12' } }).map(put),
    )
    expect((await newlyMade('Far')).milestones).toMatchObject([{ Status: 'Running', TargetDate: null }])
    const blank = await newlyMade('Blank')
    expect(blank).toMatchObject({ status: 'Not evaluated', milestones: [{ Status: 'Not evaluated', TargetDate: null, IsViolated: false }] }) // prettier-ignore
    const { milestone } = await server.admin.data('query ($id: ID!) { milestone { explain(id: $id) { text } } }', { id: blank.milestones[0].Id }) // prettier-ignore
    expect(milestone.explain.text).toMatch(/^The formula of the target gave no date/)
    const past = await newlyMade('Past')
    expect(past).toMatchObject({ status: 'Open Violation', milestones: [{ Status: 'Overdue', TargetDate: '2026-03-08T14:00:00.000Z' }] }) // prettier-ignore
    expect(past.log).toMatch(/missed its target, due 2026-03-08 14:00: late attach/)
  })

  test('hours and milestones that are not there are refused, and those that are needed stay', async () => {
    await create(server.admin, 'Milestone', { Name: 'Second', RecurrenceType: 'None' })
    const hours = await create(server.admin, 'BusinessHours', { Name: 'Late', IsActive: true, TimeZone: 'UTC', Hours: HOURS }) // prettier-ignore
    expect(await plan(server, ...forSubject('NoHours', {}, { businessHours: 'Nowhere' }).map(put))).toMatch(/^NO_SUCH_ROW .*names the Business Hours Nowhere, and there is none/) // prettier-ignore
    expect(await plan(server, ...forSubject('NoMilestone', { milestone: 'Third' }).map(put))).toMatch(/^NO_SUCH_ROW .*names the Milestone Third, and there is none/) // prettier-ignore
    await server.change(...forSubject('Retired', { milestone: 'Second' }, { businessHours: 'Late' }).map(put))
    const id = await newCase('Retired')
    const [before] = (await look(server, id)).milestones
    const retired = await save(server.admin, 'Update', 'BusinessHours', { id: hours, input: { IsActive: false } })
    expect(retired.errors).toMatchObject([{ code: 'RESTRICTED', field: 'IsActive', message: expect.stringMatching(/EntitlementProcess Retired_v1, a record in flight/) }]) // prettier-ignore
    expect((await look(server, id)).milestones).toEqual([before])
  })

  test('what is in use cannot be deleted, but a user always deactivated; an action that fails leaves a row that says why', async () => {
    const field = { kind: 'Field', name: 'Case.Region__c', label: 'Region', type: 'Text', length: 40 }
    const template = { kind: 'EmailTemplate', name: 'Late_Note', object: 'Case', subject: 'Late', body: 'Late' } // prettier-ignore
    const act = (name: string, more: object) =>
      put({ kind: 'Action', name, label: name, object: 'Case', ...more } as Change)
    const leaver = 'leaver@example.com'
    await server.person(leaver, 'Support_Agent')
    await server.change(
      put(field),
      put(template),
      act('Tell', { type: 'EmailAlert', template: 'Late_Note', recipients: [{ address: 'a@example.com' }] }),
      act('Give_Away', { type: 'OwnerChange', to: { user: leaver } }),
      act('Break', { type: 'FieldUpdate', field: 'Priority', formula: '"No such"' }),
      act('Note', { type: 'Task', subject: 'Still made' }),
      ...forSubject('Acts', {
        when: 'Region__c <> "X"',
        violations: [{ after: { minutes: 0 }, actions: ['Give_Away', 'Break', 'Tell', 'Note'] }],
      }).map(put),
    )
    expect(await plan(server, gone('Field', 'Case.Region__c'))).toMatch(/Acts_v1/)
    expect(await plan(server, gone('EmailTemplate', 'Late_Note'))).toMatch(/Tell/)
    expect(await plan(server, gone('Action', 'Note'))).toMatch(/Acts_v1/)
    const { User } = await server.admin.data(`{ User(where: { Username: { eq: "${leaver}" } }) { nodes { Id } } }`)
    const { UserDelete } = await server.admin.data('mutation ($id: ID!) { UserDelete(Id: $id) { errors { message } } }', { id: User.nodes[0].Id }) // prettier-ignore
    expect(UserDelete.errors).toEqual([{ message: 'It is used by Action Give_Away. Change them first.' }])
    const { UserUpdate } = await server.admin.data('mutation ($id: ID!) { UserUpdate(Id: $id, input: { IsActive: false }) { errors { message } } }', { id: User.nodes[0].Id }) // prettier-ignore
    expect(UserUpdate.errors).toEqual([])
    const id = await newCase('Acts')
    await server.admin.data('mutation { clockAdvance(by: "PT2H") }')
    const { status, failed } = await look(server, id)
    expect(status).toBe('Open Violation')
    expect(failed.toSorted()).toEqual([
      expect.stringMatching(/^Break: .*No such/),
      expect.stringMatching(/^Give_Away: .*/),
    ])
    const { Task } = await server.admin.data('query ($id: ID!) { Task(where: { WhatId: { eq: $id } }) { nodes { Subject } } }', { id }) // prettier-ignore
    expect(Task.nodes).toEqual([{ Subject: 'Still made' }])
  })

  test('columns that the platform keeps are not for callers, and a start date cannot be taken away', async () => {
    const answer = await server.admin.ask('mutation { CaseCreate(input: { Subject: "x", IsPaused: true }) { errors { message } } }') // prettier-ignore
    expect(JSON.stringify(answer)).toMatch(/IsPaused/)
    const id = await newCase('Zero', { SuppliedName: 'A' })
    const start = 'query ($id: ID!) { CaseById(Id: $id) { SlaStartDate } }'
    const before = (await server.admin.data(start, { id })).CaseById.SlaStartDate
    const { errors } = await save(server.admin, 'Update', 'Case', { id, input: { SlaStartDate: null } })
    expect(errors).toMatchObject([{ message: expect.stringMatching(/start of the process cannot be taken away/) }])
    expect((await server.admin.data(start, { id })).CaseById.SlaStartDate).toBe(before)
  })
})
