import { asText, PRESENCE, required } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'
import { findValue, labelOf } from '../picklists.ts'

export const picklist: FieldTypeEntry = {
  type: 'Picklist',
  label: 'Picklist',
  summary: 'One of a list of values that you define.',
  group: 'Choices',
  icon: 'picklist',
  control: 'picklist',
  cell: 'picklist',
  align: 'start',
  sortable: true,
  operators: ['in', 'nin', 'eq', 'ne', ...PRESENCE],
  options: ['valueSet', 'required', 'indexed'],
  format: (value, field) => labelOf(field, asText(value)),
  validate: (value, field) =>
    required(value, field) ??
    (isBlank(value) || !field.picklist?.restricted || field.picklist.values.some((v) => v.value === value)
      ? undefined
      : `“${String(value)}” is not a value of ${field.label}.`),
  fromText: (text, field) =>
    text.trim() === ''
      ? null
      : (findValue(field, text.trim())?.value ?? (field.picklist?.restricted ? undefined : text.trim())),
}
