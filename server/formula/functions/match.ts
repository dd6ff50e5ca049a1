import { RE2JS } from 're2js'
import { fail } from '../failure.ts'
import { LIMITS } from '../limits.ts'
import { Num } from '../numbers.ts'
import type { Closure, Runtime } from '../runtime.ts'
import { spend } from '../work.ts'
import { define, lenient, type CallCheck, type Checked, type FunctionDef } from './define.ts'
import type { Typed } from '../typed.ts'
import { checkPicklistLiteral } from './picklist.ts'
import { unify } from './unify.ts'

const compiled = new Map<string, RE2JS>()
const KEPT = 200

/** A regular expression that takes time in proportion to the text it reads, whatever it says. Look-aheads and back-references don't exist in it. */
function regular(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known) return known
  if (pattern.length > LIMITS.pattern)
    throw fail('PATTERN_TOO_LONG', `A regular expression may have ${LIMITS.pattern} characters.`)
  if (compiled.size >= KEPT) compiled.clear()
  const made = compilePattern(pattern)
  compiled.set(pattern, made)
  return made
}

function compilePattern(pattern: string): RE2JS {
  if (repetitions(pattern) > LIMITS.pattern)
    throw fail('PATTERN_TOO_COMPLEX', 'The regular expression repeats too much.', 'Use smaller numbers in { }.')
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

/** The product of all counts in braces: an upper bound of how much a pattern unfolds to. */
function repetitions(pattern: string): number {
  let product = 1
  for (const [, low, high] of pattern.matchAll(/\{(\d{1,6})(?:,(\d{0,6}))?\}/g))
    product *= Math.max(1, Number(high || low))
  return product
}

function matches(text: string, pattern: string): boolean {
  const expression = regular(pattern)
  spend(expression.programSize() * (text.length + 1))
  return expression.testExact(text)
}

/** `%` any characters, `_` one character, `\` takes the next as it is. */
function likeMatches(text: string, pattern: string): boolean {
  const tokens = [...pattern.matchAll(/\\([\s\S])|([\s\S])/gu)].map((m) => ({
    char: m[1] ?? m[2]!,
    literal: m[1] !== undefined,
  }))
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
  check: checkIn,
  closure: (call, build) => {
    const [value, ...others] = call.args.map(build) as [Closure, ...Closure[]]
    return (c) => {
      const wanted = value(c)
      return wanted !== null && others.some((other) => same(wanted, other(c)))
    }
  },
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
      lenient(['Text', 'Text'], 'Boolean', (text, pattern) =>
        text === null || pattern === null ? null : likeMatches(text, pattern),
      ),
    ],
  }),
  inDef,
]
