import { expect, test } from 'vitest'
import type { ObjectDetail } from '$lib/api/metadata.ts'
import { apiNameOf, nameProblem, pluralOf } from './api-name.ts'
import type { PermissionSetDocument } from './access.ts'
import { Change } from './change.svelte.ts'
import { FieldForm } from './field-form.svelte.ts'
import { ObjectForm } from './object-form.svelte.ts'

test.each([
  ['Customer’s region (EMEA)', 'Customers_region_EMEA__c'],
  ['Größe', 'Grosse__c'],
  ['3rd party', 'X3rd_party__c'],
  ['   ', ''],
  ['日本', ''],
])('the API name of “%s”', (label, name) => {
  const made = apiNameOf(label)
  expect(made).toBe(name)
  if (made) expect(nameProblem(made, [])).toBeUndefined()
})

test.each([
  ['', /Give it/],
  ['Region', /ends in __c/],
  ['Re__gion__c', /single underscores/],
  ['9a__c', /beginning with a letter/],
  ['region__c', /taken/],
])('“%s” will not do', (name, message) => expect(nameProblem(name, ['Region__c'])).toMatch(message))

test('plurals are guessed', () => {
  expect(['Onboarding', 'Company', 'Address', 'Day'].map(pluralOf)).toEqual([
    'Onboardings',
    'Companies',
    'Addresses',
    'Days',
  ])
})

const object = {
  name: 'Case', label: 'Case', pluralLabel: 'Cases', custom: false, fields: [{ name: 'Region__c' }], children: [],
  layouts: [{ name: 'Case.Default', label: 'Case', sections: [{ label: 'Case', columns: 2, fields: ['Subject'] }] }],
} as unknown as ObjectDetail // prettier-ignore
const layouts = [{ kind: 'Layout', ...object.layouts[0]! }]
const sets: PermissionSetDocument[] = [
  {
    kind: 'PermissionSet',
    name: 'Agent',
    label: 'Agent',
    objects: { Case: { read: true, edit: true, fields: { Subject: 'edit' } } },
  },
  { kind: 'PermissionSet', name: 'Other', label: 'Other' },
]

test('what is missing is said beside each input', () => {
  const form = new FieldForm(object)
  form.choose('Picklist')
  form.label = 'Region'
  expect(form.check()).toBe(false)
  expect(Object.keys(form.errors).sort()).toEqual(['name', 'valueSet'])
})

test('one plan holds the field, its place and its permissions, and nothing that was not asked', () => {
  const form = new FieldForm(object)
  form.choose('Picklist')
  form.label = 'Sales region'
  form.values = [{ value: 'EMEA' }]
  form.required = true
  form.unique = true
  form.access = { Agent: 'edit', Other: 'none' }
  expect(form.check()).toBe(true)
  expect(form.changes(sets, layouts)).toEqual([
    { kind: 'Field', name: 'Case.Sales_region__c', document: { kind: 'Field', name: 'Case.Sales_region__c', label: 'Sales region', type: 'Picklist', required: true, valueSet: { restricted: true, values: [{ value: 'EMEA' }] } } },
    { kind: 'Layout', name: 'Case.Default', document: { ...layouts[0], sections: [{ label: 'Case', columns: 2, fields: ['Subject', 'Sales_region__c'] }] } },
    { kind: 'PermissionSet', name: 'Agent', document: { ...sets[0], objects: { Case: { read: true, edit: true, fields: { Subject: 'edit', Sales_region__c: 'edit' } } } } },
  ]) // prettier-ignore
})

test('a master-detail field has no delete rule of its own, and says whether its records may move', () => {
  const form = new FieldForm(object)
  form.choose('MasterDetail')
  form.label = 'Account'
  form.referenceTo = 'Account'
  const document = { kind: 'Field', name: 'Case.Account__c', label: 'Account', type: 'MasterDetail', referenceTo: ['Account'], childRelationshipName: 'Cases__r' } // prettier-ignore
  expect(form.document()).toEqual(document)
  form.reparentable = true
  expect(form.document()).toEqual({ ...document, reparentableMasterDetail: true })
  form.choose('Lookup')
  expect(form.document()).toMatchObject({ type: 'Lookup', deleteConstraint: 'SetNull' })
})

test('a default is written in the field’s own form', () => {
  const form = new FieldForm(object)
  form.choose('Number')
  form.label = 'Seats'
  form.defaultValue = '1,250'
  expect(form.document()).toMatchObject({ type: 'Number', precision: 15, scale: 0, defaultValue: 1250 })
  form.choose('Checkbox')
  form.defaultValue = 'true'
  expect(form.document()).toMatchObject({ type: 'Checkbox', defaultValue: true })
})

test('a new object is opened to the permission sets that were chosen, with what there is to be filled in', () => {
  const form = new ObjectForm()
  form.label = 'Visit'
  form.access = { Agent: 'edit', Other: 'read', Nobody: 'none' }
  const grants = () => form.changes(sets).filter(({ kind }) => kind === 'PermissionSet')
  expect(grants()).toEqual([
    { kind: 'PermissionSet', name: 'Agent', document: { ...sets[0], objects: { ...sets[0]!.objects, Visit__c: { create: true, read: true, edit: true, fields: { Name: 'edit', OwnerId: 'edit', EntitlementId: 'edit', SlaStartDate: 'edit', BusinessHoursId: 'edit' } } } } },
    { kind: 'PermissionSet', name: 'Other', document: { ...sets[1], objects: { Visit__c: { read: true } } } },
  ]) // prettier-ignore
  form.nameType = 'AutoNumber'
  form.enableProcesses = false
  expect(grants()[0]).toMatchObject({ document: { objects: { Visit__c: { fields: { OwnerId: 'edit' } } } } })
  form.access = {}
  expect(grants()).toEqual([])
})

test('a question of a plan is answered by planning again, and may be answered otherwise', async () => {
  const question = { kind: 'Field', name: 'Case.B__c', text: 'Which?', choices: [{ id: 'a', text: 'A, renamed' }] }
  const asked: unknown[] = []
  const change = new Change([])
  await change.planWith(async (_agreed, answers) => {
    asked.push([...answers])
    const open = answers.size === 0
    const findings = [{ code: 'WHICH_DOCUMENT', severity: 'error', message: 'Which?' }] as const
    return { planId: '1', steps: [], warnings: [], losses: [], questions: open ? [question] : [], findings: open ? findings : [] } // prettier-ignore
  })
  expect([change.general, change.ready, change.questions]).toEqual([[], false, [question]])
  await change.answer(question, 'a')
  expect([change.ready, change.questions]).toEqual([true, [question]])
  await change.answer(question, undefined)
  expect(asked).toEqual([[], [['Field Case.B__c', { sameAs: 'a' }]], [['Field Case.B__c', { isNew: true }]]])
})
