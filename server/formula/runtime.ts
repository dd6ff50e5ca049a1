import type { Value } from '#util'
import { DAY_MS, formatDate, formatInstant, formatTimeOfDay, readDate, readInstant, readTime } from './dates.ts'
import { fail } from './failure.ts'
import { HUNDRED, Num, numberValue, parseNumber } from './numbers.ts'
import type { EvaluationContext, FormulaType } from './types.ts'

/** What a value of each type is while a formula is worked out. A text is never "": that is null. */
export interface RuntimeTypes {
  Number: Num
  Text: string
  Boolean: boolean
  Date: number
  DateTime: number
  Time: number
  Geolocation: GeoPoint
  Picklist: string
  MultiselectPicklist: readonly string[]
  Null: null
}
export interface GeoPoint {
  readonly latitude: number
  readonly longitude: number
}
export type Runtime = RuntimeTypes[FormulaType] | null
export type Closure = (context: EvaluationContext) => Runtime

/** From a record's JSON form. Throws a Failure when the record holds something of another kind. */
export const READERS: { readonly [T in FormulaType]: (value: Value) => RuntimeTypes[T] | null } = {
  Number: readNumber,
  Text: (value) => (typeof value === 'string' ? value || null : String(value)),
  Boolean: (value) => value === true,
  Date: (value) => readDate(String(value)),
  DateTime: (value) => readInstant(String(value)),
  Time: (value) => readTime(String(value)),
  Geolocation: readGeo,
  Picklist: (value) => (typeof value === 'string' ? value || null : String(value)),
  MultiselectPicklist: readMany,
  Null: () => null,
}

function readNumber(value: Value): Num | null {
  if (typeof value === 'number' && Number.isFinite(value)) return new Num(value)
  const read = typeof value === 'string' ? parseNumber(value) : undefined
  if (!read) throw fail('BAD_VALUE', 'A number field holds what is not a number.')
  return read
}

function readGeo(value: Value): GeoPoint | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { latitude, longitude } = value as { readonly [key: string]: Value }
  return typeof latitude === 'number' && typeof longitude === 'number' ? { latitude, longitude } : null
}

function readMany(value: Value): readonly string[] | null {
  const values = Array.isArray(value) ? value.map(String) : String(value).split(';').filter(Boolean)
  return values.length > 0 ? values : null
}

/** Back to the JSON form. A Boolean's null is false. */
export function toValue(value: Runtime, type: FormulaType, percent = false): Value {
  if (type === 'Boolean') return value === true
  if (value === null) return null
  if (value instanceof Num) return numberValue(percent ? value.times(HUNDRED) : value)
  if (type === 'Date') return formatDate(value as number)
  if (type === 'DateTime') return formatInstant(value as number)
  if (type === 'Time') return formatTimeOfDay(value as number)
  return value as Value
}

const formats = new Map<string, Intl.DateTimeFormat>()
let lastZone = ''
let lastHour = Number.NaN
let lastOffset = 0

/** Days since 1970-01-01 of the wall-clock date an instant has in a zone. The zone's offset is asked once per hour of time. */
export function localDay(instant: number, timeZone: string | undefined): number {
  return Math.floor((instant + zoneOffset(instant, timeZone)) / DAY_MS)
}

function zoneOffset(instant: number, timeZone: string | undefined): number {
  if (!timeZone || timeZone === 'UTC' || timeZone === 'GMT') return 0
  const hour = Math.floor(instant / 900_000)
  if (hour !== lastHour || timeZone !== lastZone) {
    lastOffset = askOffset(hour * 900_000, timeZone)
    ;[lastHour, lastZone] = [hour, timeZone]
  }
  return lastOffset
}

function askOffset(instant: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  )
  const of = (type: Intl.DateTimeFormatPartTypes): string => (parts.get(type) ?? '0').padStart(2, '0')
  const wall = `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}.000Z`
  return parts.get('era') === 'BC' ? 0 : readInstant(wall) - instant
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const options = { timeZone, hourCycle: 'h23', era: 'short', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const // prettier-ignore
  try {
    const format = new Intl.DateTimeFormat('en-US', options)
    formats.set(timeZone, format)
    return format
  } catch {
    throw fail('UNKNOWN_TIME_ZONE', 'The time zone is none that is known.', 'Use a name such as Europe/Paris.')
  }
}
