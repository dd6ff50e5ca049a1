/** Reading value sets. */
import type { FieldInfo, PicklistValueInfo } from '../api/metadata.ts'

export const labelOf = (field: FieldInfo, value: string): string =>
  field.picklist?.values.find((v) => v.value === value)?.label ?? value

/** By API value, else by label, whatever the case. */
export function findValue(field: FieldInfo, text: string): PicklistValueInfo | undefined {
  const wanted = text.toLowerCase()
  const values = field.picklist?.values ?? []
  return values.find((v) => v.value.toLowerCase() === wanted) ?? values.find((v) => v.label?.toLowerCase() === wanted)
}

/** What may be chosen now: active values, the present one even if it is not active any more, and only those the controlling value allows. */
export function choices(
  field: FieldInfo,
  record: { readonly [field: string]: unknown },
  present: readonly string[] = [],
): readonly PicklistValueInfo[] {
  const { values = [], controllingField, dependencies } = field.picklist ?? {}
  const controlling = controllingField ? record[controllingField] : undefined
  const allowed = controllingField && dependencies ? (dependencies[String(controlling ?? '')] ?? []) : undefined
  return values.filter(
    (v) => present.includes(v.value) || (v.active !== false && (!allowed || allowed.includes(v.value))),
  )
}
