import { Decimal } from 'decimal.js'
import { fail } from './failure.ts'
import { LIMITS } from './limits.ts'

/** Exact decimals as Salesforce's: 39 significant digits, halves away from zero. */
export const Num = Decimal.clone({
  precision: 39,
  rounding: Decimal.ROUND_HALF_UP,
  toExpNeg: -2000,
  toExpPos: 2000,
  maxE: 100_000,
  minE: -100_000,
})
export type Num = Decimal

export const ZERO = new Num(0)
export const ONE = new Num(1)
export const HUNDRED = new Num(100)

/** Keeps a result in a range that can be printed; beyond it the formula is an error. */
export function checked(value: Num): Num {
  if (!value.isFinite()) throw fail('NOT_A_NUMBER', 'The calculation has no result that is a number.')
  if (value.e > LIMITS.exponent) throw fail('NUMBER_TOO_LARGE', 'A number in the calculation grows too large.')
  return value.e < -LIMITS.exponent ? ZERO : value
}

/** A result of double maths; NaN and infinities are errors. */
export function fromDouble(value: number): Num {
  if (!Number.isFinite(value)) throw fail('NOT_A_NUMBER', 'The calculation has no result that is a number.')
  return new Num(value)
}

const DECIMAL_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,10})?$/

/** A number written as text, `1e5`, `+5` and `.5` included, blanks not; undefined when it is none. */
export function parseNumber(text: string): Num | undefined {
  if (text.length > 2_000 || !DECIMAL_TEXT.test(text)) return undefined
  const value = new Num(text)
  return value.isFinite() && Math.abs(value.e) <= LIMITS.exponent ? value : undefined
}

/** Plain digits, no trailing zeros. */
export const numberText = (value: Num): string => (value.isZero() ? '0' : value.toFixed())

/** The JSON form: a JS number up to 15 significant digits, else a decimal text. */
export function numberValue(value: Num): number | string {
  return value.precision() <= 15 && Math.abs(value.e) <= 21 ? value.toNumber() + 0 : value.toFixed()
}

/** Whole part, towards zero, held inside what a loop or an index can use. */
export function toInteger(value: Num): number {
  const whole = value.trunc().toNumber()
  return whole > 2_147_483_647 ? 2_147_483_647 : whole < -2_147_483_648 ? -2_147_483_648 : whole
}

/** Rounds halves away from zero to `digits` decimals; negative digits round tens, hundreds … */
export function roundTo(value: Num, digits: number): Num {
  return roundWith(value, digits, Decimal.ROUND_HALF_UP)
}

export function roundWith(value: Num, digits: number, mode: Decimal.Rounding): Num {
  if (digits >= 0) return digits > LIMITS.exponent ? value : value.toDecimalPlaces(digits, mode)
  if (-digits > value.e + 1) return mode === Decimal.ROUND_HALF_UP || mode === Decimal.ROUND_DOWN ? ZERO : value
  const unit = new Num(`1e${-digits}`)
  return new Num(value.div(unit)).toDecimalPlaces(0, mode).times(unit)
}
