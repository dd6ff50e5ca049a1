import { describe, expect, test } from 'vitest'
import { manualClock } from './manual.ts'
import { systemClock } from './system.ts'

describe('a manual clock', () => {
  test('stands still until it is moved', () => {
    const clock = manualClock(1000)
    expect([clock.now(), clock.advance(5), clock.now()]).toEqual([1000, 1005, 1005])
  })

  test('rings in due order, each alarm at its own instant', () => {
    const clock = manualClock(0)
    const rung: [string, number][] = []
    const ring = (name: string) => () => void rung.push([name, clock.now()])
    clock.wake(30, ring('c'))
    clock.wake(10, ring('a'))
    clock.wake(20, ring('b'))
    clock.wake(31, ring('never'))
    clock.advance(30)
    expect(rung).toEqual([['a', 10], ['b', 20], ['c', 30]]) // prettier-ignore
  })

  test('rings an alarm that another one sets, in the same move', () => {
    const clock = manualClock(0)
    const rung: number[] = []
    clock.wake(10, () => clock.wake(15, () => rung.push(clock.now())))
    clock.set(20)
    expect([rung, clock.now()]).toEqual([[15], 20])
  })

  test('does not ring a cancelled alarm', () => {
    const clock = manualClock(0)
    let rung = 0
    clock.wake(10, () => rung++)()
    clock.advance(100)
    expect(rung).toBe(0)
  })

  test('does not go back by advance', () => {
    expect(() => manualClock(0).advance(-1)).toThrow('forward only')
  })
})

test('the system clock rings once its time has come, offset included', async () => {
  const clock = systemClock(() => 3_600_000)
  const at = clock.now() + 20
  await new Promise<void>((resolve) => clock.wake(at, resolve))
  expect(clock.now()).toBeGreaterThanOrEqual(at)
})
