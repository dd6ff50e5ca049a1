import { digits, formatNumber, numeric } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const number: FieldTypeEntry = {
  ...numeric,
  type: 'Number',
  label: 'Number',
  summary: 'A whole or decimal number, up to 18 digits.',
  group: 'Numbers',
  icon: 'number',
  format: (value, field, context) => formatNumber(value, context, digits(field)),
}
