/**
 * Arguments of a document as the planner reads them: structure (which keys, how many conditions) becomes part of the plan, values become slots.
 * A value that the plan must know (an enum, a mixed list) pins its variable: the plan is then kept under that variable's value.
 */
import { GraphQLError, Kind, getNamedType, getNullableType, isInputObjectType, isListType, valueFromAST, type GraphQLArgument, type GraphQLInputType, type ValueNode } from 'graphql' // prettier-ignore
import type { Slot } from '#records'
import type { Value } from '#util'

export type Variables = { readonly [name: string]: unknown }

export interface Argument {
  /** The coerced value in this request. */
  readonly value: unknown
  slot(): Slot
  /** The value itself; the plan holds only for it. */
  pinned(): unknown
  entries(): readonly (readonly [string, Argument])[]
  items(): readonly Argument[]
}

export type Pin = (variable: string) => void

export function argumentOf(
  node: { readonly arguments?: readonly { readonly name: { value: string }; readonly value: ValueNode }[] },
  definition: GraphQLArgument | undefined,
  variables: Variables,
  pin: Pin,
): Argument | undefined {
  if (!definition) return undefined
  const given = node.arguments?.find((argument) => argument.name.value === definition.name)
  if (given && !(given.value.kind === Kind.VARIABLE && variables[given.value.name.value] === undefined)) {
    if (given.value.kind === Kind.NULL) return undefined
    const argument = literal(given.value, definition.type, variables, pin)
    return argument.value === null ? undefined : argument
  }
  return definition.defaultValue === undefined ? undefined : constant(definition.defaultValue)
}

function constant(value: unknown): Argument {
  return {
    value,
    slot: () => ({ constant: value as Value }),
    pinned: () => value,
    entries: () => Object.entries((value ?? {}) as object).map(([key, part]) => [key, constant(part)] as const),
    items: () => (Array.isArray(value) ? value : [value]).map(constant),
  }
}

function variable(name: string, path: readonly (string | number)[], value: unknown, pin: Pin): Argument {
  const part = (key: string | number, inner: unknown) => variable(name, [...path, key], inner, pin)
  return {
    value,
    slot: () => ({ variable: name, path }),
    pinned: () => (pin(name), value),
    entries: () => Object.entries((value ?? {}) as object).map(([key, inner]) => [key, part(key, inner)] as const),
    // A single value stands for a list of one; coercion has already made it a list.
    items: () => (Array.isArray(value) ? value.map((inner, i) => part(i, inner)) : [variable(name, path, value, pin)]),
  }
}

function literal(node: ValueNode, type: GraphQLInputType, variables: Variables, pin: Pin): Argument {
  if (node.kind === Kind.VARIABLE) return variable(node.name.value, [], variables[node.name.value] ?? null, pin)
  const nullable = getNullableType(type)
  if (node.kind === Kind.LIST && isListType(nullable))
    return listLiteral(node.values, nullable.ofType, node, type, variables, pin)
  const named = getNamedType(type)
  if (node.kind === Kind.OBJECT && isInputObjectType(named)) return objectLiteral(node, named, type, variables, pin)
  pinVariablesIn(node, pin)
  const value = valueFromAST(node, type, variables as { [name: string]: unknown })
  if (value === undefined)
    throw new GraphQLError('A value of this argument does not fit its type.', {
      nodes: node,
      extensions: { code: 'BAD_USER_INPUT' },
    })
  return constant(value)
}

function objectLiteral(
  node: Extract<ValueNode, { kind: Kind.OBJECT }>,
  type: ReturnType<typeof getNamedType>,
  listed: GraphQLInputType,
  variables: Variables,
  pin: Pin,
): Argument {
  const definitions = isInputObjectType(type) ? type.getFields() : {}
  const entries = () =>
    node.fields
      .filter((field) => field.value.kind !== Kind.VARIABLE || variables[field.value.name.value] !== undefined)
      .map(
        (field) =>
          [field.name.value, literal(field.value, definitions[field.name.value]!.type, variables, pin)] as const,
      )
  const self: Argument = {
    get value() {
      return valueFromAST(node, listed, variables as { [name: string]: unknown })
    },
    slot: () => (pinVariablesIn(node, pin), { constant: self.value as Value }),
    pinned: () => (pinVariablesIn(node, pin), self.value),
    entries,
    items: () => [self],
  }
  return self
}

function listLiteral(
  values: readonly ValueNode[],
  item: GraphQLInputType,
  node: ValueNode,
  type: GraphQLInputType,
  variables: Variables,
  pin: Pin,
): Argument {
  const value = () => valueFromAST(node, type, variables as { [name: string]: unknown })
  return {
    get value() {
      return value()
    },
    slot: () => (pinVariablesIn(node, pin), { constant: value() as Value }),
    pinned: () => (pinVariablesIn(node, pin), value()),
    entries: () => [],
    items: () => values.map((inner) => literal(inner, item, variables, pin)),
  }
}

function pinVariablesIn(node: ValueNode, pin: Pin): void {
  if (node.kind === Kind.VARIABLE) pin(node.name.value)
  else if (node.kind === Kind.LIST) for (const inner of node.values) pinVariablesIn(inner, pin)
  else if (node.kind === Kind.OBJECT) for (const field of node.fields) pinVariablesIn(field.value, pin)
}

/** The part of variables that decides the plan: which keys and how many items there are, not what they hold. Pinned ones count whole. */
export function shapeOf(variables: Variables, pinned: ReadonlySet<string>): string {
  let text = ''
  for (const name of Object.keys(variables).sort())
    text += `${name}:${pinned.has(name) ? JSON.stringify(variables[name]) : shape(variables[name])};`
  return text
}

function shape(value: unknown): string {
  if (value === undefined) return ''
  if (value === null) return 'n'
  if (Array.isArray(value))
    return value.some((item) => item !== null && typeof item === 'object')
      ? `[${value.map(shape).join()}]`
      : value.includes(null)
        ? 'ln'
        : 'l'
  if (typeof value !== 'object') return 'v'
  // The order of keys is part of the shape: conditions are compiled in the order given.
  return `{${Object.entries(value).map(([key, inner]) => `${key}=${shape(inner)}`).join()}}` // prettier-ignore
}
