import { textual } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'

export const url: FieldTypeEntry = {
  ...textual,
  type: 'Url',
  label: 'Web address',
  summary: 'A link to a page.',
  group: 'Text',
  icon: 'url',
  cell: 'link',
  format: (value) => String(value ?? '').replace(/^https?:\/\//, ''),
  validate: (value, field) =>
    textual.validate(value, field) ??
    (isBlank(value) || !/\s/.test(String(value)) ? undefined : `${field.label} must be a web address without spaces.`),
}
