import { textual } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const text: FieldTypeEntry = {
  ...textual,
  type: 'Text',
  label: 'Text',
  summary: 'One line of text, such as a name or a reference.',
  group: 'Text',
  icon: 'text',
  options: ['length', ...textual.options],
}
