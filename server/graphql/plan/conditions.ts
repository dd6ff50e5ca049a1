/** How many conditions a request has in all its filters: one filter in a variable may stand in many places. Counted before anything is made of them. */
import { Kind, type GraphQLError, type OperationDefinitionNode, type TypeNode } from 'graphql'
import { userError } from '../errors.ts'
import { LIMITS } from '../limits.ts'
import type { Argument, Variables } from './arguments.ts'

/** Shared by all that is planned for one request. */
export interface Tally {
  conditions: number
}

const FILTERS = /(Where|Having)$/

/** Comparisons; a list of plain values is one. */
function conditionsIn(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1
  if (Array.isArray(value) && !value.some((item) => item !== null && typeof item === 'object')) return 1
  return Object.values(value).reduce((sum: number, inner) => sum + conditionsIn(inner), 0)
}

const tooComplex = (): GraphQLError =>
  userError(
    `A request has at most ${LIMITS.conditions} conditions in all its filters. Use "in" for many values of one field.`,
    'TOO_COMPLEX',
  )

/** Gives the argument back. */
export function counted<T extends Argument | undefined>(tally: Tally, argument: T): T {
  if (argument) tally.conditions += conditionsIn(argument.value)
  if (tally.conditions > LIMITS.conditions) throw tooComplex()
  return argument
}

/** Of variables as they came: making values of their types takes longer than counting. */
export function conditionsError(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
): GraphQLError | undefined {
  let conditions = 0
  for (const { variable, type } of variableDefinitions) {
    const value = variables[variable.name.value]
    if (value === null || typeof value !== 'object') continue
    if (FILTERS.test(typeName(type))) conditions += conditionsIn(value)
  }
  return conditions > LIMITS.conditions ? tooComplex() : undefined
}

const typeName = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : typeName(type.type))
