import { spend } from './work.ts'

/**
 * Characters as people and databases count them: an emoji of two UTF-16 units is one, and is never cut in two. A text without such is left to the
 * engine's own functions.
 */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/

function hasPairs(text: string): boolean {
  const found = PAIR.test(text)
  spend(found ? text.length * 4 : text.length / 25)
  return found
}

export const countOf = (text: string): number => (hasPairs(text) ? [...text].length : text.length)

/** From the `from`th character (0 the first) up to, not including, the `to`th. */
export const cut = (text: string, from: number, to: number): string =>
  hasPairs(text) ? [...text].slice(from, to).join('') : text.slice(from, to)

/** Where a part begins, counted from 1 and looked for from the `from`th character (0 the first) on; 0 when it does not stand there. */
export function placeOf(text: string, part: string, from: number): number {
  if (!hasPairs(text)) return text.indexOf(part, from) + 1
  const rest = cut(text, from, Infinity)
  const at = rest.indexOf(part)
  return at < 0 ? 0 : from + countOf(rest.slice(0, at)) + 1
}
