/** The field types: one entry each. The compiler refuses this table when metadata knows a type that it does not. */
import type { FieldType } from '#metadata'
import type { FieldInfo } from '../api/metadata.ts'
import { address } from './types/address.ts'
import { autoNumber } from './types/auto-number.ts'
import { checkbox } from './types/checkbox.ts'
import { currency } from './types/currency.ts'
import { dateTime } from './types/date-time.ts'
import { date } from './types/date.ts'
import { email } from './types/email.ts'
import { externalId } from './types/external-id.ts'
import { file } from './types/file.ts'
import { formula } from './types/formula.ts'
import { geolocation } from './types/geolocation.ts'
import { json } from './types/json.ts'
import { longText } from './types/long-text.ts'
import { lookup } from './types/lookup.ts'
import { masterDetail } from './types/master-detail.ts'
import { multiPicklist } from './types/multi-picklist.ts'
import { number } from './types/number.ts'
import { percent } from './types/percent.ts'
import { phone } from './types/phone.ts'
import { picklist } from './types/picklist.ts'
import { richText } from './types/rich-text.ts'
import { rollup } from './types/rollup.ts'
import { text } from './types/text.ts'
import { time } from './types/time.ts'
import { url } from './types/url.ts'
import type { FieldTypeEntry, FormatContext } from './types.ts'

export const FIELD_TYPE_ENTRIES: { readonly [type in FieldType]: FieldTypeEntry } = {
  Text: text,
  LongTextArea: longText,
  RichText: richText,
  Number: number,
  Currency: currency,
  Percent: percent,
  Checkbox: checkbox,
  Date: date,
  DateTime: dateTime,
  Time: time,
  Email: email,
  Phone: phone,
  Url: url,
  Picklist: picklist,
  MultiselectPicklist: multiPicklist,
  Lookup: lookup,
  MasterDetail: masterDetail,
  AutoNumber: autoNumber,
  ExternalId: externalId,
  Formula: formula,
  RollupSummary: rollup,
  Geolocation: geolocation,
  Address: address,
  JSON: json,
  File: file,
}

/**
 * How a field looks and filters: its type's entry, for a formula that of its result, which nobody can edit. A text that names something of the set-up is
 * chosen from what there is.
 */
export function entryOf(field: Pick<FieldInfo, 'type' | 'formulaType' | 'picklist'>): FieldTypeEntry {
  if (field.type === 'Text' && field.picklist) return { ...FIELD_TYPE_ENTRIES.Text, control: 'picklist' }
  if (field.type !== 'Formula' || !field.formulaType) return FIELD_TYPE_ENTRIES[field.type]
  return { ...FIELD_TYPE_ENTRIES[field.formulaType], control: 'none', validate: () => undefined }
}

export const formatValue = (field: FieldInfo, value: unknown, context: FormatContext): string =>
  value === null || value === undefined ? '' : entryOf(field).format(value, field, context)

/** The sentence that says what is wrong with a value, if anything. */
export const problemOf = (field: FieldInfo, value: unknown): string | undefined => entryOf(field).validate(value, field)
