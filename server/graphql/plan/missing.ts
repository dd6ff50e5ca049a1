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

/** The first variable in this value that the request did not give. */
function missingVariable(node: ValueNode, variables: Variables, place: Place): Missing | undefined {
  if (node.kind === Kind.VARIABLE)
    return variables[node.name.value] === undefined ? { place, why: `: $${node.name.value} was not given` } : undefined
  if (node.kind === Kind.LIST) return first(node.values, (item, i) => missingVariable(item, variables, [...place, i]))
  if (node.kind !== Kind.OBJECT) return undefined
  return first(node.fields, ({ name, value }) => missingVariable(value, variables, [...place, name.value]))
}

/** What an argument sets may leave out a part of it; what says where it is done may not. */
type Care = 'wholly' | 'itself'

/** The first argument that the document writes, of those to be careful about, and that the request left out, or a part of it. */
export function missingArgument(
  info: GraphQLResolveInfo,
  care: { readonly [argument: string]: Care },
): Missing | undefined {
  return first(info.fieldNodes[0]!.arguments ?? [], ({ name: { value: name }, value }) =>
    care[name] === 'wholly' || (care[name] === 'itself' && value.kind === Kind.VARIABLE)
      ? missingVariable(value, info.variableValues, [name])
      : undefined,
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
