import type { Value } from './values.ts'

/** Neither database holds U+0000 in a text, nor half of a surrogate pair. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** The same of every text and key in a JSON value. */
export function isStorableJson(value: Value): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, inner]) => isStorable(key) && isStorableJson(inner as Value))
}
