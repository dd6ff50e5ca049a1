/** A value of a request → what the driver is given to compare with a column. Checks the form first: the database must never be the one to complain. */
import { formatInstant, isDay, isStorable, parseInstant, timeOfDay } from '#util'
import type { Value } from '#util'
import type { Dialect, SqlValue } from '#database'
import { FILTER_LIMITS } from '#metadata'
import type { FieldDef, Storage } from '#metadata'
import { QueryError } from './errors.ts'
import { storageOf } from './operators.ts'

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

/** Type of the parameter in PostgreSQL. */
export function castOf(field: FieldDef): string {
  const casts: { readonly [storage in Storage]?: string } = {
    integer: 'numeric', decimal: 'numeric', boolean: 'boolean', date: 'date', datetime: 'timestamptz', time: 'time',
  } // prettier-ignore
  return casts[storageOf(field)] ?? 'text'
}

/** Wraps a placeholder so that SQLite compares numbers exactly: they are bound as text, because a JS number holds 15 digits. */
export const comparable = (field: FieldDef, dialect: Dialect, placeholder: string): string =>
  dialect === 'sqlite' && isNumber(field) ? `cast(${placeholder} as numeric)` : placeholder

const isNumber = (field: FieldDef): boolean => ['integer', 'decimal'].includes(storageOf(field))

/** Blank: null, and "" where a value is text. */
export const isBlank = (value: Value): boolean => value === null || value === ''

export function bindValue(field: FieldDef, dialect: Dialect, value: Value): SqlValue {
  if (isBlank(value)) return null
  switch (storageOf(field)) {
    case 'integer':
    case 'decimal':
      return decimalText(field, dialect, value)
    case 'boolean':
      return booleanValue(field, dialect, value)
    case 'date':
      return dateValue(field, value)
    case 'datetime':
      return dateTimeValue(field, value)
    case 'time':
      return timeValue(field, value)
    case 'multi':
      return textValue(field, multiText(field, value))
    default:
      return textValue(field, value)
  }
}

const wrong = (field: FieldDef, needed: string): QueryError =>
  new QueryError('WRONG_TYPE', `${field.name} is compared with ${needed}.`)

export function textValue(field: FieldDef, value: Value): string {
  if (typeof value !== 'string') throw wrong(field, 'a text')
  if (value.length > FILTER_LIMITS.text)
    throw new QueryError('TOO_LONG', `The value for ${field.name} is longer than ${FILTER_LIMITS.text} characters.`)
  if (!isStorable(value))
    throw new QueryError('WRONG_TYPE', `The value for ${field.name} holds characters that can't be stored.`)
  return value
}

/** On SQLite decimals lie as integers scaled by the field's digits; a value with more digits stays a fraction, so that nothing is rounded. */
function decimalText(field: FieldDef, dialect: Dialect, value: Value): string {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : ''
  if (!DECIMAL.test(text)) throw wrong(field, 'a number')
  if (dialect === 'postgres' || field.storage !== 'decimal') return text
  return shifted(text, field.scale)
}

/** Among whole numbers any fraction compares as a half does, and a half survives SQLite's doubles. */
function shifted(text: string, digits: number): string {
  const [, sign = '', mantissa = '0', exponent = '0'] = /^([+-]?)([^eE]*)(?:e(.*))?$/i.exec(text) ?? []
  const [whole = '', fraction = ''] = mantissa.split('.')
  const point = whole.length + Number(exponent) + digits
  const all = whole + fraction
  const padded = point > all.length ? all.padEnd(point, '0') : point < 0 ? '0'.repeat(-point) + all : all
  const at = Math.max(point, 0)
  const rest = padded.slice(at).replace(/0+$/, '')
  return `${sign === '-' ? '-' : ''}${padded.slice(0, at) || '0'}${rest ? '.5' : ''}`
}

function booleanValue(field: FieldDef, dialect: Dialect, value: Value): SqlValue {
  if (typeof value !== 'boolean') throw wrong(field, 'true or false')
  return dialect === 'sqlite' ? Number(value) : value
}

function dateValue(field: FieldDef, value: Value): string {
  if (typeof value !== 'string' || !isDay(value)) throw wrong(field, 'a date such as 2026-03-09')
  return value
}

function dateTimeValue(field: FieldDef, value: Value): string {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined
  if (instant === undefined) throw wrong(field, 'a date and time such as 2026-03-09T11:00:00Z')
  return formatInstant(instant)
}

function timeValue(field: FieldDef, value: Value): string {
  const time = timeOfDay(value)
  if (time === undefined) throw wrong(field, 'a time such as 17:30')
  return time
}

/** Values in the picklist's order, as they are stored. */
function multiText(field: FieldDef, value: Value): string {
  const values = typeof value === 'string' ? value.split(';') : value
  if (!Array.isArray(values) || !values.every((each) => typeof each === 'string')) throw wrong(field, 'a list of texts')
  const order = (field.picklist?.values ?? []).map((each) => each.value)
  const rank = (text: string): number => (order.includes(text) ? order.indexOf(text) : order.length)
  return [...new Set(values as string[])].sort((a, b) => rank(a) - rank(b)).join(';')
}

export function listOf(field: FieldDef, value: Value): readonly Value[] {
  if (value === null) return []
  if (!Array.isArray(value)) throw wrong(field, 'a list')
  if (value.length > FILTER_LIMITS.list)
    throw new QueryError(
      'TOO_MANY_VALUES',
      `A list for ${field.name} holds at most ${FILTER_LIMITS.list.toLocaleString('en')} values.`,
    )
  return value
}
