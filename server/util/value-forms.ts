/** Forms of values as they come from outside; see Value. */

const TIME = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?Z?$/
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)$/

/** `17:30` → `17:30:00.000`; undefined when it is no time of day. */
export function timeOfDay(value: unknown): string | undefined {
  const m = typeof value === 'string' ? TIME.exec(value) : null
  return m ? `${m[1]}:${m[2]}:${m[3] ?? '00'}.${(m[4] ?? '').padEnd(3, '0')}` : undefined
}

/** A number, or its digits as text; undefined when it is neither. */
export function decimalText(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && DECIMAL.test(text) ? text : undefined
}

export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** A place on the earth, in degrees; undefined when it is none. */
export function placeOf(value: unknown): Place | undefined {
  const { latitude, longitude } = (value ?? {}) as { latitude?: unknown; longitude?: unknown }
  const fits = (n: unknown, limit: number): n is number => typeof n === 'number' && Math.abs(n) <= limit
  return fits(latitude, 90) && fits(longitude, 180) ? { latitude, longitude } : undefined
}
