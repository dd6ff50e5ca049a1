/**
 * Which records a subscription's filter finds, as far as its subscriber has heard. A notice only says that a record may have changed: where it stands is read
 * when the notice's turn comes, so that notices may come late, twice or in any order. Only of records that were in the filter is it said that they left, or
 * who may no longer read them would learn of others.
 */
import type { RecordChange } from '#automation'

/** `other`: readable, and the filter does not find it; `hidden`: not readable, or not there. */
export type Standing = 'fits' | 'other' | 'deleted' | 'hidden'

/** How to find out where a record stands. */
export interface Reading {
  readonly fits: () => Promise<boolean>
  /** Whether it is deleted and fitted. */
  readonly fitted: () => Promise<boolean>
  /** Of one that does not fit. */
  readonly otherwise: () => Promise<Exclude<Standing, 'fits'>>
}

/** What became of a record, to its subscriber. */
export interface FollowedChange {
  readonly change: 'entered' | 'changed' | 'left' | 'deleted'
  readonly id: string
  readonly standing: Standing
}

/** Places for ids: of one subscription, and what all subscriptions of the server have left. */
export interface Room {
  readonly each: number
  left: number
}

export class FollowedRecords {
  readonly #room: Room
  /** By id: whether it fits; false: it has left. */
  readonly #known = new Map<string, boolean>()
  /** Whether what is not known has never been in the filter. */
  #complete = true
  #ended = false

  constructor(room: Room) {
    this.#room = room
  }

  /** What the filter found at first, the newest first. */
  begin(ids: readonly string[], complete: boolean): void {
    for (const id of ids.toReversed()) this.#remember(id, true)
    if (!complete) this.#complete = false
  }

  /** undefined: nothing that this subscriber is to hear. `unsure`: the change may be older than the first reading, and that newer than the subscriber's list. */
  async follow({ id, change }: RecordChange, read: Reading, unsure: boolean): Promise<FollowedChange | undefined> {
    const known = this.#known.get(id)
    if (await read.fits()) {
      this.#remember(id, true)
      const isNew = known === undefined ? this.#complete : !known || unsure
      return { change: isNew || change !== 'updated' ? 'entered' : 'changed', id, standing: 'fits' }
    }
    if (known === undefined && change === 'deleted')
      return (await read.fitted()) ? { change, id, standing: 'deleted' } : undefined
    if (known === undefined && this.#complete && !unsure) return undefined
    return this.#gone(id, known, await read.otherwise())
  }

  /** The filter may no longer be asked: all that it found leaves. */
  leaveAll(): FollowedChange[] {
    const ids = [...this.#known].flatMap(([id, fits]) => (fits ? [id] : []))
    this.end()
    return ids.map((id) => ({ change: 'left', id, standing: 'hidden' }))
  }

  end(): void {
    for (const id of this.#known.keys()) this.#forget(id)
    this.#ended = true
  }

  #gone(id: string, known: boolean | undefined, standing: Exclude<Standing, 'fits'>): FollowedChange | undefined {
    if (standing !== 'other') this.#forget(id)
    else if (known) this.#known.set(id, false)
    if (standing === 'deleted') return known === undefined ? undefined : { change: 'deleted', id, standing }
    const wasIn = known ?? standing === 'other'
    return wasIn ? { change: 'left', id, standing } : undefined
  }

  #remember(id: string, fits: boolean): void {
    if (this.#ended) return
    if (this.#known.has(id) || this.#hasRoom()) this.#known.set(id, fits)
  }

  /** Takes a place for one more id. Without any left, what was remembered first is forgotten. */
  #hasRoom(): boolean {
    if (this.#known.size >= this.#room.each || this.#room.left <= 0) {
      this.#complete = false
      const [oldest] = this.#known.keys()
      if (oldest === undefined) return false
      this.#forget(oldest)
    }
    this.#room.left--
    return true
  }

  #forget(id: string): void {
    if (this.#known.delete(id)) this.#room.left++
  }
}
