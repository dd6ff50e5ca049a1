import { createSocket } from 'node:dgram'
import dns from 'node:dns'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isHostFailure } from './failure.ts'
import { receiver } from './testing.ts'
import { postWebhook } from './webhook.ts'

const post = (url: string, signal = new AbortController().signal) =>
  postWebhook({ key: 'k', payload: { url, body: {} }, secret: undefined, now: 0 }, ['127.0.0.1'], signal)
const failure = (work: Promise<void>) => work.then(() => undefined, (error: unknown) => error as Error) // prettier-ignore

test('an answer is for the message, unless it says that the host has too much to do or is not there', async () => {
  const web = await receiver()
  const against: number[] = []
  for (const status of [307, 400, 404, 410, 429, 500, 502, 503, 504]) {
    web.answer(status)
    if (isHostFailure(await failure(post(web.url)))) against.push(status)
  }
  await web.close()
  expect(against).toEqual([429, 502, 503, 504])
  expect(isHostFailure(await failure(post(web.url)))).toBe(true)
})

test('a webhook that is aborted does not wait for its receiver, whether this or the name server is silent', async () => {
  const web = await receiver()
  web.hang()
  const names = createSocket('udp4').bind(0, '127.0.0.1')
  await once(names, 'listening')
  const before = dns.getServers()
  dns.setServers([`127.0.0.1:${names.address().port}`])
  try {
    const abort = new AbortController()
    const asked = once(names, 'message')
    const posts = ['http://hooks.example.com/', web.url].map((url) => failure(post(url, abort.signal)))
    const [question] = (await asked) as [Buffer]
    expect(question.toString('latin1')).toMatch(/hooks/i)
    while (web.requests.length === 0) await new Promise(setImmediate)
    abort.abort()
    for (const error of await Promise.all(posts)) expect(error).toMatchObject({ name: 'AbortError' })
  } finally {
    dns.setServers(before)
    names.close()
    await web.close()
  }
})
