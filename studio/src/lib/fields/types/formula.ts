import { asText, textual } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

/** Looks and filters as its result type does: `entryOf` in registry.ts steps through to it. */
export const formula: FieldTypeEntry = {
  ...textual,
  type: 'Formula',
  label: 'Formula',
  summary: 'Computed from other fields, always current.',
  group: 'Computed',
  icon: 'formula',
  control: 'none',
  options: ['formula'],
  format: asText,
  validate: () => undefined,
}
