import { expect, test } from 'vitest'
import { shapeOf } from './arguments.ts'

const none = new Set<string>()

test('values don’t change the shape; keys, their order, blanks and the number of conditions do', () => {
  const shape = (w: unknown) => shapeOf({ w }, none)
  expect(shape({ a: { eq: 1 } })).toBe(shape({ a: { eq: 'other' } }))
  expect(shape({ a: { in: [1, 2] } })).toBe(shape({ a: { in: [3] } }))
  const different = [
    { a: { eq: 1 } },
    { a: { ne: 1 } },
    { b: { eq: 1 } },
    { a: { eq: null } },
    { a: { in: [null] } },
    { or: [{ a: {} }] },
    { or: [{ a: {} }, { a: {} }] },
    { a: {}, b: {} },
    { b: {}, a: {} },
    undefined,
    null,
  ]
  expect(new Set(different.map(shape)).size).toBe(different.length)
})

test('a pinned variable counts by its value', () => {
  expect(shapeOf({ o: 'ASC' }, new Set(['o']))).not.toBe(shapeOf({ o: 'DESC' }, new Set(['o'])))
})

test('no text of a value can look like another shape', () => {
  expect(shapeOf({ a: 'v;b:v' }, none)).not.toBe(shapeOf({ a: 'v', b: 'v' }, none))
  expect(shapeOf({ a: 'x";b:"y' }, new Set(['a']))).not.toBe(shapeOf({ a: 'x', b: 'y' }, new Set(['a', 'b'])))
})
