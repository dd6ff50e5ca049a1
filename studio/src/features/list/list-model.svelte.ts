import { messageOf } from '$lib/api/errors.ts'
import { readPage, type RecordData, type Page } from '$lib/api/records.ts'
import { remember, remembered } from '$lib/state/memory.ts'
import type { ListQuery } from './list-query.ts'

const PAGE = 60
const GONE = new Set(['deleted', 'left'])
const ADDED = new Set(['created', 'undeleted', 'entered'])

/** The rows of one list: loaded page by page as one scrolls, changed in place by live updates, selected. */
export class ListModel {
  rows = $state.raw<readonly RecordData[]>([])
  total = $state<number>()
  hasMore = $state(false)
  /** The first page of a new question is under way. */
  loading = $state(true)
  loadingMore = $state(false)
  error = $state<string>()
  selected = $state.raw<ReadonlySet<string>>(new Set())
  /** Rows made elsewhere since the list was read: shown as a chip, so that nothing moves under the pointer. */
  waiting = $state(0)
  #added: ReadonlySet<string> = new Set()
  #query: ListQuery | undefined
  #cursor: string | null = null
  #run = 0
  #read: typeof readPage

  constructor(read: typeof readPage = readPage) {
    this.#read = read
  }

  /** Asks a new question; what it was answered before, or else the old rows, stay until the answer is here. */
  async load(query: ListQuery): Promise<void> {
    const question = JSON.stringify(query)
    const before = question === JSON.stringify(this.#query) ? undefined : remembered<Page>(question)
    this.#query = query
    const run = ++this.#run
    this.loading = true
    this.selected = new Set()
    if (before) this.#show(before)
    const page = await this.#page(run, null, true)
    if (!page) return
    this.#show(remember(question, page))
    this.loading = false
  }

  #show({ nodes, totalCount }: Page): void {
    this.rows = nodes
    this.total = totalCount ?? undefined
    this.#wait([])
  }

  #wait(ids: readonly string[]): void {
    this.#added = new Set(ids)
    this.waiting = this.#added.size
  }

  async more(): Promise<void> {
    if (!this.hasMore || this.loadingMore || this.loading) return
    this.loadingMore = true
    const page = await this.#page(this.#run, this.#cursor, false)
    if (page) {
      const known = new Set(this.rows.map((r) => r.Id))
      this.rows = [...this.rows, ...page.nodes.filter((r) => !known.has(r.Id))]
    }
    this.loadingMore = false
  }

  async #page(run: number, after: string | null, count: boolean): Promise<Page | undefined> {
    try {
      const page = await this.#read({ ...this.#query!, first: PAGE, count, ...(after ? { after } : {}) })
      if (run !== this.#run) return undefined
      this.error = undefined
      this.hasMore = page.pageInfo.hasNextPage
      this.#cursor = page.pageInfo.endCursor
      return page
    } catch (error) {
      if (run === this.#run) this.#fail(messageOf(error))
      return undefined
    }
  }

  #fail(message: string) {
    this.error = message
    this.loading = false
    this.loadingMore = false
  }

  refresh(): Promise<void> {
    return this.#query ? this.load(this.#query) : Promise.resolve()
  }

  /** A change elsewhere: a visible row is replaced where it stands, one that is deleted or left the filter goes, a new one waits. */
  apply(change: { readonly change: string; readonly id: string; readonly record?: RecordData | null }): void {
    const present = this.rows.some((r) => r.Id === change.id)
    if (GONE.has(change.change) || (present && !change.record)) this.remove([change.id])
    else if (present) this.rows = this.rows.map((r) => (r.Id === change.id ? change.record! : r))
    else if (ADDED.has(change.change)) this.#wait([...this.#added, change.id])
  }

  remove(ids: readonly string[]): void {
    const gone = new Set(ids)
    const before = this.rows.length
    this.rows = this.rows.filter((r) => !gone.has(r.Id))
    if (this.total !== undefined) this.total -= before - this.rows.length
    this.selected = new Set([...this.selected].filter((id) => !gone.has(id)))
    this.#wait([...this.#added].filter((id) => !gone.has(id)))
  }

  select(id: string, on: boolean): void {
    const next = new Set(this.selected)
    if (on) next.add(id)
    else next.delete(id)
    this.selected = next
  }

  selectAll(on: boolean): void {
    this.selected = new Set(on ? this.rows.map((r) => r.Id) : [])
  }
}
