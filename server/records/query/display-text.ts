import type { FieldDef } from '#metadata'
import { parseInstant } from '#util'
import type { Value } from '#util'
import type { QueryContext } from './run-values.ts'

/** A value as a person reads it; null stays null. */
export function displayText(field: FieldDef, value: Value, context: QueryContext): string | null {
  if (value === null) return null
  if (field.picklist) return labels(field, value)
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  switch (shownAs(field)) {
    case 'Number':
    case 'Currency':
    case 'Percent':
      return numberText(field, value, context)
    case 'Date':
      return dateFormat(context.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
        new Date(`${String(value)}T00:00:00Z`),
      )
    case 'DateTime':
      return dateFormat(context.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: context.timeZone }).format(
        parseInstant(String(value)) ?? 0,
      )
    case 'Time':
      return dateFormat(context.locale, { timeStyle: 'short', timeZone: 'UTC' }).format(
        new Date(`1970-01-01T${String(value)}Z`),
      )
    default:
      return typeof value === 'object' ? objectText(value) : String(value)
  }
}

const shownAs = (field: FieldDef): string =>
  field.type === 'Formula'
    ? (field.document?.formulaType ?? 'Text')
    : field.type === 'RollupSummary'
      ? 'Number'
      : field.type

function labels(field: FieldDef, value: Value): string {
  const label = (text: Value): string =>
    field.picklist?.values.find((each) => each.value === text)?.label ?? String(text)
  return Array.isArray(value) ? value.map(label).join('; ') : label(value)
}

/** Decimal texts keep all their digits: Intl reads them as they are. */
function numberText(field: FieldDef, value: Value, context: QueryContext): string {
  const digits = Math.min(field.scale, 20)
  const format = new Intl.NumberFormat(localeOf(context.locale), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return `${format.format(value as Intl.StringNumericLiteral)}${shownAs(field) === 'Percent' ? '%' : ''}`
}

function objectText(value: object): string {
  if ('latitude' in value && 'longitude' in value) return `${String(value.latitude)}, ${String(value.longitude)}`
  return Object.values(value).filter((each) => typeof each === 'string' && each !== '').join(', ') // prettier-ignore
}

const formats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(locale: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options])
  const known = formats.get(key)
  if (known) return known
  const made = newFormat(localeOf(locale), options)
  formats.set(key, made)
  return made
}

function newFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(locale, options)
  } catch {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
  }
}

/** A locale that the runtime does not know counts as English. `en_US` is Salesforce's way to write it. */
function localeOf(locale = 'en-US'): string {
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0] ?? 'en-US'
  } catch {
    return 'en-US'
  }
}
