import { RE2JS } from 're2js'
import { fail } from '../failure.ts'
import { LIMITS } from '../limits.ts'
import { Num } from '../numbers.ts'
import type { Closure, Runtime } from '../runtime.ts'
import { spend } from '../work.ts'
import { alikeKeys } from './conversion.ts'
import { define, lenient, strict, type CallCheck, type Checked, type FunctionDef } from './define.ts'
import { oneOf } from '../sql/logic.ts'
import type { SqlPart } from '../sql/part.ts'
import { like } from '../sql/text.ts'
import type { Typed } from '../typed.ts'
import { checkPicklistLiteral } from './picklist.ts'
import { unify } from './unify.ts'

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
      `"${pattern.slice(0, 60)}" is not a regular expression that can be used here.`,
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

function matches(text: string, pattern: string): boolean {
  const expression = regular(pattern)
  spend(expression.programSize() * (text.length + 1))
  return expression.testExact(text)
}

/** `%` any characters, `_` one character, `\` takes the next as it is. */
function likeMatches(text: string, pattern: string): boolean {
  spend((text.length + pattern.length) * 8)
  const tokens = patternLetters(pattern)
  const chars = [...text]
  spend(chars.length * tokens.length * 3)
  let [t, p, star, mark] = [0, 0, -1, 0]
  while (t < chars.length) {
    const token = tokens[p]
    if (token && !token.literal && token.char === '%') [star, mark, p] = [p, t, p + 1]
    else if (token && ((token.char === '_' && !token.literal) || token.char === chars[t])) [t, p] = [t + 1, p + 1]
    else if (star >= 0) [p, t] = [star + 1, ++mark]
    else return false
  }
  while (tokens[p]?.char === '%' && !tokens[p]!.literal) p++
  return p === tokens.length
}

const patternLetters = (pattern: string) =>
  [...pattern.matchAll(/\\([\s\S])|([\s\S])/gu)].map((m) => ({ char: m[1] ?? m[2]!, literal: m[1] !== undefined }))

const same = (a: Runtime, b: Runtime): boolean => (a instanceof Num && b instanceof Num ? a.eq(b) : a === b)

function checkIn(call: CallCheck): Checked | undefined {
  const [value, ...others] = call.args as [Typed, ...Typed[]]
  const fits =
    value.type === 'Picklist'
      ? others.every((other) => other.type === 'Null' || checkPicklistLiteral(call, value, other))
      : unify(call, call.args, 'The values')
  return fits ? { type: 'Boolean', nullable: false } : undefined
}

const inDef: FunctionDef = {
  name: 'IN',
  group: 'Logic',
  signature: 'IN(value, value1, …)',
  summary: 'True when the value is one of those that follow.',
  min: 2,
  max: Infinity,
  converted: ([value, ...others]) => alikeKeys(value!, others),
  check: checkIn,
  closure: (call, build) => {
    const [value, ...others] = call.args.map(build) as [Closure, ...Closure[]]
    return (c) => {
      const wanted = value(c)
      return wanted !== null && others.some((other) => same(wanted, other(c)))
    }
  },
  sql: (call, build) => oneOf(build, ...(call.args.map(build.part) as [SqlPart, ...SqlPart[]])),
}

export const match: readonly FunctionDef[] = [
  define({
    name: 'REGEX',
    group: 'Text',
    signature: 'REGEX(text, pattern)',
    summary: 'True when the whole text matches a regular expression.',
    noSql: 'each database has regular expressions of its own',
    overloads: [
      lenient(['Text', 'Text'], 'Boolean', (text, pattern) => matches(text ?? '', pattern ?? ''), { nullable: false }),
    ],
  }),
  define({
    name: 'LIKE',
    group: 'Text',
    signature: 'LIKE(text, pattern)',
    summary: 'True when the text matches a pattern in which % is any characters and _ one.',
    overloads: [
      strict(['Text', 'Text'], 'Boolean', likeMatches, {
        sql: ([text, pattern], build) => like(build, text!, pattern!, patternLetters),
      }),
    ],
  }),
  inDef,
]
