/** What may be longer than a JavaScript number holds: it keeps any 15 digits. */
const SUSPICIOUS = /[\d.]{16}|e\+?\d{3}/i

/** Digits from the first to the last that is no zero. */
const significant = (literal: string): string =>
  /^[^e]*/i
    .exec(literal)![0]
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '')

/** Whether a JavaScript number holds every digit of this literal: it is what the number is, or what it is printed as. */
export function isExactNumber(literal: string): boolean {
  if (!SUSPICIOUS.test(literal)) return true
  const value = Number(literal)
  const digits = significant(literal)
  if (digits.length <= 15 || digits === significant(String(value))) return Number.isFinite(value)
  return digits.length <= 100 && significant(value.toExponential(digits.length - 1)) === digits
}

/** The first number of a JSON text that would lose digits by being parsed. */
export function inexactNumber(json: string): string | undefined {
  if (!SUSPICIOUS.test(json)) return undefined
  let found: string | undefined
  const look = (_: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value === 'number' && context?.source && !isExactNumber(context.source)) found ??= context.source
    return value
  }
  try {
    JSON.parse(json, look)
  } catch {
    return undefined
  }
  return found
}

export const inexactText = (literal: string): string =>
  `The number ${literal.slice(0, 40)} has more digits than a JSON number holds: write it in quotes.`
