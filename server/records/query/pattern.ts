/**
 * `like`, `contains` and `startsWith`: patterns that disregard letter case, in the same way on both databases. Their own words for it know the letters of ASCII alone (or, on
 * PostgreSQL, what its locale knows), so a pattern with others is written with the set of each letter's cases; only such a pattern pays for them.
 */
import { hasCaseBeyondAscii, inEveryCase } from '#util'
import type { Dialect } from '#database'
import { decide, param } from './build.ts'
import type { Build } from './build.ts'
import type { Run } from './run-values.ts'

type PatternOperator = 'like' | 'contains' | 'startsWith'

export function comparePattern(
  build: Build,
  column: string,
  operator: PatternOperator,
  textOf: (run: Run) => string | null,
): string {
  const withSets = decide(build, (run) => hasCaseBeyondAscii(textOf(run) ?? ''))
  const pattern = (run: Run): string | null => {
    const text = textOf(run)
    const like = text === null ? null : likePattern(operator, text)
    return like !== null && withSets ? SETS[build.dialect](like) : like
  }
  const placeholder = param(build, pattern, 'text')
  if (build.dialect === 'postgres') return `${column} ${withSets ? '~' : 'ilike'} ${placeholder}`
  return withSets ? `${column} glob ${placeholder}` : `${column} like ${placeholder} escape '\\'`
}

/** In `like` `%` is any text, `_` one character, `\` takes the next character as it is; the others take all as it is. */
function likePattern(operator: PatternOperator, text: string): string {
  if (operator === 'like') return /(^|[^\\])(\\\\)*\\$/.test(text) ? `${text}\\` : text
  const escaped = text.replace(/[\\%_]/g, (char) => `\\${char}`)
  return operator === 'contains' ? `%${escaped}%` : `${escaped}%`
}

/** GLOB's words, and those of a regular expression. */
const SETS: { readonly [dialect in Dialect]: (like: string) => string } = {
  sqlite: (like) => translated(like, { any: '*', one: '?', literal: (char) => char.replace(/[*?[]/, '[$&]') }),
  postgres: (like) =>
    `^${translated(like, { any: '.*', one: '.', literal: (char) => char.replace(/[!-/:-@[-`{-~]/, '\\$&') })}$`,
}

interface Words {
  readonly any: string
  readonly one: string
  literal(char: string): string
}

/** `%%` is no more than `%`, and a regular expression would try every way to share the text between the two. */
const translated = (like: string, { any, one, literal }: Words): string =>
  like.replace(/%+|_|\\?([^])/gu, (sign: string, char: string) => {
    if (sign[0] === '%' || sign === '_') return sign === '_' ? one : any
    const cases = inEveryCase(char)
    return cases === char ? literal(char) : `[${cases}]`
  })
