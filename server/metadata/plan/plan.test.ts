import { describe, expect, test } from 'vitest'
import {
  changesTo,
  compileCatalog,
  planChange,
  whereUsed,
  type Catalog,
  type Change,
  type Document,
  type Plan,
} from '../index.ts'
import { demo, field, object, shippedCatalog, shippedDocuments, standard } from '../test/shipped.ts'

const at = '2026-03-09T12:00:00.000Z'
const agreed = { at }
const start = shippedCatalog()
const write = (document: Document, more: Partial<Change> = {}): Change => ({
  kind: document.kind,
  name: document.name,
  document,
  ...more,
})
const remove = (kind: Change['kind'], name: string): Change => ({ kind, name, document: null })
const stored = (catalog: Catalog, kind: Change['kind'], name: string): Document =>
  catalog.documents.get(kind)?.get(name) as Document
const actions = (plan: Plan) => plan.steps.map((s) => `${s.action} ${s.name}${s.follows ? ' (follows)' : ''}`)
function apply(catalog: Catalog, ...changes: Change[]): Catalog {
  const plan = planChange(catalog, changes, agreed)
  if (!plan.next) throw new Error(JSON.stringify(plan.findings))
  return plan.next
}
const rule = (name: string, formula: string): Document => ({
  kind: 'ValidationRule',
  name,
  errorConditionFormula: formula,
  errorMessage: 'No.',
})

describe('adding', () => {
  const pets = [
    object('Pet__c'),
    field('Pet__c.Owner__c', 'Lookup', { referenceTo: ['Contact'], childRelationshipName: 'Pets__r' }),
    field('Pet__c.Born__c', 'Date'),
  ]
  const plan = planChange(
    start,
    pets.map((d) => write(d)),
  )

  test('an object and its fields in one plan', () => {
    expect(plan.findings).toEqual([])
    expect(actions(plan)).toEqual(['createObject Pet__c', 'addField Pet__c.Owner__c', 'addField Pet__c.Born__c'])
    expect(plan.steps.map((s) => s.text)[2]).toBe('Add the field Pet__c.Born__c (Date).')
  })
  test('gives identities: an id, a free key prefix, a table and columns', () => {
    const made = plan.next?.object('Pet__c')
    expect(made).toMatchObject({ id: 'Pet__c', table: 'o_pet_c', keyPrefix: 'A01' })
    expect(made?.field('Born__c')?.column).toBe('c_born_c')
    expect(plan.next?.object('Contact')?.children.get('Pets__r')).toEqual({
      name: 'Pets__r',
      object: 'Pet__c',
      field: 'Owner__c',
    })
    expect(plan.next?.version).toBe(start.version + 1)
  })
  test('takes nothing from a document that the platform keeps: each gets its own table, column and prefix', () => {
    const brought = { physicalName: 'o_user', keyPrefix: '005', deletedAt: at }
    const { next } = planChange(start, [
      write(object('Pet__c', brought)),
      write(
        field('Pet__c.Name2__c', 'Text', {
          physicalName: 'c_is_deleted',
          formerColumns: [{ column: 'c_id', form: 'text', leftAt: at }],
          deletedAt: at,
        }),
      ),
    ])
    expect(next?.object('Pet__c')).toMatchObject({ table: 'o_pet_c', keyPrefix: 'A01' })
    expect(next?.object('Pet__c')?.field('Name2__c')).toMatchObject({ column: 'c_name2_c' })
    expect(next?.object('Pet__c')?.field('Name2__c')?.document).not.toHaveProperty('formerColumns')
    const moved = planChange(plan.next!, [write({ ...stored(plan.next!, 'Object', 'Pet__c'), ...brought, label: 'P' } as Document)]) // prettier-ignore
    expect(moved.next?.object('Pet__c')).toMatchObject({ label: 'P', table: 'o_pet_c', keyPrefix: 'A01' })
  })
  test.each(['session', 'c_ID', 'o_"x', 'c_a\0', `o_${'x'.repeat(70)}`])(
    'refuses %j as a physical name',
    (physicalName) => {
      const { findings } = planChange(start, [write(object('Pet__c', { physicalName }))])
      expect(findings).toMatchObject([{ path: 'physicalName', message: expect.stringContaining('physicalName') }])
    },
  )
  test.each(['Case.\0', 'Case."x', 'a b'])('refuses %j as an id', (id) =>
    expect(planChange(start, [write(field('Case.X__c', 'Text', { id }))]).findings).toMatchObject([{ path: 'id' }]),
  )
  test.each<[string, Document]>([
    ['platform', { ...stored(start, 'Object', 'FieldHistory'), platform: false } as Document],
    ['accessFrom', { ...stored(start, 'Object', 'FieldHistory'), accessFrom: 'CreatedById' } as Document],
    ['readOnly', { ...stored(start, 'Field', 'Case.ClosedDate'), readOnly: false } as Document],
    ['names', { ...stored(start, 'Field', 'PermissionSetAssignment.PermissionSet'), names: 'Action' } as Document],
    ['required', { ...stored(start, 'Field', 'User.Username'), required: false } as Document],
    ['unique', { ...stored(start, 'Field', 'User.Username'), unique: false } as Document],
    ['required', { ...stored(start, 'Field', 'User.Phone'), required: true } as Document],
    ['length', { ...stored(start, 'Field', 'User.Username'), length: 5 } as Document],
    ['personal', { ...stored(start, 'Field', 'User.Title'), personal: false } as Document],
    ['personal', { ...stored(start, 'Field', 'User.Email'), personal: true } as Document],
    ['uniqueWith', { ...stored(start, 'Field', 'PermissionSetAssignment.PermissionSet'), uniqueWith: undefined } as Document], // prettier-ignore
    ['format', { ...stored(start, 'Field', 'User.TimeZone'), format: undefined } as Document],
    ['unique', { ...stored(start, 'Field', 'BusinessHours.DeveloperName'), unique: false } as Document],
    ['defaultValue', { ...stored(start, 'Field', 'PermissionSetAssignment.PermissionSet'), defaultValue: 'System_Administrator' } as Document], // prettier-ignore
    ['nameField', { ...stored(start, 'Object', 'Group'), nameField: { label: 'Name', type: 'Text' } } as Document],
  ])('%s of what comes with the platform is not changed', (path, document) =>
    expect(planChange(start, [write(document)]).findings).toMatchObject([{ code: 'SHIPPED', path }]),
  )
  test.each<[string, Document]>([
    ['words of a field', { ...stored(start, 'Field', 'User.Phone'), label: 'Extension', helpText: 'Three digits.', trackHistory: true } as Document], // prettier-ignore
    ['words of an object', { ...stored(start, 'Object', 'Group'), label: 'Team', nameField: { ...start.object('Group')!.document.nameField, label: 'Team' } } as Document], // prettier-ignore
    ['what an object of the business requires', { ...stored(start, 'Field', 'Case.Subject'), required: true } as Document], // prettier-ignore
  ])('%s may be changed', (_, document) => expect(planChange(start, [write(document)]).findings).toEqual([]))
  test('leaves the current catalog as it was', () => expect(start.object('Pet__c')).toBeUndefined())
  test('the same again is an empty plan', () => {
    const again = planChange(plan.next!, pets.map((d) => write(d))) // prettier-ignore
    expect(again).toMatchObject({ steps: [], findings: [] })
    expect(again.next).toBe(plan.next)
  })
  test('needs __c', () => {
    expect(planChange(start, [write(object('Pet'))]).findings.map((f) => f.code)).toEqual(['CUSTOM_SUFFIX'])
    expect(planChange(start, [write(field('Case.Region', 'Text'))]).findings.map((f) => f.code)).toEqual([
      'CUSTOM_SUFFIX',
    ])
    expect(planChange(start, [write(field('Case.Region', 'Text'))], { shipped: true }).findings).toEqual([])
  })
  test('a wrong document gives findings and no next', () => {
    const wrong = planChange(start, [write(field('Case.Region__c', 'Txt'))])
    expect(wrong.next).toBeUndefined()
    expect(wrong.findings[0]).toMatchObject({
      code: 'BAD_VALUE',
      file: 'objects/Case/fields/Region__c.json',
      path: 'type',
    })
  })
  test('a broken formula elsewhere is found before it happens', () => {
    const closed = stored(start, 'Field', 'Case.Status') as Document & { kind: 'Field' }
    const broken = planChange(start, [write({ ...closed, type: 'Text', valueSet: undefined } as Document)], {
      ...agreed,
      shipped: true,
    })
    expect(broken.findings.length).toBeGreaterThan(0)
    expect(broken.next).toBeUndefined()
  })
})

describe('renaming', () => {
  const withRule = apply(
    start,
    write(field('Account.Region__c', 'Lookup', { referenceTo: ['Account'], childRelationshipName: 'Regional__r' })),
    write(field('Account.Score__c', 'Number')),
    write(
      rule(
        'Case.Score',
        'AND(Account.Score__c > 5, Account.Region__r.Score__c > /* Score__c */ 3, Subject = "Account.Score__c")',
      ),
    ),
    write({
      kind: 'ListView',
      name: 'Case.Scores',
      label: 'S',
      columns: ['Subject', 'Account.Score__c', 'Account.Region__r.Name'],
      filter: { Account: { Score__c: { gt: 3 } } },
      sort: [{ field: 'Account.Score__c', direction: 'asc' }],
    }),
    write({
      kind: 'EmailTemplate',
      name: 'Scores',
      object: 'Case',
      subject: '{!Account.Score__c} of {!Account.Name} and {!account.score__c}',
      body: 'Score__c',
    }),
    write({
      kind: 'PermissionSet',
      name: 'Scorer',
      label: 'S',
      objects: { Account: { read: true, fields: { Name: 'read', Score__c: 'edit' } } },
    }),
  )
  const score = stored(withRule, 'Field', 'Account.Score__c')
  const plan = planChange(withRule, [write({ ...score, name: 'Account.Health__c' } as Document, { sameAs: score.id! })])
  const next = plan.next!

  test('keeps id and column', () => {
    expect(plan.findings).toEqual([])
    const [before, after] = [withRule.object('Account')?.field('Score__c'), next.object('Account')?.field('Health__c')]
    expect([after?.id, after?.column]).toEqual([before?.id, before?.column])
    expect(next.object('Account')?.field('Score__c')).toBeUndefined()
  })
  test('rewrites formulas by token, and lists, filters, templates and grants', () => {
    expect(stored(next, 'ValidationRule', 'Case.Score')).toMatchObject({
      errorConditionFormula:
        'AND(Account.Health__c > 5, Account.Region__r.Health__c > /* Score__c */ 3, Subject = "Account.Score__c")',
    })
    expect(stored(next, 'ListView', 'Case.Scores')).toMatchObject({
      columns: ['Subject', 'Account.Health__c', 'Account.Region__r.Name'],
      filter: { Account: { Health__c: { gt: 3 } } },
      sort: [{ field: 'Account.Health__c', direction: 'asc' }],
    })
    expect(stored(next, 'EmailTemplate', 'Scores')).toMatchObject({
      subject: '{!Account.Health__c} of {!Account.Name} and {!account.Health__c}',
      body: 'Score__c',
    })
    expect(
      Object.keys(
        (stored(next, 'PermissionSet', 'Scorer') as Document & { kind: 'PermissionSet' }).objects?.['Account']
          ?.fields ?? {},
      ),
    ).toEqual(['Name', 'Health__c'])
  })
  test('shows what was asked and what follows', () => {
    expect(actions(plan)[0]).toBe('renameField Account.Health__c')
    expect(actions(plan).slice(1).sort()).toEqual([
      'changeOther Case.Score (follows)',
      'changeOther Case.Scores (follows)',
      'changeOther Scorer (follows)',
      'changeOther Scores (follows)',
    ])
    expect(plan.steps[0]).toMatchObject({ from: 'Account.Score__c' })
  })
  test('by renameFrom, without an id, is the same and the second time nothing', () => {
    const change = write(field('Account.Health__c', 'Number'), { renameFrom: 'Account.Score__c' })
    const first = planChange(withRule, [
      { ...change, document: { ...change.document, label: score.kind === 'Field' ? score.label : '' } as Document },
    ])
    expect(first.next?.object('Account')?.field('Health__c')?.id).toBe('Account.Score__c')
    expect(
      planChange(first.next!, [{ ...change, document: stored(first.next!, 'Field', 'Account.Health__c') }]).steps,
    ).toEqual([])
  })
  test('of what is not there is refused', () =>
    expect(
      planChange(withRule, [write(field('Account.Health__c', 'Number'), { renameFrom: 'Account.Scor__c' })]).findings,
    ).toEqual([expect.objectContaining({ code: 'NOTHING_TO_RENAME', hint: 'Did you mean Account.Score__c?' })]))
  test('is never guessed: another name without id is another field', () => {
    expect(actions(planChange(withRule, [write(field('Account.Health__c', 'Number'))]))).toEqual([
      'addField Account.Health__c',
    ])
  })
  test('of a lookup renames its parent and its list', () => {
    const region = stored(withRule, 'Field', 'Account.Region__c') as Document & { kind: 'Field' }
    const plan = planChange(withRule, [
      write({ ...region, name: 'Account.Area__c', childRelationshipName: 'Areas__r' }, { sameAs: region.id! }),
    ])
    expect(plan.findings).toEqual([])
    expect(stored(plan.next!, 'ListView', 'Case.Scores')).toMatchObject({
      columns: ['Subject', 'Account.Score__c', 'Account.Area__r.Name'],
    })
    expect(stored(plan.next!, 'ValidationRule', 'Case.Score')).toMatchObject({
      errorConditionFormula: expect.stringContaining('Account.Area__r.Score__c'),
    })
    expect(plan.next?.object('Account')?.children.has('Areas__r')).toBe(true)
  })
  test('of an object takes its fields, layouts, process, rules, actions and grants along', () => {
    const onboarding = stored(start, 'Object', 'Onboarding__c')
    const plan = planChange(start, [
      write({ ...onboarding, name: 'Rollout__c' } as Document, { sameAs: onboarding.id! }),
    ])
    expect(plan.findings).toEqual([])
    const [before, after] = [start.object('Onboarding__c'), plan.next?.object('Rollout__c')]
    expect(after).toMatchObject({ id: before?.id, table: before?.table, keyPrefix: before?.keyPrefix })
    expect(after?.fields.map((f) => [f.id, f.column])).toEqual(before?.fields.map((f) => [f.id, f.column]))
    expect(plan.next?.processes.get('Customer_Onboarding_v1')?.object).toBe('Rollout__c')
    expect(plan.next?.autoApplyRules('Rollout__c')).toHaveLength(1)
    expect(plan.next?.permissionSets.get('Support_Agent')?.objects).toHaveProperty('Rollout__c')
    expect(plan.next?.object('Entitlement')?.children.has('Rollouts__r')).toBe(true)
    const others = plan.documents.filter((d) => d.kind !== 'PermissionSet')
    expect(
      JSON.stringify(others, (key, value: unknown) => (key === 'id' || key === 'physicalName' ? undefined : value)),
    ).not.toContain('Onboarding__c')
  })
  test('of what is shipped is refused', () => {
    const priority = stored(start, 'Field', 'Case.Priority')
    expect(
      planChange(start, [write({ ...priority, name: 'Case.Urgency' } as Document)]).findings.map((f) => f.code),
    ).toEqual(['SHIPPED'])
  })
})

describe('deleting', () => {
  const base = apply(
    start,
    write(field('Case.Region__c', 'Text')),
    write({ ...stored(start, 'Layout', 'Case.Default'), highlights: ['Region__c', 'Status'] } as Document),
    write({
      kind: 'PermissionSet',
      name: 'Scorer',
      label: 'S',
      objects: { Case: { read: true, fields: { Region__c: 'edit', Subject: 'read' } } },
    }),
    write({ kind: 'ListView', name: 'Case.Regions', label: 'R', columns: ['CaseNumber', 'Region__c', 'Subject'] }),
  )
  test('is refused while a rule uses it, with the list of places', () => {
    const used = apply(base, write(rule('Case.Needs_region', 'ISBLANK(Region__c)')))
    const plan = planChange(used, [remove('Field', 'Case.Region__c')], agreed)
    expect(plan.next).toBeUndefined()
    expect(plan.findings).toEqual([
      expect.objectContaining({
        code: 'IN_USE',
        message:
          "Case.Region__c can't be deleted while it is used by ValidationRule Case.Needs_region (errorConditionFormula).",
      }),
    ])
    expect(
      planChange(used, [remove('Field', 'Case.Region__c'), remove('ValidationRule', 'Case.Needs_region')], agreed)
        .findings,
    ).toEqual([])
  })
  test('says where something is used', () => {
    expect(whereUsed(start, 'Action', 'Case_Escalate').map((u) => `${u.name} ${u.path}`)).toContain(
      'Standard_Support_v1 milestones[0].violations[0].actions[0]',
    )
    const uses = whereUsed(start, 'Field', 'Contact.Email').map((u) => `${u.kind} ${u.name}`)
    expect(uses).toEqual(
      expect.arrayContaining([
        'EntitlementProcess Standard_Support_v1',
        'Layout Contact.Default',
        'PermissionSet Read_Only',
      ]),
    )
    expect(
      whereUsed(start, 'Field', 'Case.SuppliedName').every((u) => u.kind === 'Layout' || u.kind === 'PermissionSet'),
    ).toBe(true)
  })
  test('hides a field, takes it off layouts, lists and grants, and keeps its column', () => {
    const plan = planChange(base, [remove('Field', 'Case.Region__c')], agreed)
    expect(plan.findings).toEqual([])
    expect(actions(plan)).toEqual([
      'changeOther Case.Default (follows)',
      'changeOther Case.Regions (follows)',
      'changeOther Scorer (follows)',
      'deleteField Case.Region__c',
    ])
    expect(plan.next?.object('Case')?.field('Region__c')).toBeUndefined()
    expect(plan.next?.deleted).toEqual([
      expect.objectContaining({ name: 'Case.Region__c', physicalName: 'c_region_c', deletedAt: at }),
    ])
    expect(stored(plan.next!, 'Layout', 'Case.Default')).toMatchObject({ highlights: ['Status'] })
    expect(stored(plan.next!, 'ListView', 'Case.Regions')).toMatchObject({ columns: ['CaseNumber', 'Subject'] })
  })
  test('twice is nothing, and a new field of the name gets another column', () => {
    const gone = apply(base, remove('Field', 'Case.Region__c'))
    expect(planChange(gone, [remove('Field', 'Case.Region__c')], agreed).steps).toEqual([])
    const anew = apply(gone, write(field('Case.Region__c', 'Number')))
    expect(anew.object('Case')?.field('Region__c')).toMatchObject({ id: 'Case.Region__c~2', column: 'c_region_c_2' })
  })
  test('can be taken back by the id', () => {
    const gone = apply(base, remove('Field', 'Case.Region__c'))
    const plan = planChange(gone, [write(gone.deleted[0] as Document, { sameAs: gone.deleted[0]!.id! })])
    expect(actions(plan)).toEqual(['restoreField Case.Region__c'])
    expect(plan.next?.object('Case')?.field('Region__c')?.column).toBe('c_region_c')
    expect(plan.next?.deleted).toEqual([])
  })
  test('an object goes with what stands on it and comes back with it', () => {
    const pets = apply(
      start,
      write(object('Pet__c')),
      write(field('Pet__c.Born__c', 'Date')),
      write(rule('Pet__c.R', 'ISBLANK(Born__c)')),
    )
    const gone = apply(pets, remove('Object', 'Pet__c'))
    expect(gone.object('Pet__c')).toBeUndefined()
    expect(gone.deleted.map((d) => d.name).sort()).toEqual(['Pet__c', 'Pet__c.Born__c', 'Pet__c.R'])
    const back = apply(gone, write(gone.deleted.find((d) => d.kind === 'Object') as Document, { sameAs: 'Pet__c' }))
    expect(back.object('Pet__c')?.field('Born__c')?.column).toBe('c_born_c')
    expect(back.object('Pet__c')?.validationRules).toHaveLength(1)
    expect(back.deleted).toEqual([])
  })
  test('an object that others point to is refused', () => {
    const findings = planChange(start, [remove('Object', 'Onboarding__c')], agreed).findings
    expect(findings.every((f) => f.code === 'IN_USE')).toBe(true)
    expect(findings.map((f) => f.message).join()).toMatch(/EntitlementProcess Customer_Onboarding_v1/)
  })
  test('what is shipped, and an active version, are refused; the unknown is only a warning', () => {
    expect(planChange(start, [remove('Field', 'Case.Priority')], agreed).findings.map((f) => f.code)).toEqual([
      'SHIPPED',
    ])
    expect(
      planChange(start, [remove('EntitlementProcess', 'Standard_Support_v1')], agreed).findings.map((f) => f.code),
    ).toEqual(['VERSION_ACTIVE'])
    expect(planChange(start, [remove('Action', 'Case_Escalat')], agreed)).toMatchObject({
      steps: [],
      findings: [],
      warnings: [{ code: 'ALREADY_ABSENT', hint: 'Did you mean Case_Escalate?' }],
    })
  })
})

describe('changing', () => {
  const version = stored(start, 'EntitlementProcess', 'Standard_Support_v1') as Document & {
    kind: 'EntitlementProcess'
  }
  test('an active version is refused, deactivating and a next version are not', () => {
    expect(planChange(start, [write({ ...version, onReopen: 'restart' })]).findings.map((f) => f.code)).toEqual([
      'VERSION_IMMUTABLE',
    ])
    expect(planChange(start, [write({ ...version, status: 'inactive', isDefault: false })]).findings).toEqual([])
    const { id: _, ...copy } = { ...version, name: 'Standard_Support_v2', version: 2, onReopen: 'restart' as const }
    expect(planChange(start, [write(copy)]).findings.map((f) => f.code)).toEqual(['TWO_DEFAULTS'])
    expect(planChange(start, [write(copy), write({ ...version, isDefault: false })]).findings).toEqual([])
  })
  const base = apply(
    start,
    write(field('Case.Size__c', 'Text', { length: 80 })),
    write(field('Case.Count__c', 'Number', { precision: 10, scale: 2 })),
  )
  const change = (name: string, more: object, options = agreed) =>
    planChange(base, [write({ ...stored(base, 'Field', name), ...more } as Document)], options)
  test('a type that stores values otherwise takes a new column and notes the one it leaves', () => {
    const plan = change('Case.Size__c', { type: 'Number', length: undefined })
    expect(plan.findings).toEqual([])
    expect(actions(plan)).toEqual(['changeFieldType Case.Size__c'])
    expect(plan.next?.object('Case')?.field('Size__c')).toMatchObject({
      id: 'Case.Size__c',
      column: 'c_size_c_2',
      storage: 'integer',
      document: { formerColumns: [{ column: 'c_size_c', form: 'text', leftAt: at }] },
    })
  })
  test('a lookup goes back to the column that is tied to the object, whatever that is called by then', () => {
    const lookup = (...referenceTo: string[]) => write(field('Case.Turned__c', 'Lookup', { referenceTo }))
    const tied = apply(apply(base, write(object('Pet__c'))), lookup('Pet__c'))
    const untied = apply(tied, lookup('Pet__c', 'Account'))
    expect(stored(untied, 'Field', 'Case.Turned__c').physicalName).toBe('c_turned_c_2')
    const renamed = apply(untied, { ...write(object('Animal__c')), renameFrom: 'Pet__c' })
    const another = apply(renamed, write(object('Pet__c')))
    expect(stored(apply(another, lookup('Animal__c')), 'Field', 'Case.Turned__c').physicalName).toBe('c_turned_c')
    expect(stored(apply(another, lookup('Pet__c')), 'Field', 'Case.Turned__c').physicalName).toBe('c_turned_c_3')
  })
  test('a field goes back to a column that it had in that form, and to no other', () => {
    const text = stored(base, 'Field', 'Case.Size__c')
    const number = apply(base, write({ ...text, type: 'Number', length: undefined } as Document))
    const back = planChange(number, [write(text)], { at })
    expect(back.steps.map((s) => s.text)).toEqual([
      'Change Case.Size__c from Number to Text and bring back its former values; where one was changed since, the present one is converted.',
    ])
    expect(stored(back.next!, 'Field', 'Case.Size__c')).toMatchObject({
      physicalName: 'c_size_c',
      formerColumns: [{ column: 'c_size_c_2', form: 'integer', leftAt: at }],
    })
    const columnOf = (document: object) =>
      stored(planChange(number, [write(document as Document)], { at }).next!, 'Field', 'Case.Size__c').physicalName
    expect(columnOf({ ...text, type: 'Checkbox', length: undefined })).toBe('c_size_c_3')
    expect(columnOf({ ...text, physicalName: 'c_count_c' })).toBe('c_size_c')
    expect(columnOf({ ...text, type: 'Number', length: undefined, precision: 9 })).toBe('c_size_c_2')
  })
  test('a wider type keeps its column', () => {
    const plan = change('Case.Size__c', { type: 'LongTextArea', length: undefined })
    expect(plan.findings).toEqual([])
    expect(plan.next?.object('Case')?.field('Size__c')?.column).toBe('c_size_c')
  })
  test('a type that has no way there is refused', () =>
    expect(change('Case.Size__c', { type: 'Geolocation', length: undefined }).findings.map((f) => f.code)).toEqual([
      'NO_CONVERSION',
    ]))
  test('fewer digits take a new column', () => {
    const plan = change('Case.Count__c', { scale: 1 })
    expect(plan.next?.object('Case')?.field('Count__c')?.column).toBe('c_count_c_2')
  })
})

test('a roll-up follows the form of the field it sums into a new column', () => {
  const rollup = (field: string): Document => ({
    kind: 'Field',
    name: 'Account.Total__c',
    label: 'Total',
    type: 'RollupSummary',
    rollup: { object: 'Case', through: 'AccountId', operation: 'sum', field },
  })
  const base = apply(start, write(field('Case.Hours__c', 'Number')), write(rollup('Hours__c')))
  expect(base.object('Account')?.field('Total__c')).toMatchObject({ storage: 'integer', column: 'c_total_c' })
  const next = apply(base, write(field('Case.Hours__c', 'Number', { scale: 2 })))
  expect(next.object('Account')?.field('Total__c')).toMatchObject({
    storage: 'decimal',
    scale: 2,
    column: 'c_total_c_2',
  })
})

describe('masters', () => {
  const detail = (name: string, to: string, type = 'MasterDetail') => write(field(name, type, { referenceTo: [to] }))
  const two = [write(object('A__c')), write(object('B__c'))]
  test.each([
    ['itself', [detail('A__c.Up__c', 'A__c')], 'A__c can’t be its own master'],
    ['a ring', [detail('A__c.B__c', 'B__c'), detail('B__c.A__c', 'A__c')], 'A__c → B__c → A__c'],
    ['a ring through accessFrom', [detail('A__c.B__c', 'B__c'), detail('B__c.A__c', 'A__c', 'Lookup'), write(object('B__c', { accessFrom: 'A__c' }))], 'A__c → B__c → A__c'],
  ])('%s is refused in words', (_, changes, words) => {
    const objects = two.filter((t) => !changes.some((c) => c.name === t.name))
    const plan = planChange(start, [...objects, ...changes])
    expect(plan.findings).toMatchObject([{ code: 'MASTER_RING', message: expect.stringContaining(words) as string }])
    expect(plan.next).toBeUndefined()
  }) // prettier-ignore
  test('a ring that is stored already still loads, and stands in the way of nothing but itself', () => {
    const stored = [...two, detail('A__c.Up__c', 'A__c')].map((c) => c.document!)
    const { catalog } = compileCatalog([...shippedDocuments, ...stored], 1)
    expect(planChange(catalog!, [write(field('B__c.Size__c', 'Number'))]).findings).toEqual([])
    expect(planChange(catalog!, [detail('A__c.Up__c', 'A__c', 'Lookup')]).findings).toEqual([])
    expect(planChange(catalog!, [detail('B__c.Up__c', 'B__c')]).findings.map((f) => f.code)).toEqual(['MASTER_RING'])
  })
  test('two masters of one object, and masters of masters, are no ring', () => {
    const changes = [detail('A__c.Case__c', 'Case'), detail('A__c.Account__c', 'Account'), detail('B__c.A__c', 'A__c')]
    expect(planChange(start, [...two, ...changes]).findings).toEqual([])
  })
})

describe('roll-ups of roll-ups', () => {
  const up = (object: string, name: string, rollup: object) =>
    write(field(`${object}.${name}`, 'RollupSummary', { rollup }))
  const sum = (object: string, through: string, source: string, filter?: string) => ({
    object,
    through,
    operation: 'sum',
    field: source,
    ...(filter ? { filter } : {}),
  })
  const base = apply(
    start,
    write(object('A__c')),
    write(object('B__c')),
    write(field('A__c.B__c', 'Lookup', { referenceTo: ['B__c'] })),
    write(field('B__c.A__c', 'Lookup', { referenceTo: ['A__c'] })),
    write(field('A__c.Up__c', 'Lookup', { referenceTo: ['A__c'] })),
    write(field('A__c.N__c', 'Number', { scale: 3 })),
  )
  const ofA = up('A__c', 'Total__c', sum('B__c', 'A__c', 'Sum__c'))
  const ofB = up('B__c', 'Sum__c', sum('A__c', 'B__c', 'N__c'))
  test('are stored like what they are counted from in the end, whatever the order of the documents', () => {
    for (const changes of [
      [ofA, ofB],
      [ofB, ofA],
    ])
      expect(
        apply(base, ...changes)
          .object('A__c')
          ?.field('Total__c'),
      ).toMatchObject({ storage: 'decimal', scale: 3 })
  })
  test.each([
    ['itself', [up('A__c', 'Total__c', sum('A__c', 'Up__c', 'Total__c'))], 'A__c.Total__c → A__c.Total__c'],
    ['each other', [ofA, up('B__c', 'Sum__c', sum('A__c', 'B__c', 'Total__c'))], 'A__c.Total__c → B__c.Sum__c → A__c.Total__c'],
    ['each other through a formula in a filter', [ofA, write(field('A__c.Big__c', 'Formula', { formulaType: 'Checkbox', formula: 'Total__c > 3' })), up('B__c', 'Sum__c', sum('A__c', 'B__c', 'N__c', 'Big__c'))], 'A__c.Total__c → B__c.Sum__c → A__c.Total__c'],
  ])('are not counted from %s', (_, changes, ring) => {
    const plan = planChange(base, changes)
    expect(plan.findings).toMatchObject([{ code: 'ROLLUP_RING', message: expect.stringContaining(ring) as string }])
  }) // prettier-ignore
})

describe('a folder', () => {
  const empty = compileCatalog(standard.documents, 1).catalog!
  test('deploys once, and then nothing', () => {
    const plan = planChange(empty, changesTo(empty, demo.documents), { shipped: true })
    expect(plan.findings).toEqual([])
    expect(planChange(plan.next!, changesTo(plan.next!, shippedDocuments), { shipped: true }).steps).toEqual([])
  })
  test('deletes what it leaves out only when told', () => {
    expect(changesTo(start, standard.documents).some((c) => c.document === null)).toBe(false)
    const plan = planChange(start, changesTo(start, standard.documents, { deleteMissing: true }), {
      ...agreed,
      shipped: true,
    })
    expect(plan.findings.map((f) => f.code)).toEqual(['VERSION_ACTIVE', 'VERSION_ACTIVE', 'VERSION_ACTIVE'])
  })
})
