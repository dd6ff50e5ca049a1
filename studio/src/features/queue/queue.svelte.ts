import { messageOf } from '$lib/api/errors.ts'
import type { Page } from '$lib/api/records.ts'
import { Resource } from '$lib/state/resource.svelte.ts'
import { countStates, readQueue, type Part } from './queue-query.ts'

export interface Question {
  readonly part: Part
  readonly state: string
  readonly words: string
}

/** One part of the queue: how many of each state, and the rows of one, page by page. */
export class Queue {
  readonly #ask: () => Question
  rows = $state.raw<Page['nodes']>([])
  loadingMore = $state(false)
  moreError = $state<string>()
  #cursor = $state<string | null>(null)
  readonly first: Resource<void>
  readonly counts: Resource<ReadonlyMap<string, number>>

  constructor(ask: () => Question) {
    this.#ask = ask
    this.counts = new Resource((signal) => countStates(ask().part, signal))
    this.first = new Resource(async (signal) => this.#show(await this.#read(undefined, signal), []))
  }

  readonly hasMore = $derived(this.#cursor !== null)

  #read(after: string | undefined, signal?: AbortSignal): Promise<Page> {
    const { part, state, words } = this.#ask()
    return readQueue(part, state, words, after, signal)
  }

  #show(page: Page, before: Page['nodes']) {
    this.rows = [...before, ...page.nodes]
    this.#cursor = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  }

  /** Rows of another question must not stand under this one. */
  clear() {
    this.rows = []
    this.#cursor = null
  }

  async refresh(): Promise<void> {
    await Promise.all([this.first.refresh(), this.counts.refresh()])
  }

  async more(): Promise<void> {
    if (this.#cursor === null || this.loadingMore || this.first.loading) return
    const asked = JSON.stringify(this.#ask())
    this.loadingMore = true
    try {
      const page = await this.#read(this.#cursor)
      if (asked === JSON.stringify(this.#ask())) this.#show(page, this.rows)
      this.moreError = undefined
    } catch (error) {
      this.moreError = messageOf(error)
    } finally {
      this.loadingMore = false
    }
  }
}
