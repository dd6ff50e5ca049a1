import { messageOf } from '../api/errors.ts'

/**
 * Something read from the server: what was last read, whether a newer answer is under way, and what went wrong.
 * The last of several overlapping reads wins; what is on screen stays until the new answer is here.
 */
export class Resource<T> {
  data = $state.raw<T>()
  error = $state<string>()
  loading = $state(false)
  #run = 0
  #abort: AbortController | undefined
  #read: (signal: AbortSignal) => Promise<T>

  constructor(read: (signal: AbortSignal) => Promise<T>, before?: T) {
    this.#read = read
    this.data = before
  }

  async refresh(): Promise<void> {
    const run = ++this.#run
    this.#abort?.abort()
    this.#abort = new AbortController()
    this.loading = true
    try {
      const data = await this.#read(this.#abort.signal)
      if (run === this.#run) this.#settle(data, undefined)
    } catch (error) {
      if (run === this.#run) this.#settle(this.data, messageOf(error))
    }
  }

  #settle(data: T | undefined, error: string | undefined) {
    this.data = data
    this.error = error
    this.loading = false
  }

  dispose() {
    this.#run++
    this.#abort?.abort()
  }
}
