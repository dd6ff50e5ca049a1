import { join } from 'node:path'
import { expect, test } from 'vitest'
import { manualClock } from '#database'
import { loadDocuments } from '#metadata/load'
import { describeDatabases } from '#test/databases'
import { parseInstant } from '#util'
import { cookieFrom, Person, startServer, tokenOf } from '../http/testing.ts'
import type { TestServer } from '../http/testing.ts'

const FRIDAY_10 = '2026-03-06T15:00:00Z' // 10:00 in New York; the clocks go forward on Sunday
const DEMO = join(import.meta.dirname, '../../metadata/demo')
const OPEN = [['09:00', '17:00']]
const MILESTONES = ['First Response', 'Resolution Time', 'Dispatch', 'Work Completed', 'Kickoff Held', 'Go-Live']

/** An empty organisation that an admin turns into the published example, over HTTP alone and without a restart. */
async function supportDesk(url: string): Promise<{ server: TestServer; ana: Person; contact: string }> {
  const server = await startServer(url, { clock: manualClock(parseInstant(FRIDAY_10)!) })
  const { admin } = server
  const Hours = { mon: OPEN, tue: OPEN, wed: OPEN, thu: OPEN, fri: OPEN }
  await create(admin, 'BusinessHours', { Name: 'US Support', IsActive: true, TimeZone: 'America/New_York', Hours })
  for (const Name of MILESTONES) await create(admin, 'Milestone', { Name, RecurrenceType: 'None' })
  await server.change(
    ...loadDocuments(DEMO).documents.map((document) => ({ kind: document.kind, name: document.name, document })),
  )
  const account = await create(admin, 'Account', { Name: 'Acme' })
  const contact = await create(admin, 'Contact', {
    LastName: 'Brandt',
    Name: 'Maya Brandt',
    Email: 'maya@acme.example.com',
    AccountId: account,
  })
  return { server, ana: await server.person('ana@example.com', 'Support_Agent'), contact }
}

async function create(who: Person, object: string, input: object): Promise<string> {
  const data = await who.data(
    `mutation ($input: ${object}CreateInput!) { save: ${object}Create(input: $input) { record { Id } errors { field message } } }`,
    { input },
  )
  expect(data.save.errors).toEqual([])
  return data.save.record.Id as string
}

async function update(who: Person, id: string, input: object): Promise<void> {
  const data = await who.data(
    'mutation ($id: ID!, $input: CaseUpdateInput!) { CaseUpdate(Id: $id, input: $input) { errors { field message } } }',
    { id, input },
  )
  expect(data.CaseUpdate.errors).toEqual([])
}

const CASE = `query ($id: ID!) { CaseById(Id: $id) { Status IsEscalated MilestoneStatus NextTargetDate SlaExitDate
  Milestones(orderBy: [{ Name: ASC }]) { nodes { Id Name Status TargetDate IsViolated } } Tasks { nodes { Subject Owner { ... on User { Username } } } } } }`

async function look(who: Person, id: string) {
  const { CaseById } = await who.data(CASE, { id })
  return {
    ...CaseById,
    milestones: CaseById.Milestones.nodes.map((m: { [field: string]: string }) => [m.Name, m.Status, m.TargetDate]),
    tasks: CaseById.Tasks.nodes,
  }
}

const advance = ({ admin }: TestServer, by: string) =>
  admin.data('mutation ($by: String!) { clockAdvance(by: $by) }', { by })

describeDatabases('the published example over HTTP', (open) => {
  test('is kept through warning, violation, priority change, completion, a weekend and a clock change', async () => {
    const { server, ana, contact } = await supportDesk(await open.url())
    const id = await create(ana, 'Case', {
      Subject: 'Router is down',
      Priority: 'Medium',
      Status: 'New',
      ContactId: contact,
    })
    expect(await look(ana, id)).toMatchObject({
      MilestoneStatus: 'Compliant',
      milestones: [
        ['First Response', 'Running', '2026-03-09T14:00:00.000Z'], // 480 minutes: 7 h on Friday, 1 h on Monday, in daylight time
        ['Resolution Time', 'Running', '2026-03-13T14:00:00.000Z'],
      ],
    })

    await advance(server, 'P2DT22H29M') // Monday 09:29 in New York
    expect((await look(ana, id)).tasks).toEqual([])
    await advance(server, 'PT1M')
    const warned = await look(ana, id)
    expect(warned).toMatchObject({
      MilestoneStatus: 'At Risk',
      milestones: [
        ['First Response', 'Warning', '2026-03-09T14:00:00.000Z'],
        ['Resolution Time', 'Running', '2026-03-13T14:00:00.000Z'],
      ],
    })
    expect(warned.tasks).toMatchObject([{ Owner: { Username: 'ana@example.com' } }])

    await advance(server, 'PT30M')
    expect(await look(ana, id)).toMatchObject({ IsEscalated: false, MilestoneStatus: 'At Risk' }) // on the target is not late
    await advance(server, 'PT1S')
    expect(await look(ana, id)).toMatchObject({ IsEscalated: true, MilestoneStatus: 'Open Violation' })

    await update(ana, id, { Priority: 'Critical', Status: 'In Progress' })
    expect((await look(ana, id)).milestones).toEqual([
      ['First Response', 'Overdue', '2026-03-06T16:00:00.000Z'],
      ['Resolution Time', 'Overdue', '2026-03-09T14:00:00.000Z'],
    ])

    const mail = {
      ParentId: id,
      Subject: 'Re: Router',
      FromAddress: 'ana@example.com',
      ToAddress: 'maya@acme.example.com',
      Incoming: false,
      MessageDate: '2026-03-09T14:00:01Z',
    }
    await create(ana, 'EmailMessage', { ...mail, IsAutomatic: true })
    expect((await look(ana, id)).milestones[0][1]).toBe('Overdue')
    await create(ana, 'EmailMessage', { ...mail, IsAutomatic: false })
    expect((await look(ana, id)).milestones[0][1]).toBe('Met late')

    await update(ana, id, { Status: 'Closed', Reason: 'Other' })
    const closed = await look(ana, id)
    expect(closed).toMatchObject({
      MilestoneStatus: 'Closed Violation',
      NextTargetDate: null,
      milestones: [
        ['First Response', 'Met late'],
        ['Resolution Time', 'Met late'],
      ].map((m) => expect.arrayContaining(m)),
    })
    expect(closed.SlaExitDate).toBe('2026-03-09T14:00:01.000Z')
    const tasks = closed.tasks.length
    await advance(server, 'P30D')
    expect((await look(ana, id)).tasks).toHaveLength(tasks)
  })

  test('explains itself and takes a completion by hand from an agent, but not from one who may only read', async () => {
    const { server, ana, contact } = await supportDesk(await open.url())
    const rita = await server.person('rita@example.com', 'Read_Only')
    const id = await create(ana, 'Case', { Subject: 'Printer', Priority: 'High', Status: 'New', ContactId: contact })
    const { CaseById } = await ana.data(CASE, { id })
    const milestone = CaseById.Milestones.nodes[0].Id
    const explained = await rita.data('query ($id: ID!) { milestone { explain(id: $id) { text } } }', {
      id: milestone,
    })
    expect(explained.milestone.explain.text).toMatch(/US Support/)
    const complete = 'mutation ($id: ID!) { milestone { complete(id: $id) { errors { code message } } } }'
    expect((await rita.data(complete, { id: milestone })).milestone.complete.errors).toHaveLength(1)
    expect((await look(ana, id)).milestones[0][1]).toBe('Running')
    expect((await ana.data(complete, { id: milestone })).milestone.complete.errors).toEqual([])
    expect((await look(ana, id)).milestones[0][1]).toBe('Met')
  })

  test('whoever is invited as a standard user makes an account and a case and completes its milestone, and has no way into set-up', async () => {
    const { server } = await supportDesk(await open.url())
    const invited = await server.admin.post('/auth/users', { email: 'sam@example.com', permissionSets: ['Standard_User'] }) // prettier-ignore
    const { sent } = (await invited.json()) as { sent: { path: string } }
    const [token, password] = [tokenOf(sent.path), 'seven quiet herons wade']
    const entered = await server.nobody.post('/auth/link/enter', { token, password, firstName: 'Sam', lastName: 'Osei' }) // prettier-ignore
    const sam = new Person(server.app, { cookie: cookieFrom(entered) })
    const AccountId = await create(sam, 'Account', { Name: 'Globex', Industry: 'Energy' })
    const id = await create(sam, 'Case', { Subject: 'Valve', Priority: 'High', Status: 'New', AccountId })
    await update(sam, id, { Status: 'In Progress' })
    const milestone = (await sam.data(CASE, { id })).CaseById.Milestones.nodes[0].Id
    const complete = 'mutation ($id: ID!) { milestone { complete(id: $id) { errors { message } } } }'
    expect((await sam.data(complete, { id: milestone })).milestone.complete.errors).toEqual([])
    expect((await look(sam, id)).milestones[0].slice(0, 2)).toEqual(['First Response', 'Met'])
    expect((await sam.ask('{ metadata { documents(kind: PermissionSet) { name } } }')).errors?.[0]?.extensions.code).toBe('FORBIDDEN') // prettier-ignore
    const { metadata } = await sam.data('{ metadata { objects { name access { create edit delete } } } }')
    const editable = metadata.objects.flatMap(({ name, access }: { name: string; access: { edit: boolean } }) => (access.edit ? [name] : [])) // prettier-ignore
    expect(editable.sort()).toEqual(['Account', 'Asset', 'Case', 'CaseComment', 'Contact', 'EmailMessage', 'FeedItem', 'Task', 'WorkOrder']) // prettier-ignore
  })

  test('who may read a record may read what is kept about its promises, and nobody else', async () => {
    const { server, ana, contact } = await supportDesk(await open.url())
    const rita = await server.person('rita@example.com', 'Read_Only')
    const accounts = { kind: 'PermissionSet', name: 'Accounts_Only', label: 'Accounts', objects: { Account: { read: true } } } // prettier-ignore
    await server.change({ kind: accounts.kind, name: accounts.name, document: accounts })
    const olaf = await server.person('olaf@example.com', 'Accounts_Only')
    const id = await create(ana, 'Case', {
      Subject: 'Printer',
      Priority: 'Critical',
      Status: 'New',
      ContactId: contact,
    })
    const { CaseById } = await ana.data(CASE, { id })
    const pause = 'mutation ($id: ID!) { milestone { pause(recordId: $id, reason: "parts") { errors { message } } } }'
    expect((await ana.data(pause, { id })).milestone.pause.errors).toEqual([])
    expect(CaseById.Milestones.nodes).not.toEqual([])
    await advance(server, 'PT3H')
    for (const object of ['RecordMilestone', 'RecordMilestonePause', 'MilestoneEvent']) {
      const query = `query ($id: ID!) { rows: ${object}(where: { ParentId: { eq: $id } }) { nodes { Id } } }`
      expect((await rita.data(query, { id })).rows.nodes.length, object).toBeGreaterThan(0)
      const answer = await olaf.ask(query, { id })
      expect((answer.data as { rows?: { nodes: unknown[] } } | null | undefined)?.rows?.nodes ?? [], object).toEqual([])
    }
    const explain = 'query ($id: ID!) { milestone { explain(id: $id) { text } } }'
    const asked = await olaf.ask(explain, { id: CaseById.Milestones.nodes[0].Id })
    expect(
      (asked.data as { milestone?: { explain: unknown } } | null | undefined)?.milestone?.explain ?? null,
    ).toBeNull()
  })
})
