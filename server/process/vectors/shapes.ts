/** A row of escalation.jsonl, as it comes. */
export interface VectorRow {
  readonly id: string
  readonly name: string
  readonly policy: Policy
  readonly events: readonly VectorEvent[]
  readonly expected: Expected
  readonly boundary?: 'open' | 'close'
  readonly disputed?: string | boolean
  readonly recommended?: Expected | boolean
}
type Expected = { readonly [key: string]: unknown }

export interface Policy {
  readonly calendar: {
    readonly tz: string
    readonly always?: boolean
    readonly hours?: Hours
    readonly holidays?: readonly string[]
    readonly breaks?: Dated
    readonly shifts?: Dated
  }
  readonly targets?: { readonly [name: string]: VectorTarget }
  readonly pauseStatuses?: readonly string[]
  readonly fulfilledStatuses?: readonly string[]
  readonly resolvedStatuses?: readonly string[]
  readonly firstResponseOn?: string
  readonly appliesWhen?: { readonly field: string; readonly is: string }
  readonly levels?: readonly { readonly offset?: string; readonly offsetMinutes?: number }[]
  readonly [key: string]: unknown
}
type Hours = { readonly [day: string]: readonly (readonly [string, string])[] }
type Dated = { readonly [date: string]: readonly (readonly [string, string])[] }

export interface VectorTarget {
  readonly minutes?: number | null
  readonly amount?: number
  readonly unit?: string
  readonly endOfWorkingDay?: boolean
  readonly start?: string
  readonly startAt?: string
  readonly stop?: string
  readonly recurs?: boolean | string
  readonly pauses?: boolean
  readonly retroactive?: string
  readonly resetOn?: { readonly field: string }
  readonly onReopen?: string
  readonly onViolation?: readonly string[]
  readonly [key: string]: unknown
}

export interface VectorEvent {
  readonly at: string
  readonly type: string
  readonly status?: string
  readonly to?: unknown
  readonly field?: string
  readonly priority?: unknown
  readonly reopensTo?: string
  readonly seconds?: number
  readonly minutes?: number
  readonly addHoliday?: string
  readonly removeHoliday?: string
  readonly hours?: Hours
  readonly [key: string]: unknown
}

/** Why a row can't be put in this engine's terms. */
export class Inexpressible extends Error {}
