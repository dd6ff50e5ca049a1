import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { compile, complete, explain, format, hover, parseToSexpr, scopeOf, signatureAt, tokens } from './index.ts'

const scope = scopeOf('Case', [
  { path: 'Priority', label: 'Priority', type: 'Picklist', picklistValues: ['High', 'Low'] },
  { path: 'Subject', type: 'Text' },
  { path: 'Amount', type: 'Number' },
  { path: 'Account.Name', type: 'Text' },
])
const options = { scope }
const labels = (source: string): readonly string[] => {
  const offset = source.indexOf('|')
  return complete(source.replace('|', ''), offset, options).items.map((item) => item.label)
}

describe('completion', () => {
  test('fields, relationships and functions that begin or hold what was typed', () => {
    expect(labels('IF(Pri|')).toContain('Priority')
    expect(labels('Acc|')).toContain('Account')
    expect(labels('Account.|')).toEqual(['Name'])
    expect(labels('ISP|')).toContain('ISPICKVAL')
  })
  test('values of the picklist inside the quotes', () => {
    expect(labels('ISPICKVAL(Priority, "|")')).toEqual(['High', 'Low'])
    expect(labels('ISPICKVAL(Priority, "|')).toEqual(['High', 'Low'])
    expect(labels('CASE(Priority, "High", 1, "|", 2, 3)')).toEqual(['High', 'Low'])
    expect(labels('Subject = "|"')).toEqual([])
  })
})

test('the signature knows which argument is being written', () => {
  expect(signatureAt('IF(Amount > 1, LEFT(Subject, ', 29)).toMatchObject({
    name: 'LEFT',
    active: 1,
    parameters: ['text', 'count'],
  })
  expect(signatureAt('IF(Amount > 1, LEFT(Subject, 2), ', 33)).toMatchObject({ name: 'IF', active: 2 })
  expect(signatureAt('Amount', 3)).toBeUndefined()
})

test('hover shows help of functions and types of fields', () => {
  expect(hover('LEFT(Subject, 2)', 2, options)).toMatchObject({ title: 'LEFT(text, count)' })
  expect(hover('ISPICKVAL(Priority, "High")', 12, options)?.text).toBe('Gives a picklist. Values: High, Low.')
})

test('every function names as many parameters as it takes', () => {
  expect(tokens('IF(/* x */ Amount > 1, "a", NULL)').map((token) => token.kind)).toEqual([
    'function', 'punctuation', 'comment', 'field', 'operator', 'number', 'punctuation', 'text', 'punctuation', 'keyword', 'punctuation',
  ]) // prettier-ignore
})

describe('formatter', () => {
  test('short formulas stand on one line', () => {
    expect(format('if( Amount>1 ,"a",/* else */"b" )')).toBe('IF(Amount > 1, "a", /* else */ "b")')
    expect(format('not  true&&( 1=2 )')).toBe('NOT TRUE && (1 = 2)')
  })
  test('long ones are broken one argument a line', () => {
    expect(
      format('IF(AND(Amount > 1000000, BEGINS(Subject, "something rather long")), "a first result", "another result")'),
    ).toBe(
      'IF(\n  AND(Amount > 1000000, BEGINS(Subject, "something rather long")),\n  "a first result",\n  "another result"\n)',
    )
  })
  test('a mistake leaves it alone', () => expect(format('IF(')).toBe('IF('))

  const leaf = fc.constantFrom('Amount', '1.5', '"te xt"', "'q'", 'TRUE', 'NULL', 'Account.Name')
  const { formula } = fc.letrec<{ formula: string }>((tie) => ({
    formula: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(
          tie('formula'),
          fc.constantFrom('+', '-', '*', '/', '^', '&', '=', '<>', '&&', '||', '<='),
          tie('formula'),
        )
        .map(([a, op, b]) => `${a} ${op} ${b}`),
      tie('formula').map((a) => `(${a})`),
      tie('formula').map((a) => `-${a}`),
      fc.array(tie('formula'), { minLength: 1, maxLength: 4 }).map((args) => `CASE(${args.join(',')})`),
    ),
  }))
  test('never changes the tree, and formatting twice changes nothing', () => {
    fc.assert(
      fc.property(formula, (source) => {
        const formatted = format(source)
        expect(parseToSexpr(formatted)).toBe(parseToSexpr(source))
        expect(format(formatted)).toBe(formatted)
      }),
      { numRuns: 300 },
    )
  })
})

test('explain shows the value of each part and what was not needed', () => {
  const { formula } = compile('IF(Amount > 10, "big", TEXT(1 / 0))', options)
  const explanation = explain(formula!, { record: { Amount: 12 }, now: 0 })
  expect(explanation?.result).toEqual({ ok: true, value: 'big' })
  expect(explanation?.trace.children.map(({ text, value, needed }) => [text, value, needed])).toEqual([
    ['Amount > 10', true, true],
    ['"big"', 'big', true],
    ['TEXT(1 / 0)', undefined, false],
  ])
  expect(explanation?.trace.children[2]?.finding?.code).toBe('DIVIDE_BY_ZERO')
})

test('explain marks what a deciding condition made needless', () => {
  const { formula } = compile('AND(ISPICKVAL(Priority, "High"), NOT(ISBLANK(Subject)))', options)
  const needed = (record: { readonly [path: string]: string }) =>
    explain(formula!, { record, now: 0 })!.trace.children.map((child) => [child.needed, child.value])
  expect(needed({ Priority: 'High' })).toEqual([[true, true], [true, false]]) // prettier-ignore
  expect(needed({ Priority: 'Low' })).toEqual([[true, false], [false, false]]) // prettier-ignore
})
