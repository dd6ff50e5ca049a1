/** A save as its callers see it. One door: GraphQL, timers, actions, imports and the seeder all save through it. */
import type { Reader } from '#database'
import type { Row, Value } from '#util'

export type SaveRequest =
  /** `newId`: the id it gets, of `newRecordId`, so that others of the same call can refer to it. */
  | { readonly operation: 'create'; readonly object: string; readonly values: Row; readonly newId?: string }
  /** `version`: the Version the caller has read; a stale one is refused with both values. */
  | {
      readonly operation: 'update'
      readonly object: string
      readonly id: string
      readonly values: Row
      readonly version?: number
    }
  | {
      readonly operation: 'upsert'
      readonly object: string
      readonly by: { readonly field: string; readonly value: Value }
      readonly values: Row
    }
  | {
      readonly operation: 'delete' | 'undelete'
      readonly object: string
      readonly id: string
      readonly version?: number
    }

export interface FieldError {
  /** Absent: the message belongs to the record as a whole. */
  readonly field?: string
  /** REQUIRED, TOO_LONG, WRONG_TYPE, NOT_IN_PICKLIST, UNIQUE, VALIDATION_RULE, NOT_FOUND, STALE, NO_ACCESS, RESTRICTED, LOOP … */
  readonly code: string
  readonly message: string
  /** Path into the input, e.g. `["input", 3, "Priority"]`. */
  readonly path?: readonly (string | number)[]
  /** STALE: the value in the database and the one the caller sent, by field. */
  readonly conflict?: { readonly [field: string]: { readonly current: Value; readonly yours: Value } }
}

export interface SaveResult {
  /** Set when the record was saved. */
  readonly id?: string
  readonly object: string
  readonly created?: boolean
  readonly errors: readonly FieldError[]
}

export interface SaveOptions {
  /** Default allOrNothing: one bad row undoes all. */
  readonly mode?: 'allOrNothing' | 'partial'
  /** What caused it, for the log: an import, an action, a timer. */
  readonly cause?: string
  /** The records were found by a filter before the transaction: of these ids, those that it still finds now that they are locked. The others are left alone, without a result. */
  readonly stillMatching?: (ids: readonly string[], reader: Reader) => Promise<ReadonlySet<string>>
  /** So many records must be meant, else nothing is saved and a CountError says so. */
  readonly expect?: number
}

export class CountError extends Error {
  constructor(found: number, expected: number) {
    const records = expected === 1 ? '1 record was' : `${expected} records were`
    super(`${records} expected, ${found} ${found === 1 ? 'is' : 'are'} meant. Nothing was changed.`)
  }
}

/** A record changed, after commit; what subscriptions and watching screens are told. */
export interface RecordChange {
  readonly object: string
  readonly id: string
  readonly change: 'created' | 'updated' | 'deleted' | 'undeleted'
  readonly fields: readonly string[]
  /** Catalog version and instant of the save. */
  readonly catalogVersion: number
  readonly at: string
}
