import type { FieldTypeEntry } from '../types.ts'

const YES = new Set(['true', 'yes', '1', 'x', 'on'])
const NO = new Set(['false', 'no', '0', 'off', ''])

export const checkbox: FieldTypeEntry = {
  type: 'Checkbox',
  label: 'Checkbox',
  summary: 'Yes or no, never blank.',
  group: 'Choices',
  icon: 'checkbox',
  control: 'checkbox',
  cell: 'checkbox',
  align: 'start',
  sortable: true,
  operators: ['eq'],
  options: ['default', 'indexed'],
  format: (value) => (value === true ? 'Yes' : 'No'),
  validate: () => undefined,
  fromText: (text) => {
    const word = text.trim().toLowerCase()
    return YES.has(word) ? true : NO.has(word) ? false : undefined
  },
}
