/** A selection set as one ordered list of response keys for one concrete type: fragments flattened, repeated fields merged, @include and @skip decided. */
import { GraphQLError, Kind, isAbstractType, isObjectType, type FieldNode, type FragmentDefinitionNode, type GraphQLSchema, type SelectionSetNode, type SelectionNode } from 'graphql' // prettier-ignore
import type { Pin, Variables } from './arguments.ts'

export interface DocumentContext {
  readonly schema: GraphQLSchema
  readonly fragments: { readonly [name: string]: FragmentDefinitionNode }
  readonly variables: Variables
  readonly pin: Pin
}

export interface SelectedField {
  readonly key: string
  readonly name: string
  readonly nodes: readonly FieldNode[]
}

/** `sets` are the selection sets of all nodes merged under one key. */
export function selectedFields(
  context: DocumentContext,
  sets: readonly (SelectionSetNode | undefined)[],
  typeName: string,
): readonly SelectedField[] {
  const found = new Map<string, { key: string; name: string; nodes: FieldNode[] }>()
  const seen = new Set<string>()
  for (const set of sets) if (set) collect(context, set, typeName, found, seen)
  return [...found.values()]
}

export const selectionSets = (field: SelectedField): (SelectionSetNode | undefined)[] =>
  field.nodes.map((node) => node.selectionSet)

function collect(
  context: DocumentContext,
  set: SelectionSetNode,
  typeName: string,
  found: Map<string, { key: string; name: string; nodes: FieldNode[] }>,
  seen: Set<string>,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(context, selection)) continue
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value
      const field = found.get(key)
      if (field) field.nodes.push(selection)
      else found.set(key, { key, name: selection.name.value, nodes: [selection] })
    } else {
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : unseenFragment(context, selection.name.value, seen)
      if (fragment && applies(context, fragment.typeCondition?.name.value, typeName))
        collect(context, fragment.selectionSet, typeName, found, seen)
    }
  }
}

function unseenFragment(context: DocumentContext, name: string, seen: Set<string>): FragmentDefinitionNode | undefined {
  if (seen.has(name)) return undefined
  seen.add(name)
  return context.fragments[name]
}

function applies(context: DocumentContext, condition: string | undefined, typeName: string): boolean {
  if (!condition || condition === typeName) return true
  const abstract = context.schema.getType(condition)
  const concrete = context.schema.getType(typeName)
  return isAbstractType(abstract) && isObjectType(concrete) && context.schema.isSubType(abstract, concrete)
}

function isIncluded(context: DocumentContext, node: SelectionNode): boolean {
  return directive(context, node, 'skip') !== true && directive(context, node, 'include') !== false
}

function directive(context: DocumentContext, node: SelectionNode, name: 'skip' | 'include'): boolean | undefined {
  const found = node.directives?.find((d) => d.name.value === name)
  const value = found?.arguments?.[0]?.value
  if (!value) return undefined
  if (value.kind === Kind.BOOLEAN) return value.value
  if (value.kind !== Kind.VARIABLE) throw new GraphQLError(`@${name} needs a Boolean.`, { nodes: node })
  context.pin(value.name.value)
  return Boolean(context.variables[value.name.value])
}
