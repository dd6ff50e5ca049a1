import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock } from '#database'
import { describeDatabases } from '#test/databases'
import { createApp, type App } from '../http/index.ts'
import { addPerson, cookieFrom, Person } from '../http/testing.ts'

/** Monday 9 March 2026, 10:00 in New York. */
const MONDAY = Date.UTC(2026, 2, 9, 14, 0)
const V1 = 'Standard_Support_v1'
const V2 = 'Standard_Support_v2'

describeDatabases('versions, timers and messages over GraphQL, in the demo organisation', (open) => {
  let app: App
  let admin: Person
  let agent: Person
  /** Looks after processes, and may not read cases. */
  let keeper: Person
  beforeAll(async () => {
    app = await createApp({ databaseUrl: await open.url(), clock: manualClock(MONDAY), worker: false })
    const signIn = async (username: string) =>
      new Person(app, {
        cookie: cookieFrom(await new Person(app, {}).post('/auth/sign-in', { username, password: 'milepost-demo' })),
      })
    ;[admin, agent] = [await signIn('admin@example.com'), await signIn('ana@example.com')]
    const Keeper = { kind: 'PermissionSet', name: 'Keeper', label: 'Keeper', system: ['manageProcesses'], objects: { WorkOrder: { read: true } } } // prettier-ignore
    const { metadataPlan } = await admin.data(
      'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { planId } }',
      { changes: [{ kind: Keeper.kind, name: Keeper.name, document: Keeper }] },
    )
    await admin.data('mutation ($id: ID!) { metadataApply(planId: $id) { version } }', { id: metadataPlan.planId })
    keeper = await addPerson(app, admin, 'keeper@example.com', ['Keeper'])
  })
  afterAll(() => app.close())

  const does = async (call: string, answer: string) =>
    (await admin.data(`mutation { process { it: ${call} { ${answer} } } }`)).process.it
  const RESULT = 'name records findings { code message hint }'
  const versions = async () =>
    (await admin.data('{ process { versions(process: "Standard_Support") { version status isDefault records } } }'))
      .process.versions
  const milestones = async () =>
    (await admin.data('{ RecordMilestone(first: 500) { nodes { Id TargetDate Status ProcessVersion } } }'))
      .RecordMilestone.nodes
  /** The draft's first answers are due in half the time, and the customer hears when they are late. */
  const hurry = async () => {
    const { metadata } = await admin.data(`{ metadata { document(kind: EntitlementProcess, name: "${V2}") } }`)
    const { metadataPlan } = await admin.data(
      'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { planId findings { message } } }',
      { changes: [{ kind: 'EntitlementProcess', name: V2, document: hurried(metadata.document) }] },
    )
    const applied = await admin.data(
      'mutation ($id: ID!) { metadataApply(planId: $id) { findings { severity message } } }',
      { id: metadataPlan.planId },
    )
    expect(applied.metadataApply.findings.filter((f: { severity: string }) => f.severity === 'error')).toEqual([])
  }

  test('what was to be a dry run, or to keep records running, is not done in earnest when the variable is left out', async () => {
    const before = await milestones()
    for (const [declared, call] of [
      ['$d: Boolean', `migrate(from: "${V1}", to: "${V1}", dryRun: $d)`],
      ['$l: ProcessLateMilestones', `migrate(from: "${V1}", to: "${V1}", late: $l)`],
      ['$r: ProcessRunningRecords', `deactivate(version: "${V1}", records: $r)`],
      ['$d: Boolean', `activate(version: "${V1}", isDefault: $d)`],
    ]) {
      const { errors } = await admin.ask(`mutation (${declared}) { process { ${call} { findings { message } } } }`)
      expect([call, errors]).toMatchObject([call, [{ message: expect.stringMatching(/: \$. was not given/), extensions: { code: 'BAD_USER_INPUT' } }]]) // prettier-ignore
    }
    expect(await milestones()).toEqual(before)
  })

  test('a draft is made, changed and activated; records in flight are previewed, then moved', async () => {
    const created = await agent.data(
      'mutation { CaseCreate(input: { Subject: "Line down", Priority: "Critical" }) { record { Id } errors { message } } }',
    )
    const { Id } = created.CaseCreate.record
    const [{ records }] = await versions()
    expect(records).toBeGreaterThan(0)
    expect(await does(`draft(version: "${V1}")`, RESULT)).toEqual({ name: V2, records: 0, findings: [] })
    await hurry()
    expect(await does(`migrate(from: "${V1}", to: "${V2}")`, 'records findings { code }')).toEqual({
      records: 0,
      findings: [{ code: 'NOT_ACTIVE' }],
    })
    expect(await does(`activate(version: "${V2}", isDefault: true)`, RESULT)).toMatchObject({ findings: [] })
    expect(await versions()).toEqual([
      { version: V2, status: 'active', isDefault: true, records: 0 },
      { version: V1, status: 'active', isDefault: false, records },
    ])

    const before = await milestones()
    const preview = await does(
      `migrate(from: "${V1}", to: "${V2}", dryRun: true)`,
      'records moved violated started cancelled changes { recordId milestone from to statusBefore statusAfter } findings { code }',
    )
    expect(preview).toMatchObject({ records, findings: [] })
    expect(preview.moved).toBeGreaterThan(0)
    expect(
      preview.changes.find((c: { recordId: string; milestone: string }) => c.recordId === Id && c.milestone === 'First Response'), // prettier-ignore
    ).toMatchObject({ from: '2026-03-09T15:00:00.000Z', to: '2026-03-09T14:30:00.000Z', statusBefore: 'Running' })
    expect(await milestones()).toEqual(before)
    const dry = `mutation { process { it: migrate(from: "${V1}", to: "${V2}", dryRun: true) { records changes { recordId } } } }`
    expect((await keeper.data(dry)).process.it).toEqual({ records, changes: [] })

    expect(
      await does(`migrate(from: "${V1}", to: "${V2}", late: SKIP)`, 'records moved changes { to } findings { code }'),
    ).toEqual({ records, moved: null, changes: null, findings: [] })
    await app.engine.runDue()
    expect((await versions()).map((v: { records: number }) => v.records)).toEqual([records, 0])
    const { process } = await admin.data('{ process { journal(first: 1) { kind status what records done problems } } }')
    expect(process.journal).toEqual([
      { kind: 'migration', status: 'done', what: `${V1} → ${V2}`, records, done: records, problems: [] },
    ])
    const { CaseById } = await agent.data(
      'query ($Id: ID!) { CaseById(Id: $Id) { Milestones(orderBy: [{ TargetDate: ASC }], first: 1) { nodes { TargetDate } } } }',
      { Id },
    )
    expect(CaseById.Milestones.nodes).toEqual([{ TargetDate: '2026-03-09T14:30:00.000Z' }])
  })

  test('a version is let go, with its records or without; what history names stays', async () => {
    expect(await does(`deactivate(version: "${V1}", records: KEEP_RUNNING)`, RESULT)).toMatchObject({ findings: [] })
    expect(await versions()).toMatchObject([{ version: V2 }, { version: V1, status: 'inactive' }])
    expect(await does(`draft(version: "${V2}")`, 'name')).toEqual({ name: 'Standard_Support_v3' })
    expect(await does('remove(version: "Standard_Support_v3")', RESULT)).toMatchObject({ findings: [] })
    expect(await versions()).toHaveLength(2)
    expect((await does(`remove(version: "${V2}")`, RESULT)).findings).not.toEqual([])
    expect((await does('activate(version: "Nothing_v1")', RESULT)).findings).toMatchObject([
      { code: 'UNKNOWN_VERSION', hint: expect.stringContaining('Standard_Support_v1') },
    ])
    const inFlight = (await versions())[0].records
    expect(await does(`deactivate(version: "${V2}", records: CANCEL_RUNNING)`, RESULT)).toMatchObject({
      records: inFlight,
      findings: [],
    })
    await app.engine.runDue()
    expect((await milestones()).filter((m: { Status: string; ProcessVersion: string }) => m.ProcessVersion === V2 && m.Status === 'Running')).toEqual([]) // prettier-ignore
    expect(await does(`activate(version: "${V2}")`, RESULT)).toMatchObject({ findings: [] })
  })

  test('what stands below one namespace is done in the order in which it is asked', async () => {
    const { process } = await admin.data(
      `mutation { process { a: draft(version: "${V1}") { name } b: draft(version: "Standard_Support_v3") { name } bad: remove(version: "x") { findings { code } }
        c: remove(version: "Standard_Support_v4") { findings { code } } d: remove(version: "Standard_Support_v3") { findings { code } } } }`,
    )
    expect(process).toMatchObject({
      a: { name: 'Standard_Support_v3' },
      b: { name: 'Standard_Support_v4' },
      bad: { findings: [{ code: 'UNKNOWN_VERSION' }] },
      c: { findings: [] },
      d: { findings: [] },
    })
    expect(await versions()).toHaveLength(2)
  })

  test('whoever looks after a part of the set-up sees the set-up', async () => {
    const asked = '{ me { systemPermissions } metadata { documents(kind: EntitlementProcess) { name } history { version } } }' // prettier-ignore
    const { me, metadata } = await keeper.data(asked)
    expect(me.systemPermissions.toSorted()).toEqual(['manageProcesses', 'viewSetup'])
    expect(metadata.documents.length).toBeGreaterThan(0)
    for (const part of ['documents(kind: EntitlementProcess) { name }', 'history { version }'])
      expect((await agent.ask(`{ metadata { ${part} } }`)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  })

  test('for an agent there is no process and no outbox, in the schema or its text', async () => {
    for (const document of [
      '{ process { journal { id } } }',
      'mutation { process { draft(version: "x") { name } } }',
      '{ outbox { lanes { host } } }',
      'mutation { outbox { resend(id: "x") { errors { code } } } }',
      'mutation { outbox { tryNow(host: "x") { errors { code } } } }',
    ])
      expect((await agent.ask(document)).errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    const sdl = await (
      await fetch(`${app.url}/graphql/schema.graphql`, { headers: agent.headers as Record<string, string> })
    ).text()
    expect(sdl).toContain('type MilestoneMutation')
    expect(sdl).not.toMatch(/ProcessMutation|ProcessJournalEntry|Outbox(Mutation|Query|Lane)/)
  })

  test('a timer is taken off once, with a reason that stays', async () => {
    await agent.data('mutation { CaseCreate(input: { Subject: "Slow", Priority: "High" }) { record { Id } } }')
    const { timers } = await admin.data(
      '{ timers(where: { Status: { eq: "Pending" } }, orderBy: [{ Id: DESC }], first: 50) { nodes { Id Step } } }',
    )
    const cancel =
      'mutation ($id: ID!) { timer { cancel(id: $id, reason: "Agreed by phone") { id errors { code message } } } }'
    const step = timers.nodes.find((node: { Step: string }) => node.Step.startsWith('warning'))
    expect((await admin.data(cancel, { id: step.Id })).timer.cancel).toEqual({ id: step.Id, errors: [] })
    const skipped = await admin.data(
      '{ timers(where: { Status: { eq: "Skipped" }, Reason: { contains: "Agreed by phone" } }) { nodes { Step } } }',
    )
    expect(skipped.timers.nodes).toEqual([{ Step: step.Step }])
    expect((await admin.data(cancel, { id: step.Id })).timer.cancel.errors).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  test('a message that is held, for want of a mail server, is sent again', async () => {
    const { Contact } = await admin.data('{ Contact(where: { Email: { isNull: false } }, first: 1) { nodes { Id } } }')
    await admin.data(
      'mutation ($c: ID!) { CaseCreate(input: { Subject: "Late", Priority: "Critical", ContactId: $c }) { record { Id } errors { message } } }',
      { c: Contact.nodes[0].Id },
    )
    await admin.data('mutation { clockAdvance(by: "PT1H") }')
    const { OutboxMessage } = await admin.data(
      '{ OutboxMessage(where: { Status: { eq: "Held" } }, first: 1) { nodes { Id } } }',
    )
    const resend =
      'mutation ($id: ID!) { outbox { resend(id: $id) { record { Status Attempts } errors { code message } } } }'
    const { Id } = OutboxMessage.nodes[0]
    expect((await keeper.data(resend, { id: Id })).outbox.resend.errors).toMatchObject([{ code: 'NOT_FOUND' }])
    expect((await admin.data(resend, { id: Id })).outbox.resend).toEqual({
      record: { Status: 'Pending', Attempts: 0 },
      errors: [],
    })
    const lanes = '{ outbox { lanes { host waiting inFlight state since openUntil lastError } } }'
    const lane = { host: 'mail server', waiting: 1, inFlight: 0, state: 'CLOSED', since: null, openUntil: null, lastError: null } // prettier-ignore
    expect((await keeper.data(lanes)).outbox.lanes).toEqual([lane])
    const tryNow = 'mutation { outbox { tryNow(host: "mail server") { id record { Id } errors { code } } } }'
    expect((await keeper.data(tryNow)).outbox.tryNow).toEqual({ id: 'mail server', record: null, errors: [] })
    expect((await admin.data(resend, { id: Id })).outbox.resend.errors).toMatchObject([{ code: 'UNDER_WAY' }])
  })
})

interface Milestoned {
  readonly milestones: readonly {
    readonly name: string
    readonly violations?: readonly { readonly actions: readonly string[] }[]
  }[]
}

const hurried = (document: Milestoned) => ({
  ...document,
  milestones: document.milestones.map((milestone) =>
    milestone.name === 'First_Response_Critical'
      ? {
          ...milestone,
          target: { minutes: 30 },
          violations: milestone.violations?.map((step) => ({
            ...step,
            actions: [...step.actions, 'Case_Tell_Customer'],
          })),
        }
      : milestone,
  ),
})
