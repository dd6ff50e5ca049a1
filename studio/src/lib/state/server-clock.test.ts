import { expect, test } from 'vitest'
import { ServerClock } from './server-clock.svelte.ts'

function clockAt(start: number) {
  let local = start
  const clock = new ServerClock(() => local)
  return { clock, pass: (ms: number) => (local += ms) }
}

test('the server’s time counts, however wrong the PC is', () => {
  const { clock, pass } = clockAt(1_000_000)
  pass(100)
  clock.note(5_000_050, 1_000_000)
  expect(clock.peek()).toBe(5_000_100)
  pass(1000)
  expect(clock.peek()).toBe(5_001_100)
})

test('a slow answer does not spoil a good estimate, a jump of the server is believed', () => {
  const { clock, pass } = clockAt(0)
  pass(10)
  clock.note(100_005, 0)
  const good = clock.offset
  pass(3000)
  clock.note(100_010 + 2900, 10)
  expect(clock.offset).toBe(good)
  const sent = 3010
  pass(20)
  clock.note(9_999_999, sent)
  expect(clock.peek()).toBeGreaterThan(9_999_000)
})

test('an event tells that the clock is at least that far, never back', () => {
  const { clock } = clockAt(0)
  clock.atLeast('1970-01-01T01:00:00.000Z')
  expect(clock.peek()).toBe(3_600_000)
  clock.atLeast('1970-01-01T00:30:00.000Z')
  expect(clock.peek()).toBe(3_600_000)
})

test('nonsense is ignored', () => {
  const { clock } = clockAt(7)
  clock.note(null, 0)
  clock.note('soon', 0)
  expect(clock.peek()).toBe(7)
})
