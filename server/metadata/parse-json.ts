import { inexactNumber, inexactText } from '#util'

/** JSON.parse whose problem names the line and column, in the same words on every engine. */
export function parseJson(text: string): { readonly value: unknown } | { readonly problem: string } {
  const source = text.replace(/^\uFEFF/, '')
  try {
    const value: unknown = JSON.parse(source)
    const inexact = inexactNumber(source)
    return inexact === undefined ? { value } : { problem: inexactText(inexact) }
  } catch {
    return { problem: describe(source, firstMistake(source)) }
  }
}

function describe(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  const found = text[at]
  const what = found === undefined ? 'it ends too early' : `${JSON.stringify(found)} is not expected`
  return `${what} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

const BLANK = /[ \t\r\n]*/y
const SCALAR =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy
const TEXT = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/uy

/** The offset at which a text stops being JSON; engines tell it each in their own way or not at all. */
function firstMistake(source: string): number {
  const open: ('{' | '[')[] = []
  let at = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.test(source)
    if (found) at = pattern.lastIndex
    return found
  }
  const next = (): string | undefined => (take(BLANK), source[at])
  const key = (): boolean => (next(), take(TEXT)) && next() === ':' && ++at > 0
  /** After a value: closes what ends here; false at a mistake or at the end of the whole. */
  const afterValue = (): boolean => {
    for (;;) {
      const inside = open.at(-1)
      const char = next()
      if (inside === undefined) return false
      if (char === ',') return ++at > 0 && (inside === '[' || key())
      if (char !== (inside === '{' ? '}' : ']')) return false
      at++
      open.pop()
    }
  }
  const value = (): boolean => {
    const char = next()
    if (char !== '{' && char !== '[') return take(SCALAR) && afterValue()
    open.push(char)
    at++
    if (next() === (char === '{' ? '}' : ']')) return ++at > 0 && (open.pop(), afterValue())
    return char === '[' || key()
  }
  while (value());
  return at
}
