/** Work for one worker, bounded and in turn by lane: who brings much waits for himself, nobody else waits for him. */
export class FairQueue<T> {
  readonly #lanes = new Map<string, T[]>()
  readonly #limits: { readonly lane: number; readonly all: number }
  #size = 0

  constructor(limits: { readonly lane: number; readonly all: number }) {
    this.#limits = limits
  }

  /** false: full. */
  add(lane: string, item: T): boolean {
    const waiting = this.#lanes.get(lane) ?? []
    if (waiting.length >= this.#limits.lane || this.#size >= this.#limits.all) return false
    this.#lanes.set(lane, waiting)
    waiting.push(item)
    this.#size++
    return true
  }

  /** The oldest of the lane that has waited longest for its turn. */
  next(): T | undefined {
    const [first] = this.#lanes
    if (!first) return undefined
    const [lane, waiting] = first
    const item = waiting.shift()!
    this.#size--
    this.#lanes.delete(lane)
    if (waiting.length) this.#lanes.set(lane, waiting)
    return item
  }
}
