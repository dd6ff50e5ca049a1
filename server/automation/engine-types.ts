/** The engine: everything that happens to records on one node. One per process; the graphql room talks to nothing else to change anything. */
import type { Database } from '#database'
import type { Catalog, Document, Kind, PlanStep } from '#metadata'
import type { Actor } from '#records'
import type { Finding, Row } from '#util'
import type { FieldError, RecordChange, SaveOptions, SaveRequest, SaveResult } from './types.ts'

export interface Engine {
  readonly database: Database
  readonly catalogs: CatalogStore
  save(actor: Actor, requests: readonly SaveRequest[], options?: SaveOptions): Promise<readonly SaveResult[]>
  readonly milestones: MilestoneOperations
  /** Told after commit, on every node, once per changed record. */
  onChange(callback: (change: RecordChange) => void): () => void
  /** Works off everything that is due now and returns when nothing is; the number of timers fired. What `clockAdvance` awaits. */
  runDue(): Promise<number>
  /** Starts the worker: sleeps until the next due timer or outbox row. */
  start(): Promise<void>
  /** Finishes what is under way. */
  stop(): Promise<void>
  /** Worker figures for /healthz. */
  health(): { readonly running: boolean; readonly lagMs: number; readonly lastError?: string }
}

export interface CatalogStore {
  current(): Catalog
  /** Called with the new catalog after a change is committed here or on another node. */
  onChange(callback: (catalog: Catalog) => void): () => void
  plan(
    actor: Actor,
    changes: readonly DocumentChange[],
    options?: { readonly allowDestructive?: boolean },
  ): Promise<PlanView>
  /** Refused when the catalog has moved on since the plan was made. */
  apply(actor: Actor, planId: string): Promise<{ readonly version: number; readonly findings: readonly Finding[] }>
  /** Undoes the change that made this version, as a new change. */
  undo(actor: Actor, version: number): Promise<{ readonly version: number; readonly findings: readonly Finding[] }>
  history(
    limit: number,
  ): Promise<
    readonly { readonly version: number; readonly at: string; readonly by: string; readonly steps: readonly string[] }[]
  >
}

export interface DocumentChange {
  readonly kind: Kind
  readonly name: string
  /** null deletes. */
  readonly document: Document | null
  readonly renameFrom?: string
}

export interface PlanView {
  readonly planId: string
  readonly steps: readonly PlanStep[]
  readonly warnings: readonly string[]
  readonly losses: readonly string[]
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
  /** All of a record's milestones, or one. */
  pause(
    actor: Actor,
    target: { readonly recordId: string; readonly milestoneId?: string },
    options: { readonly reason: string },
  ): Promise<MilestoneResult>
  resume(actor: Actor, target: { readonly recordId: string; readonly milestoneId?: string }): Promise<MilestoneResult>
  /** Words and data: why the target is what it is, every interval counted, skipped and paused, and what happens next. */
  explain(actor: Actor, milestoneId: string): Promise<{ readonly text: string; readonly data: Row } | undefined>
}
