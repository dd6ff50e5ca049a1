/** Resolvers of the generated mutations. */
import type { GraphQLResolveInfo } from 'graphql'
import type { FieldError, SaveRequest, SaveResult } from '#automation'
import type { Row, Value } from '#util'
import type { RequestContext } from '../context.ts'
import type { MutationRole } from '../names.ts'

/** A payload before its record is read. */
export interface Saved {
  readonly id?: string
  readonly created?: boolean
  readonly deleted?: boolean
  readonly errors: readonly FieldError[]
}

type Arguments = { readonly [name: string]: unknown }
type Resolver = (object: string, args: Arguments, context: RequestContext, info: GraphQLResolveInfo) => Promise<unknown>
const MAX_ROWS = 10_000

const row = (value: unknown): Row => value as Row
/** Where in the arguments a field's error stands, unless the engine knows better. */
const placed = (error: FieldError, place: readonly (string | number)[]): FieldError => ({
  ...error,
  path: error.path ?? (error.field ? [...place, error.field] : place),
})
const saved = (result: SaveResult, deleted: boolean, place: readonly (string | number)[]): Saved => ({
  id: result.id,
  created: result.created ?? false,
  deleted,
  errors: result.errors.map((error) => placed(error, place)),
})

async function one(context: RequestContext, request: SaveRequest): Promise<Saved> {
  const [result] = await context.services.engine.save(context.actor, [request])
  return saved(result!, request.operation === 'delete', 'values' in request ? ['input'] : ['Id'])
}

async function many(context: RequestContext, requests: readonly SaveRequest[], mode: unknown, argument: string) {
  if (requests.length > MAX_ROWS)
    return refused(
      'TOO_MANY_ROWS',
      `At most ${MAX_ROWS.toLocaleString('en')} rows in one call; this one has ${requests.length.toLocaleString('en')}.`,
    )
  const results = requests.length
    ? await context.services.engine.save(context.actor, requests, {
        mode: mode === 'partial' ? 'partial' : 'allOrNothing',
      })
    : []
  const payloads = results.map((result, i) => saved(result, requests[i]!.operation === 'delete', [argument, i]))
  return { results: payloads, saved: payloads.filter((p) => p.id && !p.errors.length).length, errors: [] }
}

const refused = (code: string, message: string) => ({ results: [], saved: 0, errors: [{ code, message }] })
const withVersion = (args: Arguments) => (typeof args.version === 'number' ? { version: args.version } : {})

function upsertRequest(object: string, args: Arguments): SaveRequest {
  const [field, value] = Object.entries(args.by as Row)[0] as [string, Value]
  return { operation: 'upsert', object, by: { field, value }, values: row(args.input) }
}

/** Ids given, or those of the rows that the filter matches for this caller. */
async function idsOf(
  object: string,
  args: Arguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<readonly string[] | undefined> {
  if (Array.isArray(args.ids) && !args.where) return args.ids as string[]
  if (args.where && !args.ids) return context.services.matchingIds(context, info, object, MAX_ROWS)
  return undefined
}

async function updateMany(
  object: string,
  args: Arguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<unknown> {
  if (Array.isArray(args.items)) {
    const items = args.items as { Id: string; version?: number; input: Row }[]
    return many(context, items.map((item) => ({ operation: 'update', object, id: item.Id, values: item.input, ...withVersion(item as unknown as Arguments) })), args.mode, 'items') // prettier-ignore
  }
  const ids = args.input ? await idsOf(object, args, context, info) : undefined
  if (!ids) return refused('BAD_USER_INPUT', 'Give items, or input together with either ids or where.')
  return many(context, ids.map((id) => ({ operation: 'update', object, id, values: row(args.input) })), args.mode, 'ids') // prettier-ignore
}

async function deleteMany(
  object: string,
  args: Arguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<unknown> {
  const ids = await idsOf(object, args, context, info)
  if (!ids) return refused('BAD_USER_INPUT', 'Give either ids or where.')
  return many(context, ids.map((id) => ({ operation: 'delete', object, id })), args.mode, 'ids') // prettier-ignore
}

export const RESOLVERS: { readonly [role in MutationRole]: Resolver } = {
  create: (object, args, context) => one(context, { operation: 'create', object, values: row(args.input) }),
  update: (object, args, context) =>
    one(context, { operation: 'update', object, id: String(args.Id), values: row(args.input), ...withVersion(args) }),
  upsert: (object, args, context) => one(context, upsertRequest(object, args)),
  delete: (object, args, context) =>
    one(context, { operation: 'delete', object, id: String(args.Id), ...withVersion(args) }),
  undelete: (object, args, context) => one(context, { operation: 'undelete', object, id: String(args.Id) }),
  createMany: (object, args, context) => many(context, (args.input as Row[]).map((values) => ({ operation: 'create', object, values })), args.mode, 'input'), // prettier-ignore
  updateMany,
  upsertMany: (object, args, context) => many(context, (args.items as Arguments[]).map((item) => upsertRequest(object, item)), args.mode, 'items'), // prettier-ignore
  deleteMany,
}

export async function readBack(
  context: RequestContext,
  info: GraphQLResolveInfo,
  object: string,
  payload: Saved,
): Promise<object | null> {
  if (!payload.id || payload.errors.length) return null
  return context.services.readRecord(context, info, object, payload.id, { includeDeleted: payload.deleted ?? false })
}
