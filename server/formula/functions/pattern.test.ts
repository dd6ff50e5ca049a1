import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile, scopeOf } from '../index.ts'

const scope = scopeOf('Case', [
  { path: 'Subject', type: 'Text' },
  { path: 'Pattern', type: 'Text' },
])
const inQuotes = (pattern: string): string => `"${pattern.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const check = (pattern: string) => compile(`REGEX(Subject, ${inQuotes(pattern)})`, { scope })
const worked = compile('REGEX(Subject, Pattern)', { scope }).formula!

function matches(text: string, pattern: string): unknown {
  const { formula, findings } = check(pattern)
  if (!formula) return findings
  const result = formula.evaluate({ record: { Subject: text }, now: 0 })
  return result.ok ? result.value : result.finding
}

describe('look-aheads at the start', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['^(?!0)\\d+$', ['1', '10'], ['', '0', '01', '1a']],
    ['^(?=.*\\d).{8,}$', ['abcdefg1', '12345678'], ['abcdefgh', 'abcdef1']],
    ['(?=.*\\d)(?=.*[a-z])(?!.*\\s)[\\w#]{4,6}', ['ab#1', '1a__1a'], ['abcd', '1234', 'ab 1', 'a1b']],
    ['((?=.*\\d)(?=.*[A-Z]).{2,4})', ['A1', '1A__'], ['AA', 'A1___']],
    ['^(?:(?=a).b|(?!a).c)$', ['ab', 'bc'], ['bb', 'ac']],
    ['^(?!00)\\d{2}$|^$', ['', '01'], ['00', '1']],
    ['(?=a)b|c', ['c'], ['a', 'b', 'ac']],
    ['(?=a$).*', ['a'], ['ab', 'a\n']],
    ['(?!a$).*', ['', 'ab'], ['a']],
    ['(?=a|b)\\w+', ['ax', 'b'], ['xa']],
    ['(?i)(?=.*B)a.*', ['Ab', 'aB'], ['a']],
    ['^(?=.*\\bto\\b)[a-z ]+', ['go to it'], ['total']],
    ['(?=[^\\n]*\\n)[\\s\\S]*', ['a\nb'], ['ab']],
    ['(?=a.*b)[\\s\\S]*', ['a1b\n'], ['a\nb']],
    ['(?=\\)\\[)[()[\\]]+', [')[('], ['()']],
    ['[(?=]+', ['(?='], ['a']],
    ['\\Q(?=\\E', ['(?='], ['(']],
  ])('%s', (pattern, fit, others) => {
    expect(fit.map((text) => matches(text, pattern))).toEqual(fit.map(() => true))
    expect(others.map((text) => matches(text, pattern))).toEqual(others.map(() => false))
  })

  test('a pattern that is worked out does the same', () => {
    const record = { Subject: '01', Pattern: '^(?!0)\\d+$' }
    expect(worked.evaluate({ record, now: 0 })).toEqual({ ok: true, value: false })
    expect(worked.evaluate({ record: { ...record, Subject: '10' }, now: 0 })).toEqual({ ok: true, value: true })
  })
})

describe('what is refused, by name', () => {
  test.each([
    ['a(?=b)b', /^A look-ahead .* only at the start/],
    ['((?!a).)*', /^A look-ahead .* only at the start/],
    ['(?=(?!a)b)b', /^A look-ahead .* only at the start/],
    ['(?=a)b(?!c)', /^A look-ahead .* only at the start/],
    ['(?=a)*b', /^A look-ahead can't be repeated/],
    ['(?=a)(?i)b|c', /flags such as \(\?i\) can stand only at the start/],
    ['(?<=a)b', /^A look-behind/],
    ['(?=a)(?<!a)b', /^A look-behind/],
    ['(a)\\1', /^A back-reference/],
    ['(a)\\12', /^A back-reference/],
    ['(?<x>a)\\k<x>', /^A back-reference/],
    ['(?>a)b', /^An atomic group/],
    ['a*+', /^A possessive/],
    ['a{2}+', /^A possessive/],
    ['(?=a', /^The pattern is not a regular expression/],
    ['(?=a))b', /^The pattern is not a regular expression/],
    ['(?=[)b', /^The pattern is not a regular expression/],
  ])('%s', (pattern, message) => {
    const found = { code: 'BAD_PATTERN', message: expect.stringMatching(message) }
    expect(check(pattern)).toEqual({ findings: [expect.objectContaining(found)] })
    expect(worked.evaluate({ record: { Subject: 'a', Pattern: pattern }, now: 0 })).toMatchObject({ finding: found })
  })
})

const atom = fc.constantFrom('a', 'b', '1', '.', '\\d', '\\w', '[ab]', '[^a]', '\\.', '[(|)]')
const anchor = fc.constantFrom('^', '$', '\\b', '\\B')
const repeat = fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{1,2}', '{2,}')
const { branches } = fc.letrec<{ branches: string; branch: string; item: string }>((tie) => ({
  branches: fc.array(tie('branch'), { minLength: 1, maxLength: 2 }).map((all) => all.join('|')),
  branch: fc.array(tie('item'), { maxLength: 3 }).map((all) => all.join('')),
  item: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: fc.tuple(atom, repeat).map((both) => both.join('')) },
    { weight: 1, arbitrary: anchor },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom('(', '(?:'), tie('branches'), repeat).map(([open, inside, often]) => `${open}${inside})${often}`) }, // prettier-ignore
  ),
}))
const lookAhead = fc.tuple(fc.constantFrom('(?=', '(?!'), fc.constantFrom('', '.*'), branches).map(([open, far, inside]) => `${open}${far}${inside})`) // prettier-ignore
const guarded = fc
  .tuple(fc.constantFrom('', '^'), fc.array(lookAhead, { maxLength: 3 }), branches, fc.constantFrom('', '$'))
  .map(([start, all, rest, end]) => `${start}${all.join('')}${rest}${end}`)
const several = fc.array(guarded, { minLength: 1, maxLength: 2 }).map((all) => all.join('|'))
const supported = fc.oneof(
  several,
  several.map((inside) => `^(${inside})$`),
  fc.tuple(lookAhead, several).map(([first, inside]) => `${first}(?:${inside})`),
)
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '1', '.', '(', ' ', '\n'), maxLength: 6 })

test('any supported pattern matches what JavaScript matches as a whole', () => {
  const outcomes = new Set<unknown>()
  fc.assert(
    fc.property(supported, fc.constantFrom('', 'i', 's', 'm'), fc.array(text, { minLength: 8, maxLength: 8 }), (pattern, flag, texts) => {
      const whole = new RegExp(`(?<![^])(?:${pattern})(?![^])`, flag)
      for (const each of texts) {
        const wanted = whole.test(each)
        if (pattern.includes('(?=') || pattern.includes('(?!')) outcomes.add(wanted)
        expect(matches(each, flag ? `(?${flag})${pattern}` : pattern), `${flag} ${pattern} on ${JSON.stringify(each)}`).toBe(wanted)
      }
    }),
    { numRuns: 2_000 },
  ) // prettier-ignore
  expect(outcomes).toEqual(new Set([true, false]))
})
