/** Subscriptions: each committed change is looked at again as the subscriber, through the planner, so that nobody hears of what they may not read. */
import type { GraphQLResolveInfo } from 'graphql'
import type { RecordChange } from '#automation'
import type { RequestContext } from '../context.ts'
import { unavailable, userError } from '../errors.ts'

const MAX_WAITING = 10_000

/** A push source as an async iterator; ends with an error when the reader falls too far behind, and when events may have been missed. */
class EventQueue<T> {
  readonly #waiting: T[] = []
  readonly #stop: () => void
  #wake: (() => void) | undefined
  #over = false
  #missed = false

  constructor(start: (push: (event: T) => void, missed: () => void) => () => void) {
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
    if (this.#missed) throw unavailable()
    if (this.#waiting.length <= MAX_WAITING) return this.#waiting.shift()
    this.end()
    throw userError('Too many changes at once. Subscribe again.', 'TOO_SLOW')
  }

  end(): void {
    this.#over = true
    this.#stop()
    this.#wake?.()
  }
}

const END = Symbol('end')

/** Maps and filters; `undefined` skips. What graphql-js iterates over, and ends when the subscriber goes. */
function mapped<T, U>(
  { services, actor }: RequestContext,
  source: EventQueue<T>,
  map: (event: T) => Promise<U | undefined | typeof END>,
): AsyncGenerator<U, void, void> {
  const done = { done: true, value: undefined } as const
  const end = async (): Promise<IteratorResult<U, void>> => {
    source.end()
    return done
  }
  const next = async (): Promise<IteratorResult<U, void>> => {
    for (;;) {
      const event = await source.next()
      const value = event === undefined ? END : await services.events.run(actor.userId, () => map(event))
      if (value === END) return end()
      if (value !== undefined) return { done: false, value }
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

export function recordChanges(
  context: RequestContext,
  object: string,
  where: object | undefined,
  info: GraphQLResolveInfo,
): AsyncGenerator<object, void, void> {
  const changes = new EventQueue<RecordChange>((push, missed) =>
    context.services.engine.onChange((change) => change.object === object && push(change), missed),
  )
  const filter = JSON.stringify(where)
  return mapped(context, changes, async (change) => {
    if (!(await stillThere(context))) return END
    const deleted = change.change === 'deleted'
    const fits = () => context.services.fits(context, info, object, change.id, deleted)
    if (!(await shared(change, context, filter, fits))) return undefined
    const access = context.actor.permissions.object(object)
    const event = {
      change: change.change,
      id: change.id,
      at: change.at,
      fields: change.fields.filter((field) => access.canRead(field)),
      record: (_: unknown, request: RequestContext, at: GraphQLResolveInfo) =>
        request.services.events.run(request.actor.userId, () =>
          request.services.readRecord(request, at, object, change.id, { includeDeleted: deleted }),
        ),
    }
    return { [info.fieldName]: event }
  })
}

export function anyRecordChanges(context: RequestContext, ids: readonly string[]): AsyncGenerator<object, void, void> {
  const wanted = new Set(ids)
  const changes = new EventQueue<RecordChange>((push, missed) =>
    context.services.engine.onChange((change) => wanted.has(change.id) && push(change), missed),
  )
  return mapped(context, changes, async (change) => {
    if (!(await stillThere(context))) return END
    if (!(await context.services.visible(context, change.object, change.id, change.change === 'deleted')))
      return undefined
    const access = context.actor.permissions.object(change.object)
    return { recordChanged: { ...change, fields: change.fields.filter((field) => access.canRead(field)) } }
  })
}

const looks = new WeakMap<RecordChange, Map<string, Promise<boolean>>>()

/** One look at a change for all subscriptions of one user with the same filter. */
function shared(
  change: RecordChange,
  { actor }: RequestContext,
  filter: string | undefined,
  look: () => Promise<boolean>,
): Promise<boolean> {
  const known = looks.get(change) ?? new Map<string, Promise<boolean>>()
  looks.set(change, known)
  const key = `${actor.userId} ${actor.permissions.key} ${filter}`
  const fits = known.get(key) ?? look()
  known.set(key, fits)
  return fits
}

/** Sessions end and permissions change while a socket stays open: every event asks again. */
const stillThere = async (context: RequestContext): Promise<boolean> => (context.refresh ? context.refresh() : true)

export function catalogChanges(context: RequestContext): AsyncGenerator<object, void, void> {
  const versions = new EventQueue<number>((push) =>
    context.services.engine.catalogs.onChange((catalog) => push(catalog.version)),
  )
  return mapped(context, versions, async (version) =>
    (await stillThere(context)) ? { catalogChanged: { version } } : END,
  )
}
