import type { FieldDef } from '../catalog.ts'
import type { FieldDocument, ObjectDocument } from '../documents.ts'
import { FIELD_TYPE_FACTS, storageOf } from '../field-types.ts'
import { defaultRelationshipName, isCustom, snake, splitName } from '../names.ts'
import type { AddedField } from '../system-fields.ts'

/** A field while its catalog is being built: formulas and targets are filled in later, then nobody writes any more. */
export type FieldDraft = { -readonly [K in keyof FieldDef]: FieldDef[K] }

const COMPUTED = new Set(['Formula', 'RollupSummary', 'AutoNumber'])

/** The definition of a declared field. `tracked`: names of the objects with processes. */
export function declaredField(document: FieldDocument, tracked: readonly string[]): FieldDraft {
  const name = splitName(document.name)[1]
  const field = common({ ...document, name }, tracked)
  const column = document.type === 'Formula' ? undefined : document.physicalName
  return {
    ...field,
    // Every declared reference is followed backwards by a related list or a delete rule, so it is always indexed.
    indexed: field.indexed || field.reference !== undefined,
    id: document.id ?? document.name,
    column,
    origin: 'declared',
    readOnly: document.readOnly === true || COMPUTED.has(document.type),
    createOnly: document.type === 'MasterDetail' && !document.reparentableMasterDetail,
    document,
  }
}

/** The definition of a field that the compiler adds to an object. */
export function addedField(
  field: AddedField,
  object: ObjectDocument,
  origin: 'system' | 'process',
  tracked: readonly string[],
): FieldDraft {
  const isName = field.name === (object.nameField.name ?? 'Name')
  return {
    ...common(field, tracked),
    ...(field.storage && { storage: field.storage }),
    id: `${object.id ?? object.name}.${isName ? 'Name' : field.name}`,
    column: `c_${isName ? 'name' : snake(field.name)}`,
    origin,
    readOnly: field.editable !== true,
    createOnly: field.createOnly === true,
  }
}

type Common = Omit<FieldDraft, 'id' | 'column' | 'origin' | 'readOnly' | 'createOnly' | 'document'>

function common(field: Omit<FieldDocument, 'kind'>, tracked: readonly string[]): Common {
  const facts = FIELD_TYPE_FACTS[field.type]
  const reference = referenceOf(field, tracked)
  const { precision, scale } = digits(field)
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    helpText: field.helpText,
    storage: storageOf(field.type, { precision, scale }),
    required: field.required === true || field.type === 'MasterDetail',
    unique: field.unique === true || field.type === 'ExternalId',
    indexed: field.indexed === true || field.unique === true || field.type === 'ExternalId',
    uniqueWith: field.uniqueWith,
    indexedWith: field.indexedWith,
    custom: isCustom(field.name),
    names: field.names,
    format: field.format,
    personal: field.personal === true,
    computed: field.computed,
    trackHistory: field.trackHistory === true,
    length: field.length ?? facts.length,
    precision,
    scale,
    picklist: field.valueSet && { restricted: true, ...field.valueSet },
    reference,
    displayFormat: field.displayFormat,
    defaultValue: defaultOf(field),
    rollup: field.rollup,
    calculating: field.calculating === true,
  }
}

/** Formula results of a number type have their digits in the same two keys. */
function digits(field: Omit<FieldDocument, 'kind'>): { precision: number; scale: number } {
  const type = field.type === 'Formula' ? (field.formulaType ?? 'Text') : field.type
  const facts = FIELD_TYPE_FACTS[type]
  const scale = field.scale ?? (field.type === 'Formula' && type === 'Number' ? 2 : facts.scale) ?? 0
  return { precision: field.precision ?? facts.precision ?? 0, scale }
}

function defaultOf(field: Omit<FieldDocument, 'kind'>): FieldDef['defaultValue'] {
  if (field.defaultValue !== undefined) return field.defaultValue
  if (field.rollup?.operation === 'count' || field.rollup?.operation === 'sum') return 0
  return field.type === 'Checkbox' ? false : field.valueSet?.values.find((v) => v.default)?.value
}

function referenceOf(field: Omit<FieldDocument, 'kind'>, tracked: readonly string[]): FieldDef['reference'] {
  if (field.type !== 'Lookup' && field.type !== 'MasterDetail') return undefined
  const to = field.referenceTo ?? []
  const any = to.includes('*')
  const masterDetail = field.type === 'MasterDetail'
  return {
    to: any ? [] : to.flatMap((name) => (name === '*tracked' ? tracked : [name])),
    any,
    polymorphic: any || to.length > 1 || to.includes('*tracked'),
    relationshipName: field.relationshipName ?? defaultRelationshipName(field.name) ?? field.name,
    childRelationshipName: field.childRelationshipName,
    onDelete: masterDetail ? 'Cascade' : (field.deleteConstraint ?? 'SetNull'),
    masterDetail,
  }
}
