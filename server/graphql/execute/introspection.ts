/** `__schema` and `__type` by graphql-js, type by type: all types at once would stop everybody else. */
import { executeSync, Kind, type DocumentNode, type FieldNode, type SelectionNode } from 'graphql'
import type { Slices } from '../load/slices.ts'
import { selectedFields, selectionSets, type SelectedField } from '../plan/selections.ts'
import { fragmentsOf, type OperationRequest } from './operation.ts'

/** The operation with these root fields alone. */
export function narrowed(
  { document, operation }: OperationRequest,
  selections: readonly SelectionNode[],
): DocumentNode {
  const own = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } as const }
  return { ...document, definitions: [own, ...document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION)] }
}

export async function introspectionText(
  slices: Slices,
  field: SelectedField,
  request: OperationRequest,
): Promise<string> {
  if (field.name !== '__schema') return (await slices.map([field.nodes], (nodes) => answer(request, nodes)))[0]!
  const { document, variables = {}, context } = request
  const selection = { schema: context.schema, fragments: fragmentsOf(document), variables, pin: () => undefined }
  const parts: string[] = []
  for (const part of selectedFields(selection, selectionSets(field), '__Schema'))
    parts.push(`${JSON.stringify(part.key)}:${await schemaPart(slices, part, request)}`)
  return `{${parts.join()}}`
}

async function schemaPart(slices: Slices, part: SelectedField, request: OperationRequest): Promise<string> {
  if (part.name === 'types') {
    const types = await slices.map(request.context.schema.allTypeNames(), (name) => answer(request, [typeNode(name, part)])) // prettier-ignore
    return `[${types.join()}]`
  }
  const node = { kind: Kind.FIELD, name: nameNode('__schema'), selectionSet: set(part.nodes) } as const
  const [text] = await slices.map([node], () => answer(request, [node], part.key))
  return text!
}

const nameNode = (value: string) => ({ kind: Kind.NAME, value }) as const
const set = (selections: readonly SelectionNode[]) => ({ kind: Kind.SELECTION_SET, selections }) as const

/** `__type(name: …)` with what is asked of each of the schema's types. */
const typeNode = (name: string, { nodes }: SelectedField): FieldNode => ({
  kind: Kind.FIELD,
  name: nameNode('__type'),
  arguments: [{ kind: Kind.ARGUMENT, name: nameNode('name'), value: { kind: Kind.STRING, value: name } }],
  selectionSet: set(nodes.flatMap((node) => node.selectionSet?.selections ?? [])),
})

/** The value of the one root field, or of one part of it. */
function answer(request: OperationRequest, nodes: readonly FieldNode[], part?: string): string {
  const { schema } = request.context
  const { data } = executeSync({ schema, document: narrowed(request, nodes), variableValues: request.variables })
  const [value] = Object.values(data ?? {})
  return JSON.stringify((part === undefined ? value : (value as { [key: string]: unknown })[part]) ?? null)
}
