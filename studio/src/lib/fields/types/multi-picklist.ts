import { PRESENCE, required } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'
import { findValue, labelOf } from '../picklists.ts'

export const multiPicklist: FieldTypeEntry = {
  type: 'MultiselectPicklist',
  label: 'Multi-select picklist',
  summary: 'Any number of values from a list.',
  group: 'Choices',
  icon: 'multiPicklist',
  control: 'multiPicklist',
  cell: 'multiPicklist',
  align: 'start',
  sortable: false,
  operators: ['includes', 'excludes', ...PRESENCE],
  options: ['valueSet', 'required'],
  format: (value, field) => (Array.isArray(value) ? value.map((v) => labelOf(field, String(v))).join(', ') : ''),
  validate: (value, field) =>
    required(value, field) ??
    (isBlank(value) || Array.isArray(value) ? undefined : `${field.label} takes a list of values.`),
  fromText: (text, field) => {
    const parts = text.split(/[;,]/).map((part) => part.trim()).filter(Boolean) // prettier-ignore
    const values = parts.map((part) => findValue(field, part)?.value ?? (field.picklist?.restricted ? undefined : part))
    return values.includes(undefined) ? undefined : values.length ? values : null
  },
}
