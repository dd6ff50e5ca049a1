import type { Value } from '#util'
import type { FieldDef } from './catalog.ts'

/** What a new record has in this field when nobody fills it in, where that needs no formula; undefined: nothing. */
export function literalDefault(field: FieldDef): Value | undefined {
  if (field.defaultValue !== undefined) return field.defaultValue
  const chosen = field.picklist?.values.find((v) => v.default && v.active !== false)
  if (chosen) return field.type === 'MultiselectPicklist' ? [chosen.value] : chosen.value
  return field.type === 'Checkbox' ? false : undefined
}
