import { createSubscriber } from 'svelte/reactivity'

/**
 * The server's clock as seen from here: countdowns use it, never the PC's own, which may be wrong.
 * Reading `now` in markup re-runs it every second; nothing ticks while nobody looks.
 */
export class ServerClock {
  /** Milliseconds to add to the PC's clock. */
  offset = $state(0)
  #best = Infinity
  #localNow: () => number
  #tick: () => void

  constructor(localNow: () => number = () => Date.now(), everyMs = 1000) {
    this.#localNow = localNow
    this.#tick = createSubscriber((update) => {
      const timer = setInterval(update, everyMs)
      return () => clearInterval(timer)
    })
  }

  get now(): number {
    this.#tick()
    return this.#localNow() + this.offset
  }

  /** The same, without asking to be told of the next second. */
  peek(): number {
    return this.#localNow() + this.offset
  }

  /** Notes the time in an answer (epoch ms or ISO); `sent` is when the question left. A slow answer does not spoil a good estimate. */
  note(time: string | number | null | undefined, sent: number): void {
    const server = typeof time === 'number' || /^\d+$/.test(time ?? '') ? Number(time) : Date.parse(time ?? '')
    if (!Number.isFinite(server)) return
    const received = this.#localNow()
    const roundTrip = Math.max(0, received - sent)
    const offset = server - (sent + roundTrip / 2)
    if (roundTrip > this.#best + 250 && Math.abs(offset - this.offset) < roundTrip) return
    this.#best = Math.min(this.#best, roundTrip)
    if (Math.abs(offset - this.offset) > 20) this.offset = offset
  }

  /** An event names the instant it happened: the server's clock is at least that far. */
  atLeast(instant: string): void {
    const server = Date.parse(instant)
    if (Number.isFinite(server) && server > this.peek()) this.offset = server - this.#localNow()
  }
}

export const serverClock = new ServerClock()
