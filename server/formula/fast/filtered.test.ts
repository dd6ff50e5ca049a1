import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '#util'
import { compile, scopeOf, type FormulaOptions } from '../index.ts'
import { closureOf } from '../compile.ts'
import { rounded } from '../engine.ts'
import { Failure } from '../failure.ts'
import { internalsOf } from '../internals.ts'
import { toValue } from '../runtime.ts'

/** The exact decimals are the oracle: whatever the doubles answer must be the same, near boundaries above all. */
const scope = scopeOf('Thing', [
  { path: 'A', type: 'Number', scale: 2 },
  { path: 'B', type: 'Number', scale: 3 },
  { path: 'P', type: 'Number', percent: true, scale: 1 },
  { path: 'D', type: 'Date' },
  { path: 'T', type: 'DateTime' },
])

const leaf = fc.constantFrom('A', 'B', 'P', '0', '1', '0.1', '1.005', '100', '0.015', '-2.5', '3', '1000000')
const { number, truth } = fc.letrec<{ number: string; truth: string }>((tie) => {
  const n = tie('number')
  const two = fc.tuple(n, n)
  const digits = fc.constantFrom('0', '1', '2', '3')
  return {
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.tuple(n, fc.constantFrom('+', '-', '*', '/'), n).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(fc.constantFrom('ROUND', 'TRUNC'), n, digits).map(([f, a, d]) => `${f}(${a}, ${d})`),
      fc.tuple(fc.constantFrom('FLOOR', 'CEILING', 'MFLOOR', 'MCEILING', 'ABS', '-'), n).map(([f, a]) => `${f}(${a})`),
      two.map(([a, b]) => `MAX(${a}, ${b})`),
      two.map(([a, b]) => `MOD(${a}, ${b})`),
      two.map(([a, b]) => `BLANKVALUE(${a}, ${b})`),
      fc.tuple(tie('truth'), n, n).map(([t, a, b]) => `IF(${t}, ${a}, ${b})`),
      two.map(([a, b]) => `CASE(${a}, 1, ${b}, 0.1, 2, A, 3, 4)`),
      n.map((a) => `((NOW() - (T + ${a})) * 24)`),
      n.map((a) => `(D + ${a} - D)`),
    ),
    truth: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(n, fc.constantFrom('=', '<>', '<', '<=', '>', '>='), n).map(([a, op, b]) => `(${a} ${op} ${b})`),
      n.map((a) => `ISBLANK(${a})`),
      fc.tuple(tie('truth'), tie('truth')).map(([a, b]) => `AND(${a}, NOT(${b}))`),
    ),
  }
})

const cents = (digits: number) =>
  fc.oneof(
    fc.constant(null),
    fc.constantFrom(0, 1, 0.1, 1.005, 2.675, -0.5, 100),
    fc.integer({ min: -2_000_000, max: 2_000_000 }).map((n) => Number((n / 10 ** digits).toFixed(digits))),
  )
const record = fc.record({
  A: cents(2),
  B: cents(3),
  P: cents(1),
  D: fc.constantFrom('2026-03-15', null),
  T: fc.constantFrom('2026-03-15T10:30:00.250Z', '2026-03-14T05:30:00.250Z', null),
})

function compare(source: string, options: FormulaOptions, row: { readonly [path: string]: Value }): void {
  const { formula } = compile(source, options)
  if (!formula) return
  const context = { record: row, now: 1_773_570_600_250 }
  let exact: Value | 'error'
  try {
    exact = toValue(rounded(closureOf(internalsOf(formula)!.root)(context), options), formula.type, options.percent)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    exact = 'error'
  }
  const result = formula.evaluate(context)
  expect(result.ok ? result.value : 'error').toEqual(exact)
}

test('numbers rounded to a scale', () => {
  const options = fc.record({
    blanks: fc.constantFrom('zero' as const, 'blank' as const),
    percent: fc.boolean(),
    scale: fc.integer({ min: 0, max: 6 }),
  })
  fc.assert(
    fc.property(number, options, record, (source, more, row) => compare(source, { scope, ...more }, row)),
    { numRuns: 1_500 },
  )
})

test('decisions', () => {
  fc.assert(
    fc.property(truth, record, (source, row) => compare(source, { scope }, row)),
    { numRuns: 1_500 },
  )
})

test('ROUND(Amount * 1.005, 2) for every cent', () => {
  const { formula } = compile('ROUND(A * 1.005, 2)', { scope, scale: 2 })
  for (let n = 0; n < 20_000; n++) {
    const result = formula!.evaluate({ record: { A: n / 100 }, now: 0 })
    expect(result.ok && result.value).toBe(Math.floor((n * 1005 + 500) / 1000) / 100)
  }
})
