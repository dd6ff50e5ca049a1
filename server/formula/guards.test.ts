import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  analyze,
  compile,
  complete,
  explain,
  format,
  hover,
  scopeOf,
  signatureAt,
  toSql,
  tokens,
  FUNCTIONS,
  type SqlEnvironment,
} from './index.ts'
import { paramNames } from './functions/define.ts'
import { compileRow, contextOf, type FormulaRow } from './vectors/run.ts'

const scope = scopeOf('Case', [
  { path: 'Subject', type: 'Text' },
  { path: 'Long', type: 'Text' },
  { path: 'Blanks', type: 'Text' },
  { path: 'Amount', type: 'Number' },
  { path: 'Status', type: 'Picklist', picklistValues: ['New', 'Closed'] },
])
const context = {
  record: { Subject: 'a'.repeat(5_000), Long: 'a'.repeat(99_000), Blanks: ' '.repeat(99_000), Amount: 7 },
  now: 1_700_000_000_000,
}

/** What came out, as one of its codes or `ok`. */
function outcome(source: string): string {
  const { formula, findings } = compile(source, { scope })
  if (!formula) return findings.find((finding) => finding.severity === 'error')!.code
  const result = formula.evaluate(context)
  return result.ok ? 'ok' : result.finding.code
}

const deep = (open: string, close: string, n: number, inside = '1'): string => open.repeat(n) + inside + close.repeat(n)

describe('limits', () => {
  const cases: [string, string, string][] = [
    ['length', '1+'.repeat(6_000), 'TOO_LONG'],
    ['parentheses', deep('(', ')', 4_000), 'TOO_DEEP'],
    ['calls', deep('ABS(', ')', 1_900), 'TOO_DEEP'],
    ['signs', '-'.repeat(9_000) + '1', 'TOO_DEEP'],
    ['not', 'NOT '.repeat(2_000) + 'TRUE', 'TOO_DEEP'],
    ['a row of operators', '1' + '+1'.repeat(4_000), 'TOO_COMPLEX'],
    ['many arguments', `MAX(${'1,'.repeat(4_900)}1)`, 'ok'],
    ['padding', 'LPAD("x", 999999999)', 'TEXT_TOO_LONG'],
    [
      'growing text',
      `SUBSTITUTE(SUBSTITUTE(SUBSTITUTE(Subject, "a", "${'a'.repeat(50)}"), "a", "${'a'.repeat(50)}"), "a", "bbbbbbbbbb")`,
      'TEXT_TOO_LONG',
    ],
    ['power', '10^1000000', 'NUMBER_TOO_LARGE'],
    ['power of one', '1.000001^999999999', 'NUMBER_TOO_LARGE'],
    ['power of a power', '((9^60)^2)^2', 'NUMBER_TOO_LARGE'],
    ['product', Array.from({ length: 40 }, () => '(9^60)').join('*'), 'NUMBER_TOO_LARGE'],
    ['rounding', 'ROUND(1/3, 999999999)', 'ok'],
    ['far dates', 'DATE(9999,12,31) + 1', 'DATE_RANGE'],
    ['far months', 'ADDMONTHS(DATE(2024,1,1), 2147483647)', 'DATE_RANGE'],
    ['a slow regular expression', 'REGEX(Subject, "(a*)*(a*)*(a*)*b")', 'ok'],
    ['many of them', Array.from({ length: 200 }, () => 'REGEX(Subject, "(a|b|c)*d")').join(' || '), 'TOO_MUCH_WORK'],
    [
      'many patterns',
      Array.from({ length: 200 }, (_, i) => `REGEX("x", "a{1,900}${i}")`).join(' || '),
      'TOO_MUCH_WORK',
    ],
    ['an ordinary one', 'REGEX("a.b@c.org", "[a-z.]{1,64}@[a-z.-]{1,255}\\\\.[a-z]{2,63}")', 'ok'],
    ['blanks inside', 'TRIM("a" & Blanks & "a")', 'ok'],
    ['a search that begins anew at each letter', 'FIND("b" & LEFT(Long, 50000), Long)', 'TOO_MUCH_WORK'],
    ['a replacement likewise', 'SUBSTITUTE(Long, "b" & LEFT(Long, 50000), "")', 'TOO_MUCH_WORK'],
    ['much turning round', Array.from({ length: 300 }, () => 'LEN(REVERSE(Long))').join('+'), 'TOO_MUCH_WORK'],
    ['much encoding', Array.from({ length: 300 }, () => 'LEN(URLENCODE(Long))').join('+'), 'TOO_MUCH_WORK'],
    ['a slow LIKE', `LIKE(Subject, "${'%a'.repeat(2_000)}b")`, 'TOO_MUCH_WORK'],
    ['much padding', Array.from({ length: 100 }, () => 'LEN(LPAD("x", 99999))').join('+'), 'TOO_MUCH_WORK'],
    ['one that is too long', `REGEX(Subject, "${'a'.repeat(1_001)}")`, 'PATTERN_TOO_LONG'],
    ['one that is worked out', 'REGEX(Subject, "(" & "(")', 'BAD_PATTERN'],
    ['an exploding one', 'REGEX(Subject, "(((((a{30}){30}){30}){30}){30})")', 'PATTERN_TOO_COMPLEX'],
    ['a broken one', 'REGEX(Subject, "((")', 'BAD_PATTERN'],
    ['many look-aheads', `REGEX(Subject, "${'(?=.*a)'.repeat(100)}.*")`, 'TOO_MUCH_WORK'],
    ['look-aheads in many brackets', `REGEX("a", "${deep('(', ')', 400, '(?=a)a')}")`, 'ok'],
    ['character codes', 'CHR(99999999999)', 'BAD_CHARACTER'],
    ['hops', 'A.B.C.D.E.F.G.H.I.J.K.L', 'TOO_MANY_HOPS'],
  ]
  test.each(cases)('%s', (_, source, code) => {
    expect(outcome(source)).toBe(code)
  })

  test.each([
    ['"(("', 'BAD_PATTERN'],
    ['"(((((a{30}){30}){30}){30}){30})"', 'PATTERN_TOO_COMPLEX'],
    [`"${'a'.repeat(1_001)}"`, 'PATTERN_TOO_LONG'],
  ])('a pattern in quotes that cannot be used is found by the check, where it stands: %s', (pattern, code) => {
    const source = `IF(Amount > 3, REGEX(Subject, ${pattern}), FALSE)`
    const at = { start: source.indexOf('"'), end: source.indexOf('"') + pattern.length }
    expect(compile(source, { scope })).toEqual({ findings: [expect.objectContaining({ code, at, severity: 'error' })] })
  })

  test('patterns that cost too much together are left to the evaluation, which may not reach them', () => {
    const many = Array.from({ length: 200 }, (_, i) => `REGEX("x", "a{1,900}${i}")`).join(' || ')
    expect(outcome(`IF(Amount = 7, TRUE, ${many})`)).toBe('ok')
  })

  test('a formula field inside a formula field inside …', () => {
    let field = compile('Amount + Amount', { scope }).formula!
    let last = ''
    for (let i = 0; i < 30 && last === ''; i++) {
      const next = compile('F + F', {
        scope: scopeOf('Case', [{ path: 'F', type: 'Number', formula: field, formulaPrefix: '' }]),
      })
      last = next.formula ? '' : next.findings[0]!.code
      field = next.formula ?? field
    }
    expect(last).toBe('TOO_COMPLEX')
  })

  test('a picklist of prototype names, a record of odd values', () => {
    const odd = compile('Subject & TEXT(Amount)', { scope }).formula!
    expect(odd.evaluate({ record: { Subject: ['x'], Amount: 'constructor' }, now: 0 })).toMatchObject({
      ok: false,
      finding: { code: 'BAD_VALUE' },
    })
    expect(outcome('constructor')).toBe('UNKNOWN_FIELD')
    expect(outcome('toString()')).toBe('UNKNOWN_FUNCTION')
    expect(outcome('__proto__')).toBe('SYNTAX')
  })
})

const environment: SqlEnvironment = {
  dialect: 'sqlite',
  column: (field) => `"${field.path}"`,
  bind: () => '?',
  parameter: () => '?',
}

/** Everything the room offers, on one text; only findings may come out. */
function everything(source: string): void {
  const options = { scope }
  const offset = Math.floor(source.length / 2)
  analyze(source, options)
  format(source)
  tokens(source)
  complete(source, offset, options)
  signatureAt(source, offset)
  hover(source, offset, options)
  const { formula, findings } = compile(source, options)
  expect(formula !== undefined || findings.length > 0).toBe(true)
  if (!formula) return
  formula.evaluate(context)
  explain(formula, context)
  toSql(formula, environment)
}

describe('fuzz', () => {
  test('any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'grapheme-ascii', maxLength: 300 })),
        everything,
      ),
      { numRuns: 1_500 },
    )
  })

  test('words of the language in any order', () => {
    const words = fc.constantFrom('(', ')', ',', '+', '-', '*', '/', '^', '&', '=', '<>', '<', '&&', '||', '!', 'NOT', 'IF', 'AND', 'CASE', 'ISPICKVAL', 'Amount', 'Subject', 'Status', '"a"', "'", '1', '0.5', 'NULL', 'TRUE', 'TODAY()', 'NOW()', 'DATE', 'LEFT', 'REGEX', '/*', '*/', '.', '{!', '}', '\\') // prettier-ignore
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (some) => everything(some.join(' '))),
      { numRuns: 1_500 },
    )
  })

  const rows = gunzipSync(readFileSync(new URL('vectors/formula.jsonl.gz', import.meta.url))).toString('utf8').split('\n').filter(Boolean) // prettier-ignore

  test('public formulas with a piece cut out, doubled or replaced', () => {
    const mutation = fc.record({
      row: fc.nat(rows.length - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(8),
      insert: fc.constantFrom('', '(', ')', ',', '"', '1e9', '-', '^99', 'NULL', 'TRUE', '\\', '/*'),
    })
    fc.assert(
      fc.property(mutation, ({ row, at, cut, insert }) => {
        const original = JSON.parse(rows[row]!) as FormulaRow
        const position = Math.floor(at * original.formula.length)
        const formula = original.formula.slice(0, position) + insert + original.formula.slice(position + cut)
        const compiled = compileRow({ ...original, formula })
        compiled.formula?.evaluate(contextOf(original))
      }),
      { numRuns: 3_000 },
    )
  })
})

test('every function has a help line, SQL or a reason why not, and as many names as it takes arguments', () => {
  for (const def of FUNCTIONS.values()) {
    expect(def.summary, def.name).toMatch(/\.$/)
    expect(Boolean(def.sql ?? def.noSql) || def.max === 0, `${def.name} in SQL`).toBe(true)
    if (def.group === 'Operator') continue
    expect(def.signature, def.name).toMatch(new RegExp(`^${def.name}\\(`))
    if (def.max !== Infinity) expect(paramNames(def.signature), def.name).toHaveLength(def.max)
  }
})
