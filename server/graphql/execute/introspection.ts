/** `__schema`, `__type` and `__typename`. A whole-schema answer materialises every type, so it is kept as text per schema. */
import { executeSync, Kind, print, type GraphQLSchema } from 'graphql'
import type { SelectedField } from '../plan/selections.ts'
import type { OperationRequest } from './operation.ts'

const KEPT = 8

export class IntrospectionCache {
  readonly #texts = new WeakMap<GraphQLSchema, Map<string, string>>()

  answer(
    field: SelectedField,
    { document, operation, variables, context }: OperationRequest,
  ): { json: string; errors: [] } {
    const { schema } = context
    if (field.name === '__typename')
      return { json: JSON.stringify(schema.getRootType(operation.operation)!.name), errors: [] }
    const narrowed = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: field.nodes } as const }
    const fragments = document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION)
    const asked = { ...document, definitions: [narrowed, ...fragments] }
    const key = `${print(asked)}${JSON.stringify(variables ?? {})}`
    let texts = this.#texts.get(schema)
    if (!texts) this.#texts.set(schema, (texts = new Map()))
    const text =
      texts.get(key) ??
      JSON.stringify(executeSync({ schema, document: asked, variableValues: variables }).data?.[field.key] ?? null)
    if (texts.size >= KEPT) texts.clear()
    texts.set(key, text)
    return { json: text, errors: [] }
  }
}
