/** What introspection may ask: all that tools do, but no lists inside lists that multiply. Counted with fragments spread out, before anything runs. */
import { GraphQLError, Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql'

/** Lists whose entries may be types again. */
const OF_TYPES = new Set(['fields', 'inputFields', 'interfaces', 'possibleTypes'])
const LISTS = new Set([...OF_TYPES, 'types', 'directives', 'args', 'enumValues'])
const ROOTS = new Set(['__schema', '__type'])

export interface Weight {
  readonly fields: number
  readonly lists: number
  /** Lists of types inside each other. */
  readonly nested: number
}
const NOTHING: Weight = { fields: 0, lists: 0, nested: 0 }

const sum = (weights: readonly Weight[]): Weight => ({
  fields: weights.reduce((all, { fields }) => all + fields, 0),
  lists: weights.reduce((all, { lists }) => all + lists, 0),
  nested: Math.max(0, ...weights.map(({ nested }) => nested)),
})

export function introspectionError(document: DocumentNode, most: Weight): GraphQLError | undefined {
  const fragments = new Map(
    document.definitions.flatMap((d) => (d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d] as const] : [])),
  )
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const weight = new Weighing(fragments).of(definition.selectionSet, true)
    if (weight.fields > most.fields || weight.lists > most.lists || weight.nested > most.nested) return tooMuch()
  }
  return undefined
}

const tooMuch = (): GraphQLError =>
  new GraphQLError(
    'The document asks more of the schema than tools need. Ask the standard introspection query, or for one type at a time.',
    { extensions: { code: 'DOCUMENT_TOO_LARGE' } },
  )

class Weighing {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #known = new Map<string, Weight>()

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments
  }

  /** `root`: of these fields only `__schema` and `__type` count. */
  of(set: SelectionSetNode, root: boolean): Weight {
    return sum(
      set.selections.map((selection) => {
        if (selection.kind === Kind.INLINE_FRAGMENT) return this.of(selection.selectionSet, root)
        if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value, root)
        if (root && !ROOTS.has(selection.name.value)) return NOTHING
        return field(selection.name.value, selection.selectionSet ? this.of(selection.selectionSet, false) : NOTHING)
      }),
    )
  }

  #fragment(name: string, root: boolean): Weight {
    const key = `${name} ${root}`
    const known = this.#known.get(key)
    if (known) return known
    // One that spreads itself is refused by another rule; here it only must not loop.
    this.#known.set(key, NOTHING)
    const fragment = this.#fragments.get(name)
    const weight = fragment ? this.of(fragment.selectionSet, root) : NOTHING
    this.#known.set(key, weight)
    return weight
  }
}

const field = (name: string, { fields, lists, nested }: Weight): Weight => ({
  fields: fields + 1,
  lists: lists + (LISTS.has(name) ? 1 : 0),
  nested: nested + (OF_TYPES.has(name) ? 1 : 0),
})
