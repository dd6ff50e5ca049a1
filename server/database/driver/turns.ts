/** Calls one after another, in the order they were made, whether or not an earlier one failed. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(call: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(call)
    this.#last = turn.catch(() => {})
    return turn
  }

  /** When everything asked for so far is over. */
  async idle(): Promise<void> {
    await this.#last
  }
}
