import { textual } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const phone: FieldTypeEntry = {
  ...textual,
  type: 'Phone',
  label: 'Phone',
  summary: 'A phone number that can be called with a click.',
  group: 'Text',
  icon: 'phone',
  cell: 'link',
}
