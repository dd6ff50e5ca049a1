/** Hosts that never answer have a thousand messages each, a webhook's receiver and a mail server: how late timers fire, and how late the messages of a healthy host arrive. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '#database'
import { createEngine } from '#automation'
import type { SaveRequest, SeedableEngine } from '#automation'
import { onBothDatabases } from '#test/both-databases'
import { formatInstant } from '#util'
import type { Row } from '#util'
import { actor, benchOrganisation, percentile, ratio, START } from '../testing/bench-world.ts'
import type { Measure } from '../testing/bench-world.ts'
import { benchClock, timerLags, WARNED } from '../testing/timer-lags.ts'
import type { BenchClock } from '../testing/timer-lags.ts'
import { hostOf } from './host.ts'
import { smtpMail } from './send.ts'
import { silentServer } from './testing.ts'

const WEEK = 7 * 86_400_000
const WAITING = 1_000
const HEALTHY = 400
const APART_MS = 50

export const bench = (): Promise<Measure[]> => onBothDatabases(figures)

async function figures(url: string): Promise<Measure[]> {
  const clock = benchClock()
  const database = await openDatabase({ url, clock })
  const [silent, healthy] = await Promise.all([silentServer(), arrivals(clock)])
  try {
    const mail = smtpMail(`smtp://127.0.0.1:${silent.port}`, 'support@example.com')
    const alone = await benchOrganisation(database)
    const quiet = await timerLags(alone, clock, START - WEEK)
    const engine = createEngine({ database, catalog: alone.catalogs.current(), mail, privateHosts: ['127.0.0.1'] })
    clock.set(START)
    const hanging = Array.from({ length: WAITING }, (_, i) => [
      message('Webhook', `hanging ${i}`, START + WARNED, { url: `http://127.0.0.1:${silent.port}/`, body: { i } }),
      message('Email', `unsent ${i}`, START + WARNED, { to: ['a@example.com'], cc: [], subject: 'Late', text: 'Late' }),
    ])
    await engine.save(actor, hanging.flat())
    const timers = await timerLags(engine, clock, START, () => sendHealthy(engine, clock, healthy))
    const p99 = (late: readonly number[]) => Math.round(percentile(late, 0.99))
    const beside = { ratio: ratio(p99(timers), p99(quiet)), against: 'without them' }
    return [
      { name: 'two hosts hang with 1,000 messages each: lag of 100 timers a second for 20 s, p99', value: p99(timers), unit: 'ms', ...beside },
      { name: 'the same: a message to a healthy host, from its save to its arrival, p99', value: p99(healthy.late), unit: 'ms' },
    ] // prettier-ignore
  } finally {
    await Promise.all([silent.close(), healthy.close()])
    await database.close()
  }
}

function message(Kind: 'Email' | 'Webhook', key: string, due: number, Payload: Row): SaveRequest {
  const NextAttemptDate = formatInstant(due)
  const values = { Name: key, Kind, Host: hostOf(Kind, Payload), Status: 'Pending', IdempotencyKey: key, Payload, Attempts: 0, NextAttemptDate } // prettier-ignore
  return { operation: 'create', object: 'OutboxMessage', values }
}

interface Arrivals {
  readonly url: string
  /** Milliseconds from the save of each that came. */
  readonly late: number[]
  close(): Promise<void>
}

/** A receiver that takes everything. */
async function arrivals(clock: BenchClock): Promise<Arrivals> {
  const late: number[] = []
  const server = createServer((request, response) => {
    late.push(clock.now() - Number(String(request.headers['idempotency-key']).split(' ')[1]))
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    late,
    close: () => new Promise((done) => server.close(() => done())),
  }
}

async function sendHealthy(engine: SeedableEngine, clock: BenchClock, { url, late }: Arrivals): Promise<void> {
  for (let i = 0; i < HEALTHY; i++) {
    const now = clock.now()
    await engine.save(actor, [message('Webhook', `healthy ${now} ${i}`, now, { url, body: { i } })])
    await wait(APART_MS)
  }
  for (let seconds = 0; late.length < HEALTHY && seconds < 60; seconds++) await wait(1_000)
  if (late.length < HEALTHY) throw new Error(`${HEALTHY - late.length} messages did not arrive within a minute`)
}
