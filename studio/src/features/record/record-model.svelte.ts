import { subscribe } from '$lib/api/live.ts'
import { messageOf } from '$lib/api/errors.ts'
import type { ObjectDetail } from '$lib/api/metadata.ts'
import { readRecord, type RecordData } from '$lib/api/records.ts'
import { catalog } from '$lib/state/catalog.svelte.ts'
import { remember, remembered } from '$lib/state/memory.ts'
import { serverClock } from '$lib/state/server-clock.svelte.ts'
import type { Milestone } from '../milestones/states.ts'
import {
  MILESTONE,
  MILESTONES,
  milestoneSelection,
  pageShape,
  relatedObjects,
  selectionOfPage,
  type PageShape,
} from './page-query.ts'

const FLASH_MS = 1800
const canRead = (object: string) => Boolean(catalog.info(object)?.access.read)

interface MilestoneChange {
  readonly change: string
  readonly id: string
  readonly at: string
  readonly record?: Milestone | null
}

/** One record's page: what was read, what changes while one looks at it. */
export class RecordModel {
  data = $state.raw<RecordData | null>()
  milestones = $state.raw<readonly Milestone[]>([])
  error = $state<string>()
  /** Fields that just changed under the reader's eyes. */
  flashed = $state.raw<ReadonlySet<string>>(new Set())
  readonly id: string
  #object: () => ObjectDetail
  #run = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(object: () => ObjectDetail, id: string) {
    this.#object = object
    this.id = id
    const before = remembered<RecordData>(id)
    if (before) this.#show(before)
  }

  /** Lookups by relationship need the related objects' details; until they are here the page shows what it can. */
  readonly shape: PageShape = $derived.by(() => pageShape(this.#object(), (name) => catalog.detail(name)))

  async load(): Promise<void> {
    const run = ++this.#run
    try {
      await catalog.loadMany(relatedObjects(this.#object()))
      const data = await readRecord(this.#object(), this.id, selectionOfPage(this.shape, canRead))
      if (run === this.#run) this.#show(remember(this.id, data))
    } catch (error) {
      if (run === this.#run) this.error = messageOf(error)
    }
  }

  #show(data: RecordData | null) {
    const before = this.data
    this.error = undefined
    this.data = data
    if (!data) return
    this.milestones = (data[MILESTONES] as { nodes?: readonly Milestone[] } | undefined)?.nodes ?? []
    if (before) this.#flash(this.shape.sections.flatMap((s) => s.fields).filter((f) => JSON.stringify(before[f.name]) !== JSON.stringify(data[f.name])).map((f) => f.name)) // prettier-ignore
  }

  #flash(names: readonly string[]) {
    if (names.length === 0) return
    clearTimeout(this.#timer)
    this.flashed = new Set(names)
    this.#timer = setTimeout(() => (this.flashed = new Set()), FLASH_MS)
  }

  /** Live: the milestones come with the event itself, the record is read again. */
  watch(): () => void {
    const { name } = this.#object()
    const stops = [
      subscribe<{ changed: { at: string } }>(
        `subscription Watch($id: ID!) { changed: ${name}Changed(where: { Id: { eq: $id } }) { change id at } }`,
        { id: this.id },
        ({ changed }) => {
          serverClock.atLeast(changed.at)
          this.#reload()
        },
      ),
      ...(this.shape.tracked ? [this.#watchMilestones()] : []),
    ]
    return () => {
      clearTimeout(this.#again)
      for (const stop of stops) stop()
    }
  }

  #watchMilestones(): () => void {
    const stop = catalog.load(MILESTONE).then((detail) => this.#subscribe(milestoneSelection(detail, canRead)))
    return () => void stop.then((unsubscribe) => unsubscribe())
  }

  #subscribe(selection: string): () => void {
    const document = `subscription Milestones($id: ID!) { changed: RecordMilestoneChanged(where: { ParentId: { eq: $id } }) { change id at record { ${selection} } } }`
    return subscribe<{ changed: MilestoneChange }>(document, { id: this.id }, ({ changed }) =>
      this.applyMilestone(changed),
    )
  }

  applyMilestone(change: MilestoneChange) {
    serverClock.atLeast(change.at)
    const rest = this.milestones.filter((m) => m.Id !== change.id)
    this.milestones = change.record && change.change !== 'left' ? [...rest, change.record] : rest
  }

  /** A save brings several events; one read answers them all. */
  #reload() {
    clearTimeout(this.#again)
    this.#again = setTimeout(() => void this.load(), 40)
  }
}
