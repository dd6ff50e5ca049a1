import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '#database'
import { hashPassword, verifyPassword } from './argon2.ts'
import { FairQueue } from './fair-queue.ts'
import type { HashJob } from './hash-thread.ts'
import { BusyError, WorkerThread } from './worker-thread.ts'

function thread(): WorkerThread<HashJob, string | boolean> {
  const made = new WorkerThread<HashJob, string | boolean>(new URL('./hash-thread.ts', import.meta.url))
  onTestFinished(() => made.close())
  return made
}
const guess = { kind: 'verify', password: 'guess', stored: undefined } as const

test('a hash is argon2id with a fresh salt and only the right password fits', () => {
  const [a, b] = [hashPassword('correct horse'), hashPassword('correct horse')]
  expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(a).not.toBe(b)
  const fits = [verifyPassword('correct horse', a), verifyPassword('correct hors', a), verifyPassword('x', undefined)]
  expect(fits).toEqual([true, false, false])
})

test('a queue takes turns between lanes and is bounded, each and all', () => {
  const queue = new FairQueue<string>({ lane: 3, all: 5 })
  expect(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'd1'].map((item) => queue.add(item[0]!, item))).toEqual([
    true, true, true, false, true, true, false,
  ]) // prettier-ignore
  expect(Array.from({ length: 6 }, () => queue.next())).toEqual(['a1', 'b1', 'c1', 'a2', 'a3', undefined])
  expect(queue.add('a', 'a5')).toBe(true)
})

test('a stranger waits for one hash of a crowd, who is known for none but the one under way', async () => {
  const hashing = thread()
  const order: string[] = []
  const ask = (lane: string, known = false) => hashing.ask({ lane, known }, guess).then(() => order.push(lane))
  const crowd = Array.from({ length: 20 }, () => ask('crowd'))
  await Promise.all([...crowd, ask('stranger'), ask('known', true)])
  expect(order.slice(0, 4)).toEqual(['crowd', 'known', 'crowd', 'stranger'])
})

test('the database answers while passwords wait', async () => {
  const database = await openDatabase({ url: 'sqlite::memory:' })
  onTestFinished(() => database.close())
  const hashing = thread()
  const order: string[] = []
  const hashes = Array.from({ length: 40 }, () => hashing.ask({ lane: 'crowd' }, guess).then(() => order.push('hash')))
  for (let i = 0; i < 5; i++) await database.get('SELECT 1').then(() => order.push('read'))
  await Promise.all(hashes)
  expect(order.lastIndexOf('read')).toBeLessThan(order.lastIndexOf('hash'))
})

test('too many are refused, and a thread that is closed refuses who still waits', async () => {
  const hashing = thread()
  const answers = Array.from({ length: 45 }, () => hashing.ask({ lane: 'crowd' }, guess))
  const refused = answers.slice(41).map((answer) => expect(answer).rejects.toThrow(BusyError))
  await Promise.all(refused)
  expect(await answers[0]).toBe(false)
  const waiting = expect(answers[40]).rejects.toThrow(BusyError)
  await Promise.all([hashing.close(), waiting, Promise.allSettled(answers)])
  await expect(hashing.ask({ lane: 'late' }, guess)).rejects.toThrow(BusyError)
})

test('a thread that breaks is an error of that piece of work only', async () => {
  const hashing = thread()
  const broken = expect(hashing.ask({ lane: 'a' }, { ...guess, password: 5 as never })).rejects.toThrow(/normalize/)
  const next = hashing.ask({ lane: 'a' }, guess)
  await broken
  expect(await next).toBe(false)
})
