import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inexactNumber, isExactNumber } from './exact-numbers.ts'

test.each([
  '1234567890123.12345',
  '1000000000000.00001',
  '9007199254740993',
  '1e999',
  '-0.12345678901234567890',
  `1${'3'.repeat(200)}`,
])('%s would lose digits', (literal) => {
  expect(isExactNumber(literal)).toBe(false)
  expect(inexactNumber(`{ "a": ["${literal}", 1, ${literal}] }`)).toBe(literal)
  expect(inexactNumber(`{ "a": ["${literal}", "\\"${literal}"] }`)).toBeUndefined()
})

test.each([
  '0.30000000000000004',
  '988992477836288.2',
  '0.10000000000000001',
  '1152921504606846976',
  '100000000000000000000',
  '0.10000000000000000000000',
  '-1.5e300',
  '1E+21',
])('%s is held', (literal) => expect(inexactNumber(`[${literal}]`)).toBeUndefined())

test('whatever a number prints is held, and so is any decimal of fifteen digits', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => isExactNumber(String(n))))
  fc.assert(fc.property(fc.nat(10 ** 15 - 1), fc.nat(15), (n, zeros) => isExactNumber(`0.${'0'.repeat(zeros)}${n}`)))
})
