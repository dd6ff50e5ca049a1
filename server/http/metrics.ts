/** /metrics in Prometheus' text format: requests, event loop, memory, worker, and what waits in the database. */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { RequestHandler } from 'express'
import type { Backlog, Engine } from '#automation'
import { atMostEvery } from './at-most-every.ts'
import type { Readiness } from './health.ts'
import { hashToken } from './auth/tokens.ts'

const FRESH_MS = 1000
const TICK_MS = 20

type Labels = { readonly [label: string]: string }
interface Sample {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly values: readonly (readonly [labels: Labels, value: number])[]
}

export class Metrics {
  readonly #requests = new Map<string, { readonly labels: Labels; count: number; seconds: number }>()
  readonly #loop = monitorEventLoopDelay({ resolution: TICK_MS })
  readonly #backlog: () => Promise<Backlog | undefined>
  readonly #engine: Engine
  readonly #readiness: Readiness

  constructor(engine: Engine, readiness: Readiness) {
    this.#engine = engine
    this.#readiness = readiness
    this.#backlog = atMostEvery(FRESH_MS, () => engine.backlog().catch(() => undefined))
    this.#loop.enable()
  }

  close(): void {
    this.#loop.disable()
  }

  /** Counts the request once it is answered. */
  watch({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const began = performance.now()
    response.once('close', () => {
      const labels = { route: routeOf(url), status: `${Math.floor(response.statusCode / 100)}xx` }
      const key = JSON.stringify(labels)
      const seen = this.#requests.get(key) ?? { labels, count: 0, seconds: 0 }
      this.#requests.set(key, seen)
      seen.count++
      seen.seconds += (performance.now() - began) / 1000
    })
  }

  async text(): Promise<string> {
    const [backlog, problem] = [await this.#backlog(), await this.#readiness()]
    return [...this.#ofProcess(), ...this.#ofWork(backlog, problem)].map(printed).join('')
  }

  /** What is measured is the time between two ticks. */
  #late(quantile: number): number {
    return Math.max(0, this.#loop.percentile(quantile * 100) / 1e9 - TICK_MS / 1000)
  }

  #ofProcess(): Sample[] {
    const requests = [...this.#requests.values()]
    const cpu = process.cpuUsage()
    return [
      { name: 'milepost_http_requests_total', type: 'counter', help: 'Requests answered.', values: requests.map((r) => [r.labels, r.count]) },
      { name: 'milepost_http_request_seconds_total', type: 'counter', help: 'Seconds that they took.', values: requests.map((r) => [r.labels, r.seconds]) },
      { name: 'milepost_event_loop_delay_seconds', type: 'gauge', help: 'How late the event loop was, since the start.', values: [0.5, 0.99].map((q) => [{ quantile: String(q) }, this.#late(q)]) },
      { name: 'process_cpu_seconds_total', type: 'counter', help: 'Processor time used.', values: [[{}, (cpu.user + cpu.system) / 1e6]] },
      { name: 'process_resident_memory_bytes', type: 'gauge', help: 'Memory in use.', values: [[{}, process.memoryUsage.rss()]] },
    ] // prettier-ignore
  }

  /** What the database can't be asked for now is left out. */
  #ofWork(backlog: Backlog | undefined, problem: string | undefined): Sample[] {
    const worker = this.#engine.health()
    const one = (value: number): Sample['values'] => [[{}, value]]
    const byStatus = (counts: Backlog['outbox']): Sample['values'] => Object.entries(counts).map(([status, count]) => [{ status }, count]) // prettier-ignore
    return [
      { name: 'milepost_ready', type: 'gauge', help: '1: the database answers and takes writes.', values: one(problem === undefined ? 1 : 0) },
      { name: 'milepost_catalog_version', type: 'gauge', help: 'Version of the metadata in force.', values: one(this.#engine.catalogs.current().version) },
      { name: 'milepost_worker_running', type: 'gauge', help: '1: this node fires timers and sends messages.', values: one(worker.running ? 1 : 0) },
      { name: 'milepost_worker_lag_seconds', type: 'gauge', help: 'How long the next timer has been due.', values: one(worker.lagMs / 1000) },
      { name: 'milepost_silent_hosts', type: 'gauge', help: 'Receivers of messages that do not answer.', values: one(worker.silentHosts) },
      ...(backlog ? [
        { name: 'milepost_timers', type: 'gauge', help: 'Timers that wait or failed, by status.', values: byStatus(backlog.timers) },
        { name: 'milepost_timers_due', type: 'gauge', help: 'Timers that wait and are due.', values: one(backlog.due) },
        { name: 'milepost_outbox_messages', type: 'gauge', help: 'Messages that are not sent, by status.', values: byStatus(backlog.outbox) },
      ] as const : []),
    ] // prettier-ignore
  }
}

function routeOf(url: string): string {
  const [, first = ''] = /^\/(graphql|auth|assets)\b/.exec(url) ?? []
  return first || 'other'
}

function printed({ name, type, help, values }: Sample): string {
  const lines = values.map(([labels, value]) => {
    const inner = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
    return `${name}${inner.length ? `{${inner.join()}}` : ''} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

/** With a token: for who has it. Without: for programs on this machine, as long as no proxy stands in front whose callers would all seem to be here. */
export function metricsRoute(
  metrics: Metrics,
  guard: { readonly token?: string; readonly proxied: boolean },
): RequestHandler {
  // prettier-ignore
  return async (request, response, next) => {
    const allowed = guard.token === undefined ? !guard.proxied && isHere(request) : hasToken(request, guard.token)
    if (!allowed) return next()
    response.setHeader('Cache-Control', 'no-store')
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.text())
  }
}

const isHere = ({ socket, headers }: IncomingMessage): boolean =>
  /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '') && !headers['x-forwarded-for'] && !headers.forwarded

function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const given = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(Buffer.from(hashToken(given)), Buffer.from(hashToken(token)))
}
