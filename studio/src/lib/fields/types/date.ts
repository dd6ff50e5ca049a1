import { DATE_OPERATORS, formatDate, required } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'

/** A calendar day has no zone: it is shown as it is written. */
export const date: FieldTypeEntry = {
  type: 'Date',
  label: 'Date',
  summary: 'A day of the calendar.',
  group: 'Dates',
  icon: 'date',
  control: 'date',
  cell: 'text',
  align: 'start',
  sortable: true,
  operators: DATE_OPERATORS,
  options: ['required', 'indexed', 'default'],
  format: (value, _field, { locale }) => {
    const at = Date.parse(`${String(value)}T00:00:00Z`)
    return isBlank(value)
      ? ''
      : Number.isNaN(at)
        ? String(value)
        : formatDate(at, locale, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' })
  },
  validate: (value, field) =>
    required(value, field) ??
    (isBlank(value) || isDay(String(value)) ? undefined : `${field.label} must be a day, such as 2026-03-09.`),
  fromText: (text) => (text.trim() === '' ? null : isDay(text.trim()) ? text.trim() : undefined),
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
