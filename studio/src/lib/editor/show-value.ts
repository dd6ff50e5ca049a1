import type { FormulaType } from '#formula'
import type { Value } from '#util'

/** What a value looks like beside a formula: a text in quotes, a blank by that word, a date as people write it. */
export function showValue(value: Value | undefined, type: FormulaType, timeZone?: string): string {
  if (value === null || value === undefined || value === '') return 'blank'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (type === 'DateTime') return dated(String(value), { dateStyle: 'medium', timeStyle: 'short', timeZone })
  if (type === 'Date') return dated(`${String(value)}T00:00:00Z`, { dateStyle: 'medium', timeZone: 'UTC' })
  if (type === 'Time') return String(value).replace(/(:00)?\.000$/, '')
  if (type === 'Number') return String(value)
  if (Array.isArray(value)) return value.join('; ')
  return typeof value === 'object' ? Object.values(value).join(', ') : `“${value}”`
}

function dated(instant: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? instant : new Intl.DateTimeFormat(undefined, options).format(date)
}

/** What kind of thing a formula gives, in words. */
export const TYPE_WORDS: { readonly [type in FormulaType]: string } = {
  Number: 'a number', Text: 'text', Boolean: 'true or false', Date: 'a date', DateTime: 'a date and time', Time: 'a time of day',
  Geolocation: 'a place', Picklist: 'a picklist value', MultiselectPicklist: 'picklist values', Null: 'a blank',
} // prettier-ignore
