/** How graphql-js reads values that were not made by the planner's text passthrough: payloads, metadata, and JSON read back. */
import type { GraphQLFieldResolver, GraphQLTypeResolver } from 'graphql'
import { TYPE_KEY } from '../plan/query.ts'
import type { RequestContext } from '../context.ts'

/** Read-back JSON stands under response keys; everything else under field names, as a value or a method of the arguments. */
export const fieldResolver: GraphQLFieldResolver<unknown, RequestContext> = (source, args, context, info) => {
  if (!source || typeof source !== 'object') return undefined
  const record = source as { readonly [key: string]: unknown }
  if (info.parentType.extensions.keyed) return record[String(info.path.key)]
  const value = record[info.fieldName]
  return typeof value === 'function' ? value.call(source, args, context, info) : value
}

export const typeResolver: GraphQLTypeResolver<unknown, RequestContext> = (value) =>
  (value as { readonly [key: string]: string } | undefined)?.[TYPE_KEY]
