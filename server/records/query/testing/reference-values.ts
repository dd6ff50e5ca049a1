import type { FieldDef } from '#metadata'
import type { Value } from '#util'

/** Decimals by their digits, texts by code point, false before true. */
export function compareValues(field: Pick<FieldDef, 'storage' | 'scale'>, a: Value, b: Value): number {
  if (field.storage === 'decimal' || field.storage === 'integer') return sign(toBig(a) - toBig(b))
  if (field.storage === 'boolean') return Number(a) - Number(b)
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))
}

const sign = (n: bigint): number => (n > 0n ? 1 : n < 0n ? -1 : 0)
export const DIGITS = 12

/** A decimal times 10^12. */
export function toBig(value: Value): bigint {
  const [whole = '0', fraction = ''] = String(value).replace('-', '').split('.')
  const magnitude = BigInt(whole + fraction.padEnd(DIGITS, '0').slice(0, DIGITS))
  return String(value).startsWith('-') ? -magnitude : magnitude
}
