import { Num } from '../numbers.ts'
import type { Closure, Runtime } from '../runtime.ts'
import { spend } from '../work.ts'
import { comparedKeys } from './conversion.ts'
import { define, lenient, strict, type CallCheck, type Checked, type FunctionDef } from './define.ts'
import { oneOf } from '../sql/logic.ts'
import type { SqlPart } from '../sql/part.ts'
import { like } from '../sql/text.ts'
import type { Typed } from '../typed.ts'
import { checkPattern, matches } from './pattern.ts'
import { checkPicklistLiteral } from './picklist.ts'
import { unify } from './unify.ts'

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
  converted: ([value, ...others]) => comparedKeys(value!, others),
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

const regex = define({
  name: 'REGEX',
  group: 'Text',
  signature: 'REGEX(text, pattern)',
  summary: 'True when the whole text matches a regular expression.',
  noSql: 'each database has regular expressions of its own',
  overloads: [
    lenient(['Text', 'Text'], 'Boolean', (text, pattern) => matches(text ?? '', pattern ?? ''), { nullable: false }),
  ],
})

function checkRegex(call: CallCheck): Checked | undefined {
  const checked = regex.check(call)
  if (checked) checkPattern(call)
  return checked
}

export const match: readonly FunctionDef[] = [
  { ...regex, check: checkRegex },
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
