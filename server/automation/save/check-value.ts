import { atScale } from '#records'
import { parseInstant, formatInstant, isDay, isId, isStorable, isStorableJson, TEXT_FORMATS } from '#util'
import type { Value } from '#util'
import type { FieldDef, FieldType } from '#metadata'

/** A checked value in its JSON form, or what is wrong with it in one sentence. */
export type Checked = { readonly value: Value } | { readonly code: string; readonly message: string }

const MAX_LONG_TEXT = 131_072
const wrongType = (field: FieldDef, wanted: string): Checked => ({
  code: 'WRONG_TYPE',
  message: `${field.label} must be ${wanted}.`,
})

const notStorable = (field: FieldDef): Checked => ({
  code: 'WRONG_TYPE',
  message: `${field.label} holds a character that can't be stored: NUL (U+0000) or half of a surrogate pair.`,
})

/** Brings a caller's value into the field's JSON form. Blank text and empty lists become null. */
export function checkValue(field: FieldDef, value: Value): Checked {
  if (value === null || value === '') return { value: field.type === 'Checkbox' ? false : null }
  return CHECKS[field.type](field, value)
}

type Check = (field: FieldDef, value: Exclude<Value, null>) => Checked

function text(field: FieldDef, value: Value): Checked {
  if (typeof value !== 'string') return wrongType(field, 'text')
  if (!isStorable(value)) return notStorable(field)
  const longest = field.length ?? (field.type === 'Text' ? 255 : MAX_LONG_TEXT)
  const format = field.format && TEXT_FORMATS[field.format]
  if (format && !format.fits(value)) return wrongType(field, format.wanted)
  if (value.length <= longest) return { value }
  return { code: 'TOO_LONG', message: `${field.label} has ${value.length} characters; at most ${longest} fit.` }
}

function pattern(expression: RegExp, wanted: string): Check {
  return (field, value) => {
    const checked = text(field, value)
    return 'value' in checked && !expression.test(String(value)) ? wrongType(field, wanted) : checked
  }
}

function number(field: FieldDef, value: Value): Checked {
  if (typeof value !== 'number' && typeof value !== 'string') return wrongType(field, 'a number')
  const digits = decimalText(value)
  if (digits === undefined) return wrongType(field, 'a number')
  const stored = atScale(field, digits)
  const whole = (typeof stored === 'number' ? String(Math.trunc(stored)) : String(stored).split('.')[0]!).replace(/^-?0*/, '').length // prettier-ignore
  if (whole > field.precision - field.scale)
    return {
      code: 'TOO_LARGE',
      message: `${field.label} takes at most ${field.precision - field.scale} digits before the decimal point.`,
    }
  return { value: stored }
}

/** Plain decimal digits of a number or of decimal text; undefined when it is neither. */
function decimalText(value: number | string): string | undefined {
  const raw = typeof value === 'number' ? plain(value) : value.trim()
  return /^-?\d+(\.\d+)?$/.test(raw) ? raw : undefined
}

function plain(value: number): string {
  if (!Number.isFinite(value)) return ''
  const printed = String(value)
  return printed.includes('e') ? value.toFixed(Math.abs(value) < 1 ? 18 : 0) : printed
}

function checkbox(field: FieldDef, value: Value): Checked {
  return typeof value === 'boolean' ? { value } : wrongType(field, 'true or false')
}

function date(field: FieldDef, value: Value): Checked {
  return typeof value === 'string' && isDay(value) ? { value } : wrongType(field, 'a date such as 2026-03-06')
}

function dateTime(field: FieldDef, value: Value): Checked {
  const at = typeof value === 'string' ? parseInstant(value) : undefined
  return at === undefined
    ? wrongType(field, 'a date and time with a zone such as 2026-03-06T16:00:00Z')
    : { value: formatInstant(at) }
}

function time(field: FieldDef, value: Value): Checked {
  const m =
    typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?Z?$/.exec(value) : null
  return m
    ? { value: `${m[1]}:${m[2]}:${m[3] ?? '00'}.${(m[4] ?? '').padEnd(3, '0')}` }
    : wrongType(field, 'a time such as 17:30')
}

function picklist(field: FieldDef, value: Value): Checked {
  const checked = text(field, value)
  if (!('value' in checked) || !field.picklist?.restricted) return checked
  const known = field.picklist.values.find((v) => v.value === value)
  if (known && known.active !== false) return checked
  const choices = field.picklist.values.filter((v) => v.active !== false).map((v) => v.value)
  return {
    code: 'NOT_IN_PICKLIST',
    message: `${field.label} has no ${known ? 'active ' : ''}value “${String(value).slice(0, 80)}”. Choose ${choices.slice(0, 12).join(', ')}${choices.length > 12 ? ' …' : ''}.`,
  }
}

function multiselect(field: FieldDef, value: Value): Checked {
  const list = typeof value === 'string' ? value.split(';').filter(Boolean) : value
  if (!Array.isArray(list) || !list.every((v) => typeof v === 'string')) return wrongType(field, 'a list of values')
  for (const one of list as string[]) {
    const checked = one.includes(';') ? wrongType(field, 'values without a semicolon') : picklist(field, one)
    if (!('value' in checked)) return checked
  }
  const order = field.picklist?.values.map((v) => v.value) ?? []
  const chosen = [...new Set(list as string[])].sort((a, b) => order.indexOf(a) - order.indexOf(b))
  return { value: chosen.length ? chosen : null }
}

function reference(field: FieldDef, value: Value): Checked {
  return typeof value === 'string' && isId(value) ? { value } : wrongType(field, 'the 18-character id of a record')
}

function geolocation(field: FieldDef, value: Value): Checked {
  const { latitude, longitude } = (
    typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  ) as { [key: string]: Value }
  const good =
    typeof latitude === 'number' &&
    Math.abs(latitude) <= 90 &&
    typeof longitude === 'number' &&
    Math.abs(longitude) <= 180
  return good
    ? { value: { latitude, longitude } }
    : wrongType(field, 'a latitude from -90 to 90 and a longitude from -180 to 180')
}

const ADDRESS_PARTS = ['street', 'city', 'state', 'postalCode', 'country']
function address(field: FieldDef, value: Value): Checked {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrongType(field, `an address with ${ADDRESS_PARTS.join(', ')}`)
  const parts = value as { readonly [key: string]: Value }
  const bad = Object.entries(parts).find(
    ([key, v]) => !ADDRESS_PARTS.includes(key) || (v !== null && (typeof v !== 'string' || v.length > 255)),
  )
  if (bad) return wrongType(field, `an address with ${ADDRESS_PARTS.join(', ')}, each a text of at most 255 characters`)
  if (!isStorableJson(parts)) return notStorable(field)
  return { value: Object.fromEntries(ADDRESS_PARTS.map((part) => [part, parts[part] || null])) }
}

function json(field: FieldDef, value: Value): Checked {
  if (!isStorableJson(value)) return notStorable(field)
  return JSON.stringify(value).length <= 1_000_000
    ? { value }
    : { code: 'TOO_LONG', message: `${field.label} is larger than 1,000,000 characters.` }
}

const computed: Check = (field) => ({ code: 'READ_ONLY', message: `${field.label} is computed and can't be set.` })

const CHECKS: { readonly [type in FieldType]: Check } = {
  Text: text,
  LongTextArea: text,
  RichText: text,
  Email: pattern(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'an e-mail address such as ana@example.com'),
  Phone: text,
  Url: pattern(/^(https?:\/\/)?[^\s]+\.[^\s]+$/i, 'a web address such as https://example.com'),
  Number: number,
  Currency: number,
  Percent: number,
  Checkbox: checkbox,
  Date: date,
  DateTime: dateTime,
  Time: time,
  Picklist: picklist,
  MultiselectPicklist: multiselect,
  Lookup: reference,
  MasterDetail: reference,
  File: reference,
  AutoNumber: text,
  ExternalId: text,
  Formula: computed,
  RollupSummary: number,
  Geolocation: geolocation,
  Address: address,
  JSON: json,
}
