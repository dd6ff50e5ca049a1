/** Places for work that weighs much: so many for each lane (a user), so many in all. Whoever finds none waits; a lane that is full lets others pass. */
export class Places {
  readonly #limits: { readonly lane: number; readonly all: number }
  readonly #taken = new Map<string, number>()
  readonly #waiting: { readonly lane: string; readonly enter: () => void }[] = []
  #all = 0

  constructor(limits: { readonly lane: number; readonly all: number }) {
    this.#limits = limits
  }

  /** Resolves, when there is a place, to what gives it back. */
  take(lane: string): Promise<() => void> {
    return new Promise((resolve) => {
      this.#waiting.push({ lane, enter: () => resolve(() => this.#leave(lane)) })
      this.#admit()
    })
  }

  async run<T>(lane: string, work: () => Promise<T>): Promise<T> {
    const leave = await this.take(lane)
    try {
      return await work()
    } finally {
      leave()
    }
  }

  #admit(): void {
    if (this.#all >= this.#limits.all) return
    const at = this.#waiting.findIndex(({ lane }) => (this.#taken.get(lane) ?? 0) < this.#limits.lane)
    const [next] = at < 0 ? [] : this.#waiting.splice(at, 1)
    if (!next) return
    this.#all++
    this.#taken.set(next.lane, (this.#taken.get(next.lane) ?? 0) + 1)
    next.enter()
  }

  #leave(lane: string): void {
    this.#all--
    const left = this.#taken.get(lane)! - 1
    if (left) this.#taken.set(lane, left)
    else this.#taken.delete(lane)
    this.#admit()
  }
}
