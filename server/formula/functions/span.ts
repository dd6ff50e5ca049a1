import { DAY_MS } from '../dates.ts'
import { Num, ONE } from '../numbers.ts'
import type { Closure } from '../runtime.ts'
import type { Typed, TypedCall } from '../typed.ts'
import type { Build } from './define.ts'

const DAY = new Num(DAY_MS)

interface Span {
  readonly difference: TypedCall
  readonly factor: Num
}

/** `(a - b) * 24 * 60` between date/times: days turned into hours or minutes by literals. */
function spanOf(node: Typed): Span | undefined {
  if (node.kind !== 'call') return undefined
  const [left, right] = node.args as [Typed, Typed]
  if (node.def.name === '-' && left.type === 'DateTime' && right.type === 'DateTime')
    return { difference: node, factor: ONE }
  if (node.def.name !== '*') return undefined
  const [inner, literal] = left.kind === 'literal' ? [right, left] : [left, right]
  const span = literal.kind === 'literal' && literal.value instanceof Num ? spanOf(inner) : undefined
  return span && { difference: span.difference, factor: span.factor.times((literal as { value: Num }).value) }
}

/** The milliseconds are multiplied first and divided once, so that five hours are exactly 5 and not 4.99…9. */
export function spanClosure(call: TypedCall, build: Build): Closure | undefined {
  const span = call.def.name === '*' ? spanOf(call) : undefined
  if (!span) return undefined
  const [later, earlier] = span.difference.args.map(build) as [Closure, Closure]
  return (c) => {
    const a = later(c)
    const b = earlier(c)
    return a === null || b === null ? null : span.factor.times((a as number) - (b as number)).div(DAY)
  }
}
