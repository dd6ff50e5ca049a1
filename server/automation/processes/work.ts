import type { Action, Event, Log, State } from '#process'
import type { ObjectDef } from '#metadata'
import type { Finding, Instant } from '#util'
import type { RecordChange } from '../types.ts'

/** One record's process in the course of a save: the state that was read, the state it has come to, and what is to be written of it. */
export interface ProcessWork {
  readonly record: string
  readonly object: ObjectDef
  /** As stored; undefined when the record has none yet. */
  readonly stored: State | undefined
  state: State
  /** Row ids of milestones, pauses and violations by the row's key; grows as rows appear. */
  readonly ids: { [key: string]: string }
  /** Keys of the rows that are there. */
  readonly written: ReadonlySet<string>
  /** What happened, each with the event it can be replayed from. */
  readonly logs: { readonly log: Log; readonly event: Event }[]
  /** What actions, skips and failures are to be shown on the queue page. */
  readonly fired: FiredStep[]
  /** Why the last event was refused. */
  refusals: readonly Finding[]
  /** RecordMilestone rows that this save wrote, for subscribers. */
  readonly rowChanges: Pick<RecordChange, 'id' | 'change' | 'fields'>[]
}

export interface FiredStep {
  /** Idempotency key of the action, or of the skipped step. */
  readonly id: string
  readonly action: string
  readonly instance: string
  readonly step: string
  readonly kind: string
  readonly due: Instant
  status: 'Fired' | 'Skipped' | 'Failed'
  why?: string
  /** Ids of the fields whose values may stand in `why`. */
  sources?: readonly string[]
}

export interface PendingAction {
  readonly work: ProcessWork
  readonly action: Action
}
