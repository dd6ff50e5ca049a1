import { expect, test } from 'vitest'
import { bench } from './bench.ts'

test('the bench compares equal answers and reports both sides', async () => {
  const measures = await bench()
  expect(measures.map((m) => m.unit)).toEqual(['µs', 'µs', 'µs', 'µs'])
  expect(measures[0]).toMatchObject({ against: 'day walk on luxon', ratio: expect.any(Number) })
})
