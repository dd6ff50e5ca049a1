/** Filters and search as the server's `where`. */
import type { FieldInfo, ObjectDetail } from '../api/metadata.ts'
import { takesList, type Filter } from './operators.ts'
import { entryOf } from './registry.ts'

export type Where = { readonly [key: string]: unknown }

/** A filter whose value can't be read (half typed, an old link) asks for nothing rather than for the wrong thing. */
export function whereOf(filter: Filter, field: FieldInfo | undefined): Where | undefined {
  if (!field) return undefined
  if (filter.operator === 'isNull') return { [field.name]: { isNull: true } }
  if (filter.operator === 'notNull') return { [field.name]: { isNull: false } }
  if (filter.operator === 'relative') return relative(field.name, filter.values[0])
  const values = filter.values.map((text) => operand(field, text))
  if (values.length === 0 || values.includes(undefined)) return undefined
  return { [field.name]: { [filter.operator]: takesList(filter.operator) ? values : values[0] } }
}

/** `LAST_N_DAYS:7` → { LAST_N_DAYS: 7 }; the words without a number go to `relative`. */
function relative(field: string, word: string | undefined): Where | undefined {
  if (!word) return undefined
  const [name, count] = word.split(':') as [string, string | undefined]
  return { [field]: count === undefined ? { relative: name } : { [name]: Number(count) } }
}

function operand(field: FieldInfo, text: string): unknown {
  const entry = entryOf(field)
  if (entry.type === 'MultiselectPicklist') return text
  const value = entry.fromText(text, field)
  return value === null ? undefined : value
}

const SEARCHABLE = new Set(['Text', 'Email', 'Phone', 'AutoNumber', 'ExternalId', 'Url'])

/** Finds the words in the name and in the visible columns of text. */
export function searchWhere(object: ObjectDetail, text: string, columns: readonly string[]): Where | undefined {
  const words = text.trim()
  if (!words) return undefined
  const names = new Set([object.nameField, ...columns])
  const fields = object.fields.filter((f) => names.has(f.name) && SEARCHABLE.has(f.type))
  return fields.length ? { or: fields.map((f) => ({ [f.name]: { contains: words } })) } : undefined
}

export function allOf(parts: readonly (Where | undefined)[]): Where | undefined {
  const given = parts.filter((part): part is Where => part !== undefined && Object.keys(part).length > 0)
  return given.length > 1 ? { and: given } : given[0]
}
