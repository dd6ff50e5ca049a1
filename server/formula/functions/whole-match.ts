import { RE2JS } from 're2js'
import { fail, type Failure } from '../failure.ts'
import { isFlags, isLookAhead, isOpening, isRepeat, type Piece } from './pattern-pieces.ts'

/** Says whether a whole text matches, in time proportional to `steps` times its length. */
export interface WholeMatch {
  readonly steps: number
  test(text: string): boolean
}

/** A part of a pattern, under the flags that stand before it. */
interface Part {
  readonly pieces: readonly Piece[]
  readonly from: number
  readonly to: number
  readonly flags: string
}

/**
 * The engine has no look-aheads. At the start of a whole match they need none: a text matches `(?=X)Y` when it matches `X` with anything
 * behind it and also matches `Y`; with `(?!X)` it must not match the first. So a pattern becomes a few that are tested one after the other.
 */
export function wholeMatch(pieces: readonly Piece[]): WholeMatch {
  refuseUnsupported(pieces)
  const all = { pieces, from: 0, to: pieces.length, flags: '' }
  return pieces.some((piece) => isOpening(piece) && piece.close === undefined) ? plain(textOf(all)) : matchOf(all)
}

function matchOf(part: Part): WholeMatch {
  if (!hasLookAhead(part)) return plain(part.flags + textOf(part))
  const rest = withoutLead(part)
  const outermost = outermostOf(rest)
  if (outermost.some((i) => isFlags(part.pieces[i]!)))
    throw unusable('With a look-ahead, flags such as (?i) can stand only at the start of the pattern.')
  const bars = outermost.filter((i) => part.pieces[i]!.text === '|')
  if (bars.length === 0) return oneBranch(rest)
  const starts = [rest.from, ...bars.map((bar) => bar + 1)]
  return anyOf(starts.map((from, i) => matchOf({ ...rest, from, to: bars[i] ?? rest.to })))
}

/** `^` always holds at the start; flags go to every piece that the part is taken into. */
function withoutLead(part: Part): Part {
  let { from, flags } = part
  for (; from < part.to; from++) {
    const piece = part.pieces[from]!
    if (isFlags(piece)) flags += piece.text
    else if (!isStart(piece)) break
  }
  return { ...part, from, flags }
}

function oneBranch(part: Part): WholeMatch {
  const { pieces } = part
  const lookAheads: LookAhead[] = []
  let { from } = part
  for (let piece = pieces[from]; from < part.to && piece; piece = pieces[from]) {
    if (isLookAhead(piece)) {
      lookAheads.push(lookAheadOf(part, from))
      from = piece.close! + 1
    } else if (isStart(piece)) from++
    else break
  }
  const rest = { ...part, from }
  return lookAheads.length > 0 ? allOf(lookAheads, matchOf(rest)) : insideGroup(rest)
}

interface LookAhead {
  readonly wanted: boolean
  readonly match: WholeMatch
}

function lookAheadOf({ pieces, flags }: Part, from: number): LookAhead {
  const { text, close } = pieces[from]!
  if (isRepeat(pieces[close! + 1])) throw unusable("A look-ahead can't be repeated.", 'Take away what repeats it.')
  const inside = { pieces, from: from + 1, to: close!, flags }
  if (hasLookAhead(inside)) throw misplaced()
  return { wanted: text === '(?=', match: plain(`${flags}(?:${textOf(inside)})(?s:.*)`) }
}

/** What stands in brackets as a whole matches as if it stood alone. */
function insideGroup(part: Part): WholeMatch {
  const { pieces, from, to } = part
  const { text, close } = pieces[from]!
  const isAll = close !== undefined && pieces.slice(close + 1, to).every(isEnd)
  if (isAll && PLAIN_GROUP.test(text)) return matchOf({ ...part, from: from + 1, to: close })
  throw misplaced()
}

const PLAIN_GROUP = /^\((?:\?:|\?P?<\w+>)?$/
const isStart = ({ text }: Piece): boolean => text === '^' || text === '\\A'
const isEnd = ({ text }: Piece): boolean => text === '$' || text === '\\z'

const textOf = ({ pieces, from, to }: Part): string =>
  pieces
    .slice(from, to)
    .map(({ text }) => text)
    .join('')

function hasLookAhead({ pieces, from, to }: Part): boolean {
  for (let i = from; i < to; i++) if (isLookAhead(pieces[i]!)) return true
  return false
}

/** Indexes of the pieces that stand in no group of the part; of a group, of its opening. */
function outermostOf({ pieces, from, to }: Part): number[] {
  const found: number[] = []
  for (let i = from; i < to; i = (pieces[i]!.close ?? i) + 1) found.push(i)
  return found
}

function plain(pattern: string): WholeMatch {
  try {
    const expression = RE2JS.compile(pattern)
    return { steps: expression.programSize(), test: (text) => expression.testExact(text) }
  } catch {
    throw unusable('The pattern is not a regular expression that can be used here.', 'Check its brackets and escapes.')
  }
}

const stepsOf = (matches: readonly WholeMatch[]): number => matches.reduce((sum, { steps }) => sum + steps, 0)

const anyOf = (matches: readonly WholeMatch[]): WholeMatch => ({
  steps: stepsOf(matches),
  test: (text) => matches.some((match) => match.test(text)),
})

const allOf = (lookAheads: readonly LookAhead[], rest: WholeMatch): WholeMatch => ({
  steps: stepsOf([...lookAheads.map(({ match }) => match), rest]),
  test: (text) => lookAheads.every(({ wanted, match }) => match.test(text) === wanted) && rest.test(text),
})

const unusable = (message: string, hint?: string): Failure => fail('BAD_PATTERN', message, hint)
const misplaced = (): Failure =>
  unusable(
    'A look-ahead (?=…) or (?!…) can stand only at the start of the pattern.',
    'Move it there, as in ^(?=.*\\\\d).{8,}$, or test it with another REGEX, joined by && or NOT.',
  )

const ANOTHER = 'Test it with another REGEX, joined by && or NOT.'
const UNSUPPORTED: readonly (readonly [RegExp, string, string])[] = [
  [/^\(\?<[=!]$/, "A look-behind (?<=…) or (?<!…) can't be used.", ANOTHER],
  [/^\\[1-9k]$/, "A back-reference such as \\\\1 can't be used.", 'Compare the parts of the text with LEFT, MID or RIGHT.'],
  [/^\(\?>$/, "An atomic group (?>…) can't be used.", 'Write (?:…).'],
] // prettier-ignore

function refuseUnsupported(pieces: readonly Piece[]): void {
  for (const [index, piece] of pieces.entries()) {
    const known = UNSUPPORTED.find(([form]) => form.test(piece.text))
    if (known) throw unusable(known[1], known[2])
    if (piece.text === '+' && isRepeat(pieces[index - 1]))
      throw unusable("A possessive repetition such as *+ can't be used.", 'Leave out the + at its end.')
  }
}
