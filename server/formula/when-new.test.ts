import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile, scopeOf } from './index.ts'

const scope = scopeOf('Thing', [
  { path: 'A', type: 'Number', scale: 2 },
  { path: 'B', type: 'Boolean' },
  { path: 'Account.Rate', type: 'Number', scale: 2 },
  { path: 'Owner.Active', type: 'Boolean' },
])
const formulaOf = (source: string) => compile(source, { scope }).formula!

test.each([
  ['AND(NOT(ISNEW()), Account.Rate > 1)', []],
  ['AND(A > 1, NOT(ISNEW()), Account.Rate > 1)', ['A']],
  ['ISCHANGED(A) && Account.Rate > 1', []],
  ['ISNEW() || Owner.Active', []],
  ['IF(ISNEW(), A, Account.Rate)', ['A']],
  ['IF(NOT(ISCHANGED(A)), Account.Rate, A)', ['Account.Rate']],
  ['AND(ISNEW(), Owner.Active)', ['Owner.Active']],
  ['OR(NOT(ISNEW()), Owner.Active)', ['Owner.Active']],
])('%s reads on a new record only what can matter', (source, paths) => {
  expect(formulaOf(source).pathsWhenNew).toEqual(paths)
})

const { truth } = fc.letrec<{ truth: string; number: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('A', 'Account.Rate', '0', '1'),
    fc.tuple(tie('truth'), tie('number'), tie('number')).map(([t, a, b]) => `IF(${t}, ${a}, ${b})`),
    fc.tuple(tie('number'), tie('number')).map(([a, b]) => `(${a} / ${b})`),
  ),
  truth: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('ISNEW()', 'ISCHANGED(A)', 'B', 'Owner.Active', 'TRUE'),
    fc.tuple(tie('number'), tie('number')).map(([a, b]) => `(${a} < ${b})`),
    fc.tuple(fc.constantFrom('AND', 'OR'), tie('truth'), tie('truth'), tie('truth')).map(([f, ...args]) => `${f}(${args.join(', ')})`),
    tie('truth').map((t) => `NOT(${t})`),
  ),
})) // prettier-ignore

test('what it leaves out changes no answer', () => {
  const number = fc.constantFrom(null, 0, 1, 2.5)
  const flag = fc.constantFrom(null, true, false)
  const row = fc.record({ A: number, B: flag, 'Account.Rate': number, 'Owner.Active': flag })
  fc.assert(
    fc.property(truth, row, (source, record) => {
      const formula = formulaOf(source)
      const read = Object.fromEntries(Object.entries(record).filter(([path]) => formula.pathsWhenNew.includes(path)))
      expect(formula.evaluate({ record: read, now: 0 })).toEqual(formula.evaluate({ record, now: 0 }))
    }),
    { numRuns: 2_000 },
  )
})
