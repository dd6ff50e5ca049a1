/** What was asked for last, by key, up to a limit of weight; what was asked for longest ago goes first. */
export class Recent<T> {
  readonly #limit: number
  readonly #kept = new Map<string, { readonly value: T; readonly weight: number }>()
  #weight = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): T | undefined {
    const found = this.#kept.get(key)
    if (!found) return undefined
    // Back to the young end.
    this.#kept.delete(key)
    this.#kept.set(key, found)
    return found.value
  }

  set(key: string, value: T, weight = 1): T {
    this.#drop(key)
    this.#kept.set(key, { value, weight })
    this.#weight += weight
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= this.#limit) break
      this.#drop(oldest)
    }
    return value
  }

  getOrMake(key: string, make: () => T): T {
    return this.get(key) ?? this.set(key, make())
  }

  values(): T[] {
    return [...this.#kept.values()].map(({ value }) => value)
  }

  clear(): void {
    this.#kept.clear()
    this.#weight = 0
  }

  #drop(key: string): void {
    this.#weight -= this.#kept.get(key)?.weight ?? 0
    this.#kept.delete(key)
  }
}
