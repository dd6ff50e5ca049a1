import { PRESENCE, required } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'

export const ADDRESS_PARTS = ['street', 'city', 'state', 'postalCode', 'country'] as const

const lineOf = (value: unknown): string =>
  isBlank(value) ? '' : ADDRESS_PARTS.map((part) => (value as Record<string, string | null>)[part]).filter(Boolean).join(', ') // prettier-ignore

export const address: FieldTypeEntry = {
  type: 'Address',
  label: 'Address',
  summary: 'Street, city, state, postal code and country.',
  group: 'Structured',
  icon: 'address',
  control: 'address',
  cell: 'text',
  align: 'start',
  sortable: false,
  operators: PRESENCE,
  options: ['required'],
  format: lineOf,
  validate: (value, field) => required(lineOf(value), field),
  fromText: (text) => (text.trim() === '' ? null : { street: text.trim() }),
}
