import { textual } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const autoNumber: FieldTypeEntry = {
  ...textual,
  type: 'AutoNumber',
  label: 'Auto-number',
  summary: 'Counts up by itself, such as C-00000042.',
  group: 'Computed',
  icon: 'autoNumber',
  control: 'none',
  options: ['displayFormat'],
  validate: () => undefined,
}
