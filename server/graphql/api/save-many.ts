/** `…UpdateMany` and `…DeleteMany`. Which records are meant is said in one way, and wholly: nothing is not everything. */
import type { GraphQLResolveInfo } from 'graphql'
import type { SaveRequest } from '#automation'
import type { RequestContext } from '../context.ts'
import { leftOutArgument, placeText, saysNothing, type Unsaid } from '../plan/unsaid.ts'
import { many, MAX_ROWS, modeOf, refused, row, withVersion, type Arguments, type Resolver } from './saved.ts'

const ONLY_BY_ALL = 'All records are meant only by all: true.'
const CARE = {
  items: 'itself',
  ids: 'wholly',
  where: 'wholly',
  all: 'itself',
  expect: 'itself',
  input: 'itself',
} as const

interface Item {
  readonly Id: string
  readonly version?: number
  readonly input: object
}

export const updateMany: Resolver = async (object, args, context, info) => {
  const { input } = args
  const wrong = wronglySaid(args, info, ['items', 'ids', 'where'])
  if (wrong) return wrong
  if (args.items && input) return refused('BAD_USER_INPUT', 'Each of the items has an input of its own.', ['input'])
  const update = (id: string, values: unknown) => ({ operation: 'update', object, id, values: row(values) }) as const
  if (args.items) {
    const requests = (args.items as Item[]).map((item) => ({ ...update(item.Id, item.input), ...withVersion({ ...item }) })) // prettier-ignore
    return many(context, requests, 'items', optionsOf(args))
  }
  if (!input || Object.keys(input).length === 0)
    return refused('BAD_USER_INPUT', 'input says nothing. Give the fields that all of the records get.', ['input'])
  return saveMeant(object, args, context, info, (id) => update(id, input))
}

export const deleteMany: Resolver = async (object, args, context, info) =>
  wronglySaid(args, info, ['ids', 'where']) ??
  saveMeant(object, args, context, info, (id) => ({ operation: 'delete', object, id }))

/** The records listed, or those that the filter finds: looked for first, and once more when they are locked. */
async function saveMeant(
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
    stillMeant: await stillMatching(context, info, object),
  })
}

const optionsOf = (args: Arguments) => ({
  ...modeOf(args),
  ...(typeof args.expect === 'number' ? { expect: args.expect } : {}),
})

function wronglySaid(args: Arguments, info: GraphQLResolveInfo, ways: readonly string[]) {
  const unsaid = unsaidIn(args, info, ways)
  if (unsaid) return refused('BAD_USER_INPUT', `${placeText(unsaid.place)}${unsaid.why}. ${ONLY_BY_ALL}`, unsaid.place)
  const said = ways.filter((name) => args[name] !== undefined).length + (args.all === true ? 1 : 0)
  if (said === 1) return undefined
  return refused('BAD_USER_INPUT', `Say which records are meant in one way: ${ways.join(', ')} or all: true.`)
}

function unsaidIn(args: Arguments, info: GraphQLResolveInfo, ways: readonly string[]): Unsaid | undefined {
  const unsaid = leftOutArgument(info, CARE)
  if (unsaid) return unsaid
  const blank = ways.find((name) => args[name] === null)
  if (blank) return { place: [blank], why: ' says nothing' }
  return args.where === undefined ? undefined : saysNothing(args.where, ['where'])
}
