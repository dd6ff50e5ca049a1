/** Shapes of the business-hours room: what a calendar is written as, and what it answers once compiled. */
import type { Instant } from '#util'

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** `["09:00", "17:00"]`, wall clock, close excluded. `24:00` may close; a close at or before the opening is the next day's. */
export type Span = readonly [open: string, close: string]

export type WeeklyHours = { readonly [day in Weekday]?: readonly Span[] }

/** Replaces every span that opens on `date`; `[]` closes the day. */
export interface OverrideDefinition {
  readonly date: string
  readonly spans: readonly Span[]
  /** These spans hold even when a holiday falls on them. */
  readonly worksOnHoliday?: boolean
}

export const RECURRENCES = [
  'RecursDaily', 'RecursEveryWeekday', 'RecursWeekly', 'RecursMonthly', 'RecursMonthlyNth', 'RecursYearly', 'RecursYearlyNth',
] as const // prettier-ignore
export const INSTANCES = ['First', 'Second', 'Third', 'Fourth', 'Last'] as const

export interface HolidayRecurrence {
  readonly type: (typeof RECURRENCES)[number]
  /** Every n-th day, week, month or year, counted from `start`; default 1. */
  readonly interval?: number
  /** Sum of Sunday 1, Monday 2, Tuesday 4, Wednesday 8, Thursday 16, Friday 32, Saturday 64. */
  readonly dayOfWeekMask?: number
  /** 1–31; months that have no such day are left out. */
  readonly dayOfMonth?: number
  readonly instance?: (typeof INSTANCES)[number]
  /** 1–12. */
  readonly monthOfYear?: number
  /** First and last date it may fall on, `YYYY-MM-DD`, both included. */
  readonly start?: string
  readonly end?: string
}

/** One-off (`date`) or recurring; all day, or from `startTime` to `endTime` on its day. */
export interface HolidayDefinition {
  readonly name: string
  readonly date?: string
  readonly recurrence?: HolidayRecurrence
  readonly startTime?: string
  readonly endTime?: string
}

/** `close`: an amount that ends exactly at closing gives the closing instant; `open`: the next opening. */
export type Boundary = 'close' | 'open'

export interface WeeklyDefinition {
  readonly name: string
  /** IANA name; may be left out when the caller gives one (a record's own zone). */
  readonly timeZone?: string
  readonly hours?: WeeklyHours
  /** Open day and night; `hours` is not needed. */
  readonly always?: boolean
  readonly overrides?: readonly OverrideDefinition[]
  readonly holidays?: readonly HolidayDefinition[]
  /** First and last date on which it is open at all, both included. */
  readonly effectiveFrom?: string
  readonly effectiveTo?: string
  readonly boundary?: Boundary
}

/** Open when both are. Its days are those of `timeZone`, else of the first. */
export interface IntersectionDefinition {
  readonly name: string
  readonly intersectionOf: readonly [BusinessHoursDefinition, BusinessHoursDefinition]
  readonly timeZone?: string
  readonly boundary?: Boundary
}

export type BusinessHoursDefinition = WeeklyDefinition | IntersectionDefinition

export interface Interval {
  readonly from: Instant
  readonly to: Instant
}

/** Why time does not count: between two openings of ordinary days, over a weekend, a holiday, outside the effective dates. */
export type SkipReason = 'closed' | 'weekend' | 'holiday' | 'notEffective'

export interface Segment extends Interval {
  readonly counted: boolean
  readonly reason?: SkipReason
  /** The holiday's name. */
  readonly holiday?: string
}

/**
 * A compiled calendar. Instants are epoch milliseconds, amounts milliseconds of open time; `undefined` means never.
 * It knows the years 1800 to 2400 and is closed outside them (one that is always open has no such limit).
 */
export interface Calendar {
  readonly name: string
  readonly timeZone: string
  /** Hash of the definition and zone: the same text always means the same hours (for one tzdata). */
  readonly version: string
  /** The tzdata version that the host named when it compiled, for the log. */
  readonly tzdata?: string
  readonly definition: BusinessHoursDefinition
  readonly always: boolean
  /** The instant at which `ms` of open time after `at` have passed (before it when negative). 0: `at` if open, else the next opening. */
  add(at: Instant, ms: number): Instant | undefined
  /** Open milliseconds from `from` to `to`; negative when `to` is earlier. */
  diff(from: Instant, to: Instant): number
  isOpen(at: Instant): boolean
  /** `at` when open, else the next opening. */
  next(at: Instant): Instant | undefined
  /** The mirror of `next`: `at` when open time lies just before it (a closing instant stays, an opening one does not), else the last closing. */
  prev(at: Instant): Instant | undefined
  /** The first opening strictly after `at`, and so on. */
  nextOpen(at: Instant): Instant | undefined
  nextClose(at: Instant): Instant | undefined
  prevOpen(at: Instant): Instant | undefined
  prevClose(at: Instant): Instant | undefined
  /** `days` business days on (back when negative) at the same wall clock, then on to the next opening (back to the last closing). 0: `next(at)`. */
  addDays(at: Instant, days: number): Instant | undefined
  /** The next business day strictly after `at`'s local day, at this wall-clock time (ms since midnight), open or not. */
  nextBusinessDay(at: Instant, timeOfDay: number): Instant | undefined
  /** `date` is `YYYY-MM-DD`: does it have an opening? */
  isBusinessDay(date: string): boolean
  /** Open intervals that meet [from, to), cut to it, in order. */
  intervals(from: Instant, to: Instant): Interval[]
  /** The whole of [from, to) as counted and skipped segments, in order, without a hole. */
  explain(from: Instant, to: Instant): Segment[]
  /** Names of the holidays in force at `at`. */
  holidaysAt(at: Instant): readonly HolidayAt[]
  /** The instant of a wall-clock time, milliseconds since 1970-01-01T00:00 local: in a gap moved forward by its length, of two the earlier. */
  localToInstant(local: number): Instant
  instantToLocal(at: Instant): number
}

export interface HolidayAt {
  readonly name: string
  readonly allDay: boolean
}
