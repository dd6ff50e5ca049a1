/** Converts a stored value when a field changes its type; says of each value whether it fits. */
import { isDeepStrictEqual } from 'node:util'
import { formatInstant, isDay, isId, parseInstant } from '#util'
import type { Value } from '#util'
import type { FieldDef } from '#metadata'
import { scaledDigits, decimalText } from '../codec/decimal.ts'
import { EXACT_DIGITS } from '../codec/types.ts'

/** Undefined: it does not convert. */
type Converted = Value | undefined
type To = Pick<FieldDef, 'type' | 'storage' | 'precision' | 'scale' | 'length'> & {
  readonly prefixes?: readonly string[]
}

const DATE = /^\d{4}-\d\d-\d\d$/
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/

function toText(value: Value, { type, length }: To): Converted {
  if (type === 'Picklist' && Array.isArray(value) && value.length > 1) return undefined
  const text = Array.isArray(value)
    ? value.join(';')
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)
  return length !== undefined && text.length > length ? undefined : text
}

function toNumber(value: Value, { precision, scale }: To): Converted {
  const number = typeof value === 'boolean' ? Number(value) : value
  const scaled = typeof number === 'number' || typeof number === 'string' ? scaledDigits(number, scale) : undefined
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

/** A column may be tied to the table of the one object it names, so an id of another does not fit. */
const toId = (value: Value, { prefixes }: To): Converted =>
  typeof value === 'string' && isId(value) && (prefixes?.includes(value.slice(0, 3)) ?? true) ? value : undefined
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
  value === null ? blank(to) : CONVERTERS[to.storage](value, to)

const blank = ({ storage }: To): Value => (storage === 'boolean' ? false : null)

/** What is stored: a value that does not convert becomes blank. */
export const storedValue = (value: Value, to: To): Value => convertValue(value, to) ?? blank(to)

export const sameValue = (a: Value, b: Value): boolean => isDeepStrictEqual(a, b)
