import type { Finding } from '#util'
import type { FieldType } from '../documents.ts'
import { documentPath } from '../report.ts'
import { isReturn } from './columns.ts'
import type { PlanStep } from './types.ts'

/** Types whose values all are values of the other as well. */
const TEXTS: readonly FieldType[] = [
  'Text',
  'LongTextArea',
  'RichText',
  'Email',
  'Phone',
  'Url',
  'Picklist',
  'ExternalId',
]
const WIDER: { readonly [from in FieldType]?: readonly FieldType[] } = {
  Email: TEXTS.slice(0, 3), Phone: TEXTS.slice(0, 3), Url: TEXTS.slice(0, 3), Text: ['LongTextArea', 'RichText'], ExternalId: ['Text', 'LongTextArea'], Picklist: ['Text', 'LongTextArea', 'MultiselectPicklist'],
  AutoNumber: ['Text', 'ExternalId'], Number: ['Currency', 'Percent', 'Text'], Currency: ['Number', 'Percent', 'Text'], Percent: ['Number', 'Currency', 'Text'], Date: ['DateTime', 'Text'], DateTime: ['Text'], Time: ['Text'],
  Checkbox: ['Text'], MasterDetail: ['Lookup'], LongTextArea: ['RichText'],
} // prettier-ignore
const CONVERTIBLE: { readonly [from in FieldType]?: readonly FieldType[] } = {
  Text: ['Number', 'Currency', 'Percent', 'Date', 'DateTime', 'Time', 'Email', 'Phone', 'Url', 'Picklist', 'MultiselectPicklist', 'ExternalId', 'Checkbox', 'AutoNumber'],
  LongTextArea: ['Text'], RichText: ['Text', 'LongTextArea'], DateTime: ['Date'], Lookup: ['MasterDetail'], MultiselectPicklist: ['Picklist', 'Text'], Picklist: ['Checkbox'], Email: ['Phone', 'Url'], Phone: ['Email'], Number: ['Checkbox'],
} // prettier-ignore

/** A type has no way to another: no value of it could be carried over, except back to a column where the former ones are. What becomes of each value, the host finds in the data. */
export function refusedType({ before, after }: PlanStep): Finding[] {
  if (before?.kind !== 'Field' || after?.kind !== 'Field' || after.deletedAt !== undefined) return []
  const [from, to] = [before.type, after.type]
  if (isReturn(before, after)) return []
  if (from === to || WIDER[from]?.includes(to) || CONVERTIBLE[from]?.includes(to)) return []
  return [{
    code: 'NO_CONVERSION', severity: 'error', file: documentPath('Field', after.name), path: 'type',
    message: `${after.name} can't change from ${from} to ${to}.`,
    hint: `Add a field of type ${to}, copy what you need, and delete this one.`,
  }] // prettier-ignore
}
