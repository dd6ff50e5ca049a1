/** The names of the records that lookups point to: they come beside the id, under the relationship's name. */
import type { FieldInfo } from '../api/metadata.ts'

export type RecordValues = { readonly [key: string]: unknown }

export function parentName(field: FieldInfo, record: RecordValues): string | undefined {
  const parent =
    field.reference && (record[field.reference.relationshipName] as { Name?: string | null } | null | undefined)
  return parent?.Name ?? undefined
}

/** What to ask for so that a field can be shown: its value, and for a lookup the parent's name. */
export function selectionOf(field: FieldInfo, canRead: (object: string) => boolean): string {
  const reference = field.reference
  if (!reference) return field.name
  const readable = reference.any || reference.to.some(canRead)
  return readable ? `${field.name} ${reference.relationshipName} { Id Name }` : field.name
}
