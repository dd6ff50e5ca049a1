/** Pieces that several field types share. */
import type { FieldInfo } from '../api/metadata.ts'
import { isBlank, type FieldTypeEntry, type FieldValue, type FormatContext, type OperatorName } from './types.ts'

const TEXT_OPERATORS: readonly OperatorName[] = ['contains', 'eq', 'ne', 'startsWith', 'isNull', 'notNull']
export const ORDERED_OPERATORS: readonly OperatorName[] = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'isNull', 'notNull']
export const DATE_OPERATORS: readonly OperatorName[] = ['relative', 'lt', 'gte', 'eq', 'isNull', 'notNull']
export const PRESENCE: readonly OperatorName[] = ['isNull', 'notNull']

export const asText = (value: FieldValue): string =>
  isBlank(value) ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

export function required(value: FieldValue, field: FieldInfo): string | undefined {
  return field.required && isBlank(value) ? `Enter a value for ${field.label}.` : undefined
}

function tooLong(value: FieldValue, field: FieldInfo): string | undefined {
  const over = field.length ? String(value ?? '').length - field.length : 0
  return over > 0 ? `${field.label} holds at most ${field.length} characters: take ${over} out.` : undefined
}

/** Everything a plain text type needs; a type names what differs. */
export const textual: Pick<
  FieldTypeEntry,
  'control' | 'cell' | 'align' | 'sortable' | 'operators' | 'options' | 'format' | 'validate' | 'fromText'
> = {
  control: 'text',
  cell: 'text',
  align: 'start',
  sortable: true,
  operators: TEXT_OPERATORS,
  options: ['required', 'unique', 'indexed', 'default'],
  format: asText,
  validate: (value, field) => required(value, field) ?? tooLong(value, field),
  fromText: (text) => text.trim() || null,
}

const numberFormats = new Map<string, Intl.NumberFormat>()
export function formatNumber(value: FieldValue, context: FormatContext, options: Intl.NumberFormatOptions): string {
  if (isBlank(value)) return ''
  const key = `${context.locale}${JSON.stringify(options)}`
  let format = numberFormats.get(key)
  if (!format) numberFormats.set(key, (format = new Intl.NumberFormat(context.locale, options)))
  // A decimal string keeps all its digits: Intl reads it exactly.
  return format.format(value as Intl.StringNumericLiteral)
}

/** Digits before and after the point; a decimal string is checked as text, so that nothing is rounded. */
function numberFits(value: FieldValue, field: FieldInfo): string | undefined {
  if (isBlank(value)) return required(value, field)
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!match) return `${field.label} must be a number, such as 1250${field.scale ? '.50' : ''}.`
  const scale = field.scale ?? 0
  const whole = (field.precision ?? 18) - scale
  if ((match[2] ?? '').length > scale)
    return scale
      ? `${field.label} takes at most ${scale} digits after the point.`
      : `${field.label} takes whole numbers only.`
  return match[1]!.replace(/^0+/, '').length > whole
    ? `${field.label} takes at most ${whole} digits before the point.`
    : undefined
}

/** Text to number; kept as a decimal string where a double would lose digits. */
function readNumber(text: string, field: FieldInfo): FieldValue | undefined {
  const plain = text.trim().replaceAll(/[\s,_]/g, '')
  if (plain === '') return null
  if (!/^-?\d+(\.\d+)?$/.test(plain)) return undefined
  return (field.precision ?? 15) > 15 ? plain : Number(plain)
}

export const numeric: Pick<
  FieldTypeEntry,
  'control' | 'cell' | 'align' | 'sortable' | 'operators' | 'options' | 'validate' | 'fromText'
> = {
  control: 'number',
  cell: 'number',
  align: 'end',
  sortable: true,
  operators: ORDERED_OPERATORS,
  options: ['digits', 'required', 'unique', 'indexed', 'default'],
  validate: numberFits,
  fromText: readNumber,
}

export const digits = (field: FieldInfo): Intl.NumberFormatOptions => ({
  minimumFractionDigits: field.scale ?? 0,
  maximumFractionDigits: field.scale ?? 0,
})

const dateFormats = new Map<string, Intl.DateTimeFormat>()
export function formatDate(instant: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale}${JSON.stringify(options)}`
  let format = dateFormats.get(key)
  if (!format) dateFormats.set(key, (format = new Intl.DateTimeFormat(locale, options)))
  return format.format(instant)
}
