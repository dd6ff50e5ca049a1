/** What a resolver of this room gets as its context. */
import type { GraphQLResolveInfo } from 'graphql'
import type { Engine, SaveOptions } from '#automation'
import type { Catalog } from '#metadata'
import type { Actor } from '#records'
import type { Room, Standing } from './api/followed-records.ts'
import type { Places } from './load/places.ts'
import type { Features } from './schema/context.ts'
import type { LazySchema } from './schema/lazy-schema.ts'

/** The signed-in person, as `me` shows them. */
export interface CurrentUser {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly email?: string | null
  readonly permissionSets: readonly string[]
}

/** Who asks, found by the http room from a session or a token. `user` is absent for a caller who has not signed in. */
export interface Caller {
  readonly actor: Actor
  /** The catalog that the actor's permissions were compiled for: a request sees one catalog from its first check to its last. */
  readonly catalog: Catalog
  readonly user?: CurrentUser
  /** By a token that may change nothing, whatever its user may. */
  readonly readOnly?: boolean
}

/** Of these records, those that a filter still finds, asked of this connection. */
export type StillMatching = NonNullable<SaveOptions['stillMatching']>

/** `complete`: there are no others. */
export interface FirstFound {
  readonly ids: readonly string[]
  readonly complete: boolean
}

export interface Services {
  readonly engine: Engine
  readonly features: Features
  /** Moves the manual clock, works off what is due and gives the new instant; absent otherwise. */
  readonly advanceClock?: (ms: number) => Promise<number>
  /** Logs what the caller must not see; gives the id that the caller is told. */
  readonly logError: (error: unknown) => string
  /** Where changes are looked at for subscribers, few at a time, so that a change with thousands of subscribers leaves the database to others. */
  readonly events: Places
  /** Reads a record in the shape of a resolver's own selection, as the caller; undefined when it isn't there for them. */
  readonly readRecord: (
    context: RequestContext,
    info: GraphQLResolveInfo,
    object: string,
    id: string,
    options?: { includeDeleted?: boolean },
  ) => Promise<object | null>
  /** Whether a changed record fits a subscription's own `where` and the subscriber may read it. */
  readonly fits: (
    context: RequestContext,
    info: GraphQLResolveInfo,
    object: string,
    id: string,
    deleted: boolean,
  ) => Promise<boolean>
  /** Whether the caller may read this record. */
  readonly visible: (context: RequestContext, object: string, id: string, deleted: boolean) => Promise<boolean>
  /** Where a record stands that does not fit a subscription's `where`. */
  readonly standing: (context: RequestContext, object: string, id: string) => Promise<Exclude<Standing, 'fits'>>
  /** The newest records that a subscription's own `where` finds. */
  readonly firstMatching: (context: RequestContext, info: GraphQLResolveInfo, object: string) => Promise<FirstFound>
  /** Where subscriptions remember what their filters found. */
  readonly followed: Room
  readonly matchingIds: (
    context: RequestContext,
    info: GraphQLResolveInfo,
    object: string,
    limit: number,
  ) => Promise<readonly string[]>
  /** The same filter over records found before; what it reads beside them is read now. */
  readonly stillMatching: (context: RequestContext, info: GraphQLResolveInfo, object: string) => Promise<StillMatching>
  /** How many records of an object the caller may read, by the value of a field; undefined when they may not group by it. */
  readonly countsBy: (
    context: RequestContext,
    object: string,
    field: string,
  ) => Promise<ReadonlyMap<string, number> | undefined>
}

export interface RequestContext extends Caller {
  readonly services: Services
  readonly schema: LazySchema
  /** On a socket: looks at the session again and takes over what it may now do; false when it has ended. */
  readonly refresh?: () => Promise<boolean>
}
