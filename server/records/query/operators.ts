/** How the values of a field lie in a comparison, and which fields can be summed and put into buckets. */
import type { FieldDef, Storage } from '#metadata'

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

export const isNumeric = (field: FieldDef): boolean =>
  ['integer', 'decimal'].includes(storageOf(field)) && field.type !== 'Formula'
export const hasBuckets = (field: FieldDef): boolean => field.storage === 'date' || field.storage === 'datetime'

/** Columns that are never empty, so that an index gives their order with no word about nulls. */
export const isNeverNull = (field: FieldDef): boolean =>
  field.storage === 'boolean' || ['Id', 'CreatedDate', 'LastModifiedDate'].includes(field.name)
