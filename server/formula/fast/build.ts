import { closureOf, pathOf } from '../compile.ts'
import type { Build } from '../functions/define.ts'
import { Num } from '../numbers.ts'
import type { Closure } from '../runtime.ts'
import type { Typed, TypedField } from '../typed.ts'
import { result, UNIT, UNSURE, type FastBuild, type FastClosure } from './bound.ts'

/** Closures that reckon in doubles; what has no such form is worked out exactly and turned into a double. */
export function fastBuild(prefix = ''): FastBuild {
  const value = (node: Typed): Closure => {
    if (node.kind !== 'call')
      return node.kind === 'field' && node.sub ? subValue(node, node.sub, prefix) : closureOf(node, prefix)
    if (!node.args.some((arg) => arg.type === 'Number')) return node.def.closure(node, generic)
    return node.def.fastValue?.(node, self) ?? closureOf(node, prefix)
  }
  const number = (node: Typed): FastClosure => {
    if (node.kind === 'literal') return literal(node.value)
    if (node.kind === 'field') return node.sub ? subNumber(node, node.sub, prefix) : field(node, pathOf(node, prefix))
    return (node.kind === 'call' && node.def.fast?.(node, self)) || fromExact(closureOf(node, prefix))
  }
  const isPlain = (node: Typed): boolean =>
    (node.kind === 'field' && !node.sub && !node.field.percent) ||
    (node.kind === 'literal' && node.value instanceof Num && node.value.precision() <= 15)
  const self: FastBuild = { number, value, isPlain }
  const generic: Build = Object.assign(value, { path: (node: TypedField) => pathOf(node, prefix) })
  return self
}

function literal(value: unknown): FastClosure {
  if (!(value instanceof Num)) return () => NaN
  const double = value.toNumber()
  const error = Number.isSafeInteger(double) && value.isInteger() ? 0 : Math.abs(double) * UNIT
  return () => result(double, error)
}

function fromExact(exact: Closure): FastClosure {
  return (c) => {
    const value = exact(c) as Num | null
    if (value === null) return NaN
    const double = value.toNumber()
    return result(double, Number.isSafeInteger(double) && value.isInteger() ? 0 : Math.abs(double) * UNIT)
  }
}

/** A record's number of at most 15 digits is a double; a longer one comes as text and is left to exact decimals. */
function field(node: TypedField, path: string): FastClosure {
  const blank = node.zero ? 0 : NaN
  const { percent } = node.field
  return (c) => {
    const value = c.record[path]
    if (typeof value === 'number' && value - value === 0) {
      const error = Number.isSafeInteger(value) ? 0 : Math.abs(value) * UNIT
      if (!percent) return result(value, error)
      const share = value / 100
      return result(share, error / 100 + Math.abs(share) * UNIT)
    }
    if (value === null || value === undefined || value === '') return result(blank, 0)
    throw UNSURE
  }
}

function subNumber(node: TypedField, sub: Typed, prefix: string): FastClosure {
  const inner = fastBuild(prefix + (node.field.formulaPrefix ?? '')).number(sub)
  if (!node.zero) return inner
  return (c) => {
    const value = inner(c)
    return Number.isNaN(value) ? result(0, 0) : value
  }
}

function subValue(node: TypedField, sub: Typed, prefix: string): Closure {
  const inner = fastBuild(prefix + (node.field.formulaPrefix ?? '')).value(sub)
  return node.type === 'Boolean' ? (c) => inner(c) ?? false : inner
}
