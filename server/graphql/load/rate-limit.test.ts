import { expect, test } from 'vitest'
import { Places } from './places.ts'
import { RateLimit } from './rate-limit.ts'

test('each key has its points, which come back with time; a refusal takes none', () => {
  let now = 5_000
  const limit = new RateLimit(10, () => now)
  const take = (key: string, times: number) => Array.from({ length: times }, () => limit.take(key))
  expect(take('a', 12)).toEqual([...Array.from({ length: 10 }, () => 0), 6, 6])
  expect(take('b', 1)).toEqual([0])
  now += 5_000
  expect(take('a', 1)).toEqual([1])
  now += 1_000
  expect(take('a', 2)).toEqual([0, 6])
  now += 600_000
  expect(take('a', 11)).toEqual([...Array.from({ length: 10 }, () => 0), 6])
})

test('points are weighed', () => {
  const limit = new RateLimit(10, () => 0)
  expect([limit.take('a', 8), limit.take('a', 3), limit.take('a', 2)]).toEqual([0, 6, 0])
})

test('a full lane waits and lets others pass; places that are given back are taken at once', async () => {
  const places = new Places({ lane: 1, all: 2 })
  const entered: string[] = []
  const enter = (name: string) => places.take(name[0]!).then((leave) => (entered.push(name), leave))
  const leaves = ['a1', 'a2', 'b1', 'c1', 'b2'].map(enter)
  const first = await leaves[0]!
  await leaves[2]
  expect(entered).toEqual(['a1', 'b1'])
  first()
  const second = await leaves[1]!
  expect(entered).toEqual(['a1', 'b1', 'a2'])
  second()
  await leaves[3]
  expect(entered).toEqual(['a1', 'b1', 'a2', 'c1'])
})

test('work that fails gives its place back', async () => {
  const places = new Places({ lane: 1, all: 1 })
  await expect(places.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(await places.run('a', async () => 'next')).toBe('next')
})
