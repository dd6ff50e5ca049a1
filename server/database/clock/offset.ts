const SAMPLES = 5
const EVERY = 60_000

/** How far this machine's clock stands behind the server's (ms, whole), from the quickest of a few round trips; taken again each minute. */
export class ClockOffset {
  readonly #serverNow: () => Promise<number>
  readonly #machineNow: () => number
  readonly #timer: NodeJS.Timeout
  #offset = 0

  constructor(serverNow: () => Promise<number>, machineNow: () => number = Date.now) {
    this.#serverNow = serverNow
    this.#machineNow = machineNow
    this.#timer = setInterval(() => void this.sample().catch(() => {}), EVERY)
    this.#timer.unref()
  }

  readonly value = (): number => this.#offset

  async sample(): Promise<void> {
    let quickest = Infinity
    for (let i = 0; i < SAMPLES; i++) {
      const sent = this.#machineNow()
      const server = await this.#serverNow()
      const received = this.#machineNow()
      if (received - sent >= quickest) continue
      quickest = received - sent
      this.#offset = Math.round(server - (sent + received) / 2)
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
