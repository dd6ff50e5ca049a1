import type { FormulaType } from '#formula'
import type { FieldDef, Storage } from './catalog.ts'
import type { FieldDocument, FieldType } from './documents.ts'

interface FieldTypeFacts {
  readonly storage: Storage | ((field: Sized) => Storage)
  /** How a formula sees it; absent = formulas can't. */
  readonly formula?: FormulaType
  readonly length?: number
  readonly precision?: number
  readonly scale?: number
}
type Sized = Pick<FieldDocument, 'precision' | 'scale'>

/** Above 15 digits a double is not exact, so the value goes as decimal text. */
const numeric = ({ precision = 15, scale = 0 }: Sized): Storage =>
  scale === 0 && precision <= 15 ? 'integer' : 'decimal'

/** What each field type is made of: one row a type. */
export const FIELD_TYPE_FACTS: { readonly [type in FieldType]: FieldTypeFacts } = {
  Text: { storage: 'text', formula: 'Text', length: 255 },
  LongTextArea: { storage: 'text', formula: 'Text', length: 131_072 },
  RichText: { storage: 'text', formula: 'Text', length: 131_072 },
  Number: { storage: numeric, formula: 'Number', precision: 15, scale: 0 },
  Currency: { storage: numeric, formula: 'Number', precision: 15, scale: 2 },
  Percent: { storage: numeric, formula: 'Number', precision: 15, scale: 2 },
  Checkbox: { storage: 'boolean', formula: 'Boolean' },
  Date: { storage: 'date', formula: 'Date' },
  DateTime: { storage: 'datetime', formula: 'DateTime' },
  Time: { storage: 'time', formula: 'Time' },
  Email: { storage: 'text', formula: 'Text', length: 254 },
  Phone: { storage: 'text', formula: 'Text', length: 40 },
  Url: { storage: 'text', formula: 'Text', length: 2048 },
  Picklist: { storage: 'text', formula: 'Picklist', length: 255 },
  MultiselectPicklist: { storage: 'multi', formula: 'MultiselectPicklist', length: 4096 },
  Lookup: { storage: 'id', formula: 'Text', length: 18 },
  MasterDetail: { storage: 'id', formula: 'Text', length: 18 },
  AutoNumber: { storage: 'text', formula: 'Text', length: 40 },
  ExternalId: { storage: 'text', formula: 'Text', length: 255 },
  Formula: { storage: 'none' },
  RollupSummary: { storage: 'integer', formula: 'Number', precision: 15, scale: 0 },
  Geolocation: { storage: 'geo', formula: 'Geolocation' },
  Address: { storage: 'json' },
  JSON: { storage: 'json' },
  File: { storage: 'id', formula: 'Text', length: 18 },
}

const RESULT_TYPES = { Text: 'Text', Number: 'Number', Currency: 'Number', Percent: 'Number', Checkbox: 'Boolean', Date: 'Date', DateTime: 'DateTime', Time: 'Time' } as const // prettier-ignore

/** The formula type that a Formula field's `formulaType` stands for. */
export const resultType = (formulaType: NonNullable<FieldDocument['formulaType']>): FormulaType =>
  RESULT_TYPES[formulaType]

export function storageOf(type: FieldType, size: Sized): Storage {
  const storage = FIELD_TYPE_FACTS[type].storage
  return typeof storage === 'function' ? storage(size) : storage
}

/** The type that a formula sees a field as; undefined when formulas can't read it. */
export function formulaTypeOf(field: FieldDef): FormulaType | undefined {
  if (field.type === 'Formula') return resultType(field.document?.formulaType ?? 'Text')
  if (field.type !== 'RollupSummary') return FIELD_TYPE_FACTS[field.type].formula
  return field.storage === 'date' ? 'Date' : field.storage === 'datetime' ? 'DateTime' : 'Number'
}
