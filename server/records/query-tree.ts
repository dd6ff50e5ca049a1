/**
 * What a caller asks for, before anyone has checked it. The graphql room makes it from a document, the studio's views and exports from JSON.
 * Only `authorize` turns it into the branded AuthorizedQuery that the SQL compiler takes.
 *
 * A query has a fixed shape and open values: every value that may differ between two requests with the same plan is a Slot.
 * Selections describe the JSON that the one SQL statement prints, keys in order, aliases resolved.
 */
import type { Operator } from '#metadata'
import type { Value } from '#util'

/** A constant of the document, or a path into the request's variables (already coerced by GraphQL). */
export type Slot =
  | { readonly constant: Value }
  | { readonly variable: string; readonly path: readonly (string | number)[] }
  | { readonly context: 'userId' | 'now' | 'today' }

export type Query = RecordQuery | ListQuery | AggregateQuery

/** `CaseById(Id:)`: one object or null. */
export interface RecordQuery {
  readonly kind: 'record'
  readonly object: string
  readonly id: Slot
  /** Deleted records too (the recycle bin, a mutation's own delete payload). */
  readonly includeDeleted?: boolean
  readonly select: Selection
}

/** `Case(where, orderBy, first, after)`, and the same for a child list below a parent. */
export interface ListQuery {
  readonly kind: 'list'
  readonly object: string
  readonly where?: Where
  readonly orderBy: readonly Order[]
  readonly page: Page
  /** `only`: the caller's recycle bin. `justDeleted`: of a deletion under way, told to all who could read the record. */
  readonly deleted?: 'exclude' | 'only' | 'justDeleted'
  /** The connection's JSON, keys in the order asked: nodes, edges, pageInfo, totalCount, __typename. */
  readonly select: readonly ConnectionPart[]
}

export interface Page {
  readonly first?: Slot
  readonly after?: Slot
  readonly last?: Slot
  readonly before?: Slot
}

export type ConnectionPart =
  | { readonly key: string; readonly kind: 'nodes'; readonly select: Selection }
  | { readonly key: string; readonly kind: 'edges'; readonly parts: readonly ({ readonly key: string; readonly kind: 'cursor' } | { readonly key: string; readonly kind: 'node'; readonly select: Selection } | Constant)[] }
  | { readonly key: string; readonly kind: 'pageInfo'; readonly parts: readonly ({ readonly key: string; readonly kind: 'hasNextPage' | 'hasPreviousPage' | 'startCursor' | 'endCursor' } | Constant)[] }
  | { readonly key: string; readonly kind: 'totalCount' }
  | Constant // prettier-ignore

/** `__typename` and the like. */
export interface Constant {
  readonly key: string
  readonly kind: 'constant'
  readonly value: Value
}

export type Selection = readonly Selected[]
export type Selected =
  | { readonly key: string; readonly kind: 'field'; readonly field: string }
  /** The label of a picklist value, the formatted number or date in the user's locale: a companion of the field. */
  | {
      readonly key: string
      readonly kind: 'display'
      readonly parts: readonly { readonly key: string; readonly field: string }[]
    }
  /** A to-one parent by relationship name. One entry in `types` for a plain lookup; several for a polymorphic one. */
  | {
      readonly key: string
      readonly kind: 'parent'
      readonly relationship: string
      readonly types: readonly { readonly object: string; readonly select: Selection }[]
    }
  | { readonly key: string; readonly kind: 'children'; readonly relationship: string; readonly query: ListQuery }
  | Constant

export type Where =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Where[] }
  | { readonly kind: 'not'; readonly of: Where }
  | { readonly kind: 'compare'; readonly field: string; readonly operator: Operator; readonly value: Slot }
  /** The parent record fits; for a polymorphic lookup `object` says which kind of parent. */
  | { readonly kind: 'parent'; readonly relationship: string; readonly object?: string; readonly where: Where }
  | {
      readonly kind: 'children'
      readonly relationship: string
      readonly quantifier: 'some' | 'every' | 'none'
      readonly where: Where
    }

export interface Order {
  /** Own field, or a parent's by path (`['Account', 'Name']`). */
  readonly path: readonly string[]
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}

/** Which groups are given: a condition on what is measured of each. */
export type Having =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Having[] }
  | { readonly kind: 'not'; readonly of: Having }
  | {
      readonly kind: 'compare'
      readonly measure: 'count' | 'sum' | 'avg' | 'min' | 'max'
      /** Absent with count. */
      readonly field?: string
      readonly operator: Operator
      readonly value: Slot
    }

export interface AggregateQuery {
  readonly kind: 'aggregate'
  readonly object: string
  readonly where?: Where
  readonly groupBy: readonly {
    readonly path: readonly string[]
    readonly by?: 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR' | 'HOUR'
  }[]
  readonly having?: Having
  readonly first?: Slot
  /** JSON of each group, keys in order. */
  readonly select: readonly (
    | {
        readonly key: string
        readonly kind: 'group'
        readonly parts: readonly { readonly key: string; readonly group: number }[]
      }
    | { readonly key: string; readonly kind: 'count' }
    | {
        readonly key: string
        readonly kind: 'sum' | 'avg' | 'min' | 'max'
        readonly parts: readonly { readonly key: string; readonly field: string }[]
      }
    | { readonly key: string; readonly kind: 'percentile'; readonly field: string; readonly p: Slot }
    | Constant
  )[]
}
