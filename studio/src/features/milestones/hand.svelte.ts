import { messageOf } from '$lib/api/errors.ts'
import { toasts, type Toast } from '$lib/state/toasts.svelte.ts'

type Work = () => Promise<readonly { readonly message: string }[]>

/** One thing at a time that somebody does to a milestone; afterwards the record is read again. */
export class Hand {
  busy = $state(false)
  readonly #after: () => void

  constructor(after: () => void) {
    this.#after = after
  }

  /** What was refused, in words; empty when it was done and said so. */
  async attempt(work: Work, done: string, undo?: Toast['action']): Promise<readonly string[]> {
    this.busy = true
    try {
      const errors = (await work()).map((e) => e.message)
      if (errors.length === 0) toasts.show(done, undo ? { action: undo } : {})
      return errors
    } catch (error) {
      return [messageOf(error)]
    } finally {
      this.busy = false
      this.#after()
    }
  }

  /** The same, for a click: a refusal stays on screen until it is closed. */
  async click(work: Work, done: string, undo?: Toast['action']): Promise<void> {
    const errors = await this.attempt(work, done, undo)
    if (errors.length > 0) toasts.error(errors.join(' '))
  }
}
