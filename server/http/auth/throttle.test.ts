import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDatabase } from '#database'
import { describeDatabases } from '#test/databases'
import { Throttle, type Limit } from './throttle.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 2, 9) }))
afterEach(() => void vi.useRealTimers())

const limit = (key: string): Limit => ({ key, burst: 3, every: 60_000 })

describeDatabases('attempts', (open) => {
  /** Answers of so many attempts at once, in no order: true, or the seconds to wait. */
  const attempts = async (throttle: Throttle, n: number, ...keys: string[]) =>
    (await Promise.all(Array.from({ length: n }, () => throttle.take(keys.map(limit)))))
      .map((permit) => (permit.allowed ? true : permit.retryAfter))
      .sort((a, b) => Number(a) - Number(b))
  const rows = async (database: { all(sql: string): Promise<unknown[]> }) =>
    (await database.all('SELECT key FROM attempt_limit')).length

  test('in parallel count, a new one comes with time, never more than the burst', async () => {
    const throttle = new Throttle(await open())
    expect((await attempts(throttle, 10, 'a')).filter((answer) => answer === true)).toHaveLength(3)
    expect(await attempts(throttle, 1, 'a')).toEqual([60])
    vi.advanceTimersByTime(59_000)
    expect(await attempts(throttle, 1, 'a')).toEqual([1])
    vi.advanceTimersByTime(1_000)
    expect(await attempts(throttle, 2, 'a')).toEqual([true, 60])
    vi.advanceTimersByTime(3_600_000)
    expect(await attempts(throttle, 4, 'a')).toEqual([true, true, true, 60])
  })

  test('of another key are not touched, nor is the second bucket when the first is empty', async () => {
    const throttle = new Throttle(await open())
    await attempts(throttle, 3, 'a')
    expect(await attempts(throttle, 2, 'a', 'b')).toEqual([60, 60])
    expect(await attempts(new Throttle(await open()), 1, 'a', 'b')).toEqual([true])
    expect(await attempts(throttle, 4, 'b')).toEqual([true, true, true, 60])
    expect(await attempts(throttle, 1, 'c', 'b')).toEqual([60])
    expect(await attempts(throttle, 3, 'c')).toEqual([true, true, true])
  })

  test('given back may be made again', async () => {
    const throttle = new Throttle(await open())
    await attempts(throttle, 2, 'a')
    const last = await throttle.take([limit('a')])
    expect(await attempts(throttle, 1, 'a')).toEqual([60])
    if (last.allowed) await last.giveBack()
    expect(await attempts(throttle, 2, 'a')).toEqual([true, 60])
  })

  test('leave no rows behind once their buckets are full', async () => {
    const database = await open()
    const throttle = new Throttle(database)
    for (const key of ['a', 'b', 'c']) await attempts(throttle, 1, key)
    expect(await rows(database)).toBe(3)
    vi.advanceTimersByTime(120_000)
    await attempts(throttle, 1, 'd')
    expect(await rows(database)).toBe(1)
  })

  test('on another node count too', async () => {
    const url = await open.url()
    const here = await openDatabase({ url })
    const there = open.dialect === 'postgres' ? await openDatabase({ url }) : here
    const answers = await Promise.all([here, there].map((node) => attempts(new Throttle(node), 3, 'a')))
    for (const node of new Set([here, there])) await node.close()
    expect(answers.flat().filter((answer) => answer === true)).toHaveLength(3)
  })
})
