import { isDay, parseInstant } from '#util'
import type { Catalog, FieldDef } from '../catalog.ts'
import type { FieldDocument, FieldType } from '../documents.ts'
import { defaultRelationshipName, isCustom, splitName } from '../names.ts'
import type { Report } from '../report.ts'
import { checkControl } from './picklist-checks.ts'
import { checkRollupFilter } from './rollup-filter.ts'

type Key = keyof FieldDocument

/** Which keys belong to which types; a key that is not listed belongs to all. */
const KEYS_OF_TYPES: { readonly [key in Key]?: readonly FieldType[] } = {
  length: ['Text', 'LongTextArea', 'RichText', 'Email', 'Phone', 'Url', 'ExternalId', 'MultiselectPicklist'],
  precision: ['Number', 'Currency', 'Percent', 'Formula', 'RollupSummary'],
  scale: ['Number', 'Currency', 'Percent', 'Formula', 'RollupSummary'],
  valueSet: ['Picklist', 'MultiselectPicklist'],
  referenceTo: ['Lookup', 'MasterDetail'],
  relationshipName: ['Lookup', 'MasterDetail'],
  childRelationshipName: ['Lookup', 'MasterDetail'],
  deleteConstraint: ['Lookup'],
  reparentableMasterDetail: ['MasterDetail'],
  displayFormat: ['AutoNumber'],
  names: ['Text'],
  computed: ['Number', 'Percent'],
  format: ['Text'],
  stampWhen: ['DateTime'],
  formula: ['Formula'],
  formulaType: ['Formula'],
  treatBlanksAs: ['Formula'],
  rollup: ['RollupSummary'],
  unique: ['Text', 'Email', 'Phone', 'Url', 'Number', 'ExternalId', 'Date', 'AutoNumber', 'Lookup'],
  uniqueWith: ['Text', 'Email', 'Phone', 'Url', 'Number', 'Date', 'Lookup'],
}
const NEEDED: { readonly [type in FieldType]?: readonly Key[] } = {
  Picklist: ['valueSet'],
  MultiselectPicklist: ['valueSet'],
  Lookup: ['referenceTo'],
  MasterDetail: ['referenceTo'],
  Formula: ['formula', 'formulaType'],
  RollupSummary: ['rollup'],
}

export function checkField(document: FieldDocument, catalog: Catalog, report: Report): void {
  checkKeys(document, report)
  checkDigits(document, report)
  checkValues(document, report)
  checkDefault(document, report)
  checkReference(document, report)
  checkRollup(document, catalog, report)
  checkControl(document, catalog, report)
  checkPersonal(document, report)
  checkComputed(document, catalog, report)
}

function checkComputed({ name, computed, readOnly }: FieldDocument, catalog: Catalog, report: Report): void {
  if (!computed || (readOnly && catalog.object(splitName(name)[0])?.document.clock)) return
  report({
    code: 'NO_CLOCK',
    path: 'computed',
    message: `${name} can't be computed: that takes \`readOnly\` and an object with a \`clock\`.`,
    hint: 'Leave `computed` out, or make it a Formula field.',
  })
}

function checkPersonal({ name, personal }: FieldDocument, report: Report): void {
  if (personal && splitName(name)[0] !== 'User')
    report({
      code: 'USERS_ONLY',
      path: 'personal',
      message: `${name} is no field of users, so it is nobody's own to change.`,
      hint: 'Leave `personal` out.',
    })
}

function checkKeys(document: FieldDocument, report: Report): void {
  for (const key of NEEDED[document.type] ?? [])
    if (document[key] === undefined)
      report({
        code: 'MISSING',
        path: key,
        message: `A ${document.type} field needs \`${key}\`.`,
        hint: `Add it to ${document.name}.`,
      })
  for (const [key, types] of Object.entries(KEYS_OF_TYPES))
    if (document[key as Key] !== undefined && document[key as Key] !== false && !types.includes(document.type))
      report({
        code: 'NOT_FOR_TYPE',
        path: key,
        message: `\`${key}\` does not belong to a ${document.type} field.`,
        hint: `It is for ${types.join(', ')}; leave it out here.`,
      })
}

function checkDigits({ precision, scale, name }: FieldDocument, report: Report): void {
  if (precision !== undefined && scale !== undefined && scale > precision)
    report({
      code: 'BAD_DIGITS',
      path: 'scale',
      message: `${name} has more digits after the point (${scale}) than digits at all (${precision}).`,
      hint: 'Lower `scale` or raise `precision`.',
    })
}

function checkValues({ valueSet }: FieldDocument, report: Report): void {
  const seen = new Set<string>()
  for (const [i, { value }] of (valueSet?.values ?? []).entries()) {
    if (seen.has(value.toLowerCase()))
      report({
        code: 'VALUE_TWICE',
        path: `valueSet.values[${i}].value`,
        message: `The value ${value} stands in the list twice.`,
        hint: 'Remove one of them.',
      })
    if (value.includes(';'))
      report({
        code: 'BAD_VALUE',
        path: `valueSet.values[${i}].value`,
        message: `The value ${value} holds a semicolon, which separates values.`,
        hint: 'Put it into `label` and leave it out of `value`.',
      })
    seen.add(value.toLowerCase())
  }
  if ((valueSet?.values.filter((v) => v.default).length ?? 0) > 1)
    report({
      code: 'TWO_DEFAULTS',
      path: 'valueSet.values',
      message: 'More than one value is the default.',
      hint: 'Mark one.',
    })
}

const LITERALS: { readonly [type in FieldType]?: 'string' | 'number' | 'boolean' } = {
  Checkbox: 'boolean', Number: 'number', Currency: 'number', Percent: 'number', Formula: undefined,
} // prettier-ignore
const FORMS: { readonly [type in FieldType]?: { fits(text: string): boolean; readonly example: string } } = {
  Date: { fits: isDay, example: '2026-03-09' },
  DateTime: { fits: (text) => parseInstant(text) !== undefined, example: '2026-03-09T11:00:00Z' },
}
const NO_DEFAULT = new Set<FieldType>([
  'Formula',
  'RollupSummary',
  'AutoNumber',
  'MultiselectPicklist',
  'Geolocation',
  'Address',
  'JSON',
  'File',
])

function checkDefault(document: FieldDocument, report: Report): void {
  const { defaultValue, defaultFormula, type, valueSet } = document
  if (defaultValue !== undefined && defaultFormula !== undefined)
    report({
      code: 'TWO_DEFAULTS',
      path: 'defaultFormula',
      message: 'The field has both a default value and a default formula.',
      hint: 'Keep one of them.',
    })
  if (defaultValue === undefined || defaultValue === null) return
  if (NO_DEFAULT.has(type))
    return report({
      code: 'NOT_FOR_TYPE',
      path: 'defaultValue',
      message: `A ${type} field has no default value.`,
      hint: 'Leave it out.',
    })
  const wanted = LITERALS[type] ?? 'string'
  if (typeof defaultValue !== wanted)
    return report({
      code: 'BAD_DEFAULT',
      path: 'defaultValue',
      message: `The default value of a ${type} field is a ${wanted}, not ${JSON.stringify(defaultValue)}.`,
      hint: `Write a ${wanted}.`,
    })
  const form = FORMS[type]
  if (form && !form.fits(String(defaultValue)))
    return report({
      code: 'BAD_DEFAULT',
      path: 'defaultValue',
      message: `The default ${String(defaultValue)} is no ${type}.`,
      hint: `Write it like ${form.example}.`,
    })
  if (valueSet && valueSet.restricted !== false && !valueSet.values.some((v) => v.value === defaultValue))
    report({
      code: 'BAD_DEFAULT',
      path: 'defaultValue',
      message: `The default ${String(defaultValue)} is none of the picklist's values.`,
      hint: 'Add it to the values or choose another.',
    })
}

function checkReference(document: FieldDocument, report: Report): void {
  const { referenceTo, type, required, deleteConstraint, relationshipName, childRelationshipName } = document
  if (!referenceTo) return
  const field = splitName(document.name)[1]
  if (type === 'MasterDetail' && (referenceTo.length > 1 || referenceTo[0]?.startsWith('*')))
    report({
      code: 'ONE_MASTER',
      path: 'referenceTo',
      message: 'A MasterDetail field has exactly one master object.',
      hint: 'Name one object, or make it a Lookup.',
    })
  if (referenceTo.length > 1 && referenceTo.includes('*'))
    report({
      code: 'BAD_REFERENCE',
      path: 'referenceTo',
      message: '`*` already means every object.',
      hint: 'Leave the other names out.',
    })
  if (required && type === 'Lookup' && (deleteConstraint ?? 'SetNull') === 'SetNull')
    report({
      code: 'REQUIRED_SET_NULL',
      path: 'deleteConstraint',
      message: `${document.name} is required, so deleting its parent can't blank it.`,
      hint: 'Set deleteConstraint to Cascade or Restrict.',
    })
  if (relationshipName === undefined && defaultRelationshipName(field) === undefined)
    report({
      code: 'MISSING',
      path: 'relationshipName',
      message: `${field} ends neither in Id nor in __c, so its parent has no name.`,
      hint: 'Add `relationshipName`.',
    })
  if (isCustom(field))
    for (const [key, name] of Object.entries({ relationshipName, childRelationshipName }))
      if (name !== undefined && !name.endsWith('__r'))
        report({
          code: 'CUSTOM_SUFFIX',
          path: key,
          message: `The relationship ${name} of a custom field must end in __r.`,
          hint: `Call it ${name}__r.`,
        })
}

function checkRollup({ rollup, name }: FieldDocument, catalog: Catalog, report: Report): void {
  const child = rollup && catalog.object(rollup.object)
  if (!child) return
  if (rollup.filter !== undefined) checkRollupFilter(catalog, child, rollup.filter, report)
  const parent = splitName(name)[0]
  const through = child.field(rollup.through)?.reference
  if (child.field(rollup.through) && !through?.to.includes(parent))
    report({
      code: 'BAD_ROLLUP',
      path: 'rollup.through',
      message: `${child.name}.${rollup.through} does not point to ${parent}.`,
      hint: `Name a lookup of ${child.name} to ${parent}.`,
    })
  const field = rollup.field === undefined ? undefined : child.field(rollup.field)
  if (rollup.operation === 'count' ? rollup.field !== undefined : rollup.field === undefined)
    report({
      code: 'BAD_ROLLUP',
      path: 'rollup.field',
      message:
        rollup.operation === 'count'
          ? 'A count has no field.'
          : `A ${rollup.operation} needs the field to take it from.`,
      hint: rollup.operation === 'count' ? 'Leave `field` out.' : 'Add `field`.',
    })
  else if (field && !summable(field, rollup.operation))
    report({
      code: 'BAD_ROLLUP',
      path: 'rollup.field',
      message: `${child.name}.${field.name} is a ${field.type} field; a ${rollup.operation} can't be taken of it.`,
      hint: 'Name a stored number field, or for min and max a date.',
    })
}

const summable = (field: FieldDef, operation: string): boolean =>
  !field.computed &&
  ['integer', 'decimal', ...(operation === 'sum' ? [] : ['date', 'datetime'])].includes(field.storage)
