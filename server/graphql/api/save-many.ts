/** `…UpdateMany` and `…DeleteMany`. Which records are meant is given in one way, and completely: nothing is not everything. */
import type { GraphQLResolveInfo } from 'graphql'
import type { SaveRequest } from '#automation'
import type { RequestContext } from '../context.ts'
import { missingArgument, placeText, emptyCondition, type Missing } from '../plan/missing.ts'
import { many, MAX_ROWS, modeOf, refused, row, withVersion, type Arguments, type Resolver } from './saved.ts'

const ONLY_BY_ALL = 'All records are meant only by all: true.'
const GUARDS = { items: ['version'], ids: 'all', where: 'all', all: [], expect: [], input: [] } as const

interface Item {
  readonly Id: string
  readonly version?: number
  readonly input: object
}

export const updateMany: Resolver = async (object, args, context, info) => {
  const { input } = args
  const wrong = selectionError(args, info, ['items', 'ids', 'where'])
  if (wrong) return wrong
  if (args.items && input) return refused('BAD_USER_INPUT', 'Each of the items has an input of its own.', ['input'])
  const update = (id: string, values: unknown) => ({ operation: 'update', object, id, values: row(values) }) as const
  if (args.items) {
    const requests = (args.items as Item[]).map((item) => ({ ...update(item.Id, item.input), ...withVersion({ ...item }) })) // prettier-ignore
    return many(context, requests, 'items', optionsOf(args))
  }
  if (!input || Object.keys(input).length === 0)
    return refused('BAD_USER_INPUT', 'input says nothing. Give the fields that all of the records get.', ['input'])
  return saveSelected(object, args, context, info, (id) => update(id, input))
}

export const deleteMany: Resolver = async (object, args, context, info) =>
  selectionError(args, info, ['ids', 'where']) ??
  saveSelected(object, args, context, info, (id) => ({ operation: 'delete', object, id }))

/** The records listed, or those that the filter finds: looked for first, and once more when they are locked. */
async function saveSelected(
  object: string,
  args: Arguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
  request: (id: string) => SaveRequest,
): Promise<unknown> {
  const options = optionsOf(args)
  if (args.ids) return many(context, (args.ids as string[]).map(request), 'ids', options)
  const { matchingIds, stillMatching } = context.services
  const ids = await matchingIds(context, info, object, MAX_ROWS)
  return many(context, ids.map(request), 'where', {
    ...options,
    stillMatching: await stillMatching(context, info, object),
  })
}

const optionsOf = (args: Arguments) => ({
  ...modeOf(args),
  ...(typeof args.expect === 'number' ? { expect: args.expect } : {}),
})

function selectionError(args: Arguments, info: GraphQLResolveInfo, ways: readonly string[]) {
  const missing = missingIn(args, info, ways)
  if (missing)
    return refused('BAD_USER_INPUT', `${placeText(missing.place)}${missing.why}. ${ONLY_BY_ALL}`, missing.place)
  const given = ways.filter((name) => args[name] !== undefined).length + (args.all === true ? 1 : 0)
  if (given === 1) return undefined
  return refused('BAD_USER_INPUT', `Say which records are meant in one way: ${ways.join(', ')} or all: true.`)
}

function missingIn(args: Arguments, info: GraphQLResolveInfo, ways: readonly string[]): Missing | undefined {
  const missing = missingArgument(info, GUARDS)
  if (missing) return missing
  const blank = [...ways, 'all', 'expect'].find((name) => args[name] === null)
  if (blank) return { place: [blank], why: ' says nothing' }
  const item = ((args.items ?? []) as Arguments[]).findIndex(({ version }) => version === null)
  if (item >= 0) return { place: ['items', item, 'version'], why: ' says nothing' }
  return args.where === undefined ? undefined : emptyCondition(args.where, ['where'])
}
