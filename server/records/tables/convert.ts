/** Converts a stored value when a field changes its type; says of each value whether it fits. */
import { formatInstant, isDay, isId, parseInstant } from '#util'
import type { Value } from '#util'
import type { FieldDef } from '#metadata'
import { scaledDigits, decimalText } from '../codec/decimal.ts'
import { EXACT_DIGITS } from '../codec/types.ts'

/** Undefined: it does not convert. */
type Converted = Value | undefined
type To = Pick<FieldDef, 'storage' | 'precision' | 'scale' | 'length'>

const DATE = /^\d{4}-\d\d-\d\d$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/

function toText(value: Value, { length }: To): Converted {
  const text = Array.isArray(value)
    ? value.join(';')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
  return length !== undefined && text.length > length ? undefined : text
}

function toNumber(value: Value, { precision, scale }: To): Converted {
  const scaled = typeof value === 'number' || typeof value === 'string' ? scaledDigits(value, scale) : undefined
  if (scaled === undefined || scaled.replace('-', '').length > precision) return undefined
  const text = decimalText(scaled, scale)
  return precision > EXACT_DIGITS ? text : Number(text)
}

function toBoolean(value: Value): Converted {
  const word = String(value).toLowerCase()
  return ['true', '1', 'yes'].includes(word) ? true : ['false', '0', 'no'].includes(word) ? false : undefined
}

function toDate(value: Value): Converted {
  if (typeof value !== 'string') return undefined
  if (DATE.test(value)) return isDay(value) ? value : undefined
  const instant = parseInstant(value)
  return instant === undefined ? undefined : formatInstant(instant).slice(0, 10)
}

function toInstant(value: Value): Converted {
  if (typeof value !== 'string') return undefined
  const instant = parseInstant(DATE.test(value) ? `${value}T00:00Z` : value)
  return instant === undefined ? undefined : formatInstant(instant)
}

function toTime(value: Value): Converted {
  if (typeof value !== 'string') return undefined
  if (TIME.test(value)) return padTime(value)
  const instant = parseInstant(value)
  return instant === undefined ? undefined : formatInstant(instant).slice(11, 23)
}

const padTime = (value: string): string => {
  const [clock, fraction = ''] = value.split('.')
  return `${clock!.length === 5 ? `${clock}:00` : clock}.${fraction.padEnd(3, '0')}`
}

const toId = (value: Value): Converted => (typeof value === 'string' && isId(value) ? value : undefined)
const toList = (value: Value): Converted =>
  Array.isArray(value) ? value : typeof value === 'string' ? value.split(';').filter(Boolean) : undefined

const CONVERTERS: { readonly [storage in FieldDef['storage']]: (value: Value, to: To) => Converted } = {
  text: toText,
  integer: toNumber,
  decimal: toNumber,
  boolean: toBoolean,
  date: toDate,
  datetime: toInstant,
  time: toTime,
  id: toId,
  multi: toList,
  json: (value) => value,
  geo: (value) => (typeof value === 'object' && value !== null && 'latitude' in value ? value : undefined),
  none: () => undefined,
}

/** Null stays null, save for a checkbox, which becomes false. */
export const convertValue = (value: Value, to: To): Converted =>
  value === null ? (to.storage === 'boolean' ? false : null) : CONVERTERS[to.storage](value, to)
