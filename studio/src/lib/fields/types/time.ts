import { ORDERED_OPERATORS, required } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'

const FORM = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/

export const time: FieldTypeEntry = {
  type: 'Time',
  label: 'Time',
  summary: 'A time of day, such as 17:30.',
  group: 'Dates',
  icon: 'time',
  control: 'time',
  cell: 'text',
  align: 'start',
  sortable: true,
  operators: ORDERED_OPERATORS,
  options: ['required', 'default'],
  format: (value) =>
    isBlank(value)
      ? ''
      : String(value)
          .replace(/^(\d\d:\d\d)(:00(\.0+)?)?$/, '$1')
          .replace(/\.0+$/, ''),
  validate: (value, field) =>
    required(value, field) ??
    (isBlank(value) || FORM.test(String(value)) ? undefined : `${field.label} must be a time, such as 17:30.`),
  fromText: (text) => {
    const m = FORM.exec(text.trim())
    return text.trim() === '' ? null : m ? `${m[1]}:${m[2]}:${m[3] ?? '00'}.${(m[4] ?? '').padEnd(3, '0')}` : undefined
  },
}
