/** Limits on a document before anything is planned. What depends on values (rows, cost) is checked by the planner after coercion. */
import { GraphQLError, Kind, type ASTVisitor, type DocumentNode, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql' // prettier-ignore
import { FILTER_LIMITS } from '#metadata'
import { inexactText, isExactNumber } from '#util'
import { introspectionError } from './introspection-limits.ts'

export const LIMITS = {
  tokens: 4_000,
  depth: 12,
  introspectionDepth: 16,
  rootFields: 30,
  aliases: 100,
  fragments: 50,
  directives: 50,
  maxErrors: 20,
  /** Of `__schema` and `__type`, fragments spread out: fields, lists, lists of types inside each other. */
  introspection: { fields: 300, lists: 12, nested: 1 },
  /** Answers about the schema that are not known yet, of one user. */
  schemaTextsPerMinute: 10,
  /** In all filters of a request, counted where they stand. */
  conditions: FILTER_LIMITS.conditions,
  /** Records that a request may ask for, pages multiplied; one that asks for more than `heavy` waits for a place: of one user, of all. */
  rows: { most: 20_000, heavy: 2_000 },
  heavyPlaces: { lane: 1, all: 2 },
  rootFieldsAtOnce: 2,
  /** WebSockets, and operations that are open on them. */
  sockets: { user: 50, all: 5_000 },
  subscriptions: { user: 200, all: 10_000 },
  /** Ids that filtered subscriptions remember: one of them, all of them (some 100 bytes each). */
  followedRecords: { each: 2_000, all: 500_000 },
  /** Changes that are looked at for subscribers at a time: each is a statement. */
  eventPlaces: { lane: 2, all: 2 },
  /** Of the JSON of a request: levels, and bytes of those who have not signed in, of everybody else, of what writes records or plans metadata, of one record or document of it. */
  nesting: 64,
  anonymousBytes: 16_000,
  bodyBytes: 100_000,
  bulkBytes: 20_000_000,
  entryBytes: 1_000_000,
  /** …Many mutations of more than `bodyBytes` under way at a time: of one user, of all. */
  bulkPlaces: { lane: 1, all: 4 },
} as const
export const PARSE_OPTIONS = { maxTokens: LIMITS.tokens }
export const VALIDATION_OPTIONS = { hideSuggestions: true, maxErrors: LIMITS.maxErrors }

const tooMuch = (what: string, limit: number): GraphQLError =>
  new GraphQLError(`The document has ${what}; at most ${limit} are allowed. Split it into several requests.`, {
    extensions: { code: 'DOCUMENT_TOO_LARGE' },
  })

/** Runs before the rules of the specification, which would be slow on what this refuses. */
export const limitsRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document(document) {
    const error = documentError(document)
    if (error) context.reportError(error)
    return undefined
  },
  IntValue: ({ value }) => checkNumber(value, context),
  FloatValue: ({ value }) => checkNumber(value, context),
})

function checkNumber(literal: string, context: ValidationContext): void {
  if (!isExactNumber(literal)) context.reportError(new GraphQLError(inexactText(literal)))
}

function documentError(document: DocumentNode): GraphQLError | undefined {
  const count = { aliases: 0, directives: 0, fragments: 0 }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) count.fragments++
    if ('selectionSet' in definition) tally(definition.selectionSet, count)
    if (definition.kind === Kind.OPERATION_DEFINITION && definition.selectionSet.selections.length > LIMITS.rootFields)
      return tooMuch(`${definition.selectionSet.selections.length} root fields`, LIMITS.rootFields)
  }
  for (const name of ['aliases', 'directives', 'fragments'] as const)
    if (count[name] > LIMITS[name]) return tooMuch(`${count[name]} ${name}`, LIMITS[name])
  return depthError(document) ?? introspectionError(document, LIMITS.introspection)
}

function tally(set: SelectionSetNode, count: { aliases: number; directives: number; fragments: number }): void {
  for (const selection of set.selections) {
    count.directives += selection.directives?.length ?? 0
    if (selection.kind === Kind.FIELD && selection.alias) count.aliases++
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) tally(selection.selectionSet, count)
  }
}

function depthError(document: DocumentNode): GraphQLError | undefined {
  const known = new Map<string, number>()
  const fragments = new Map(
    document.definitions.flatMap((d) =>
      d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d.selectionSet] as const] : [],
    ),
  )
  const depthOf = (set: SelectionSetNode): number => {
    let deepest = 0
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD)
        deepest = Math.max(deepest, selection.selectionSet ? 1 + depthOf(selection.selectionSet) : 1)
      else
        deepest = Math.max(
          deepest,
          selection.kind === Kind.INLINE_FRAGMENT
            ? depthOf(selection.selectionSet)
            : fragmentDepth(selection.name.value),
        )
    }
    return deepest
  }
  const fragmentDepth = (name: string): number => {
    const set = fragments.get(name)
    if (!set) return 0
    // A fragment that spreads itself is refused by the specification's own rule; here it only must not loop.
    if (!known.has(name)) known.set(name, 0).set(name, depthOf(set))
    return known.get(name)!
  }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const limit = isIntrospection(definition.selectionSet) ? LIMITS.introspectionDepth : LIMITS.depth
    const depth = depthOf(definition.selectionSet)
    if (depth > limit) return tooMuch(`selections ${depth} levels deep`, limit)
  }
  return undefined
}

const isIntrospection = (set: SelectionSetNode): boolean =>
  set.selections.every((s) => s.kind === Kind.FIELD && s.name.value.startsWith('__'))
