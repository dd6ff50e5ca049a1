import { describe, expect, test } from 'vitest'
import { compileCatalog, type Document } from './index.ts'
import { field, house, object } from './test/shipped.ts'

const pets = object('Pet__c', { closedWhen: 'Gone__c', enableProcesses: true })
const gone = field('Pet__c.Gone__c', 'Checkbox')
const item = { name: 'A', milestone: 'Fed', target: { minutes: 5 } }
const process = (more: object = {}, name = 'Feeding_v1'): Document =>
  ({
    kind: 'EntitlementProcess',
    name,
    process: 'Feeding',
    version: 1,
    label: 'Feeding',
    object: 'Pet__c',
    status: 'active',
    isDefault: true,
    milestones: [item],
    ...more,
  }) as Document
const other = (document: object): Document => document as Document
const base = [pets, gone]

const controlled = (name: string, controllingField: string): Document =>
  field(`Pet__c.${name}`, 'Picklist', { valueSet: { values: [{ value: 'x' }], controllingField } })

/** One row a mistake: documents beside a sound object, the file and path of the finding, words of it. */
/** An e-mail alert of Pet__c with a template made for `object`. */
const alert = (object: string, recipients: readonly unknown[]): Document[] => [
  other({ kind: 'EmailTemplate', name: 'T', object, subject: 'Late', body: 'Late' }),
  other({ kind: 'Action', name: 'A', label: 'A', object: 'Pet__c', type: 'EmailAlert', template: 'T', recipients }),
]

const mistakes: [string, Document[], string, RegExp][] = [
  [
    'an unknown object',
    [field('Pett__c.X__c', 'Text')],
    'objects/Pett__c/fields/X__c.json name',
    /no object Pett__c.*Pet__c\?/,
  ],
  [
    'a lookup to nowhere',
    [field('Pet__c.A__c', 'Lookup', { referenceTo: ['Acount'] })],
    'objects/Pet__c/fields/A__c.json referenceTo[0]',
    /no object Acount.*Account\?/,
  ],
  [
    'texts that are made of other fields, of which there is none',
    [object('Note__c', { quotes: ['Body__c'] })],
    'objects/Note__c/object.json quotes[0]',
    /Body__c/,
  ],
  [
    'an action that makes rows of the platform',
    [other({ kind: 'Action', name: 'A', label: 'A', object: 'Pet__c', type: 'CreateRecord', create: 'FieldHistory', values: {} })], // prettier-ignore
    'actions/A.json create',
    /by the platform alone/,
  ],
  [
    'the table of another object',
    [object('Cow__c', { physicalName: 'o_x' }), object('Dog__c', { physicalName: 'o_x' })],
    'objects/Dog__c/object.json physicalName',
    /share its table/,
  ],
  [
    'a table of the platform',
    [object('Dog__c', { physicalName: 'session' })],
    'objects/Dog__c/object.json physicalName',
    /share its table/,
  ],
  [
    'the column of a field of the platform',
    [field('Pet__c.A__c', 'Text', { physicalName: 'c_name' })],
    'objects/Pet__c/fields/A__c.json id',
    /column/,
  ],
  [
    'the id of a field of the platform',
    [field('Pet__c.A__c', 'Text', { id: 'Pet__c.Name' })],
    'objects/Pet__c/fields/A__c.json id',
    /id/,
  ],
  [
    'a name that is none',
    [field('Pet__c.1x__c', 'Text')],
    'objects/Pet__c/fields/1x__c.json name',
    /begin with a letter/,
  ],
  [
    'a name too long',
    [field(`Pet__c.${'a'.repeat(41)}__c`, 'Text')],
    `objects/Pet__c/fields/${'a'.repeat(41)}__c.json name`,
    /longer than 40/,
  ],
  [
    'a custom object without __c on its field',
    [field('Pet__c.Color', 'Text')],
    'objects/Pet__c/fields/Color.json name',
    /end in __c/,
  ],
  ['a reserved name', [field('Case.OwnerId', 'Text')], 'objects/Case/fields/OwnerId.json name', /platform uses itself/],
  ...[
    'Id',
    'Version',
    'OwnerId',
    'ownerid',
    'and',
    'not',
    'display',
    'constructor',
    'hasOwnProperty',
    'prototype',
    'null',
  ].map((name): (typeof mistakes)[number] => [
    `a name field called ${name}`,
    [object('Toy__c', { nameField: { name, label: 'Toy', type: 'Text' } })],
    'objects/Toy__c/object.json nameField.name',
    new RegExp(`${name} is a name the platform uses itself`),
  ]),
  ...['and', 'or', 'not', 'constructor', 'true', 'SetupOwner', 'SourceFields'].map(
    (name): (typeof mistakes)[number] => [
      `a field called ${name}`,
      [field(`Case.${name}`, 'Text')],
      `objects/Case/fields/${name}.json name`,
      /platform uses itself/,
    ],
  ),
  [
    'a name field that is no name',
    [object('Toy__c', { nameField: { name: '__proto__', label: 'Toy', type: 'Text' } })],
    'objects/Toy__c/object.json nameField.name',
    /begin with a letter/,
  ],
  [
    'a parent called like a joining word of filters',
    [field('Case.OrId', 'Lookup', { referenceTo: ['Account'], relationshipName: 'or' })],
    'objects/Case/fields/OrId.json relationshipName',
    /platform uses itself/,
  ],
  [
    'a list that is no name',
    [field('Pet__c.A__c', 'Lookup', { referenceTo: ['Account'], childRelationshipName: 'my pets__r' })],
    'objects/Pet__c/fields/A__c.json childRelationshipName',
    /only letters, digits/,
  ],
  [
    'an object called like what a lookup to several leads to',
    [object('AccountOrPet__c'), field('Pet__c.A__c', 'Lookup', { referenceTo: ['Pet__c', 'Account'] })],
    'objects/Pet__c/fields/A__c.json referenceTo',
    /the object AccountOrPet__c has that name/,
  ],
  [
    'two lookups that lead to others under one name',
    [
      object('CaseOrPet__c'),
      field('Pet__c.A__c', 'Lookup', { referenceTo: ['Account', 'Case', 'Pet__c'] }),
      field('Pet__c.B__c', 'Lookup', { referenceTo: ['Account', 'CaseOrPet__c'] }),
    ],
    'objects/Pet__c/fields/B__c.json referenceTo',
    /what leads to Account or Case or Pet__c has that name/,
  ],
  [
    'a picklist that controls itself',
    [controlled('A__c', 'A__c')],
    'objects/Pet__c/fields/A__c.json valueSet.controllingField',
    /A__c → A__c/,
  ],
  [
    'picklists that control each other in a ring',
    [controlled('A__c', 'B__c'), controlled('B__c', 'C__c'), controlled('C__c', 'a__c')],
    'objects/Pet__c/fields/A__c.json valueSet.controllingField',
    /A__c → B__c → C__c → A__c/,
  ],
  ['two names alike', [field('Pet__c.gone__c', 'Text')], 'objects/Pet__c/fields/gone__c.json name', /letter case/],
  [
    'a list name twice',
    [
      field('Pet__c.A__c', 'Lookup', { referenceTo: ['Account'], childRelationshipName: 'P__r' }),
      field('Pet__c.B__c', 'Lookup', { referenceTo: ['Account'], childRelationshipName: 'P__r' }),
    ],
    'objects/Pet__c/fields/B__c.json childRelationshipName',
    /taken by Pet__c\.A__c/,
  ],
  [
    'a list of a custom lookup without __r',
    [field('Pet__c.A__c', 'Lookup', { referenceTo: ['Account'], childRelationshipName: 'Pets' })],
    'objects/Pet__c/fields/A__c.json childRelationshipName',
    /end in __r/,
  ],
  [
    'a picklist without values',
    [field('Pet__c.A__c', 'Picklist')],
    'objects/Pet__c/fields/A__c.json valueSet',
    /needs `valueSet`/,
  ],
  [
    'a key of another type',
    [field('Pet__c.A__c', 'Checkbox', { length: 5 })],
    'objects/Pet__c/fields/A__c.json length',
    /does not belong to a Checkbox/,
  ],
  [
    'a value twice',
    [field('Pet__c.A__c', 'Picklist', { valueSet: { values: [{ value: 'x' }, { value: 'X' }] } })],
    'objects/Pet__c/fields/A__c.json valueSet.values[1].value',
    /twice/,
  ],
  [
    'a default of another type',
    [field('Pet__c.A__c', 'Number', { defaultValue: 'one' })],
    'objects/Pet__c/fields/A__c.json defaultValue',
    /is a number/,
  ],
  [
    'a required lookup that is blanked',
    [field('Pet__c.A__c', 'Lookup', { referenceTo: ['Account'], required: true })],
    'objects/Pet__c/fields/A__c.json deleteConstraint',
    /can't blank it/,
  ],
  [
    'a roll-up through the wrong field',
    [field('Account.P__c', 'RollupSummary', { rollup: { object: 'Case', through: 'ContactId', operation: 'count' } })],
    'objects/Account/fields/P__c.json rollup.through',
    /does not point to Account/,
  ],
  [
    'a field that a formula misspells',
    [field('Pet__c.F__c', 'Formula', { formulaType: 'Checkbox', formula: 'NOT(Gonne__c)' })],
    'objects/Pet__c/fields/F__c.json formula',
    /Gonne__c.*Gone__c/,
  ],
  [
    'a formula of another type',
    [field('Pet__c.F__c', 'Formula', { formulaType: 'Date', formula: '1 + 1' })],
    'objects/Pet__c/fields/F__c.json formula',
    /./,
  ],
  [
    'a validation rule that is not Boolean',
    [other({ kind: 'ValidationRule', name: 'Pet__c.R', errorConditionFormula: '1 + 1', errorMessage: 'no' })],
    'objects/Pet__c/validationRules/R.json errorConditionFormula',
    /./,
  ],
  [
    'a rule beside a field that is not',
    [
      other({
        kind: 'ValidationRule',
        name: 'Pet__c.R',
        errorConditionFormula: 'Gone__c',
        errorMessage: 'no',
        errorDisplayField: 'Goen__c',
      }),
    ],
    'objects/Pet__c/validationRules/R.json errorDisplayField',
    /no field Goen__c.*Gone__c/,
  ],
  [
    'a layout with an unknown list',
    [
      other({
        kind: 'Layout',
        name: 'Pet__c.Default',
        label: 'P',
        sections: [],
        relatedLists: [{ relationship: 'Milestone', fields: ['Name'] }],
      }),
    ],
    'objects/Pet__c/layouts/Default.json relatedLists[0].relationship',
    /Did you mean Milestones\?/,
  ],
  [
    'a list view with an unknown filter',
    [
      other({
        kind: 'ListView',
        name: 'Pet__c.All',
        label: 'P',
        columns: ['Name'],
        filter: { or: [{ Gon__c: { eq: true } }] },
      }),
    ],
    'objects/Pet__c/listViews/All.json filter.or[0].Gon__c',
    /no field Gon__c/,
  ],
  [
    'a process that may not use NOW()',
    [process({ milestones: [{ ...item, when: 'NOW() > CreatedDate' }] })],
    'entitlementProcesses/Feeding_v1.json milestones[0].when',
    /NOW/,
  ],
  [
    'a process that looks at a change in criteria',
    [process({ milestones: [{ ...item, when: 'ISCHANGED(Gone__c)' }] })],
    'entitlementProcesses/Feeding_v1.json milestones[0].when',
    /change/,
  ],
  [
    'a process with an unknown action',
    [process({ milestones: [{ ...item, successActions: ['Cheer'] }] })],
    'entitlementProcesses/Feeding_v1.json milestones[0].successActions[0]',
    /no action Cheer/,
  ],
  [
    'a process on another object',
    [process({ object: 'Account' })],
    'entitlementProcesses/Feeding_v1.json object',
    /not enabled for Account/,
  ],
  [
    'a process named unlike its version',
    [process({}, 'Feeding_v2')],
    'entitlementProcesses/Feeding_v2.json name',
    /named Feeding_v1/,
  ],
  [
    'a milestone after one that is not',
    [process({ milestones: [{ ...item, after: ['Fet'] }] })],
    'entitlementProcesses/Feeding_v1.json milestones[0].after[0]',
    /no item of this process|No item of this process/,
  ],
  [
    'a watch through a lookup to elsewhere',
    [
      process({
        milestones: [{ ...item, completion: [{ object: 'CaseComment', through: 'ParentId', when: 'IsPublished' }] }],
      }),
    ],
    'entitlementProcesses/Feeding_v1.json milestones[0].completion[0].through',
    /does not point to Pet__c/,
  ],
  [
    'a rule that applies no process',
    [
      other({
        kind: 'AutoApplyRule',
        name: 'R',
        object: 'Pet__c',
        order: 1,
        when: 'always',
        apply: { process: 'Feedin' },
      }),
    ],
    'autoApplyRules/R.json apply.process',
    /no entitlement process Feedin/,
  ],
  [
    'a rule that looks for an entitlement where the object has no lookup',
    [
      other({
        kind: 'AutoApplyRule',
        name: 'R',
        object: 'Pet__c',
        order: 1,
        when: 'always',
        apply: { entitlementFrom: ['asset'] },
      }),
    ],
    'autoApplyRules/R.json apply.entitlementFrom[0]',
    /no lookup to Asset/,
  ],
  [
    'an action on a field the platform keeps',
    [
      other({
        kind: 'Action',
        name: 'A',
        label: 'A',
        object: 'Pet__c',
        type: 'FieldUpdate',
        field: 'CreatedDate',
        formula: 'NOW()',
      }),
    ],
    'actions/A.json field',
    /kept by the platform/,
  ],
  [
    'an action whose formula has another type',
    [
      other({
        kind: 'Action',
        name: 'A',
        label: 'A',
        object: 'Pet__c',
        type: 'FieldUpdate',
        field: 'Gone__c',
        formula: '"yes"',
      }),
    ],
    'actions/A.json formula',
    /./,
  ],
  [
    'an e-mail alert with a template for another object',
    [...alert('Case', ['owner'])],
    'actions/A.json template',
    /made for Case, and the action acts for Pet__c/,
  ],
  [
    'a recipient that is no address',
    [...alert('Pet__c', [{ address: 'not mail' }])],
    'actions/A.json recipients[0].address',
    /is no e-mail address/,
  ],
  [
    'a recipient field that leads to no address',
    [...alert('Pet__c', ['owner', { field: 'Gone__c' }])],
    'actions/A.json recipients[1].field',
    /leads to no e-mail address/,
  ],
  [
    'a template with an unknown merge field',
    [other({ kind: 'EmailTemplate', name: 'T', object: 'Pet__c', subject: 'Hello {!Nam}', body: 'x' })],
    'emailTemplates/T.json subject',
    /Nam\b/,
  ],
  [
    'a grant on an unknown field',
    [
      other({
        kind: 'PermissionSet',
        name: 'S',
        label: 'S',
        objects: { Pet__c: { read: true, fields: { Gne__c: 'read' } } },
      }),
    ],
    'permissionSets/S.json objects.Pet__c.fields.Gne__c',
    /no field Gne__c/,
  ],
]

describe('a mistake between documents gets a finding that names the place', () => {
  test('the base has none', () => expect(compileCatalog(house(...base), 1).findings).toEqual([]))
  test.each(mistakes)('%s', (_, documents, place, words) => {
    const { catalog, findings } = compileCatalog(house(...base, ...documents), 1)
    expect(catalog).toBeUndefined()
    expect(findings.map((f) => `${f.file} ${f.path}`)).toEqual([place])
    expect(`${findings[0]?.message} ${findings[0]?.hint ?? ''}`).toMatch(words)
  })
})

test('an object without closedWhen needs an exit', () => {
  const { findings } = compileCatalog(house(object('Pet__c', { enableProcesses: true }), process()), 1)
  expect(findings.map((f) => f.code)).toEqual(['NO_EXIT'])
})

test('a ring of formulas is shown', () => {
  const formula = (name: string, source: string) =>
    field(`Pet__c.${name}__c`, 'Formula', { formulaType: 'Number', formula: source })
  const { findings } = compileCatalog(
    house(...base, formula('A', 'B__c + 1'), formula('B', 'C__c * 2'), formula('C', 'A__c')),
    1,
  )
  expect(findings.map((f) => f.message)).toEqual([
    'This formula needs its own result: Pet__c.A__c → Pet__c.B__c → Pet__c.C__c → Pet__c.A__c.',
  ])
})

test('the position of a mistake inside a template is that of the text', () => {
  const subject = 'Dear {!Name}, about {!Nme}'
  const { findings } = compileCatalog(
    house(...base, other({ kind: 'EmailTemplate', name: 'T', object: 'Pet__c', subject, body: 'x' })),
    1,
  )
  const { at } = findings[0] ?? {}
  expect(subject.slice(at?.start, at?.end)).toBe('Nme')
})

test('an object that quotes other fields gets a field that says which, and hides with its texts', () => {
  const note = (quotes: readonly string[]) =>
    compileCatalog(house(object('Note__c', { quotes }), field('Note__c.Body__c', 'Text')), 1).catalog?.object('Note__c')
  const { quotes } = note(['body__c']) ?? {}
  expect(quotes?.sources).toMatchObject({ id: 'Note__c.SourceFields', readOnly: true, storage: 'json' })
  expect(quotes?.fields?.map((f) => f.name)).toEqual(['Body__c', 'SourceFields'])
  expect(note(['*'])?.quotes?.fields).toBeUndefined()
})

test('a thousand objects of one’s own are the most; those that are shipped do not count', () => {
  const pets = (count: number) => Array.from({ length: count }, (_, i) => object(`Pet${i}__c`))
  expect(compileCatalog(house(...pets(1000)), 1).findings).toEqual([])
  expect(compileCatalog(house(...pets(1001)), 1).findings).toMatchObject([
    { code: 'TOO_MANY', message: 'There are 1001 custom objects, and 1000 is the most.' },
  ])
})
