import { textual } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const externalId: FieldTypeEntry = {
  ...textual,
  type: 'ExternalId',
  label: 'External id',
  summary: 'The record’s key in another system: unique, and imports match on it.',
  group: 'Text',
  icon: 'externalId',
  options: ['length', 'required'],
}
