import { DatabaseError } from '#database'
import type { Value } from '#util'
import { EXACT_DIGITS } from './types.ts'
import type { CodecField } from './types.ts'

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i

/** The digits of value × 10^scale, rounded half away from zero; exact for decimal text of any length. Undefined when it is no number. */
export function scaledDigits(value: number | string, scale: number): string | undefined {
  const m = DECIMAL.exec(String(value).trim())
  if (!m || !(m[2] || m[3])) return undefined
  const [, sign, whole = '', fraction = ''] = m
  const digits = whole + fraction
  const keep = whole.length + Number(m[4] ?? 0) + scale
  const kept = keep <= 0 ? '' : digits.slice(0, keep).padEnd(keep, '0')
  const next = keep < 0 ? '0' : (digits[keep] ?? '0')
  const magnitude = BigInt(kept || '0') + (next >= '5' ? 1n : 0n)
  return (sign === '-' ? -magnitude : magnitude).toString()
}

/** `12345`, scale 2 → `123.45`. */
export function decimalText(scaled: string, scale: number): string {
  if (scale === 0) return scaled
  const sign = scaled.startsWith('-') ? '-' : ''
  const digits = scaled.slice(sign.length).padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Null stays null; what is no number is refused. */
export function encodeScaled(value: Value, scale: number): string | null {
  if (value === null || value === '') return null
  if (Number.isInteger(value) && Number.isSafeInteger((value as number) * 10 ** scale))
    return String((value as number) * 10 ** scale + 0)
  const scaled = typeof value === 'number' || typeof value === 'string' ? scaledDigits(value, scale) : undefined
  if (scaled === undefined)
    throw new DatabaseError('BAD_VALUE', `${JSON.stringify(value)?.slice(0, 40)} is not a number.`, {
      hint: 'The save must check the type before it writes.',
    })
  return scaled
}

/** A value as the field stores it and gives it back: a number with its digits after the point, as text where a double can't hold it. */
export function atScale({ storage, precision, scale }: CodecField, value: Value): Value {
  if (storage !== 'decimal' && storage !== 'integer') return value
  const scaled = typeof value === 'number' || typeof value === 'string' ? scaledDigits(value, scale) : undefined
  if (scaled === undefined) return value
  const text = decimalText(scaled, scale)
  return precision <= EXACT_DIGITS ? Number(text) : text
}
