/** The engine: everything that happens to records on one node. One per process; the graphql room talks to nothing else to change anything. */
import type { Database } from '#database'
import type { Catalog, Document, Kind, PlanStep, Question, RowDocument } from '#metadata'
import type { HeldBackMilestone } from '#process'
import type { Actor } from '#records'
import type { Finding, Row } from '#util'
import type { EntryView } from './journal/store.ts'
import type { Breaker } from './outbox/lanes.ts'
import type { FormulaSetUp } from './set-up/formula-set-up.ts'
import type { RowChange, RowStep } from './set-up-rows/types.ts'
import type { MigrationPreview } from './versions/preview.ts'
import type { BackgroundHealth } from './worker/background.ts'
import type { ForecastReport } from './what-if/forecast.ts'
import type { SimulationOptions, SimulationReport } from './what-if/simulate.ts'
import type { FieldError, RecordChange, SaveOptions, SaveRequest, SaveResult } from './types.ts'

export interface Engine {
  readonly database: Database
  readonly catalogs: CatalogStore
  save(actor: Actor, requests: readonly SaveRequest[], options?: SaveOptions): Promise<readonly SaveResult[]>
  readonly milestones: MilestoneOperations
  readonly processes: ProcessOperations
  readonly timers: TimerOperations
  readonly outbox: OutboxOperations
  /** What formulas ask of the set-up as it is now. */
  formulaSetUp(): Promise<FormulaSetUp>
  /** Told after commit, on every node, once per changed record; `missed` when the database was away and changes may have gone untold. */
  onChange(callback: (change: RecordChange) => void, missed?: () => void): () => void
  /** Resolves when `onChange` has told of everything that this node saved before. */
  changesHeard(): Promise<void>
  /** Works off everything that is due now and returns when nothing is; the number of timers fired. What `clockAdvance` awaits. */
  runDue(): Promise<number>
  /** Starts the worker: sleeps until the next due timer or outbox row. */
  start(): Promise<void>
  /** Finishes what is under way in the database; messages on their way out are given up, and due again. */
  stop(): Promise<void>
  /** What waits and what was given up, counted in the database. */
  backlog(): Promise<Backlog>
  /** How the worker does. */
  health(): BackgroundHealth & {
    /** Receivers of messages that do not answer just now. */ readonly silentHosts: number
  }
}

export interface Backlog {
  /** By status; what is done is not counted. */
  readonly timers: { readonly [status: string]: number }
  readonly outbox: { readonly [status: string]: number }
  /** Timers that wait and whose time has come. */
  readonly due: number
}

export interface CatalogStore {
  current(): Catalog
  /** Looks whether another node has made a newer one; it tells of that, but what it says may be lost. */
  catchUp(): Promise<void>
  /** Called with the new catalog after a change is committed here or on another node. */
  onChange(callback: (catalog: Catalog) => void): () => void
  plan(
    actor: Actor,
    changes: readonly DocumentChange[],
    options?: { readonly allowDestructive?: boolean; readonly shipped?: boolean },
  ): Promise<PlanView>
  /** Refused when the catalog has moved on since the plan was made. */
  apply(actor: Actor, planId: string): Promise<{ readonly version: number; readonly findings: readonly Finding[] }>
  /** The plan of a new change that takes back the one which made this version; findings say why it can't be. */
  planUndo(actor: Actor, version: number, options?: { readonly allowDestructive?: boolean }): Promise<PlanView>
  history(
    limit: number,
  ): Promise<
    readonly { readonly version: number; readonly at: string; readonly by: string; readonly steps: readonly string[] }[]
  >
  /** Rows of set-up objects (business hours, holidays …) as documents, with their ids. */
  rows(): Promise<readonly { readonly id: string; readonly document: RowDocument }[]>
}

export type DocumentChange =
  | {
      readonly kind: Kind
      readonly name: string
      /** null deletes. */
      readonly document: Document | null
      readonly renameFrom?: string
      readonly sameAs?: string
      readonly isNew?: boolean
    }
  | RowChange

export interface PlanView {
  readonly planId: string
  readonly steps: readonly (PlanStep | RowStep)[]
  readonly warnings: readonly string[]
  readonly losses: readonly string[]
  /** To be answered with the changes before it can be applied. */
  readonly questions: readonly Question[]
  /** Any error means it can't be applied. */
  readonly findings: readonly Finding[]
}

export type MilestoneResult = { readonly id: string; readonly errors: readonly FieldError[] }

export interface MilestoneOperations {
  /** `at` back-dates and then needs a reason. */
  complete(
    actor: Actor,
    milestoneId: string,
    options?: { readonly at?: string; readonly reason?: string },
  ): Promise<MilestoneResult>
  reopen(actor: Actor, milestoneId: string, options: { readonly reason?: string }): Promise<MilestoneResult>
  cancel(actor: Actor, milestoneId: string, options: { readonly reason: string }): Promise<MilestoneResult>
  /** A target that people agreed upon: it wins over the item's until `clearTarget`, and pauses move it only when asked to. */
  setTarget(
    actor: Actor,
    milestoneId: string,
    options: { readonly target: string; readonly reason: string; readonly movesWithPauses?: boolean },
  ): Promise<MilestoneResult>
  clearTarget(actor: Actor, milestoneId: string, options?: { readonly reason?: string }): Promise<MilestoneResult>
  /** All of a record's milestones, or one. */
  pause(
    actor: Actor,
    target: { readonly recordId: string; readonly milestoneId?: string },
    options: { readonly reason: string },
  ): Promise<MilestoneResult>
  resume(actor: Actor, target: { readonly recordId: string; readonly milestoneId?: string }): Promise<MilestoneResult>
  /** Words and data: why the target is what it is, every interval counted, skipped and paused, and what happens next. */
  explain(actor: Actor, milestoneId: string): Promise<Explained | undefined>
}

export interface Explained {
  /** In the words of labels. */
  readonly text: string
  /** Names of items and versions, and formulas, behind it. */
  readonly details: string
  readonly data: Row
  /** Of a record: milestones that a completion rule of theirs holds back. */
  readonly heldBack?: readonly HeldBackMilestone[]
  /** The record counts as closed. */
  readonly closed?: boolean
  readonly unmet?: readonly UnmetRule[]
}

/** What would end the process, or complete a milestone, and does not hold yet. */
export interface UnmetRule {
  /** Id and name of the RecordMilestone; absent: the exit of the process. */
  readonly milestoneId?: string
  readonly milestone?: string
  readonly conditions: readonly {
    /** In the words of labels. */
    readonly text: string
    /** The record's own fields that decide it. */
    readonly fields: readonly string[]
  }[]
}

export interface VersionResult {
  /** Full name of the version it is about. */
  readonly name: string
  /** Any error: nothing was done. */
  readonly findings: readonly Finding[]
  /** Records that are now moved or let go, in batches. */
  readonly records: number
}

/** Versions of entitlement processes: draft, active (never changes again), inactive. */
export interface ProcessOperations {
  /** A draft with the next number, copied from this version. */
  draft(actor: Actor, version: string): Promise<VersionResult>
  /** Makes it the version that new records get, unless told not to. Records in flight stay where they are. */
  activate(actor: Actor, version: string, options?: { readonly isDefault?: boolean }): Promise<VersionResult>
  /** Default `cancelRunning`: open milestones of its records are cancelled. */
  deactivate(
    actor: Actor,
    version: string,
    options?: { readonly records?: 'keepRunning' | 'cancelRunning' },
  ): Promise<VersionResult>
  /** Refused while a record is in it or its history names it. */
  remove(actor: Actor, version: string): Promise<VersionResult>
  /** What `migrate` would do, without doing it. */
  previewMigration(
    actor: Actor,
    from: string,
    to: string,
    options?: { readonly late?: 'skip' | 'raise' },
  ): Promise<MigrationPreview>
  /** Moves the records in flight in batches, which go on after a restart. `late`: what is overdue at once is violated (raise, the default), its violation steps are skipped (skip). */
  migrate(
    actor: Actor,
    from: string,
    to: string,
    options?: { readonly late?: 'skip' | 'raise' },
  ): Promise<VersionResult>
  /** A version, a draft too, lived over the past of records beside what became of them; writes nothing. */
  simulate(actor: Actor, version: string, options?: SimulationOptions): Promise<SimulationReport>
  /** Which open records that the actor may read will breach within `ms` when nobody does anything. */
  forecast(actor: Actor, options: { readonly ms: number; readonly object?: string }): Promise<ForecastReport>
  /** Work on many records, newest first: migrations, and what a change of hours, set-up or lookups made necessary. */
  journal(limit: number): Promise<readonly EntryView[]>
}

export interface TimerOperations {
  /** Takes a waiting step off: it stays away for good and a row says who did it and why. Facts such as the violation itself can't be taken off. */
  cancel(actor: Actor, timerId: string, options: { readonly reason: string }): Promise<MilestoneResult>
  /** Tries an action, or a wake-up, that failed once more; when it fails again the row stays as it is and the error says why. */
  retry(actor: Actor, timerId: string): Promise<MilestoneResult>
}

export interface OutboxOperations {
  /** Sends a held, dead, retrying or already sent message (again), under the same idempotency key. A breaker of its host is closed. */
  resend(actor: Actor, messageId: string): Promise<MilestoneResult>
  /** Hosts that messages wait for or that do not answer: the most waiting first. Nobody else than who looks after processes sees any. */
  lanes(actor: Actor): Promise<readonly LaneView[]>
  /** Closes the host's breaker, on every node: the next message is tried at once. */
  tryNow(actor: Actor, host: string): Promise<MilestoneResult>
}

/** A host's messages on their way out; what is said of the breaker is as this node sees it. */
export interface LaneView extends Breaker {
  readonly host: string
  readonly waiting: number
  readonly inFlight: number
}
