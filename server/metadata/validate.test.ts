import { describe, expect, test } from 'vitest'
import { KINDS, validateDocuments } from './index.ts'

const process = {
  kind: 'EntitlementProcess',
  name: 'P_v1',
  process: 'P',
  version: 1,
  label: 'P',
  object: 'Case',
  status: 'draft',
}
const item = { name: 'A', milestone: 'First Response', target: { minutes: 5 } }
const action = { kind: 'Action', name: 'A', label: 'A', object: 'Case' }

/** One row a mistake: the document, where, and words of the message or hint. */
// prettier-ignore
const mistakes: [string, unknown, string | undefined, RegExp][] = [
  ['no object', 'text', undefined, /JSON object in braces/],
  ['no kind', { name: 'X' }, 'kind', /does not say its kind.*Object, Field/],
  ['kind misspelt', { kind: 'Feild', name: 'X' }, 'kind', /Did you mean Field\?/],
  [
    'type misspelt',
    { kind: 'Field', name: 'Case.X__c', label: 'X', type: 'Piklist' },
    'type',
    /`type` must be one of.*Did you mean Picklist\?/,
  ],
  [
    'key misspelt',
    { kind: 'Field', name: 'Case.X__c', label: 'X', type: 'Text', requird: true },
    'requird',
    /There is no key `requird` here\..*Did you mean required\?/,
  ],
  [
    'label missing',
    { kind: 'Field', name: 'Case.X__c', type: 'Text' },
    'label',
    /`label` is missing\..*What people read/,
  ],
  [
    'wrong type',
    { kind: 'Field', name: 'Case.X__c', label: 'X', type: 'Text', length: 'long' },
    'length',
    /must be a whole number, not "long"/,
  ],
  [
    'out of range',
    { kind: 'Field', name: 'Case.X__c', label: 'X', type: 'Number', precision: 30 },
    'precision',
    /at most 18/,
  ],
  [
    'empty picklist',
    { kind: 'Field', name: 'Case.X__c', label: 'X', type: 'Picklist', valueSet: { values: [] } },
    'valueSet.values',
    /needs at least one entry/,
  ],
  [
    'value without value',
    { kind: 'Field', name: 'Case.X__c', label: 'X', type: 'Picklist', valueSet: { values: [{ label: 'A' }] } },
    'valueSet.values[0].value',
    /`value` is missing/,
  ],
  [
    'two units',
    { ...process, milestones: [{ ...item, target: { minutes: 5, hours: 1 } }] },
    'milestones[0].target',
    /exactly one of minutes, hours/,
  ],
  [
    'no unit',
    { ...process, milestones: [{ ...item, target: {} }] },
    'milestones[0].target',
    /exactly one of minutes, hours/,
  ],
  [
    'no time',
    { ...process, milestones: [{ ...item, target: { minutes: 0 } }] },
    'milestones[0].target.minutes',
    /more than 0/,
  ],
  [
    'watch without reference',
    { ...process, milestones: [{ ...item, completion: [{ object: 'Task', when: 'TRUE' }] }] },
    'milestones[0].completion[0].through',
    /`object` needs `through` beside it/,
  ],
  ['no milestones', { ...process, milestones: [] }, 'milestones', /at least one entry/],
  [
    'bad prefix',
    {
      kind: 'Object',
      name: 'X__c',
      label: 'X',
      pluralLabel: 'Xs',
      nameField: { label: 'N', type: 'Text' },
      keyPrefix: '5',
    },
    'keyPrefix',
    /form it needs/,
  ],
  ['action type misspelt', { ...action, type: 'FieldUpdat' }, 'type', /Did you mean FieldUpdate\?/],
  [
    'action key of another type',
    { ...action, type: 'Task', subject: 'S', formula: 'TRUE' },
    'formula',
    /no key `formula`/,
  ],
  ['action without its key', { ...action, type: 'FieldUpdate', field: 'X' }, 'formula', /`formula` is missing/],
  [
    'recipient is no word',
    { ...action, type: 'EmailAlert', template: 'T', recipients: ['ownr'] },
    'recipients[0]',
    /Did you mean owner\?/,
  ],
  [
    'unknown grant',
    { kind: 'PermissionSet', name: 'P', label: 'P', objects: { Case: { fields: { Subject: 'write' } } } },
    'objects.Case.fields.Subject',
    /must be one of read, edit, none/,
  ],
  [
    'unknown system permission',
    { kind: 'PermissionSet', name: 'P', label: 'P', system: ['manageUser'] },
    'system[0]',
    /Did you mean manageUsers\?/,
  ],
]

describe('a wrong document gets one finding that names the place and the next step', () => {
  test.each(mistakes)('%s', (_, document, path, words) => {
    const findings = validateDocuments([{ file: 'x.json', document }])
    expect(findings.map((f) => f.path)).toEqual([path])
    expect(`${findings[0]?.message} ${findings[0]?.hint}`).toMatch(words)
    expect(findings[0]).toMatchObject({ file: 'x.json', severity: 'error' })
    expect(findings[0]?.hint).toBeTruthy()
  })
})

test('all mistakes of all documents come at once', () => {
  const findings = validateDocuments([
    { file: 'a.json', document: { kind: 'Field', name: 'Case.X__c', type: 'Txt', lenght: 4 } },
    { file: 'b.json', document: { kind: 'Layout', name: 'Case.Default' } },
  ])
  expect(findings.map((f) => `${f.file} ${f.path}`).sort()).toEqual([
    'a.json label',
    'a.json lenght',
    'a.json type',
    'b.json label',
    'b.json sections',
  ])
})

test('every kind has a schema that accepts its own smallest document and refuses an empty one', () => {
  for (const kind of Object.keys(KINDS)) expect(validateDocuments([{ document: { kind } }]).length).toBeGreaterThan(0)
})
