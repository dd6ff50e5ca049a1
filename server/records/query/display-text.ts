import type { FieldDef } from '#metadata'
import { parseInstant } from '#util'
import type { Value } from '#util'

/** How a person reads: locale default en-US. A text that stands alone names its currency and says which zone it means. */
export interface Display {
  readonly locale?: string | undefined
  readonly timeZone: string
  /** ISO 4217; absent: amounts are numbers. */
  readonly currency?: string | undefined
  readonly saysZone?: boolean
}
/** What must be known of a value to show it. */
export type Shown = Pick<FieldDef, 'type' | 'scale'> & Partial<Pick<FieldDef, 'picklist' | 'document' | 'storage'>>

const MOMENT = { dateStyle: 'medium', timeStyle: 'short' } as const
/** The same spelled out, because styles and a zone don't go together. */
const MOMENT_AND_ZONE = { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const // prettier-ignore

/** A value as a person reads it; null stays null. */
export function displayText(field: Shown, value: Value, context: Display): string | null {
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
      return dateFormat(context.locale, {
        ...(context.saysZone ? MOMENT_AND_ZONE : MOMENT),
        timeZone: context.timeZone,
      }).format(parseInstant(String(value)) ?? 0)
    case 'Time':
      return dateFormat(context.locale, { timeStyle: 'short', timeZone: 'UTC' }).format(
        new Date(`1970-01-01T${String(value)}Z`),
      )
    default:
      return typeof value === 'object' ? objectText(value) : String(value)
  }
}

const ROLLED_UP: { readonly [storage: string]: string } = { date: 'Date', datetime: 'DateTime' }

function shownAs(field: Shown): string {
  if (field.type === 'Formula') return field.document?.formulaType ?? 'Text'
  return field.type === 'RollupSummary' ? (ROLLED_UP[field.storage ?? ''] ?? 'Number') : field.type
}

function labels(field: Shown, value: Value): string {
  const label = (text: Value): string =>
    field.picklist?.values.find((each) => each.value === text)?.label ?? String(text)
  return Array.isArray(value) ? value.map(label).join('; ') : label(value)
}

/** Decimal texts keep all their digits: Intl reads them as they are. */
function numberText(field: Shown, value: Value, context: Display): string {
  const digits = Math.min(field.scale, 20)
  const currency = shownAs(field) === 'Currency' && /^[A-Za-z]{3}$/.test(context.currency ?? '') && context.currency
  const format = new Intl.NumberFormat(localeOf(context.locale), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    ...(currency && { style: 'currency', currency }),
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
