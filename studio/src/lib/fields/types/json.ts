import { asText, PRESENCE, required } from '../shared.ts'
import type { FieldTypeEntry } from '../types.ts'

export const json: FieldTypeEntry = {
  type: 'JSON',
  label: 'JSON',
  summary: 'Structured data for other systems.',
  group: 'Structured',
  icon: 'json',
  control: 'json',
  cell: 'code',
  align: 'start',
  sortable: false,
  operators: PRESENCE,
  options: ['required'],
  format: asText,
  validate: required,
  fromText: (text) => {
    if (text.trim() === '') return null
    try {
      return JSON.parse(text)
    } catch {
      return undefined
    }
  },
}
