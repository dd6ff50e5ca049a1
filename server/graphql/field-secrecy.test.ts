/** Whoever may not read a field finds its values nowhere: not in history, log, outbox, posts, tasks, failures, explanations, documents, filters or errors. */
import { beforeAll, expect, test } from 'vitest'
import { noteActionSources } from '#automation'
import { manualClock, quote } from '#database'
import { describeDatabases } from '#test/databases'
import { hear } from '../http/testing-sockets.ts'
import { keepServer, type Person, type TestServer } from '../http/testing.ts'

const START = Date.UTC(2026, 2, 9, 8, 0)
/** Values of hidden fields, and the constants that documents compare them with. */
const SECRET = /s3cret|c0nst/
const HIDDEN = [
  'Case.SecretNote__c',
  'Case.SecretStage__c',
  'Case.SecretPast__c',
  'Account.SecretTier__c',
  'Account.SecretSize__c',
  'Item__c.Hidden__c',
]

const EDITED = ['Case', 'Task']

type Json = { readonly [key: string]: any } // oxlint-disable-line typescript/no-explicit-any -- answers are read freely

const field = (name: string, type: string, more: object = {}) => ({ kind: 'Field', name, label: name.split('.')[1], type, ...more }) // prettier-ignore
const action = (name: string, type: string, more: object) => ({ kind: 'Action', name, label: name, object: 'Case', type, ...more }) // prettier-ignore
const ACTIONS = ['Tell', 'Post', 'Mail', 'Hook', 'Note', 'Fails', 'Refused', 'Make']

const documents = [
  field('Case.SecretNote__c', 'Text', { length: 80, trackHistory: true, indexed: true }),
  field('Case.SecretStage__c', 'Picklist', { valueSet: { values: [{ value: 's3cret-stage' }, { value: 'open' }] } }),
  field('Case.Sub__c', 'Picklist', {
    valueSet: { values: [{ value: 'a' }, { value: 'b' }], controllingField: 'SecretStage__c', dependencies: { 's3cret-stage': ['a'], open: ['b'] } },
  }), // prettier-ignore
  field('Account.SecretTier__c', 'Text', { length: 80 }),
  field('Case.SecretPast__c', 'Text', { length: 80, trackHistory: true }),
  field('Account.SecretSize__c', 'Text', { length: 80 }),
  field('Case.Open__c', 'Formula', { formulaType: 'Text', formula: 'IF(SecretNote__c = "c0nst-formula", "a", "b")' }),
  field('Case.Parent_Open__c', 'Formula', { formulaType: 'Text', formula: 'IF(Account.SecretTier__c = "c0nst-parent", "a", "b")' }),
  field('Case.Plain__c', 'Text', { length: 80, defaultFormula: 'IF(Account.SecretTier__c = "c0nst-default", "a", "b")' }),
  field('RecordMilestone.Note__c', 'Text', { length: 80 }),
  { kind: 'Object', name: 'Item__c', label: 'Item', pluralLabel: 'Items', nameField: { label: 'Name', type: 'Text' } },
  field('Item__c.Case__c', 'MasterDetail', { referenceTo: ['Case'], childRelationshipName: 'Items__r' }),
  field('Item__c.Hidden__c', 'Text', { length: 80 }),
  field('Case.Items__c', 'RollupSummary', { rollup: { object: 'Item__c', through: 'Case__c', operation: 'count', filter: 'Hidden__c = "c0nst-rollup"' } }),
  { kind: 'ValidationRule', name: 'Case.Never', errorConditionFormula: 'SecretNote__c = "c0nst-rule"', errorMessage: 'No.' },
  { kind: 'ValidationRule', name: 'Case.Breaks', errorConditionFormula: 'AND(Subject = "break", VALUE(SecretNote__c) > 3)', errorMessage: 'No.' },
  { kind: 'ListView', name: 'Case.Own_Filter', label: 'Own', columns: ['CaseNumber'], filter: { or: [{ SecretNote__c: { eq: 'c0nst-view' } }] } },
  { kind: 'ListView', name: 'Case.Parent_Filter', label: 'Parent', columns: ['CaseNumber', 'Account.SecretTier__c'], filter: { Account: { SecretTier__c: { eq: 'c0nst-view' } } } },
  { kind: 'ListView', name: 'Case.Child_Filter', label: 'Child', columns: ['CaseNumber'], filter: { Items__r: { some: { Hidden__c: { eq: 'c0nst-view' } } } } },
  { kind: 'EmailTemplate', name: 'Told', object: 'Case', subject: 'About {!SecretNote__c}', body: '{!Account.SecretTier__c}', html: '<p>{!SecretNote__c}</p>' },
  action('Tell', 'Task', { subject: 'Look at {!SecretNote__c}', values: { Description: '"of " & Account.SecretTier__c' } }),
  action('Post', 'FeedPost', { body: 'It is {!SecretNote__c}' }),
  action('Mail', 'EmailAlert', { template: 'Told', recipients: [{ field: 'SecretNote__c' }, { address: 'desk@example.com' }] }),
  action('Hook', 'OutboundMessage', { url: 'https://hook.example.com/in', fields: ['SecretNote__c', 'Account.SecretTier__c'] }),
  action('Note', 'FieldUpdate', { on: 'milestone', field: 'Note__c', formula: '"noted " & SecretNote__c' }),
  action('Fails', 'FieldUpdate', { field: 'Status', formula: 'SecretNote__c' }),
  action('Refused', 'FieldUpdate', { field: 'Type', formula: 'TEXT(VALUE(SecretNote__c))' }),
  action('Make', 'CreateRecord', { create: 'FeedItem', values: { ParentId: 'Id', Body: '"made of " & SecretNote__c' } }),
  {
    kind: 'EntitlementProcess', name: 'Care_v1', process: 'Care', version: 1, label: 'Care', object: 'Case', status: 'active', isDefault: true,
    businessHours: 'Always', pauses: [{ name: 'Wait', when: 'SecretNote__c = "c0nst-pause"', reason: 'waiting' }],
    milestones: [
      { name: 'Answer', milestone: 'Answer', when: 'OR(CONTAINS(SecretNote__c, "@"), SecretNote__c = "c0nst-when")', target: { hours: 1 },
        completion: [{ when: 'Account.SecretTier__c = "c0nst-done"' }], violations: [{ after: { minutes: 0 }, actions: ACTIONS }] },
      { name: 'Call', milestone: 'Call', target: { hours: 9 }, completion: [{ when: 'OR(Subject = "c0nst-call", CONTAINS(SecretNote__c, "called"))' }] },
      { name: 'Broken', milestone: 'Broken', when: 'VALUE(SecretNote__c) > 1', target: { hours: 9 } },
    ],
  },
  { kind: 'AutoApplyRule', name: 'Case_Care', object: 'Case', order: 1, when: 'SecretNote__c <> "c0nst-auto"', apply: { process: 'Care' } },
] // prettier-ignore

describeDatabases('values of a field that may not be read', (open) => {
  let server: TestServer
  let admin: Person
  const people: { [name: string]: Person } = {}
  const ids: { [name: string]: string } = {}
  const clock = manualClock(START)
  const put = (...all: readonly Json[]) => server.change(...all.map((document) => ({ kind: document.kind, name: document.name, document }))) // prettier-ignore
  const make = async (object: string, input: object): Promise<string> => {
    const text = `mutation ($input: ${object}CreateInput!) { it: ${object}Create(input: $input) { record { Id } errors { message } } }`
    const { it } = await admin.data(text, { input })
    expect(it.errors).toEqual([])
    return it.record.Id as string
  }
  const update = (who: Person, input: object, more = '') =>
    who.text(`mutation ($id: ID!, $input: CaseUpdateInput!) { CaseUpdate(Id: $id, input: $input${more}) { record { Id } errors { field code message conflict } } }`, { id: ids.case, input }) // prettier-ignore

  /** Reads all there is but what is hidden; edits cases and tasks. */
  async function grants(name: string, hidden: readonly string[], more: object = {}) {
    const { metadata } = await admin.data('{ metadata { objects { name platform fields { name updateable } } } }')
    const objects = (metadata.objects as Json[]).map((object) => [
      object.name,
      {
        ...(EDITED.includes(object.name) ? { create: true, edit: true, delete: true } : { read: true }),
        fields: Object.fromEntries(
          (object.fields as Json[])
            .filter(({ name: own }) => !hidden.includes(`${object.name}.${own}`))
            .map((own) => [own.name, EDITED.includes(object.name) && own.updateable ? 'edit' : 'read']),
        ),
      },
    ])
    return { kind: 'PermissionSet', name, label: name, objects: Object.fromEntries(objects), ...more }
  }

  beforeAll(async () => {
    server = await keepServer(await open.url(), { clock })
    admin = server.admin
    await make('BusinessHours', { Name: 'Always', IsActive: true, TimeZone: 'UTC', Always24x7: true })
    for (const Name of ['Answer', 'Call', 'Broken']) await make('Milestone', { Name, RecurrenceType: 'None' })
    await put(...documents)
    const noted = ['RecordMilestone.Note__c', 'FieldHistory.SourceFields', 'Task.SourceFields']
    await put(await grants('Blind', [...HIDDEN, ...noted]), await grants('Manager', [...HIDDEN, ...noted], { system: ['manageProcesses'] }), await grants('Sighted', [])) // prettier-ignore
    for (const name of ['Blind', 'Manager', 'Sighted'])
      people[name] = await server.person(`${name.toLowerCase()}@example.com`, name)
    const AccountId = await make('Account', {
      Name: 'Acme',
      SecretTier__c: 's3cret-tier',
      SecretSize__c: 's3cret-size',
    })
    ids.case = await make('Case', { Subject: 'x', AccountId, SecretNote__c: 's3cret-1@example.com', SecretStage__c: 's3cret-stage' }) // prettier-ignore
    await make('Item__c', { Name: 'i', Case__c: ids.case, Hidden__c: 's3cret-item' })
    await update(admin, { SecretNote__c: 's3cret-2@example.com', SecretPast__c: 's3cret-past' })
    await admin.data('mutation ($ms: Float!) { clockAdvance(ms: $ms) }', { ms: 2 * 3_600_000 })
    await update(admin, { SecretNote__c: 's3cret-3@example.com, called' })
    const gone = await make('Case', { Subject: 'gone', AccountId, SecretNote__c: 's3cret-gone@example.com' })
    await admin.data('mutation ($id: ID!) { CaseDelete(Id: $id) { errors { message } } }', { id: gone })
  })

  /** Everything that somebody reads: every field of every row they may read, in the recycle bin too, as value and as display; by object. */
  async function walk(who: Person): Promise<Map<string, string>> {
    const { metadata } = await who.data('{ metadata { objects { name fields { name } } } }')
    const found = new Map<string, string>()
    for (const { name, fields } of metadata.objects as Json[]) {
      const own = (fields as Json[]).map((one) => one.name).join(' ')
      const list = `nodes { ${own} display { ${own} } }`
      found.set(name, await who.text(`{ live: ${name}(first: 500) { ${list} } gone: ${name}(first: 500, deleted: ONLY) { ${list} } }`)) // prettier-ignore
    }
    for (const text of found.values()) expect(JSON.parse(text).errors).toBeUndefined()
    return found
  }
  const explained = async (who: Person): Promise<string> => {
    const { RecordMilestone } = await who.data('{ RecordMilestone { nodes { Id } } }')
    const all = [ids.case, ...(RecordMilestone.nodes as Json[]).map(({ Id }) => Id)]
    return (await Promise.all(all.map((id) => who.text('query ($id: ID!) { milestone { explain(id: $id) { text details data } } }', { id })))).join('\n') // prettier-ignore
  }
  const METADATA = `{ metadata { objects { name description fields { name label helpText defaultValue defaultFormula formula rollup picklist { values { value } dependencies } }
    layouts { name highlights sections { label fields } relatedLists { relationship fields sort } } listViews { name columns filter sort { field } } validationRules { name errorConditionFormula } } } }`
  const INTROSPECTION = '{ __schema { types { name description fields { name description args { name description } } inputFields { name description } } } }' // prettier-ignore

  const KEPT = ['FieldHistory', 'MilestoneEvent', 'MilestoneTimer', 'OutboxMessage', 'FeedItem', 'Task', 'RecordMilestone'] // prettier-ignore

  test('are nowhere in what somebody without the grant reads, and are there for somebody with it', async () => {
    const [blind, sighted] = [await walk(people.Blind!), await walk(people.Sighted!)]
    expect([...blind.keys()].filter((name) => SECRET.test(blind.get(name)!))).toEqual([])
    for (const name of KEPT) expect([name, SECRET.test(sighted.get(name)!)]).toEqual([name, true])
    expect([...blind.keys()]).toEqual(expect.arrayContaining(KEPT))
  })

  test('texts that hold them say that they are withheld; the rest of the rows is there', async () => {
    const rows = '{ Task { nodes { Subject Status } } FeedItem { nodes { Body ParentId } } OutboxMessage { nodes { Name Kind Subject Payload } } MilestoneTimer(where: { Status: { eq: "Failed" } }) { nodes { Kind Reason } } MilestoneEvent { nodes { Kind Inputs Text } } FieldHistory { totalCount } }' // prettier-ignore
    const blind = await people.Blind!.data(rows)
    const withheld = expect.stringMatching(/^Withheld: /)
    expect(blind.Task.nodes).toEqual([{ Subject: withheld, Status: expect.any(String) }])
    expect(blind.FeedItem.nodes).toHaveLength(2)
    for (const post of blind.FeedItem.nodes) expect(post).toEqual({ Body: withheld, ParentId: ids.case })
    expect(blind.OutboxMessage.nodes).toEqual(expect.arrayContaining([{ Name: withheld, Kind: 'Email', Subject: withheld, Payload: null }])) // prettier-ignore
    expect(blind.MilestoneTimer.nodes).toEqual(expect.arrayContaining([{ Kind: 'violation', Reason: withheld }, { Kind: 'evaluation', Reason: expect.stringContaining('not a number') }])) // prettier-ignore
    for (const event of blind.MilestoneEvent.nodes) expect(event).toEqual({ Kind: expect.any(String), Inputs: null, Text: expect.not.stringMatching(/Secret|s3cret/) }) // prettier-ignore
    expect(blind.FieldHistory.totalCount).toBe(0)
    const sighted = await people.Sighted!.data(rows)
    expect(sighted.FieldHistory.totalCount).toBe(3)
    expect(sighted.MilestoneEvent.nodes[0].Inputs).toMatchObject({ SecretNote__c: 's3cret-1@example.com', 'Account.SecretTier__c': 's3cret-tier' }) // prettier-ignore
  })

  test.each([
    ['a filter', '{ it: Task(where: { Subject: { contains: "s3cret" } }) { totalCount } }', '"totalCount":1'],
    [
      'its opposite',
      '{ it: FeedItem(where: { not: { Body: { contains: "s3cret" } } }) { totalCount } }',
      '"totalCount":0',
    ],
    [
      'a filter through a list',
      '{ it: Case(where: { Tasks: { some: { Subject: { startsWith: "Look at s3cret" } } } }) { totalCount } }',
      '"totalCount":1',
    ],
    [
      'history of a record',
      '{ it: Case(where: { Histories: { some: { Field: { eq: "SecretNote__c" } } } }) { totalCount } }',
      '"totalCount":1',
    ],
    ['groups', '{ it: TaskAggregate(groupBy: [Subject]) { group { Subject } count } }', 's3cret'],
    ['extremes', '{ it: TaskAggregate { max { Subject } } }', 's3cret'],
    [
      'an order and its cursor',
      '{ it: Task(orderBy: [{ Subject: ASC }]) { edges { cursor node { Subject } } } }',
      's3cret',
    ],
  ])('%s tells as little as the row', async (_place, query, told) => {
    const plain = (text: string) => text + [...text.matchAll(/"cursor":"([^"]*)"/g)].map(([, cursor]) => Buffer.from(cursor!, 'base64url')).join() // prettier-ignore
    const ask = async (who: Person) => {
      const answer = await who.text(query)
      expect(JSON.parse(answer).errors).toBeUndefined()
      return plain(answer)
    }
    expect(await ask(people.Sighted!)).toContain(told)
    expect(await ask(people.Blind!)).not.toContain(told)
    expect(await ask(people.Blind!)).not.toMatch(SECRET)
  })

  test('explanations name no condition that names them', async () => {
    expect(await explained(people.Sighted!)).toMatch(/c0nst-when/)
    expect(await explained(people.Sighted!)).toMatch(/c0nst-call/)
    expect(await explained(people.Blind!)).not.toMatch(SECRET)
    expect(await explained(people.Blind!)).toMatch(/Item Answer of Care_v1, run 1/)
  })

  test('why a record is in no process names an entitlement to those alone who may read it', async () => {
    const EntitlementId = await make('Entitlement', { Name: 'Quiet plan', AccountId: await make('Account', { Name: 'Zeta' }) }) // prettier-ignore
    const order = await make('WorkOrder', { Subject: 'Pump', EntitlementId })
    await put({ kind: 'PermissionSet', name: 'Outside', label: 'Outside', objects: { WorkOrder: { read: true } } })
    const why = async (who: Person) => (await who.data('query ($id: ID!) { milestone { explain(id: $id) { text } } }', { id: order })).milestone.explain.text // prettier-ignore
    expect(await why(admin)).toMatch(/Its entitlement Quiet plan names no entitlement process/)
    expect(await why(await server.person('outside@example.com', 'Outside'))).toBe('The record is in no process.')
  })

  test('documents come without the formulas, filters and defaults that name them; who views set-up sees those', async () => {
    expect(await people.Blind!.text(METADATA)).not.toMatch(SECRET)
    const texts = ['c0nst-formula', 'c0nst-parent', 'c0nst-default', 'c0nst-rollup', 'c0nst-view']
    const sighted = await people.Sighted!.text(METADATA)
    for (const text of texts) expect(sighted).toContain(text)
    const { metadata } = await people.Blind!.data('{ metadata { object(name: "Case") { field(name: "Open__c") { name formula } listViews { name } } } }') // prettier-ignore
    expect(metadata.object.field).toEqual({ name: 'Open__c', formula: null })
    expect(metadata.object.listViews.map((view: Json) => view.name)).not.toEqual(expect.arrayContaining([expect.stringMatching(/_Filter$/)])) // prettier-ignore
    expect((await people.Blind!.text(INTROSPECTION)).match(/.{30}(s3cret|c0nst|Secret).{30}/g)).toBeNull()
  })

  test('forecast and simulation hold none', async () => {
    expect(await people.Blind!.text('{ milestone { forecast(within: "P7D") { breaches { recordId milestone target ownerId } } } }')).not.toMatch(SECRET) // prettier-ignore
    const simulate = '{ process { simulate(version: "Care_v1") { findings { message } changes { recordId milestone statusToday statusSimulated } milestones { milestone } } } }' // prettier-ignore
    expect(await people.Manager!.text(simulate)).not.toMatch(SECRET)
    expect((await people.Blind!.ask(simulate)).errors).toBeDefined()
  })

  test('subscribers are told as little', async () => {
    const asked = 'subscription { TaskChanged { change fields record { Subject Status } } }'
    const [blind, sighted] = [await hear(people.Blind!, asked), await hear(people.Sighted!, asked)]
    const { Task } = await admin.data('{ Task { nodes { Id } } }')
    for (let n = 0; blind.events.length === 0 || sighted.events.length === 0; n++)
      await admin.data('mutation ($id: ID!, $s: String) { TaskUpdate(Id: $id, input: { Subject: $s }) { errors { message } } }', { id: Task.nodes[0].Id, s: `s3cret-${n}` }) // prettier-ignore
    expect(JSON.stringify(sighted.events)).toMatch(SECRET)
    expect(JSON.stringify(blind.events)).toMatch(/Withheld/)
    expect(JSON.stringify(blind.events)).not.toMatch(SECRET)
  })

  test('errors of a save name none', async () => {
    const stale = await update(people.Blind!, { Subject: 'y' }, ', version: 1')
    expect(stale).toContain('STALE')
    const { Task } = await admin.data('{ Task { nodes { Id } } }')
    const task = await people.Blind!.text('mutation ($id: ID!) { TaskUpdate(Id: $id, version: 900, input: { Subject: "mine" }) { errors { code conflict } } }', { id: Task.nodes[0].Id }) // prettier-ignore
    expect(task).toContain('STALE')
    const tries = [
      task,
      stale,
      await update(people.Blind!, { Subject: 'break' }),
      await update(people.Blind!, { Sub__c: 'b' }),
      await people.Blind!.text('mutation ($id: ID!) { CaseUpdate(Id: $id, version: 1, input: { SecretNote__c: "x" }) { errors { message conflict } } }', { id: ids.case }), // prettier-ignore
    ]
    for (const text of tries) expect(text).not.toMatch(SECRET)
    expect(tries[2]).toContain('VALIDATION_RULE')
    expect(tries[3]).toContain('NOT_IN_PICKLIST')
    expect(await update(people.Sighted!, { Sub__c: 'b' })).toContain('s3cret-stage')
  })

  test('a failed action that is tried again tells why to those alone who may know', async () => {
    const { MilestoneTimer } = await admin.data('{ MilestoneTimer(where: { Status: { eq: "Failed" }, Name: { contains: "Fails" } }) { nodes { Id } } }') // prettier-ignore
    const again = (who: Person) => who.text('mutation ($id: ID!) { timer { retry(id: $id) { errors { code message } } } }', { id: MilestoneTimer.nodes[0].Id }) // prettier-ignore
    expect(await again(people.Blind!)).toMatch(/FAILED_AGAIN.*can’t see/)
    expect(await again(people.Sighted!)).toMatch(SECRET)
  })

  test('a plan names no value that does not convert to an administrator of metadata without the grant', async () => {
    await put(await grants('Modeller', HIDDEN, { system: ['manageMetadata'] }))
    const modeller = await server.person('modeller@example.com', 'Modeller')
    const plan = (who: Person) =>
      who.text('mutation ($d: JSON) { metadataPlan(allowDestructive: true, changes: [{ kind: Field, name: "Account.SecretSize__c", document: $d }]) { losses } }', { d: field('Account.SecretSize__c', 'Number', { precision: 9, scale: 0 }) }) // prettier-ignore
    expect(await plan(modeller)).toMatch(/becomes blank in 1 record whose value is no Number\./)
    expect(await plan(admin)).toMatch(SECRET)
  })

  test('a rename, a grant that is taken away and a delete: what was written before follows', async () => {
    const history = '{ FieldHistory { nodes { NewValue } } Task { nodes { Subject } } }'
    const renamed = { ...field('Case.Quiet__c', 'Text', { length: 80, trackHistory: true, indexed: true }) }
    await server.change({ kind: 'Field', name: 'Case.Quiet__c', renameFrom: 'Case.SecretNote__c', document: renamed })
    expect(await people.Sighted!.text(history)).toMatch(SECRET)
    expect(await people.Blind!.text(history)).not.toMatch(SECRET)
    await put(await grants('Sighted', ['Case.Quiet__c', 'Case.SecretPast__c']))
    expect(await people.Sighted!.text(history)).not.toMatch(SECRET)
    await put(await grants('Sighted', []))
    expect(await people.Sighted!.text(history)).toMatch(/s3cret-past/)
    const gone = '[{ kind: Field, name: "Case.SecretPast__c", delete: true }]'
    const { metadataPlan } = await admin.data(`mutation { metadataPlan(allowDestructive: true, changes: ${gone}) { planId findings { message } } }`) // prettier-ignore
    await admin.data('mutation ($id: ID!) { metadataApply(planId: $id) { findings { message } } }', { id: metadataPlan.planId }) // prettier-ignore
    expect(await people.Sighted!.text(history)).not.toMatch(/s3cret-past/)
    expect(await admin.text(history)).toMatch(/s3cret-past/)
  })

  test('that actions copied before their rows said of what are withheld, too; what people wrote is not', async () => {
    const { database, catalogs } = server.app.engine
    await make('Task', { Subject: 'By hand', WhatId: ids.case })
    const forget = async (name: string) => {
      const object = catalogs.current().object(name)!
      await database.transaction((tx) => tx.run(`UPDATE ${quote(object.table)} SET ${quote(object.quotes!.sources.column!)} = NULL`)) // prettier-ignore
    }
    const texts = async (who: Person): Promise<string[]> => {
      const { Task, FeedItem } = await who.data('{ Task { nodes { Subject } } FeedItem { nodes { Body } } }')
      return [...Task.nodes, ...FeedItem.nodes].map((row: Json) => row.Subject ?? row.Body).sort()
    }
    const three = (text: RegExp) => ['By hand', ...Array.from({ length: 3 }, () => expect.stringMatching(text))]
    const { Post: _, Make: __, ...others } = Object.fromEntries(catalogs.current().actions)
    // Of the record's fields all count, whatever an action that is gone has named.
    for (const actions of [catalogs.current().actions, new Map(Object.entries(others))]) {
      for (const name of ['Task', 'FeedItem']) await forget(name)
      expect(await texts(people.Blind!)).toEqual(three(SECRET))
      await noteActionSources(database, { ...catalogs.current(), actions })
      expect(await texts(people.Blind!)).toEqual(three(/^Withheld: /))
      expect(await texts(people.Sighted!)).toEqual(three(SECRET))
    }
  })
})
