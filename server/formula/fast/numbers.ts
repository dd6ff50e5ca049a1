import { fail, placed } from '../failure.ts'
import { Num } from '../numbers.ts'
import type { Closure } from '../runtime.ts'
import type { Typed, TypedCall } from '../typed.ts'
import {
  last,
  result,
  sureHalf,
  sureOrder,
  sureWhole,
  UNIT,
  UNSURE,
  type FastBuild,
  type FastClosure,
} from './bound.ts'

type Step = (a: number, ea: number, b: number, eb: number) => number

const isSum = (a: number, b: number, r: number): boolean =>
  Number.isInteger(a) && Number.isInteger(b) && Math.abs(r) <= 2 ** 53
const rounding = (a: number, ea: number, b: number, eb: number, r: number): number =>
  ea === 0 && eb === 0 && isSum(a, b, r) ? 0 : Math.abs(r) * UNIT

export const add: Step = (a, ea, b, eb) => result(a + b, ea + eb + rounding(a, ea, b, eb, a + b))
export const subtract: Step = (a, ea, b, eb) => result(a - b, ea + eb + rounding(a, ea, b, eb, a - b))
export const multiply: Step = (a, ea, b, eb) =>
  result(a * b, Math.abs(a) * eb + Math.abs(b) * ea + ea * eb + rounding(a, ea, b, eb, a * b))

export const divide: Step = (a, ea, b, eb) => {
  if (b === 0 && eb === 0)
    throw fail('DIVIDE_BY_ZERO', 'The formula divides by zero.', 'Test the divisor first, for example with IF.')
  if (Math.abs(b) <= eb * 2) throw UNSURE
  const r = a / b
  return result(r, (ea + Math.abs(r) * eb) / (Math.abs(b) - eb) + Math.abs(r) * UNIT)
}

/** Two numbers; a blank among them makes the result blank. */
export function binary(call: TypedCall, build: FastBuild, step: Step): FastClosure {
  const [left, right] = call.args.map(build.number) as [FastClosure, FastClosure]
  return (c) => {
    const a = left(c)
    const ea = last.error
    const b = right(c)
    if (a !== a || b !== b) return NaN
    try {
      return finite(step(a, ea, b, last.error))
    } catch (error) {
      throw error === UNSURE ? error : placed(error, call.at)
    }
  }
}

/** Beyond 1e200 doubles would run over; exact decimals take it from there. */
function finite(value: number): number {
  if (Math.abs(value) > 1e200 || (value !== 0 && Math.abs(value) < 1e-200)) throw UNSURE
  return value
}

export function unary(call: TypedCall, build: FastBuild, run: (a: number) => number): FastClosure {
  const value = build.number(call.args[0]!)
  return (c) => run(value(c))
}

/** Days between two instants or dates. */
export function difference(call: TypedCall, build: FastBuild, unit: number): FastClosure {
  const [left, right] = call.args.map(build.value) as [Closure, Closure]
  return (c) => {
    const a = left(c)
    const b = right(c)
    if (a === null || b === null) return NaN
    const value = ((a as number) - (b as number)) / unit
    return result(value, Number.isInteger(value) ? 0 : Math.abs(value) * UNIT)
  }
}

export function extreme(call: TypedCall, build: FastBuild, sign: 1 | -1): FastClosure {
  const args = call.args.map(build.number)
  return (c) => {
    let best = sign * -Infinity
    let error = 0
    let blank = false
    for (const arg of args) {
      const value = arg(c)
      error = Math.max(error, last.error)
      if (value !== value) blank = true
      else if ((value - best) * sign > 0) best = value
    }
    return blank ? NaN : result(best, error)
  }
}

const wholeDigits = (node: Typed | undefined): number =>
  node === undefined ? 0 : node.kind === 'literal' && node.value instanceof Num ? node.value.trunc().toNumber() : NaN

/** ROUND and TRUNC to digits that are written out, 0 to 12. */
export function rounded(call: TypedCall, build: FastBuild, how: 'half' | 'zero'): FastClosure | undefined {
  const digits = wholeDigits(call.args[1])
  if (!(digits >= 0 && digits <= 12)) return undefined
  const power = 10 ** digits
  const value = build.number(call.args[0]!)
  return (c) => {
    const x = value(c)
    if (x !== x) return NaN
    const rounded = toPower(x, last.error, power, how)
    return result(rounded, digits === 0 ? 0 : Math.abs(rounded) * UNIT)
  }
}

/** Rounded to a multiple of 1/power. */
export function toPower(x: number, error: number, power: number, how: 'half' | 'zero'): number {
  const y = x * power
  const ey = error === 0 && Number.isInteger(x) ? 0 : error * power + Math.abs(y) * UNIT
  return (how === 'half' ? sureHalf(y, ey) : sureWhole(y, ey, Math.trunc)) / power
}

export function whole(call: TypedCall, build: FastBuild, round: (value: number) => number): FastClosure {
  const value = build.number(call.args[0]!)
  return (c) => {
    const x = value(c)
    return x !== x ? NaN : result(sureWhole(x, last.error, round), 0)
  }
}

export function comparison(call: TypedCall, build: FastBuild, holds: (order: number) => boolean): Closure {
  const [leftNode, rightNode] = call.args as [Typed, Typed]
  const [left, right] = [build.number(leftNode), build.number(rightNode)]
  if (build.isPlain(leftNode) && build.isPlain(rightNode)) {
    return (c) => {
      const a = left(c)
      const b = right(c)
      return a !== a || b !== b ? null : holds(a - b)
    }
  }
  return (c) => {
    const a = left(c)
    const error = last.error
    const b = right(c)
    return a !== a || b !== b ? null : holds(sureOrder(a, b, error + last.error))
  }
}

/** A date or instant plus a number of days, `count` turning the days into whole units. */
export function shifted(
  call: TypedCall,
  build: FastBuild,
  sign: 1 | -1,
  count: (days: number, error: number) => number,
  check: (value: number) => number,
): Closure {
  const dateFirst = call.args[0]!.type !== 'Number'
  const [date, days] = dateFirst ? [call.args[0]!, call.args[1]!] : [call.args[1]!, call.args[0]!]
  const [at, amount] = [build.value(date), build.number(days)]
  return (c) => {
    const start = at(c)
    const n = amount(c)
    if (start === null || n !== n) return null
    try {
      return check((start as number) + sign * count(n, last.error))
    } catch (error) {
      throw error === UNSURE ? error : placed(error, call.at)
    }
  }
}

export const wholeDays = (days: number, error: number): number => sureWhole(days, error, Math.trunc)
/** Milliseconds, to the whole second. */
export function wholeSeconds(days: number, error: number): number {
  const seconds = days * 86_400
  return sureHalf(seconds, error * 86_400 + (Number.isInteger(days) ? 0 : Math.abs(seconds) * UNIT)) * 1000
}
