import { RE2JS } from 're2js'
import { fail, failureFinding } from '../failure.ts'
import { LIMITS } from '../limits.ts'
import { textLiteral } from '../typed.ts'
import { spend } from '../work.ts'
import type { CallCheck } from './define.ts'

const compiled = new Map<string, RE2JS>()
const KEPT = 200

/** A regular expression that takes time in proportion to the text it reads, whatever it says. Look-aheads and back-references don't exist in it. */
function regular(pattern: string): RE2JS {
  if (pattern.length > LIMITS.pattern)
    throw fail('PATTERN_TOO_LONG', `A regular expression may have ${LIMITS.pattern} characters.`)
  spend(unfolded(pattern) * 150)
  const known = compiled.get(pattern)
  if (known) return known
  if (compiled.size >= KEPT) compiled.clear()
  const made = compilePattern(pattern)
  compiled.set(pattern, made)
  return made
}

function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch {
    throw fail(
      'BAD_PATTERN',
      'The pattern is not a regular expression that can be used here.',
      "Check its brackets; look-ahead (?=…) and back-references such as \\\\1 can't be used.",
    )
  }
}

const PIECES = /\\[pP](?:\{\w*\}|\w)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\{(\d{1,6})(?:,(\d{0,6}))?\}|[\s\S]/g
/** A class of letters of all scripts has hundreds of ranges. */
const WIDE = /\\[pP]/
const MOST_UNFOLDED = 3_000

/** How many steps a pattern unfolds to: a count in braces repeats what stands before it. Counted for known patterns too, so that every evaluation costs the same. */
function unfolded(pattern: string): number {
  const outer: number[] = []
  let [sum, last] = [0, 0]
  for (const [piece, low, high] of pattern.matchAll(PIECES)) {
    if (piece === '(') {
      outer.push(sum)
      sum = 0
    } else if (low !== undefined) {
      const more = last * (Math.max(1, Number(low), Number(high ?? 0)) - 1)
      ;[sum, last] = [sum + more, last + more]
    } else {
      last = piece === ')' ? sum + 1 : WIDE.test(piece) ? 10 : 1
      sum = piece === ')' ? (outer.pop() ?? 0) + last : sum + last
    }
    if (sum > MOST_UNFOLDED)
      throw fail('PATTERN_TOO_COMPLEX', 'The regular expression repeats too much.', 'Use smaller numbers in { }.')
  }
  return outer.reduce((all, part) => all + part, sum)
}

/** Of findings about a pattern in quotes. */
export const PATTERN_CODES: ReadonlySet<string> = new Set(['BAD_PATTERN', 'PATTERN_TOO_LONG', 'PATTERN_TOO_COMPLEX'])

/** A pattern in quotes that can't be used is reported where it stands. Others are known, and too many in one formula found out, at the evaluation alone. */
export function checkPattern(call: CallCheck): void {
  const pattern = call.args[1]!
  const text = textLiteral(pattern)
  try {
    if (text !== undefined) regular(text)
  } catch (error) {
    const { code, message, hint } = failureFinding(error)
    if (PATTERN_CODES.has(code)) call.report(code, message, pattern.at, hint, call.stored ? 'warning' : 'error')
  }
}

export function matches(text: string, pattern: string): boolean {
  const expression = regular(pattern)
  spend(expression.programSize() * (text.length + 1))
  return expression.testExact(text)
}
