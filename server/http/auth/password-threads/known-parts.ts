/**
 * A matcher for zxcvbn. zxcvbn takes it that who guesses does not know of how many parts a password is made, so three parts are a good password whatever
 * they are. Who guesses does know: a season, a year and "!!", a name and two digits, are what is tried after the lists. This counts the parts alone.
 */
import { MatcherBaseClass, type MatchExtended, type Matcher, type MatchOptions } from '@zxcvbn-ts/core'

/** Of those that follow patterns; keyboard rows, words backwards and dates are left to zxcvbn. */
const PARTS = ['dictionary', 'dictionaryL33t', 'regex', 'repeat', 'sequence'] as const
/** A single character that belongs to no part. */
const ONE_CHARACTER = 10
/** A year of these days, or a row such as 1234. */
const SMALL = 50

interface Cover {
  readonly guesses: number
  readonly known: number
}

class KnownParts extends MatcherBaseClass {
  match(options: MatchOptions): MatchExtended[] {
    const { password, omniMatch } = options
    const found = PARTS.flatMap((name) => omniMatch.matchers[name]!.match(options) as MatchExtended[])
    const { guesses, known } = cheapest(
      password.length,
      Map.groupBy(found, (match) => match.j),
    )
    return known > 0 && known < password.length
      ? [{ pattern: 'knownParts', i: 0, j: password.length - 1, token: password, guesses: undefined, parts: guesses }]
      : []
  }
}

/** The parts that take the fewest guesses, from the beginning to each character in turn. */
function cheapest(length: number, byEnd: ReadonlyMap<number, readonly MatchExtended[]>): Cover {
  const covers: Cover[] = [{ guesses: 1, known: 0 }]
  for (let end = 0; end < length; end++) {
    const plain = { guesses: covers[end]!.guesses * ONE_CHARACTER, known: covers[end]!.known }
    const parts = (byEnd.get(end) ?? []).map((match) => ({
      guesses: covers[match.i]!.guesses * guessesOf(match),
      known: covers[match.i]!.known + 1,
    }))
    covers.push([plain, ...parts].reduce((best, cover) => (cover.guesses < best.guesses ? cover : best)))
  }
  return covers[length]!
}

function guessesOf(match: MatchExtended): number {
  if (match.pattern === 'dictionary') return Math.max(match.rank as number, ONE_CHARACTER) * (match.l33t ? 2 : 1)
  if (match.pattern === 'repeat') return (match.baseGuesses as number) * (match.repeatCount as number)
  return SMALL
}

export const knownParts: Matcher = {
  Matching: KnownParts,
  scoring: (match) => match.parts as number,
  feedback: ({ translations }) => ({
    warning: 'It is put together from names, common words, years and signs, which are tried first.',
    suggestions: [translations.suggestions.anotherWord],
  }),
}
