/** Subscriptions: each committed change is looked at again as the subscriber, through the planner, so that nobody hears of what they may not read. */
import { GraphQLError, type GraphQLResolveInfo } from 'graphql'
import type { RecordChange } from '#automation'
import { DatabaseError } from '#database'
import type { FirstFound, RequestContext } from '../context.ts'
import { unavailable, userError } from '../errors.ts'
import { FollowedRecords, type FollowedChange } from './followed-records.ts'

const MAX_WAITING = 10_000

/** A push source as an async iterator; ends with an error when the reader falls too far behind, and when events may have been missed. */
class EventQueue<T> {
  readonly #waiting: T[] = []
  readonly #stop: () => void
  readonly #ended: () => void
  #wake: (() => void) | undefined
  #over = false
  #missed = false

  /** `ended`: called once or more when nobody listens any more. */
  constructor(start: (push: (event: T) => void, missed: () => void) => () => void, ended = () => {}) {
    this.#ended = ended
    const push = (event: T): void => {
      this.#waiting.push(event)
      this.#wake?.()
    }
    this.#stop = start(push, () => {
      this.#missed = true
      this.#wake?.()
    })
  }

  /** undefined: ended. */
  async next(): Promise<T | undefined> {
    while (!this.#over && !this.#missed && !this.#waiting.length)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    if (this.#over) return undefined
    if (this.#missed) {
      this.end()
      throw unavailable()
    }
    if (this.#waiting.length <= MAX_WAITING) return this.#waiting.shift()
    this.end()
    throw userError('Too many changes at once. Subscribe again.', 'TOO_SLOW')
  }

  end(): void {
    this.#over = true
    this.#stop()
    this.#ended()
    this.#wake?.()
  }
}

/** What one event comes to: any number of events, and whether it was the last one, because the caller may hear no more or with an error. */
interface Outcome<U> {
  readonly events: readonly U[]
  readonly end?: true | { readonly error: unknown }
}

const NOTHING = { events: [] }
const END = { events: [], end: true } as const

/** Maps and filters. What graphql-js iterates over, and ends when the subscriber goes. */
function mapped<T, U>(
  { services, actor }: RequestContext,
  source: EventQueue<T>,
  map: (event: T) => Promise<Outcome<U>>,
): AsyncGenerator<U, void, void> {
  const done = { done: true, value: undefined } as const
  let outcome: Outcome<U> = NOTHING
  let at = 0
  const end = async (): Promise<IteratorResult<U, void>> => {
    source.end()
    return done
  }
  const next = async (): Promise<IteratorResult<U, void>> => {
    for (;;) {
      const value = outcome.events[at++]
      if (value !== undefined) return { done: false, value }
      if (outcome.end) source.end()
      if (typeof outcome.end === 'object') throw outcome.end.error
      const event = await source.next()
      if (event === undefined) return done
      at = 0
      outcome = await services.events
        .run(actor.userId, () => map(event))
        .catch((error) => ({ events: [], end: { error } }))
    }
  }
  const self: AsyncGenerator<U, void, void> = {
    next,
    return: end,
    throw: end,
    [Symbol.asyncIterator]: () => self,
    [Symbol.asyncDispose]: async () => source.end(),
  }
  return self
}

interface Subscription {
  readonly context: RequestContext
  readonly info: GraphQLResolveInfo
  readonly object: string
  /** The filter as text, for sharing what was found out. */
  readonly filter: string
}

export async function recordChanges(
  context: RequestContext,
  object: string,
  where: object | null | undefined,
  info: GraphQLResolveInfo,
): Promise<AsyncGenerator<object, void, void>> {
  const subscription = { context, info, object, filter: JSON.stringify(where ?? {}) }
  return subscription.filter === '{}' ? unfiltered(subscription) : filtered(subscription)
}

function unfiltered(subscription: Subscription) {
  const { context, object } = subscription
  const changes = new EventQueue<RecordChange>((push, missed) =>
    context.services.engine.onChange((change) => change.object === object && push(change), missed),
  )
  return mapped(context, changes, async (change) => {
    if (!(await stillThere(context))) return END
    const standing = change.change === 'deleted' ? 'deleted' : 'fits'
    if (!(await fits(subscription, change, standing === 'deleted'))) return NOTHING
    return { events: [eventOf(subscription, change, { change: change.change, id: change.id, standing })] }
  })
}

/** What comes in until the filter has been asked and everything before has been heard may be older than the answer. */
async function filtered(subscription: Subscription) {
  const { context, object } = subscription
  const { engine, followed } = context.services
  const records = new FollowedRecords(followed)
  const early = new Set<RecordChange>()
  let settled = false
  const changes = new EventQueue<RecordChange>(
    (push, missed) =>
      engine.onChange((change) => {
        if (change.object !== object) return
        if (!settled) early.add(change)
        push(change)
      }, missed),
    () => records.end(),
  )
  try {
    const { ids, complete } = await firstFound(subscription)
    records.begin(ids, complete)
  } catch (error) {
    changes.end()
    throw error
  }
  void engine.changesHeard().then(() => (settled = true))
  return followedChanges(subscription, changes, records, early)
}

function followedChanges(
  subscription: Subscription,
  changes: EventQueue<RecordChange>,
  records: FollowedRecords,
  early: Set<RecordChange>,
) {
  const { context, object } = subscription
  return mapped(context, changes, async (change): Promise<Outcome<object>> => {
    if (!(await stillThere(context))) return END
    const read = {
      fits: () => fits(subscription, change, false),
      fitted: () => fits(subscription, change, true),
      otherwise: () => context.services.standing(context, object, change.id),
    }
    try {
      const followed = await records.follow(change, read, early.delete(change))
      return followed ? { events: [eventOf(subscription, change, followed)] } : NOTHING
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      return { events: records.leaveAll().map((left) => eventOf(subscription, change, left)), end: { error } }
    }
  })
}

function eventOf(
  { context, info, object }: Subscription,
  { at, fields }: RecordChange,
  { change, id, standing }: Omit<FollowedChange, 'change'> & { readonly change: string },
): object {
  const access = context.actor.permissions.object(object)
  const hidden = standing === 'hidden'
  const event = {
    change,
    id,
    at,
    fields: hidden ? [] : fields.filter((field) => access.canRead(field)),
    record: (_: unknown, request: RequestContext, place: GraphQLResolveInfo) =>
      hidden
        ? null
        : request.services.events.run(request.actor.userId, () =>
            request.services.readRecord(request, place, object, id, { includeDeleted: standing === 'deleted' }),
          ),
  }
  return { [info.fieldName]: event }
}

/** A filter that takes too long over all records can still be asked about one: then nothing is known at first. */
async function firstFound({ context, info, object }: Subscription): Promise<FirstFound> {
  const { services, actor } = context
  if (services.followed.left <= 0) return NONE_KNOWN
  try {
    return await services.events.run(actor.userId, () => services.firstMatching(context, info, object))
  } catch (error) {
    if (error instanceof DatabaseError) return NONE_KNOWN
    throw error
  }
}

const NONE_KNOWN: FirstFound = { ids: [], complete: false }

export function anyRecordChanges(context: RequestContext, ids: readonly string[]): AsyncGenerator<object, void, void> {
  const wanted = new Set(ids)
  const changes = new EventQueue<RecordChange>((push, missed) =>
    context.services.engine.onChange((change) => wanted.has(change.id) && push(change), missed),
  )
  return mapped(context, changes, async (change) => {
    if (!(await stillThere(context))) return END
    if (!(await context.services.visible(context, change.object, change.id, change.change === 'deleted')))
      return NOTHING
    const access = context.actor.permissions.object(change.object)
    return {
      events: [{ recordChanged: { ...change, fields: change.fields.filter((field) => access.canRead(field)) } }],
    }
  })
}

const looks = new WeakMap<RecordChange, Map<string, Promise<boolean>>>()

/** One look at a change for all subscriptions of one user with the same filter. */
function fits(
  { context, info, object, filter }: Subscription,
  change: RecordChange,
  deleted: boolean,
): Promise<boolean> {
  const known = looks.get(change) ?? new Map<string, Promise<boolean>>()
  looks.set(change, known)
  const { userId, permissions } = context.actor
  const key = `${userId} ${permissions.key} ${deleted} ${filter}`
  const look = known.get(key) ?? context.services.fits(context, info, object, change.id, deleted)
  known.set(key, look)
  return look
}

/** Sessions end and permissions change while a socket stays open: every event asks again. */
const stillThere = async (context: RequestContext): Promise<boolean> => (context.refresh ? context.refresh() : true)

export function catalogChanges(context: RequestContext): AsyncGenerator<object, void, void> {
  const versions = new EventQueue<number>((push) =>
    context.services.engine.catalogs.onChange((catalog) => push(catalog.version)),
  )
  return mapped(context, versions, async (version) =>
    (await stillThere(context)) ? { events: [{ catalogChanged: { version } }] } : END,
  )
}
