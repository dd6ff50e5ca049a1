/** Requests handed to the engine, and its results as payloads. */
import type { GraphQLResolveInfo } from 'graphql'
import { CountError, type FieldError, type SaveOptions, type SaveRequest, type SaveResult } from '#automation'
import type { Row } from '#util'
import type { RequestContext } from '../context.ts'

/** A payload before its record is read. */
export interface Saved {
  readonly id?: string
  readonly created?: boolean
  readonly deleted?: boolean
  readonly errors: readonly FieldError[]
}

/** The payload of a call for many rows. */
interface SavedMany {
  readonly results: readonly Saved[]
  readonly saved: number
  readonly errors: readonly FieldError[]
}

export type Arguments = { readonly [name: string]: unknown }
export type Resolver = (
  object: string,
  args: Arguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
) => Promise<unknown>
type Place = readonly (string | number)[]

export const MAX_ROWS = 10_000

export const row = (value: unknown): Row => value as Row
export const withVersion = (args: Arguments) => (typeof args.version === 'number' ? { version: args.version } : {})
export const modeOf = (args: Arguments): SaveOptions => ({ mode: args.mode === 'partial' ? 'partial' : 'allOrNothing' })

/** Where in the arguments a field's error stands, unless the engine knows better. */
const placed = (error: FieldError, place: Place): FieldError => ({
  ...error,
  path: error.path ?? (error.field ? [...place, error.field] : place),
})
const saved = (result: SaveResult, deleted: boolean, place: Place): Saved => ({
  id: result.id,
  created: result.created ?? false,
  deleted,
  errors: result.errors.map((error) => placed(error, place)),
})

export async function one(context: RequestContext, request: SaveRequest): Promise<Saved> {
  const [result] = await context.services.engine.save(context.actor, [request])
  return saved(result!, request.operation === 'delete', 'values' in request ? ['input'] : ['Id'])
}

/** `argument`: where in the arguments the rows stand. */
export async function many(
  context: RequestContext,
  requests: readonly SaveRequest[],
  argument: string,
  options: SaveOptions,
): Promise<SavedMany> {
  if (requests.length > MAX_ROWS)
    return refused(
      'TOO_MANY_ROWS',
      `At most ${MAX_ROWS.toLocaleString('en')} rows in one call; this one has ${requests.length.toLocaleString('en')}.`,
    )
  try {
    const results = await context.services.engine.save(context.actor, requests, options)
    const payloads = results.map((result, i) => saved(result, requests[i]!.operation === 'delete', [argument, i]))
    return { results: payloads, saved: payloads.filter((p) => p.id && !p.errors.length).length, errors: [] }
  } catch (error) {
    if (error instanceof CountError) return refused('COUNT_DIFFERS', error.message, ['expect'])
    throw error
  }
}

export const refused = (code: string, message: string, path?: Place): SavedMany => ({
  results: [],
  saved: 0,
  errors: [{ code, message, ...(path ? { path } : {}) }],
})
