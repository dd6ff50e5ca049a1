/** Keeps the `limit` entries used last; `dropped` is told of each that goes. */
export class LruMap<V> {
  readonly #entries = new Map<string, V>()
  readonly #limit: number
  readonly #dropped: (value: V) => void

  constructor(limit: number, dropped: (value: V) => void = () => {}) {
    this.#limit = limit
    this.#dropped = dropped
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key)
    if (value === undefined) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, value)
    return value
  }

  set(key: string, value: V): void {
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#limit) return
    const [oldest, old] = this.#entries.entries().next().value!
    this.#entries.delete(oldest)
    this.#dropped(old)
  }

  delete(key: string): void {
    this.#entries.delete(key)
  }

  values(): V[] {
    return [...this.#entries.values()]
  }
}
