/** Points that each key has: `burst` at once, and as many come back in a minute. In memory: a look at a Map. */

const MINUTE = 60_000
const MAX_KEYS = 10_000

export class RateLimit {
  readonly #perMinute: number
  readonly #now: () => number
  /** When a key will have all its points again; keys that have them need no entry. */
  readonly #fullAt = new Map<string, number>()

  /** `now`: milliseconds that only grow. */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute
    this.#now = now
  }

  /** 0: taken. Else nothing is taken: seconds until it is worth trying again. */
  take(key: string, points = 1): number {
    const now = this.#now()
    const fullAt = Math.max(this.#fullAt.get(key) ?? 0, now) + (points * MINUTE) / this.#perMinute
    const wait = fullAt - now - MINUTE
    if (wait > 0) return Math.ceil(wait / 1000)
    if (this.#fullAt.size >= MAX_KEYS) this.#forgetFull(now)
    this.#fullAt.set(key, fullAt)
    return 0
  }

  #forgetFull(now: number): void {
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= now) this.#fullAt.delete(key)
    if (this.#fullAt.size >= MAX_KEYS) this.#fullAt.clear()
  }
}
