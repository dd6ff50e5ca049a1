import { Num } from './numbers.ts'
import type { Runtime } from './runtime.ts'

/** Below 0, 0 or above 0. */
export function order(a: NonNullable<Runtime>, b: NonNullable<Runtime>): number {
  if (a instanceof Num) return a.cmp(b as Num)
  return typeof a === 'string' ? textOrder(a, b as string) : a < b ? -1 : a > b ? 1 : 0
}

/** By code points, as databases order bytes of UTF-8; code units differ where a pair of surrogates meets U+E000 and above. */
function textOrder(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
  return a.length - b.length
}

const rank = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit)
