import { formatNumber, numeric } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const rollup: FieldTypeEntry = {
  ...numeric,
  type: 'RollupSummary',
  label: 'Roll-up summary',
  summary: 'Counts or adds up the records of a related list.',
  group: 'Computed',
  icon: 'rollup',
  control: 'none',
  options: ['rollup'],
  format: (value, field, context) => formatNumber(value, context, { maximumFractionDigits: field.scale ?? 0 }),
  validate: () => undefined,
}
