/** Runs one operation: record queries by the planner (text passes through), everything else by graphql-js, one root field at a time. */
import { execute, getVariableValues, GraphQLError, Kind, OperationTypeNode, type DocumentNode, type FragmentDefinitionNode, type GraphQLObjectType, type OperationDefinitionNode } from 'graphql' // prettier-ignore
import type { RequestContext } from '../context.ts'
import { isUnavailableError, maskError, userError } from '../errors.ts'
import { LIMITS } from '../limits.ts'
import type { Variables } from '../plan/arguments.ts'
import { conditionsError } from '../plan/conditions.ts'
import type { Planner } from '../plan/planner.ts'
import { queryOf, type PlanContext, type PlannedRoot } from '../plan/query.ts'
import { selectedFields, type SelectedField } from '../plan/selections.ts'
import { PlanStore, type OperationPlan, type PlannedField } from './plan-store.ts'
import { Reads, rowsOf, tooManyRows } from './reads.ts'
import { RawJson, type RawResult } from './raw-json.ts'
import { fieldResolver, typeResolver } from './resolvers.ts'
import type { SchemaTexts } from './schema-texts.ts'

export interface OperationRequest {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** As they came; not coerced. */
  readonly variables: Variables | undefined
  readonly context: RequestContext
}

interface Answer {
  /** undefined: the error reaches the root, all data is null. */
  readonly json: string | undefined
  readonly errors: readonly GraphQLError[]
}

export const fragmentsOf = (document: DocumentNode): { [name: string]: FragmentDefinitionNode } =>
  Object.fromEntries(
    document.definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]),
  )

export class Executor {
  readonly #planner: Planner
  readonly #plans = new PlanStore<OperationPlan>()
  readonly #texts: SchemaTexts
  readonly #reads = new Reads()

  constructor(planner: Planner, texts: SchemaTexts) {
    this.#planner = planner
    this.#texts = texts
  }

  async execute(request: OperationRequest): Promise<RawResult> {
    const { operation, context } = request
    const refusal = refusalOf(request) ?? conditionsError(operation, request.variables ?? {})
    if (refusal) return { errors: [refusal] }
    const coerced = getVariableValues(context.schema, operation.variableDefinitions ?? [], request.variables ?? {}, {
      maxErrors: 20,
    })
    if (coerced.errors) return { errors: coerced.errors }
    const plan = this.#plan(request, coerced.coerced)
    const rows = rowsOf(plan, coerced.coerced)
    if (rows > LIMITS.rows.most) return { errors: [tooManyRows(rows)] }
    const answers = await this.#reads.each(plan, rows, request, (field) =>
      this.#answer(field, request, coerced.coerced),
    )
    return assemble(plan, answers, operation.operation)
  }

  /** The answer's text when every root field has a plan; undefined hands the request to the full server. */
  fast(request: OperationRequest): Promise<string> | undefined {
    const { operation, context } = request
    const { coerced } = getVariableValues(
      context.schema,
      operation.variableDefinitions ?? [],
      request.variables ?? {},
      { maxErrors: 1 },
    )
    if (!coerced) return undefined
    const plan = this.#plans.get(operation, context.actor.permissions.key, coerced)
    if (!plan?.every((field) => field.prepared && 'compiled' in field.prepared)) return undefined
    const rows = rowsOf(plan, coerced)
    return rows > LIMITS.rows.most ? undefined : this.#fastText(plan, rows, request, coerced)
  }

  async #fastText(plan: OperationPlan, rows: number, request: OperationRequest, variables: Variables): Promise<string> {
    const texts = await this.#reads.each(plan, rows, request, ({ prepared }) =>
      this.#planner.run((prepared as { compiled: never }).compiled, variables, request.context),
    )
    return `{"data":{${texts.map((text, i) => `"${plan[i]!.field.key}":${text}`).join()}}}`
  }

  #plan(request: OperationRequest, variables: Variables): OperationPlan {
    const { document, operation, context } = request
    const { schema } = context
    return this.#plans.getOrMake(operation, context.actor.permissions.key, variables, (pin) => {
      const planContext: PlanContext = {
        schema,
        fragments: fragmentsOf(document),
        variables,
        pin,
        catalog: context.catalog,
        typenames: [],
        tally: { conditions: 0 },
      }
      const root = schema.getRootType(operation.operation)!
      return selectedFields(planContext, [operation.selectionSet], root.name).map((field) =>
        this.#planField(planContext, root, field, context),
      )
    })
  }

  #planField(
    planContext: PlanContext,
    root: GraphQLObjectType,
    field: SelectedField,
    context: RequestContext,
  ): PlannedField {
    const definition = root.getFields()[field.name]
    const planned = definition?.extensions.planned as PlannedRoot | undefined
    if (!definition || !planned) return { field }
    const own = { ...planContext, typenames: [] }
    try {
      return {
        field,
        prepared: this.#planner.prepare(queryOf(own, planned, field, definition), context, [field.key], own.typenames),
      }
    } catch (error) {
      return { field, prepared: { errors: [maskError(error, context.services.logError, [field.key])] } }
    }
  }

  async #answer({ field, prepared }: PlannedField, request: OperationRequest, variables: Variables): Promise<Answer> {
    if (prepared && 'errors' in prepared) return { json: 'null', errors: prepared.errors }
    if (!prepared && !field.name.startsWith('__')) return this.#byGraphql(field, request)
    try {
      const json = prepared
        ? await this.#planner.run(prepared.compiled, variables, request.context)
        : await this.#aboutSchema(field, request)
      return { json, errors: [] }
    } catch (error) {
      const json = field.name === '__schema' ? undefined : 'null'
      return { json, errors: [maskError(error, request.context.services.logError, [field.key])] }
    }
  }

  async #aboutSchema(field: SelectedField, request: OperationRequest): Promise<string> {
    if (field.name !== '__typename') return this.#texts.introspection(field, request)
    return JSON.stringify(request.context.schema.getRootType(request.operation.operation)!.name)
  }

  async #byGraphql(field: SelectedField, request: OperationRequest): Promise<Answer> {
    const { document, operation, variables, context } = request
    const narrowed = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections: field.nodes } as const }
    const definitions = document.definitions
      .map((d) => (d === operation ? narrowed : d))
      .filter((d) => d === narrowed || d.kind === Kind.FRAGMENT_DEFINITION)
    const result = await execute({
      schema: context.schema,
      document: { ...document, definitions },
      variableValues: variables,
      contextValue: context,
      fieldResolver,
      typeResolver,
    })
    const errors = (result.errors ?? []).map((error) => maskError(error, context.services.logError))
    return { json: result.data ? JSON.stringify(result.data[field.key] ?? null) : undefined, errors }
  }
}

/** A caller who is not signed in, or may do nothing, has no mutations; subscriptions need a socket. */
function refusalOf({ operation, context }: OperationRequest): GraphQLError | undefined {
  if (!operation) return userError('The document has no operation of this name. Correct operationName, or leave it out when there is one only.', 'BAD_USER_INPUT') // prettier-ignore
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    return userError('Subscriptions are answered over a WebSocket (graphql-ws) at this address.', 'BAD_USER_INPUT')
  if (operation.operation === OperationTypeNode.MUTATION && context.readOnly)
    return userError('This token may only read. Use one that may write.', 'FORBIDDEN')
  if (context.schema.getRootType(operation.operation)) return undefined
  if (context.user)
    return userError('You may change nothing here. Ask an administrator for a permission set.', 'FORBIDDEN')
  return userError('Sign in first.', 'UNAUTHENTICATED')
}

function assemble(plan: OperationPlan, answers: readonly Answer[], operation: OperationTypeNode): RawResult {
  const errors = answers.flatMap((answer) => answer.errors)
  const data = answers.some((answer) => answer.json === undefined)
    ? null
    : new RawJson(`{${answers.map((answer, i) => `${JSON.stringify(plan[i]!.field.key)}:${answer.json}`).join()}}`)
  // Without data the answer as a whole says to ask again; not when a mutation has done a part of it.
  const undone = operation === OperationTypeNode.QUERY || answers.every(({ json = 'null' }) => json === 'null')
  if (errors.length && errors.every(isUnavailableError) && undone) return { errors }
  return errors.length ? { data, errors } : { data }
}
