/** Resolvers of the generated mutations. */
import type { GraphQLResolveInfo } from 'graphql'
import type { SaveRequest } from '#automation'
import type { Row, Value } from '#util'
import type { RequestContext } from '../context.ts'
import type { MutationRole } from '../names.ts'
import { missingArgument } from '../plan/missing.ts'
import { deleteMany, updateMany } from './save-many.ts'
import { many, modeOf, one, row, withVersion, type Arguments, type Resolver, type Saved } from './saved.ts'

function upsertRequest(object: string, args: Arguments): SaveRequest {
  const [field, value] = Object.entries(args.by as Row)[0] as [string, Value]
  return { operation: 'upsert', object, by: { field, value }, values: row(args.input) }
}

/** A version that was left out is not any version. */
function versionError(args: Arguments, info: GraphQLResolveInfo): Saved | undefined {
  const why = missingArgument(info, { version: [] })?.why ?? (args.version === null ? ' says nothing' : undefined)
  if (why === undefined) return undefined
  const message = `version${why}. Without one, leave the argument out.`
  return { errors: [{ code: 'BAD_USER_INPUT', message, path: ['version'] }] }
}

export const RESOLVERS: { readonly [role in MutationRole]: Resolver } = {
  create: (object, args, context) => one(context, { operation: 'create', object, values: row(args.input) }),
  update: async (object, args, context, info) =>
    versionError(args, info) ??
    one(context, { operation: 'update', object, id: String(args.Id), values: row(args.input), ...withVersion(args) }),
  upsert: (object, args, context) => one(context, upsertRequest(object, args)),
  delete: async (object, args, context, info) =>
    versionError(args, info) ??
    one(context, { operation: 'delete', object, id: String(args.Id), ...withVersion(args) }),
  undelete: (object, args, context) => one(context, { operation: 'undelete', object, id: String(args.Id) }),
  createMany: (object, args, context) => many(context, (args.input as Row[]).map((values) => ({ operation: 'create', object, values })), 'input', modeOf(args)), // prettier-ignore
  updateMany,
  upsertMany: (object, args, context) => many(context, (args.items as Arguments[]).map((item) => upsertRequest(object, item)), 'items', modeOf(args)), // prettier-ignore
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
