/** What the host hands in for one evaluation: one instant, and the set-up rows that a process names. */
import type { EvaluationContext } from '#formula'
import type { Instant, Row } from '#util'
import type { ProcessCalendar, Recurrence } from '../types.ts'

export interface CalendarOf {
  readonly id: string | null
  readonly calendar: ProcessCalendar
}

export interface ProcessContext {
  readonly now: Instant
  /** The organisation's zone: TODAY(), midnight. */
  readonly timeZone: string
  milestone(name: string): { readonly id: string | null; readonly recurrence: Recurrence } | undefined
  /** By name or id, compiled; with the record's own zone when the process names a field for it. */
  calendar(nameOrId: string, timeZone?: string): CalendarOf | undefined
  /** BusinessHoursId of the record, of its entitlement, and the organisation's default. */
  readonly recordHours?: string | null
  readonly entitlementHours?: string | null
  readonly organisationHours: string
  /** VLOOKUP and CURRENCYRATE. */
  readonly lookup?: EvaluationContext['lookup']
  /** Whether a promise may be owed by whoever has this id; undefined = not known, and taken as it is. */
  readonly mayOwn?: (id: string) => boolean | undefined
  /** A milestone that is to start whatever its criteria say: its target is worked out too. */
  readonly starting?: string
  /** The record's values of `pausePaths` over time, oldest first, for a process that attaches late (see `wantsHistory`). */
  readonly history?: readonly { readonly at: Instant; readonly record: Row }[]
}
