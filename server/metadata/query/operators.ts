/** What a query may do with a field: how its values are compared, and whether records can be sorted by it. The API, the queries and the list views go by this one table. */
import type { FieldDef } from '../catalog.ts'
import type { FieldType } from '../documents.ts'

export const OPERATORS = [
  'eq', 'ne', 'in', 'nin', 'lt', 'lte', 'gt', 'gte', 'like', 'contains', 'startsWith', 'isNull', 'includes', 'excludes', 'relative', 'distance',
] as const // prettier-ignore
export type Operator = (typeof OPERATORS)[number]

export type ValueKind =
  | 'text' | 'id' | 'picklist' | 'multi' | 'boolean' | 'int' | 'float' | 'decimal' | 'date' | 'datetime' | 'time' | 'geo' | 'address' | 'json' // prettier-ignore

const EQUALITY = ['eq', 'ne', 'in', 'nin', 'isNull'] as const
const ORDERED = [...EQUALITY, 'lt', 'lte', 'gt', 'gte'] as const
const TEXT = [...ORDERED, 'like', 'contains', 'startsWith'] as const
const DATE = [...ORDERED, 'relative'] as const

export const OPERATORS_OF: { readonly [kind in ValueKind]: readonly Operator[] } = {
  text: TEXT, picklist: TEXT, id: ORDERED, boolean: ['eq', 'ne', 'isNull'], int: ORDERED, float: ORDERED, decimal: ORDERED, date: DATE, datetime: DATE, time: ORDERED,
  multi: ['includes', 'excludes', 'isNull'], geo: ['distance', 'isNull'], address: ['isNull'], json: ['isNull'],
} // prettier-ignore

/** Values of the operator `relative`. */
export const RELATIVE_PERIODS: readonly string[] = [
  'TODAY', 'YESTERDAY', 'TOMORROW', 'THIS_WEEK', 'LAST_WEEK', 'NEXT_WEEK', 'THIS_MONTH', 'LAST_MONTH', 'NEXT_MONTH',
  'THIS_QUARTER', 'LAST_QUARTER', 'NEXT_QUARTER', 'THIS_YEAR', 'LAST_YEAR', 'NEXT_YEAR',
] // prettier-ignore
/** Stand where `relative` may, with a number: `{ LAST_N_DAYS: 30 }`. */
export const RELATIVE_COUNTS: readonly string[] = [
  'LAST_N_DAYS', 'NEXT_N_DAYS', 'N_DAYS_AGO', 'LAST_N_WEEKS', 'NEXT_N_WEEKS', 'LAST_N_MONTHS', 'NEXT_N_MONTHS', 'LAST_N_YEARS', 'NEXT_N_YEARS',
] // prettier-ignore

/** Conditions of a filter and how deep they are nested (SQLite takes expressions 1,000 deep, and a chain of "and" counts each of its members); characters of a text and of a pattern; values of a list; periods. */
export const FILTER_LIMITS = {
  conditions: 500,
  depth: 30,
  text: 100_000,
  pattern: 2_000,
  list: 10_000,
  periods: 100_000,
} as const

const KINDS: { readonly [type in FieldType]: ValueKind | 'number' | 'formula' } = {
  Text: 'text', LongTextArea: 'text', RichText: 'text', Email: 'text', Phone: 'text', Url: 'text', AutoNumber: 'text', ExternalId: 'text',
  Picklist: 'picklist', MultiselectPicklist: 'multi', Checkbox: 'boolean', Number: 'number', Currency: 'number', Percent: 'number',
  RollupSummary: 'number', Date: 'date', DateTime: 'datetime', Time: 'time', Lookup: 'id', MasterDetail: 'id', File: 'id', Formula: 'formula',
  Geolocation: 'geo', Address: 'address', JSON: 'json',
} // prettier-ignore

const FORMULA_KINDS: { readonly [type: string]: ValueKind } = {
  Text: 'text', Number: 'float', Currency: 'float', Percent: 'float', Checkbox: 'boolean', Boolean: 'boolean', Date: 'date', DateTime: 'datetime', Time: 'time',
} // prettier-ignore

export function valueKind(field: FieldDef): ValueKind {
  if (field.storage === 'id') return 'id'
  const kind = KINDS[field.type]
  if (kind === 'formula') return FORMULA_KINDS[field.document?.formulaType ?? field.formula?.type ?? 'Text'] ?? 'text'
  if (kind !== 'number') return kind
  // The earliest or latest day of children is a roll-up too.
  if (field.storage === 'date' || field.storage === 'datetime') return field.storage
  if (field.precision > 15) return 'decimal'
  return field.scale === 0 && field.precision <= 9 && field.type === 'Number' ? 'int' : 'float'
}

export const operatorsOf = (field: FieldDef): readonly Operator[] => OPERATORS_OF[valueKind(field)]

export const isSortable = (field: FieldDef): boolean =>
  !['multi', 'geo', 'address', 'json'].includes(valueKind(field)) &&
  field.type !== 'LongTextArea' &&
  field.type !== 'RichText'
