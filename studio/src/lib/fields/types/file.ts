import { PRESENCE } from '../shared.ts'
import { lookup } from './lookup.ts'
import type { FieldTypeEntry } from '../types.ts'

export const file: FieldTypeEntry = {
  ...lookup,
  type: 'File',
  label: 'File',
  summary: 'One attached file.',
  group: 'Structured',
  icon: 'file',
  control: 'text',
  cell: 'text',
  sortable: false,
  operators: PRESENCE,
  options: ['required'],
}
