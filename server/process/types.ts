/** The process room's shapes. State, Event, Observation, Decision, Action and Timer are plain JSON; instants are epoch milliseconds. */
import type { CompiledFormula } from '#formula'
import type { BusinessHoursDefinition } from '#business-hours'
import type { EntitlementProcessDocument, MilestoneItem } from '#metadata'
import type { Finding, Instant, Row } from '#util'

/** What the rule-book needs of a calendar; `#business-hours`' Calendar is one. */
export interface ProcessCalendar {
  readonly name: string
  /** Content hash: the same version always means the same hours. */
  readonly version: string
  add(at: Instant, ms: number): Instant | undefined
  diff(from: Instant, to: Instant): number
  addDays(at: Instant, days: number): Instant | undefined
  nextBusinessDay(at: Instant, timeOfDay: number): Instant | undefined
  isOpen(at: Instant): boolean
  readonly timeZone: string
  readonly definition: BusinessHoursDefinition
  /** Wall-clock milliseconds since 1970-01-01T00:00 local. */
  instantToLocal(at: Instant): number
  explain(
    from: Instant,
    to: Instant,
  ): readonly {
    readonly from: Instant
    readonly to: Instant
    readonly counted: boolean
    readonly reason?: string
    readonly holiday?: string
  }[]
}

/** What `step` may look up by name: nothing that changes. */
export interface Rules {
  /** By the version's full name, e.g. `Standard_Support_v1`. */
  process(version: string): CompiledProcess | undefined
  /** By content hash. */
  calendar(version: string): ProcessCalendar | undefined
}

export type Recurrence = 'None' | 'Independent' | 'Sequential'

/** A compiled version of an entitlement process. */
export interface CompiledProcess {
  readonly name: string
  /** API name shared by all versions. */
  readonly process: string
  readonly document: EntitlementProcessDocument
  readonly items: ReadonlyMap<string, CompiledItem>
  /** Milestone API names in the order of their first item. */
  readonly milestones: readonly string[]
  /** Everything of the record that must stand in the Row handed to `observe`. */
  readonly paths: readonly string[]
  /** The part of `paths` that pause criteria read: what `history` must hold. */
  readonly pausePaths: readonly string[]
  /** Related objects whose saves may complete a milestone. */
  readonly watches: readonly Watch[]
  /** Arms a timer at the organisation's midnight. */
  readonly usesToday: boolean
  /** Labels and formulas of fields that its formulas read: another text, another meaning. */
  readonly behind: string
  /** Every function that its formulas use, in capitals. */
  readonly functions: ReadonlySet<string>
  /** Names of BusinessHours rows that the document mentions. */
  readonly calendars: readonly string[]
  readonly formulas: ProcessFormulas
  /** Labels of the fields that give the entry and the record's own time zone. */
  readonly labels: { readonly entry: string; readonly timeZone?: string }
}

export interface ProcessFormulas {
  readonly entryWhen?: CompiledFormula
  /** DateTime field, when the process is entered by a date. */
  readonly entryField: string
  readonly exit?: CompiledFormula
  readonly pauses: readonly CompiledPause[]
}

export interface CompiledPause {
  /** `process/<rule>` or `<item>/<rule>`: the source of the pause. */
  readonly source: string
  readonly reason: string
  readonly when: CompiledFormula
}

export type CompiledTarget =
  | { readonly kind: 'constant'; readonly goal: Goal }
  | { readonly kind: 'minutes'; readonly formula: CompiledFormula }
  | { readonly kind: 'at'; readonly formula: CompiledFormula; readonly shift: boolean }
  | {
      readonly kind: 'table'
      readonly rows: readonly { readonly when?: CompiledFormula; readonly target: CompiledTarget }[]
    }

export interface CompiledItem {
  readonly document: MilestoneItem
  readonly when?: CompiledFormula
  readonly reset?: CompiledFormula
  readonly owner?: CompiledFormula
  readonly target: CompiledTarget
  /** The target reads the clock: an instance started by a timer takes the goal of that moment. */
  readonly volatile: boolean
  readonly pauses: readonly CompiledPause[]
  /** Rules on the record itself; `momentary` ones read the change (ISCHANGED …), so at rest they may differ. */
  readonly completion: readonly CompiledCompletion[]
  /** Paths whose change recalculates the target. */
  readonly keyPaths: readonly string[]
  /** Labels and formulas of fields that decide with them; "" = none. */
  readonly behind: string
  readonly steps: readonly Step[]
  readonly success: readonly string[]
}

export interface CompiledCompletion {
  readonly name: string
  readonly when: CompiledFormula
  /** When it happened; absent or blank = when it is seen. */
  readonly at?: CompiledFormula
  readonly momentary: boolean
}

/** A warning or violation step in its canonical form; steps of the same key are one. */
export interface Step {
  /** Kind and offset: `warning:-30m`, `warning:-25%`, `violation:+0m`, `violation:+60m`; repetitions add `#n`. */
  readonly key: string
  readonly kind: 'warning' | 'violation'
  readonly offset: { readonly minutes: number } | { readonly days: number } | { readonly percent: number }
  readonly every?: { readonly minutes: number } | { readonly days: number }
  readonly times: number
  /** Occurrences that fall due before anybody looks are one firing, with their count. */
  readonly collapse?: boolean
  readonly actions: readonly string[]
}

/** A rule on a related record. */
export interface Watch {
  readonly item: string
  readonly rule: string
  readonly object: string
  /** Its reference field to the tracked record. */
  readonly through: string
  readonly when: CompiledFormula
  readonly at?: CompiledFormula
  readonly paths: readonly string[]
}

export type Goal =
  | { readonly kind: 'minutes'; readonly minutes: number }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'at'; readonly at: Instant | null; readonly shift: boolean }

/** The effective hours of an item, and which place of the precedence gave them. */
export interface Hours {
  readonly name: string
  readonly id: string | null
  readonly version: string
  readonly from: 'item' | 'process' | 'record' | 'entitlement' | 'organisation'
  /** The zone is the one that a field of the record names, in place of the hours' own. */
  readonly zoneFrom?: 'record'
}

export interface ItemObservation {
  /** Criteria hold. */
  readonly when: boolean
  /** Sources of the item's pause rules that hold. */
  readonly pauses?: readonly string[]
  /** The completion rule on the record that holds in this save. */
  readonly complete?: string
  /** When that happened, by the rule's own time field. */
  readonly completeAt?: Instant
  /** The one that still holds once the save is over; absent = the same as `complete`. */
  readonly atRest?: string | null
  readonly reset?: boolean
  readonly goal?: Goal
  /** Fingerprint of the values that criteria and target read. */
  readonly key?: string
  readonly owner?: string | null
  readonly hours?: Hours
  /** A formula of the item could not be evaluated: the item stays as it is. */
  readonly error?: string
}

/** Every formula of one evaluation against one consistent record and one instant. Items that say nothing are absent. */
export interface Observation {
  /** Full name of the process version that was evaluated. */
  readonly process: string
  /** Entry date, or whether the entry criteria hold. */
  readonly entry: Instant | null | boolean
  readonly exit: boolean
  /** Sources of the process-wide pause rules that hold. */
  readonly pauses: readonly string[]
  readonly items: { readonly [item: string]: ItemObservation }
  /** Milestones' ids and recurrence, by name. */
  readonly milestones: { readonly [name: string]: { readonly id: string | null; readonly recurrence: Recurrence } }
  readonly owner: string | null
  /** Next midnight of the organisation, when a formula reads TODAY(). */
  readonly midnight?: Instant
  /** Pause intervals that field history shows, by source, for a process that attaches late. */
  readonly history?: { readonly [source: string]: readonly { readonly from: Instant; readonly to: Instant | null }[] }
  /** Values that the formulas read, shortened, for the log. */
  readonly inputs?: Row
  readonly errors?: readonly Finding[]
}

export interface Cause {
  /** save, related, owner, action, timer, hand, calendar, migration, set-up … */
  readonly kind: string
  readonly userId?: string
  /** What changed: a record, a timer's key, set-up. */
  readonly what?: string
  /** Names of the record's own fields that changed. */
  readonly fields?: readonly string[]
}

export interface Match {
  readonly item: string
  readonly rule: string
  /** When the related thing happened. */
  readonly at: Instant
  /** Id of the related record. */
  readonly record?: string
}

export type Event = {
  readonly at: Instant
  readonly cause: Cause
  /** Of the record as it is now; absent = as at the last event. */
  readonly observation?: Observation
} & (
  | { readonly kind: 'evaluate' | 'wake' }
  | { readonly kind: 'related'; readonly matches: readonly Match[] }
  | { readonly kind: 'complete'; readonly instance: string; readonly completedAt?: Instant; readonly reason?: string }
  | { readonly kind: 'reopen'; readonly instance: string; readonly reason?: string }
  | { readonly kind: 'cancel'; readonly instance: string; readonly reason: string }
  /** Starts a milestone whatever its criteria say (the action "call a further milestone"). */
  | { readonly kind: 'start'; readonly milestone: string }
  /** A step that is not due yet is taken off by hand: it does not fire. */
  | { readonly kind: 'skip'; readonly instance: string; readonly step: string; readonly reason: string }
  /** `instance` absent = everything on the record. */
  | { readonly kind: 'pause'; readonly instance?: string; readonly reason: string }
  | { readonly kind: 'resume'; readonly instance?: string }
  /** Agreed by people: wins over the item's until it is taken back. */
  | {
      readonly kind: 'setTarget'
      readonly instance: string
      readonly target: Instant
      readonly reason: string
      readonly movesWithPauses?: boolean
    }
  | { readonly kind: 'clearTarget'; readonly instance: string; readonly reason?: string }
  | { readonly kind: 'edit'; readonly slaStart: Instant; readonly reason?: string }
  | { readonly kind: 'correct'; readonly instance: string; readonly completedAt: Instant; readonly reason: string }
  | { readonly kind: 'migrate'; readonly late: 'skip' | 'raise' }
  | { readonly kind: 'detach'; readonly reason: string }
)

export interface Pause {
  /** `process/<rule>`, `<item>/<rule>`, `hand`, `closed` (outside the process between exit and reopening). */
  readonly source: string
  readonly reason: string
  readonly from: Instant
  to: Instant | null
}

export interface Violation {
  /** The target that was missed. */
  readonly at: Instant
  /** When it was recorded. */
  readonly recordedAt: Instant
  readonly owner: string | null
  readonly lateAttach: boolean
  /** A later target took its place, or a back-dated completion corrected it. */
  ended?: { readonly how: 'Superseded' | 'Corrected'; readonly at: Instant; readonly reason: string }
}

export interface Completion {
  readonly at: Instant
  readonly by: 'hand' | 'rule' | 'related' | 'exit'
  /** The rule's name or the user's id. */
  readonly what?: string
  readonly reason?: string
}

/** A target that somebody set; the goal is followed beneath it, so that taking it back needs no more than to forget it. */
export interface ManualTarget {
  readonly target: Instant
  readonly setAt: Instant
  /** Pauses since it was set move it on. */
  readonly movesWithPauses: boolean
  readonly reason: string
  readonly userId?: string
}

/** A step that has fired, or was skipped and why. What was skipped because it was past waits anew when it lies ahead again; taken off by hand, it stays away. */
export interface StepTaken {
  readonly at: Instant
  readonly due: Instant
  readonly skipped?: string
  readonly byHand?: true
}

/** One cycle of a milestone on a record. */
export interface Instance {
  /** `<run>.<milestone>.<cycle>`. */
  readonly key: string
  readonly run: number
  readonly milestone: string
  readonly cycle: number
  milestoneId: string | null
  item: string
  version: string
  /** Counts from SlaStartDate, and moves with it. */
  readonly fromProcess: boolean
  /** Started by an action, whatever the criteria say. */
  readonly byHand: boolean
  start: Instant
  /** When it was attached; later than start = late attach. */
  readonly attached: Instant
  goal: Goal
  goalKey: string
  hours: Hours | null
  owner: string | null
  /** null = never. */
  target: Instant | null
  completion: Completion | null
  cancelled: { readonly at: Instant; readonly reason: string } | null
  /** Its start has come (a start date may lie ahead). */
  begun: boolean
  /** Last time its target was set: nothing that was due earlier is said to have happened earlier. */
  armedAt: Instant
  /** After the process's exit no more steps fire. */
  silent: boolean
  warned: boolean
  pauses: Pause[]
  violations: Violation[]
  /** By step key. */
  steps: { [key: string]: StepTaken }
  /** Seq of the exit that completed or cancelled it, while that exit may still be undone. */
  exitSeq: number | null
  /** Counts up with every new target, pause and resume; a timer of an older generation is void. */
  generation: number
  /** Absent: the target is the goal's. */
  manualTarget?: ManualTarget
}

export type Phase = 'none' | 'waiting' | 'in' | 'exited'

export interface State {
  readonly v: 1
  readonly record: string
  /** Number of events that changed something. */
  seq: number
  /** Instant of the last of them. */
  at: Instant
  process: string | null
  phase: Phase
  run: number
  start: Instant | null
  exit: Instant | null
  exitSeq: number | null
  /** Pause rules and the hand, over time, whether or not an instance was open. */
  signals: Pause[]
  instances: Instance[]
  /** Since when a milestone could run, were no instance open. */
  eligible: { [milestone: string]: Instant }
  /** The next instance may not start before (a reset). */
  floor: { [milestone: string]: Instant }
  /** Cancelled by hand: starts again only when its criteria have failed in between. */
  declined: string[]
  /** Held back by a completion rule that holds already. */
  heldBack: string[]
  last: Observation | null
}

/** One line of the log's outcome. */
export interface Decision {
  readonly what:
    | 'attached' | 'waiting' | 'entered' | 'exited' | 'reopened' | 'restarted' | 'stayedExited' | 'detached'
    | 'started' | 'heldBack' | 'retargeted' | 'targetSet' | 'targetCleared' | 'completed' | 'cancelled' | 'reset' | 'cameBack' | 'paused' | 'resumed'
    | 'warned' | 'violated' | 'superseded' | 'corrected' | 'fired' | 'skipped' | 'begun' | 'silenced' | 'owner' | 'error' // prettier-ignore
  readonly instance?: string
  /** The instant it counts from; differs from the event's when it was noticed later. */
  readonly at: Instant
  readonly item?: string
  readonly step?: string
  readonly due?: Instant
  readonly from?: Instant | null
  readonly to?: Instant | null
  /** Name of the business hours that a target was worked out in. */
  readonly hours?: string
  readonly why?: string
  /** Occurrences of a repeating step that this one firing stands for, itself included. */
  missed?: number
}

export interface Log {
  readonly record: string
  readonly seq: number
  readonly at: Instant
  readonly kind: Event['kind']
  readonly cause: Cause
  readonly version: string | null
  /** Content hashes of the calendars in use. */
  readonly calendars: readonly string[]
  readonly inputs: Row
  readonly outcome: readonly Decision[]
}

/** An action to perform, once: `id` is its idempotency key. */
export interface Action {
  readonly id: string
  /** Action document's name. */
  readonly name: string
  readonly kind: 'success' | 'warning' | 'violation'
  readonly instance: string
  readonly item: string
  readonly step: string
  readonly due: Instant
  /** Occurrences of a repeating step that it stands for, when more than one fell due before anybody looked. */
  missed?: number
}

export interface StepResult {
  readonly state: State
  readonly actions: readonly Action[]
  /** Absent when nothing changed: then `state` is the one handed in. */
  readonly log?: Log
  /** The event was refused (nothing to complete, no reason given …): state unchanged. */
  readonly findings: readonly Finding[]
}

export interface Timer {
  readonly key: string
  readonly at: Instant
  /** Absent for timers of the process itself (entry, midnight). */
  readonly instance?: string
  readonly cycle: number
  /** A step's key, or begin, warn, violate, next, entry, midnight. */
  readonly step: string
  readonly generation: number
}
