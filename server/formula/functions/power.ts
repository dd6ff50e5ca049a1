import { fail } from '../failure.ts'
import { Num, ONE, ZERO } from '../numbers.ts'

const POWER_MAX = new Num('1e64')
const POWER_MIN = new Num('1e-39')

/** Whole exponents only; the result is kept to 18 digits. */
export function power(base: Num, exponent: Num): Num {
  if (!exponent.isInteger() || exponent.abs().gt(999_999_999))
    throw fail('BAD_EXPONENT', 'The exponent of ^ must be a whole number.', 'Use SQRT or EXP and LN for other powers.')
  if (base.isZero() && exponent.isNegative() && !exponent.isZero())
    throw fail('DIVIDE_BY_ZERO', 'Zero has no negative power.')
  const result = exponent.isZero() ? ONE : base.pow(exponent)
  if (!result.isFinite() || result.abs().gt(POWER_MAX)) throw fail('NUMBER_TOO_LARGE', 'The result of ^ is too large.')
  return result.abs().lt(POWER_MIN) ? ZERO : result.toSignificantDigits(18)
}
