import type { Listener } from '../types.ts'

/** Listeners by channel. Delivery is after the current turn, as it would be from a server. */
export class LocalChannels {
  readonly #listeners = new Map<string, Set<Listener>>()

  on(channel: string, callback: Listener): () => void {
    const set = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, set.add(callback))
    return () => {
      set.delete(callback)
      if (set.size === 0) this.#listeners.delete(channel)
    }
  }

  emit(channel: string, payload: string | undefined): void {
    setImmediate(() => {
      for (const callback of this.#listeners.get(channel) ?? []) callback(payload)
    })
  }

  channels(): readonly string[] {
    return [...this.#listeners.keys()]
  }

  has(channel: string): boolean {
    return this.#listeners.has(channel)
  }
}
