import { describe, expect, test } from 'vitest'
import { createLanes } from './lanes.ts'

const SECOND = 1_000

describe('places', () => {
  test('a host has four, and a place that came back is free again', () => {
    const lanes = createLanes()
    expect([lanes.take('a', 0), lanes.take('a', 0)]).toEqual([4, 0])
    expect(lanes.readyAt('a')).toBeUndefined()
    lanes.giveBack('a', 1)
    expect(lanes.take('a', 0)).toBe(1)
  })

  test('hosts that hang take half of all; from then on each host has one', () => {
    const lanes = createLanes()
    const hosts = Array.from({ length: 50 }, (_, i) => `host ${i}`)
    expect(hosts.map((host) => lanes.take(host, 0))).toEqual([...Array(8).fill(4), ...Array(32).fill(1), ...Array(10).fill(0)]) // prettier-ignore
  })

  test('the host that waits longest comes first', () => {
    const lanes = createLanes()
    for (const host of ['b', 'a', 'c']) lanes.take(host, 0)
    lanes.giveBack('b', 4)
    lanes.take('b', 0)
    expect(lanes.inTurn(['a', 'b', 'c', 'new'])).toEqual(['new', 'a', 'c', 'b'])
  })
})

describe('the breaker', () => {
  const failing = (times: number) => {
    const lanes = createLanes()
    for (let i = 0; i < times; i++) lanes.failed('a', 0, 'gone')
    return lanes
  }

  test('after one failure the host has one place, after five in a row none', () => {
    expect(failing(1).take('a', 0)).toBe(1)
    const open = failing(5)
    expect(open.breaker('a', 0)).toEqual({ state: 'open', since: 0, openUntil: 30 * SECOND, lastError: 'gone' })
    expect([open.take('a', 29_999), open.take('other', 0), open.suspects()]).toEqual([0, 4, ['a']])
  })

  test('lets one message try later, and waits longer each time that it fails, at most five minutes', () => {
    const lanes = failing(5)
    const waits: number[] = []
    let now = 0
    for (let i = 0; i < 6; i++) {
      const at = lanes.breaker('a', now).openUntil!
      waits.push((at - now) / SECOND)
      now = at
      expect(lanes.breaker('a', now).state).toBe('halfOpen')
      expect([lanes.take('a', now), lanes.take('a', now), lanes.readyAt('a')]).toEqual([1, 0, undefined])
      lanes.failed('a', now, 'still gone')
      lanes.giveBack('a', 1)
    }
    expect(waits).toEqual([30, 60, 120, 240, 300, 300])
    expect(lanes.breaker('a', now)).toMatchObject({ since: 0, lastError: 'still gone' })
  })

  test('does not wait longer for failures of messages that were under way when it opened', () => {
    const lanes = failing(8)
    expect(lanes.breaker('a', 0).openUntil).toBe(30 * SECOND)
  })

  test.each(['answered', 'reset'] as const)('%s: as new', (how) => {
    const lanes = failing(5)
    lanes[how]('a')
    expect([lanes.breaker('a', 0).state, lanes.take('a', 0), lanes.suspects()]).toEqual(['closed', 4, []])
  })
})
