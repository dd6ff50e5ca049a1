import { DATE_OPERATORS, formatDate, required } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'

/** An instant, shown in the user's zone; the year only when it is another one. */
export const dateTime: FieldTypeEntry = {
  type: 'DateTime',
  label: 'Date and time',
  summary: 'A moment, shown in everyone’s own time zone.',
  group: 'Dates',
  icon: 'dateTime',
  control: 'dateTime',
  cell: 'dateTime',
  align: 'start',
  sortable: true,
  operators: DATE_OPERATORS,
  options: ['required', 'indexed', 'default'],
  format: (value, _field, { locale, timeZone }) => {
    const at = Date.parse(String(value))
    if (isBlank(value) || Number.isNaN(at)) return ''
    return formatDate(at, locale, {
      timeZone,
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  },
  validate: (value, field) =>
    required(value, field) ??
    (isBlank(value) || !Number.isNaN(Date.parse(String(value)))
      ? undefined
      : `${field.label} must be a date and a time.`),
  fromText: (text) => {
    const at = Date.parse(text.trim())
    return text.trim() === '' ? null : Number.isNaN(at) ? undefined : new Date(at).toISOString()
  },
}
