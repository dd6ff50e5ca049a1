/** In a write nothing is not everything: what was left out, and a condition that says nothing, is found here and named by its place. */
import { Kind, type GraphQLResolveInfo, type ValueNode } from 'graphql'
import type { Variables } from './arguments.ts'

export type Place = readonly (string | number)[]
export interface Missing {
  readonly place: Place
  readonly why: string
}

/** `["where", "and", 1, "Id"]` → `where.and[1].Id` */
export const placeText = (place: Place): string =>
  place.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')

const first = <T>(of: readonly T[], look: (one: T, i: number) => Missing | undefined): Missing | undefined => {
  for (const [i, one] of of.entries()) {
    const found = look(one, i)
    if (found) return found
  }
  return undefined
}

/** The first variable in this value that the request did not give; of objects only these keys are looked at. */
function missingVariable(node: ValueNode, variables: Variables, place: Place, keys: Keys): Missing | undefined {
  if (node.kind === Kind.VARIABLE)
    return variables[node.name.value] === undefined ? { place, why: `: $${node.name.value} was not given` } : undefined
  if (node.kind === Kind.LIST)
    return first(node.values, (item, i) => missingVariable(item, variables, [...place, i], keys))
  if (node.kind !== Kind.OBJECT) return undefined
  const fields = node.fields.filter(({ name }) => keys === 'all' || keys.includes(name.value))
  return first(fields, ({ name, value }) => missingVariable(value, variables, [...place, name.value], keys))
}

/** What a write sets may lack a part; what says which records, and under which condition, may not. */
type Keys = 'all' | readonly string[]

/** The first argument in the document, of those named in `keys`, that the request left out, or a part of it that counts. */
export function missingArgument(
  info: GraphQLResolveInfo,
  keys: { readonly [argument: string]: Keys },
): Missing | undefined {
  return first(info.fieldNodes[0]!.arguments ?? [], ({ name: { value: name }, value }) =>
    keys[name] ? missingVariable(value, info.variableValues, [name], keys[name]) : undefined,
  )
}

/** Nothing is in an empty list, so that these find nothing: a condition, unless it is turned round. */
const FIND_NOTHING = ['in', 'includes']
const TURN_ROUND = ['not', 'none', 'every']
const EQUALITY = ['eq', 'ne']
/** Every text holds the empty text. */
const HOLD_ANY = ['contains', 'startsWith']

/** The first part of a filter that is no condition: nothing in it, or null. */
export function emptyCondition(value: unknown, place: Place, turned = false): Missing | undefined {
  const key = place.findLast((step) => typeof step === 'string') ?? ''
  const nothing = { place, why: ' says nothing' }
  if (value === null || value === undefined)
    return EQUALITY.includes(key) ? { place, why: ' is null; blanks are meant by isNull: true' } : nothing
  if (value === '') return HOLD_ANY.includes(key) ? nothing : undefined
  if (typeof value !== 'object') return undefined
  const parts: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  if (parts.length > 0)
    return first(parts, ([step, inner]) => emptyCondition(inner, [...place, step], turned || TURN_ROUND.includes(key)))
  return FIND_NOTHING.includes(key) && !turned ? undefined : nothing
}
