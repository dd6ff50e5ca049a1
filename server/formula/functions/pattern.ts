import { fail, failureFinding } from '../failure.ts'
import { LIMITS } from '../limits.ts'
import { textLiteral } from '../typed.ts'
import { spend } from '../work.ts'
import type { CallCheck } from './define.ts'
import { isLookAhead, isOpening, piecesOf, type Piece } from './pattern-pieces.ts'
import { wholeMatch, type WholeMatch } from './whole-match.ts'

const compiled = new Map<string, WholeMatch>()
const KEPT = 200

/** A regular expression that takes time in proportion to the text it reads, whatever it says. */
function regular(pattern: string): WholeMatch {
  if (pattern.length > LIMITS.pattern)
    throw fail('PATTERN_TOO_LONG', `A regular expression may have ${LIMITS.pattern} characters.`)
  const pieces = piecesOf(pattern)
  spend(unfolded(pieces) * 150)
  const known = compiled.get(pattern)
  if (known) return known
  if (compiled.size >= KEPT) compiled.clear()
  const made = wholeMatch(pieces)
  compiled.set(pattern, made)
  return made
}

const MOST_UNFOLDED = 3_000

/** How many steps a pattern unfolds to: a count in braces repeats what stands before it. Counted for known patterns too, so that every evaluation costs the same. */
function unfolded(pieces: readonly Piece[]): number {
  const outer: number[] = []
  let [sum, last] = [0, 0]
  for (const piece of pieces) {
    if (isOpening(piece)) {
      outer.push(sum)
      sum = isLookAhead(piece) ? OF_LOOK_AHEAD : 0
    } else if (piece.count) {
      const more = last * (Math.max(1, piece.count.low, piece.count.high) - 1)
      ;[sum, last] = [sum + more, last + more]
    } else {
      last = piece.text === ')' ? sum + 1 : stepsOf(piece)
      sum = piece.text === ')' ? (outer.pop() ?? 0) + last : sum + last
    }
    if (sum > MOST_UNFOLDED)
      throw fail('PATTERN_TOO_COMPLEX', 'The regular expression repeats too much.', 'Use smaller numbers in { }.')
  }
  return outer.reduce((all, part) => all + part, sum)
}

/** It is compiled apart. */
const OF_LOOK_AHEAD = 10
/** A class of letters of all scripts has hundreds of ranges. */
const WIDE = /\\[pP]/
const stepsOf = ({ text }: Piece): number => (text.startsWith('\\Q') ? text.length : WIDE.test(text) ? 10 : 1)

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
  spend(expression.steps * (text.length + 1))
  return expression.test(text)
}
