import { lookup } from './lookup.ts'
import type { FieldTypeEntry } from '../types.ts'

export const masterDetail: FieldTypeEntry = {
  ...lookup,
  type: 'MasterDetail',
  label: 'Master-detail',
  summary: 'Belongs to another record: deleted with it, and seen by whoever sees it.',
  icon: 'masterDetail',
  options: ['reference'],
}
