/** Which operators each kind of stored value takes, and which fields can be sorted, grouped and summed. */
import type { FieldDef, Storage } from '#metadata'
import type { Operator } from '../query-tree.ts'

const EQUALITY: readonly Operator[] = ['eq', 'ne', 'in', 'nin', 'isNull']
const ORDERED: readonly Operator[] = [...EQUALITY, 'lt', 'lte', 'gt', 'gte']
const TEXT: readonly Operator[] = [...ORDERED, 'like', 'contains', 'startsWith']

const OPERATORS_OF: { readonly [storage in Storage]: readonly Operator[] } = {
  text: TEXT,
  integer: ORDERED,
  decimal: ORDERED,
  boolean: EQUALITY,
  date: [...ORDERED, 'relative'],
  datetime: [...ORDERED, 'relative'],
  time: ORDERED,
  id: ORDERED,
  json: ['isNull'],
  multi: [...EQUALITY, 'includes', 'excludes'],
  geo: ['isNull', 'distance'],
  none: [],
}

/** The storage that a field's value has in a comparison; a formula field compares as what it returns. */
export function storageOf(field: FieldDef): Storage {
  if (field.type !== 'Formula') return field.storage
  switch (field.formula?.type) {
    case 'Number':
      return 'decimal'
    case 'Boolean':
      return 'boolean'
    case 'Date':
      return 'date'
    case 'DateTime':
      return 'datetime'
    case 'Time':
      return 'time'
    default:
      return 'text'
  }
}

export const operatorsOf = (field: FieldDef): readonly Operator[] => OPERATORS_OF[storageOf(field)]
export const isSortable = (field: FieldDef): boolean =>
  !['json', 'multi', 'geo', 'none'].includes(storageOf(field)) &&
  field.type !== 'LongTextArea' &&
  field.type !== 'RichText'
export const isNumeric = (field: FieldDef): boolean =>
  ['integer', 'decimal'].includes(storageOf(field)) && field.type !== 'Formula'
export const hasBuckets = (field: FieldDef): boolean => field.storage === 'date' || field.storage === 'datetime'

/** Columns that are never empty, so that an index gives their order with no word about nulls. */
export const isNeverNull = (field: FieldDef): boolean =>
  field.storage === 'boolean' || ['Id', 'CreatedDate', 'LastModifiedDate'].includes(field.name)
