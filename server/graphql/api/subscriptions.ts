/** Subscriptions: each committed change is looked at again as the subscriber, through the planner, so that nobody hears of what they may not read. */
import type { GraphQLResolveInfo } from 'graphql'
import type { RecordChange } from '#automation'
import type { RequestContext } from '../context.ts'
import { userError } from '../errors.ts'

const MAX_WAITING = 10_000

/** A push source as an async iterator; ends with an error when the reader falls too far behind. */
export function eventQueue<T>(start: (push: (event: T) => void) => () => void): AsyncGenerator<T, void, void> {
  const waiting: T[] = []
  let wake: (() => void) | undefined
  let over = false
  const stop = start((event) => {
    waiting.push(event)
    wake?.()
  })
  const end = async (): Promise<IteratorResult<T, void>> => {
    over = true
    stop()
    wake?.()
    return { done: true, value: undefined }
  }
  const next = async (): Promise<IteratorResult<T, void>> => {
    while (!over) {
      if (waiting.length > MAX_WAITING)
        return end().then(() => Promise.reject(userError('Too many changes at once. Subscribe again.', 'TOO_SLOW')))
      if (waiting.length) return { done: false, value: waiting.shift()! }
      await new Promise<void>((resolve) => (wake = resolve))
    }
    return { done: true, value: undefined }
  }
  return { next, return: end, throw: end, [Symbol.asyncIterator]() { return this }, [Symbol.asyncDispose]: async () => void (await end()) } as AsyncGenerator<T, void, void> // prettier-ignore
}

/** Maps and filters; `undefined` skips. Ends the source when it is ended. */
function mapped<T, U>(
  source: AsyncGenerator<T, void, void>,
  map: (event: T) => Promise<U | undefined | typeof END>,
): AsyncGenerator<U, void, void> {
  const end = async (): Promise<IteratorResult<U, void>> => {
    await source.return()
    return { done: true, value: undefined }
  }
  const next = async (): Promise<IteratorResult<U, void>> => {
    for (;;) {
      const event = await source.next()
      if (event.done) return { done: true, value: undefined }
      const value = await map(event.value)
      if (value === END) return end()
      if (value !== undefined) return { done: false, value }
    }
  }
  return { next, return: end, throw: end, [Symbol.asyncIterator]() { return this }, [Symbol.asyncDispose]: async () => void (await end()) } as AsyncGenerator<U, void, void> // prettier-ignore
}

const END = Symbol('end')

export function recordChanges(
  context: RequestContext,
  object: string,
  _where: object | undefined,
  info: GraphQLResolveInfo,
): AsyncGenerator<object, void, void> {
  const changes = eventQueue<RecordChange>((push) =>
    context.services.engine.onChange((change) => change.object === object && push(change)),
  )
  return mapped(changes, async (change) => {
    if (!(await stillThere(context))) return END
    const deleted = change.change === 'deleted'
    if (!(await context.services.fits(context, info, object, change.id, deleted))) return undefined
    const access = context.actor.permissions.object(object)
    const event = {
      change: change.change,
      id: change.id,
      at: change.at,
      fields: change.fields.filter((field) => access.canRead(field)),
      record: (_: unknown, request: RequestContext, at: GraphQLResolveInfo) =>
        request.services.readRecord(request, at, object, change.id, { includeDeleted: deleted }),
    }
    return { [info.fieldName]: event }
  })
}

export function anyRecordChanges(context: RequestContext, ids: readonly string[]): AsyncGenerator<object, void, void> {
  const wanted = new Set(ids)
  const changes = eventQueue<RecordChange>((push) =>
    context.services.engine.onChange((change) => wanted.has(change.id) && push(change)),
  )
  return mapped(changes, async (change) => {
    if (!(await stillThere(context))) return END
    if (!(await context.services.visible(context, change.object, change.id, change.change === 'deleted')))
      return undefined
    const access = context.actor.permissions.object(change.object)
    return { recordChanged: { ...change, fields: change.fields.filter((field) => access.canRead(field)) } }
  })
}

/** Sessions end and permissions change while a socket stays open: every event asks again. */
const stillThere = async (context: RequestContext): Promise<boolean> => (context.refresh ? context.refresh() : true)

export function catalogChanges(context: RequestContext): AsyncGenerator<object, void, void> {
  const versions = eventQueue<number>((push) =>
    context.services.engine.catalogs.onChange((catalog) => push(catalog.version)),
  )
  return mapped(versions, async (version) => ((await stillThere(context)) ? { catalogChanged: { version } } : END))
}
