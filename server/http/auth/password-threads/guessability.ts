/** How many guesses a password withstands, as zxcvbn reckons: common passwords, words, names, dates, keyboard rows, repeats. Loads large dictionaries. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common'
import { dictionary as english, translations } from '@zxcvbn-ts/language-en'
import { knownParts } from './known-parts.ts'

export interface Guessability {
  /** 0 to 4; from 3 on a hundred million guesses do not find it. */
  readonly score: number
  /** Sentences: what makes it easy to guess, and what would help. */
  readonly warning: string | null
  readonly suggestions: readonly string[]
}

const zxcvbn = new ZxcvbnFactory(
  {
    dictionary: { ...common, ...english },
    graphs: adjacencyGraphs,
    translations,
    // The work grows faster than the length. What begins unguessably is unguessable, so the beginning is enough.
    maxLength: 40,
  },
  { knownParts },
)

/** `about`: what an acquaintance would try first, such as the person's name. */
export function guessability(password: string, about: readonly string[]): Guessability {
  const { score, feedback } = zxcvbn.check(password, [...about])
  return { score, warning: feedback.warning, suggestions: feedback.suggestions }
}
