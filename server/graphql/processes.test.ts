import { afterAll, beforeAll, expect, test } from 'vitest'
import { manualClock, quote } from '#database'
import { describeDatabases } from '#test/databases'
import { createApp, type App } from '../http/index.ts'
import { addPerson, cookieFrom, Person } from '../http/testing.ts'

/** Monday 9 March 2026, 10:00 in New York. */
const MONDAY = Date.UTC(2026, 2, 9, 14, 0)

describeDatabases('processes over GraphQL, in the demo organisation', (open) => {
  let app: App
  let admin: Person
  let agent: Person
  let reader: Person
  beforeAll(async () => {
    app = await createApp({ databaseUrl: await open.url(), clock: manualClock(MONDAY), worker: false })
    const signIn = async (username: string) =>
      new Person(app, {
        cookie: cookieFrom(await new Person(app, {}).post('/auth/sign-in', { username, password: 'milepost-demo' })),
      })
    ;[admin, agent, reader] = [
      await signIn('admin@example.com'),
      await signIn('ana@example.com'),
      await signIn('rita@example.com'),
    ]
  })
  afterAll(() => app.close())

  const MILESTONES =
    'Milestones(where: { IsCompleted: { eq: false } }, orderBy: [{ TargetDate: ASC }]) { nodes { Id Name Status TargetDate } }'
  const openCase = async (Priority: string) =>
    (
      await agent.data(
        `mutation ($p: String) { CaseCreate(input: { Subject: "Line down", Priority: $p }) { record { Id ${MILESTONES} } } }`,
        { p: Priority },
      )
    ).CaseCreate.record

  test('the demo processes, lived over the past of their own records, come to what really came', async () => {
    for (const [version, least] of [
      ['Standard_Support_v1', 50],
      ['Field_Service_v1', 5],
      ['Customer_Onboarding_v1', 3],
    ] as const) {
      const text =
        '{ process { simulate(version: "VERSION", records: 500) { records changes { recordId milestone statusToday statusSimulated targetToday targetSimulated } } } }'
      const { simulate } = (await admin.data(text.replace('VERSION', version))).process
      expect(simulate.records).toBeGreaterThan(least)
      expect(simulate.changes).toEqual([])
    }
  })

  test('a new case comes back with its promises', async () => {
    const { Milestones } = await openCase('Critical')
    expect(Milestones.nodes).toMatchObject([
      { Name: 'First Response', Status: 'Running', TargetDate: '2026-03-09T15:00:00.000Z' },
      { Name: 'Resolution Time', Status: 'Running', TargetDate: '2026-03-10T14:00:00.000Z' },
    ])
  })

  test('what is kept about a record is for those who may read that record, whatever set-up they see', async () => {
    const nosy = { kind: 'PermissionSet', name: 'Nosy', label: 'Nosy', system: ['viewSetup', 'manageProcesses'], objects: { WorkOrder: { read: true } } } // prettier-ignore
    const plan = 'mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { planId findings { message } } }' // prettier-ignore
    const { metadataPlan } = await admin.data(plan, { changes: [{ kind: nosy.kind, name: nosy.name, document: nosy }] })
    await admin.data('mutation ($id: ID!) { metadataApply(planId: $id) { version } }', { id: metadataPlan.planId })
    const outsider = await addPerson(app, admin, 'nosy@example.com', ['Nosy'])
    const { Id } = await openCase('Critical')
    const about = ['RecordMilestone', 'RecordMilestonePause', 'MilestoneViolation', 'MilestoneEvent', 'MilestoneTimer', 'OutboxMessage'] // prettier-ignore
    const counts = about.map((name) => `${name}(where: $w) { totalCount } ${name}Aggregate(where: $w) { count }`)
    const document = (w: string) => `{ ${counts.join(' ')} timers(where: $w) { totalCount } }`.replaceAll('$w', w)
    const ofCase = document(`{ ParentId: { eq: "${Id}" } }`)
    const seen = await reader.data(ofCase)
    expect([seen.timers, seen.RecordMilestone, seen.MilestoneEvent].every((list) => list.totalCount > 0)).toBe(true)
    const nothing = about.flatMap((name) => [
      [name, { totalCount: 0 }],
      [`${name}Aggregate`, [{ count: 0 }]],
    ])
    expect(await outsider.data(ofCase)).toEqual({ ...Object.fromEntries(nothing), timers: { totalCount: 0 } })
    expect((await outsider.data('{ timers { totalCount } }')).timers.totalCount).toBeGreaterThan(0)
    expect(await outsider.data('query ($id: ID!) { milestone { explain(id: $id) { text } } }', { id: Id })).toEqual({ milestone: { explain: null } }) // prettier-ignore
  })

  test('a milestone that was not given never means all of the record’s', async () => {
    const { Id } = await openCase('Critical')
    for (const [declared, one, given] of [
      [', $id: ID', '$id', {}],
      [', $id: ID', '$id', { id: null }],
      ['', 'null', {}],
      ['', '""', {}],
    ] as const)
      for (const call of [`pause(recordId: $r, milestoneId: ${one}, reason: "x")`, `resume(recordId: $r, milestoneId: ${one})`]) {
        const document = `mutation ($r: ID!${declared}) { milestone { it: ${call} { errors { code message } } } }`
        const { it } = (await agent.data(document, { r: Id, ...given })).milestone
        expect([call, it.errors]).toMatchObject([call, [{ code: 'BAD_USER_INPUT', message: expect.stringMatching(/^milestoneId/) }]])
      }
    const isPaused = async () => (await agent.data('query ($id: ID!) { CaseById(Id: $id) { IsPaused } }', { id: Id })).CaseById.IsPaused
    expect(await isPaused()).toBe(false)
    await agent.data('mutation ($r: ID!) { milestone { pause(recordId: $r, reason: "all of them") { errors { code } } } }', { r: Id })
    expect(await isPaused()).toBe(true)
  }) // prettier-ignore

  test('complete by hand, explain, and the record as it is then', async () => {
    const { Milestones } = await openCase('High')
    const { Id } = Milestones.nodes[0]
    const { milestone } = await agent.data(
      'query ($id: ID!) { milestone { explain(id: $id) { text details data } } }',
      {
        id: Id,
      },
    )
    const { text, details } = milestone.explain
    expect(text).toMatch(
      /\nPromised by \*Standard Support Process\*, version 1, where Priority is High; started with the process\.\n/,
    )
    expect(text).not.toMatch(/ISPICKVAL|_v1/)
    expect(details).toMatch(
      /^Item \w+ of Standard_Support_v1 \(criteria ISPICKVAL\(Priority, "High"\)\), run 1, cycle 1\.$/,
    )
    const done = await agent.data(
      'mutation ($id: ID!) { milestone { complete(id: $id, reason: "called them") { record { Status Parent { Name ... on Case { Subject } } } errors { message } } } }',
      { id: Id },
    )
    expect(done.milestone.complete).toMatchObject({
      record: { Status: 'Met', Parent: { Subject: 'Line down' } },
      errors: [],
    })
    const again = await agent.data(
      'mutation ($id: ID!) { milestone { complete(id: $id) { record { Status } errors { code message } } } }',
      { id: Id },
    )
    expect(again.milestone.complete.errors).toHaveLength(1)
    const told = await agent.data('query ($id: ID!) { milestone { explain(id: $id) { text } } }', { id: Id })
    expect(told.milestone.explain.text).toMatch(/Completed 9 Mar .* by hand \(Ana Silva\), .* before the target\. Reason given: called them\./) // prettier-ignore
  })

  test('explain a record: which process it is in, or why it is in none', async () => {
    const told = async (person: Person, id: string) =>
      (await person.data('query ($id: ID!) { milestone { explain(id: $id) { text data } } }', { id })).milestone.explain
    const { Id } = await openCase('High')
    const { text, data } = await told(reader, Id)
    expect(text).toMatch(
      /^Standard Support Process, version 1: running since 9 Mar 10:00 EDT\.\nFirst Response: Running/,
    )
    expect(data).toMatchObject({ process: 'Standard_Support_v1', phase: 'in' })
    const made = async (object: string, input: object) =>
      (await admin.data(`mutation ($input: ${object}CreateInput!) { it: ${object}Create(input: $input) { record { Id } errors { message } } }`, { input })).it.record.Id // prettier-ignore
    /** Past the save, which refuses unknown names. */
    const imported = (id: string, process: string) => {
      const { table, field } = app.engine.catalogs.current().object('Entitlement')!
      const [column, key] = ['EntitlementProcess', 'Id'].map((name) => quote(field(name)!.column!))
      return app.engine.database.transaction((tx) => tx.run(`UPDATE ${quote(table)} SET ${column} = '${process}' WHERE ${key} = '${id}'`)) // prettier-ignore
    }
    const order = async (EntitlementProcess: string) => {
      const EntitlementId = await made('Entitlement', { Name: 'Gold', EntitlementProcess: 'Standard_Support' })
      await imported(EntitlementId, EntitlementProcess)
      return (await told(admin, await made('WorkOrder', { Subject: 'Pump', EntitlementId }))).text
    }
    expect(await order('Standard_Support')).toBe(
      'The record is in no process.\nIts entitlement Gold names the process Standard_Support, which is for Case, not for WorkOrder: it does nothing here.',
    )
    expect(await order('Nope')).toMatch(/names the process Nope, which does not exist/)
    const name = 'WorkOrder_Field_Service'
    const { metadata } = await admin.data('query ($name: String!) { metadata { document(kind: AutoApplyRule, name: $name) } }', { name }) // prettier-ignore
    const changes = [{ kind: 'AutoApplyRule', name, document: { ...metadata.document, when: 'Subject = "Other"' } }]
    const { metadataPlan } = await admin.data('mutation ($changes: [MetadataChangeInput!]!) { metadataPlan(changes: $changes) { planId } }', { changes }) // prettier-ignore
    await admin.data('mutation ($id: ID!) { metadataApply(planId: $id) { version } }', { id: metadataPlan.planId })
    expect((await told(admin, await made('WorkOrder', { Subject: 'Pump' }))).text).toBe(
      'The record is in no process.\nIt has no entitlement, and no auto-apply rule (WorkOrder_Field_Service) gave it a process when it was last saved.',
    )
    expect(await told(admin, '5000000000000')).toBeNull()
    expect(await told(admin, 'nonsense')).toBeNull()
  })

  test('a target is set by hand by those who may edit the record, read back, and taken back', async () => {
    const { Milestones } = await openCase('High')
    const { Id: id, TargetDate } = Milestones.nodes[0]
    const SET = 'mutation ($id: ID!, $at: DateTime!, $moves: Boolean) { milestone { it: setTarget(id: $id, target: $at, reason: "agreed with the customer", movesWithPauses: $moves) { record { TargetDate IsTargetManual TargetReason TargetMovesWithPauses TargetSetBy { Name } } errors { code } } } }' // prettier-ignore
    const CLEAR = 'mutation ($id: ID!) { milestone { it: clearTarget(id: $id) { record { TargetDate IsTargetManual } errors { code } } } }'
    const at = new Date(Date.parse(TargetDate) + 86_400_000).toISOString()
    for (const [query, variables] of [[SET, { id, at }], [CLEAR, { id }]] as const) {
      const answer = await reader.ask(query, variables)
      const refused = answer.errors ?? (answer.data as unknown as { milestone: { it: { errors: unknown[] } } }).milestone.it.errors
      expect(refused).toHaveLength(1)
    }
    expect((await agent.ask(SET, { id })).errors).toHaveLength(1)
    expect((await agent.data(SET, { id, at })).milestone.it).toEqual({
      record: { TargetDate: at, IsTargetManual: true, TargetReason: 'agreed with the customer', TargetMovesWithPauses: false, TargetSetBy: { Name: 'Ana Silva' } },
      errors: [],
    })
    expect((await agent.data(CLEAR, { id })).milestone.it).toEqual({ record: { TargetDate, IsTargetManual: false }, errors: [] })
    expect((await agent.data(CLEAR, { id })).milestone.it.errors).toEqual([{ code: 'NOT_SET' }])
    const long = SET.replace('agreed with the customer', 'so '.repeat(100))
    expect((await agent.data(long, { id, at })).milestone.it.errors).toEqual([{ code: 'TOO_LONG' }])
  }) // prettier-ignore

  test('how far a start may be moved back is a setting of the profile, and administrators have none', async () => {
    const { Id } = await openCase('High')
    const back = async (person: Person, SlaStartDate: string) => {
      const text =
        'mutation ($Id: ID!, $at: DateTime) { it: CaseUpdate(Id: $Id, input: { SlaStartDate: $at }) { errors { field message } } }'
      return (await person.data(text, { Id, at: SlaStartDate })).it.errors
    }
    expect(await back(agent, '2026-03-09T12:30:00Z')).toEqual([])
    expect(await back(agent, '2026-03-09T09:00:00Z')).toEqual([
      { field: 'SlaStartDate', message: "The start can't be moved back that far. Ask an administrator." },
    ])
    expect(await back(admin, '2026-03-09T09:00:00Z')).toEqual([])
  })

  test('who may only read may not complete', async () => {
    const { Milestones } = await openCase('High')
    const answer = await reader.ask('mutation ($id: ID!) { milestone { complete(id: $id) { errors { code } } } }', {
      id: Milestones.nodes[0].Id,
    })
    expect(
      answer.errors ??
        (answer.data as unknown as { milestone: { complete: { errors: unknown[] } } }).milestone.complete.errors,
    ).toHaveLength(1)
    const { RecordMilestoneById } = await admin.data(
      'query ($id: ID!) { RecordMilestoneById(Id: $id) { IsCompleted } }',
      { id: Milestones.nodes[0].Id },
    )
    expect(RecordMilestoneById.IsCompleted).toBe(false)
  })

  test('the clock moves for administrators only, and what is due happens before the answer', async () => {
    const { Id } = await openCase('Critical')
    expect((await agent.ask('mutation { clockAdvance(by: "PT2H") }')).errors).toHaveLength(1)
    const before = Date.parse((await admin.data('{ serverTime }')).serverTime)
    const { clockAdvance } = await admin.data('mutation { clockAdvance(by: "PT2H") }')
    expect(Date.parse(clockAdvance)).toBe(before + 7_200_000)
    const { CaseById } = await agent.data(
      `query ($Id: ID!) { CaseById(Id: $Id) { MilestoneStatus IsEscalated ${MILESTONES} } }`,
      { Id },
    )
    expect(CaseById).toMatchObject({ MilestoneStatus: 'Open Violation', IsEscalated: true, Milestones: { nodes: [{ Name: 'First Response', Status: 'Overdue' }, { Name: 'Resolution Time' }] } }) // prettier-ignore
    expect((await admin.ask('mutation { clockAdvance(by: "2 hours") }')).errors?.[0]?.extensions.code).toBe(
      'BAD_USER_INPUT',
    )
  })

  test('timers are listed for those who may read them', async () => {
    await openCase('Medium')
    expect((await admin.data('{ timers(first: 5) { nodes { Id } } }')).timers.nodes.length).toBeGreaterThan(0)
  })
})
