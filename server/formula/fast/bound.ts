import type { Closure } from '../runtime.ts'
import type { Typed } from '../typed.ts'
import type { EvaluationContext } from '../types.ts'

/**
 * Filtered arithmetic: numbers are worked out in doubles together with a bound on how far they may be off. Wherever a formula decides (a
 * comparison, a rounding, a CASE) the distance to the boundary must exceed the bound; otherwise UNSURE is thrown and the whole formula is
 * worked out again in exact decimals. So the result is always the exact one, nearly always at the speed of doubles.
 */
export type FastClosure = (context: EvaluationContext) => number

export interface FastBuild {
  /** NaN stands for a blank; the error of what was returned last is in `last.error`. */
  number(node: Typed): FastClosure
  /** Anything but a number. */
  value(node: Typed): Closure
  /** The value is the double nearest to a decimal of at most 15 digits, so that equal decimals are equal doubles. */
  isPlain(node: Typed): boolean
}

export const last = { error: 0 }

export const UNSURE = { name: 'UNSURE' }

/** Half the distance between neighbouring doubles, relative. */
export const UNIT = 2 ** -53
/** Errors are themselves sums of doubles: a little more than enough. */
const SLACK = 1 + 2 ** -40

export function result(value: number, error: number): number {
  last.error = error
  return value
}

/** Below 0, 0 or above 0, sure; `plain` sides are compared as they are. */
export function sureOrder(a: number, b: number, error: number): number {
  const difference = a - b
  if (error === 0) return difference
  if (Math.abs(difference) > error * SLACK + UNIT * Math.abs(difference)) return difference
  throw UNSURE
}

const EXACT = 2 ** 53

/** Rounds to a whole number; throws when the boundary is too near to be sure. Halves go away from zero. */
export function sureHalf(value: number, error: number): number {
  const size = Math.abs(value)
  const whole = Math.floor(size)
  const rest = size - whole - 0.5
  if (size > EXACT / 4 || (error !== 0 && Math.abs(rest) <= error * SLACK)) throw UNSURE
  const rounded = rest >= 0 ? whole + 1 : whole
  return value < 0 ? 0 - rounded : rounded
}

/** The whole number below (towards zero or minus infinity) or above; throws when a whole number is too near to be sure. */
export function sureWhole(value: number, error: number, round: (value: number) => number): number {
  if (Math.abs(value) > EXACT / 4) throw UNSURE
  if (error !== 0 && Math.abs(value - Math.round(value)) <= error * SLACK) throw UNSURE
  return round(value) + 0
}
