import { session } from './session.svelte.ts'

export interface Recent {
  readonly object: string
  readonly id: string
  readonly name: string
  readonly at: number
}

const LIMIT = 12
const keyOf = () => `milepost.recents.${session.me?.id ?? ''}`

/** What this person looked at last on this device. */
class Recents {
  list = $state.raw<readonly Recent[]>([])
  #for = ''

  /** Reads the present user's list; another user's is not shown. */
  load() {
    if (this.#for === keyOf()) return
    this.#for = keyOf()
    try {
      this.list = JSON.parse(localStorage.getItem(this.#for) ?? '[]')
    } catch {
      this.list = []
    }
  }

  note(object: string, id: string, name: string) {
    this.load()
    this.#keep([{ object, id, name, at: Date.now() }, ...this.list.filter((r) => r.id !== id)].slice(0, LIMIT))
  }

  forget(id: string) {
    this.#keep(this.list.filter((r) => r.id !== id))
  }

  #keep(list: readonly Recent[]) {
    this.list = list
    try {
      localStorage.setItem(this.#for, JSON.stringify(list))
    } catch {
      // Full or blocked storage: the list lives as long as the page.
    }
  }
}

export const recents = new Recents()
