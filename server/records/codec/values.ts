import { DatabaseError } from '#database'
import type { SqlValue } from '#database'
import { formatInstant, parseInstant } from '#util'
import type { Value } from '#util'

const NORMAL_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function refuse(value: Value, wanted: string): never {
  const shown = JSON.stringify(value)?.slice(0, 40)
  throw new DatabaseError('BAD_VALUE', `${shown} is not ${wanted}.`, {
    hint: 'The save must check the type before it writes.',
  })
}

/** "" is blank. U+0000 and halves of a surrogate pair, which PostgreSQL can't hold, become U+FFFD. */
export function encodeText(value: Value): string | null {
  if (value === null || value === '') return null
  if (typeof value !== 'string') refuse(value, 'text')
  return storable(value)
}

const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')

export function encodeBoolean(value: Value): boolean | null {
  if (value === null || typeof value === 'boolean') return value
  return refuse(value, 'true or false')
}

export function encodeInstant(value: Value): string | null {
  if (value === null || value === '') return null
  if (typeof value !== 'string') refuse(value, 'a date and time')
  if (NORMAL_INSTANT.test(value)) return value
  const instant = parseInstant(value)
  return instant === undefined ? refuse(value, 'a date and time') : formatInstant(instant)
}

/** `A;B`, in the order given; the save puts them in the picklist's order. */
export function encodeMulti(value: Value): string | null {
  if (value === null) return null
  if (!Array.isArray(value)) refuse(value, 'a list of values')
  return encodeText(value.join(';'))
}

export function encodeJson(value: Value): string | null {
  if (value === null) return null
  const text = JSON.stringify(value)
  return text.includes('\\u') && /\\u0000|\\ud[89a-f]/i.test(text) ? JSON.stringify(storableJson(value)) : text
}

function storableJson(value: Value): Value {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableJson)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storableJson(inner as Value)]))
}

const COORDINATE_DIGITS = 1e12

/** Latitude and longitude, kept to 12 digits after the point (a millionth of a millimetre), so that both databases print them alike. */
export function encodeGeo(value: Value): readonly SqlValue[] {
  if (value === null) return [null, null]
  const { latitude, longitude } = value as { latitude?: unknown; longitude?: unknown }
  if (typeof latitude !== 'number' || typeof longitude !== 'number') refuse(value, 'a latitude and a longitude')
  return [latitude, longitude].map((n) => Math.round(n * COORDINATE_DIGITS) / COORDINATE_DIGITS + 0)
}
