import { digits, formatNumber, numeric } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const currency: FieldTypeEntry = {
  ...numeric,
  type: 'Currency',
  label: 'Currency',
  summary: 'An amount of money in the organisation’s currency.',
  group: 'Numbers',
  icon: 'currency',
  format: (value, field, context) =>
    formatNumber(value, context, { style: 'currency', currency: context.currency, ...digits(field) }),
}
