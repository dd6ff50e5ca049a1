import { textual } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'

export const email: FieldTypeEntry = {
  ...textual,
  type: 'Email',
  label: 'E-mail',
  summary: 'An e-mail address that can be clicked.',
  group: 'Text',
  icon: 'email',
  cell: 'link',
  validate: (value, field) =>
    textual.validate(value, field) ??
    (isBlank(value) || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(value))
      ? undefined
      : `${field.label} must be an address such as ana@example.com.`),
}
