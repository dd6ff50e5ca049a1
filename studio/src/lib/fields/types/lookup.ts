import { asText, PRESENCE, required } from '../shared.ts'
import { isBlank, type FieldTypeEntry } from '../types.ts'

/** The value is an id; screens show the name of the record beside it. */
export const lookup: FieldTypeEntry = {
  type: 'Lookup',
  label: 'Lookup',
  summary: 'Points to another record, which can live without this one.',
  group: 'Relations',
  icon: 'lookup',
  control: 'lookup',
  cell: 'lookup',
  align: 'start',
  sortable: true,
  operators: ['eq', 'ne', ...PRESENCE],
  options: ['reference', 'required'],
  format: asText,
  validate: (value, field) =>
    required(value, field) ??
    (isBlank(value) || isId(value) ? undefined : `Choose a record for ${field.label} from the list.`),
  fromText: (text) => (text.trim() === '' ? null : isId(text.trim()) ? text.trim() : undefined),
}

const isId = (value: unknown): boolean => /^[0-9A-Za-z]{18}$/.test(String(value))
