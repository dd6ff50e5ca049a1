import { PRESENCE, textual } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const longText: FieldTypeEntry = {
  ...textual,
  type: 'LongTextArea',
  label: 'Long text',
  summary: 'Several paragraphs of plain text, such as a description.',
  group: 'Text',
  icon: 'longText',
  control: 'longText',
  cell: 'longText',
  sortable: false,
  operators: ['contains', ...PRESENCE],
  options: ['length', 'required'],
}
