/** Reads that resolvers ask for: the record of a payload, the ids that a filter matches. Planned and run as the caller, like every read. */
import type { GraphQLObjectType, GraphQLResolveInfo } from 'graphql'
import type { ListQuery, Query, Where } from '#records'
import type { Standing } from '../api/followed-records.ts'
import type { FirstFound, RequestContext, StillMatching } from '../context.ts'
import { userError } from '../errors.ts'
import { argumentOf, type Variables } from '../plan/arguments.ts'
import { counted } from '../plan/conditions.ts'
import type { Compiled, Planner, Prepared } from '../plan/planner.ts'
import { objectNamed, selectionOf, type PlanContext } from '../plan/query.ts'
import { whereOf } from '../plan/where.ts'
import { PlanStore } from './plan-store.ts'

/** No GraphQL name, so that no variable of a document can be meant. */
const ID = '$id'
const IDS = '$ids'
const AFTER = '$after'
const PAGE = 2_000

export class ReadBack {
  readonly #planner: Planner
  readonly #plans = new PlanStore<Prepared>()

  constructor(planner: Planner) {
    this.#planner = planner
  }

  async record(
    context: RequestContext,
    info: GraphQLResolveInfo,
    object: string,
    id: string,
    options: { includeDeleted?: boolean } = {},
  ): Promise<object | null> {
    const text = await this.#run(
      context,
      info,
      options.includeDeleted ? 'deleted' : 'record',
      { [ID]: id },
      (plan) => ({
        kind: 'record',
        object,
        id: { variable: ID, path: [] },
        ...(options.includeDeleted ? { includeDeleted: true } : {}),
        select: selectionOf(plan, objectNamed(plan, object), {
          key: info.fieldName,
          name: info.fieldName,
          nodes: info.fieldNodes,
        }),
      }),
    )
    return JSON.parse(text)
  }

  /** Of the resolver's own `where` argument; more than `limit` is an error. */
  async matchingIds(
    context: RequestContext,
    info: GraphQLResolveInfo,
    object: string,
    limit: number,
  ): Promise<readonly string[]> {
    const ids: string[] = []
    for (let after: string | null = null; ;) {
      const page = JSON.parse(
        await this.#run(context, info, 'ids', { [AFTER]: after }, (plan) =>
          idQuery(plan, info, object, after !== null),
        ),
      )
      ids.push(...page.nodes.map((node: { Id: string }) => node.Id))
      if (ids.length > limit)
        throw userError(
          `The filter matches more than ${limit.toLocaleString('en')} records. Narrow it.`,
          'TOO_MANY_ROWS',
        )
      if (!page.pageInfo.hasNextPage) return ids
      after = page.pageInfo.endCursor
    }
  }

  async firstMatching(context: RequestContext, info: GraphQLResolveInfo, object: string): Promise<FirstFound> {
    const text = await this.#run(context, info, 'first ids', {}, (plan) => ({
      ...idQuery(plan, info, object, false),
      orderBy: [{ path: ['Id'], direction: 'desc', nulls: 'last' }],
    }))
    const page = JSON.parse(text)
    return { ids: page.nodes.map((node: { Id: string }) => node.Id), complete: !page.pageInfo.hasNextPage }
  }

  /** Of such ids, those that the resolver's own `where` argument finds on this connection. */
  async stillMatching(context: RequestContext, info: GraphQLResolveInfo, object: string): Promise<StillMatching> {
    const compiled = this.#prepared(context, info, 'still', { [IDS]: [] }, (plan) => stillQuery(plan, info, object))
    const run = await this.#planner.ready(compiled, context)
    return async (ids, reader) => {
      const found = new Set<string>()
      for (let at = 0; at < ids.length; at += PAGE) {
        const variables = { ...info.variableValues, [IDS]: ids.slice(at, at + PAGE) }
        for (const node of JSON.parse(await run(variables, reader)).nodes) found.add(node.Id)
      }
      return found
    }
  }

  /** Whether a changed record is one that a subscriber asked for and may read. */
  async fits(
    context: RequestContext,
    info: GraphQLResolveInfo,
    object: string,
    id: string,
    deleted: boolean,
  ): Promise<boolean> {
    const text = await this.#run(context, info, deleted ? 'fits deleted' : 'fits', { [ID]: id }, (plan) =>
      fitQuery(plan, info, object, deleted),
    )
    return JSON.parse(text).nodes.length > 0
  }

  async visible(context: RequestContext, object: string, id: string, deleted: boolean): Promise<boolean> {
    if (!context.actor.permissions.object(object).read) return false
    const prepared = this.#planner.prepare(byId(object, deleted), context, [])
    return (
      'compiled' in prepared &&
      JSON.parse(await this.#planner.run(prepared.compiled, { [ID]: id }, context)).nodes.length > 0
    )
  }

  async standing(context: RequestContext, object: string, id: string): Promise<Exclude<Standing, 'fits'>> {
    if (await this.visible(context, object, id, false)) return 'other'
    return (await this.visible(context, object, id, true)) ? 'deleted' : 'hidden'
  }

  async countsBy(
    context: RequestContext,
    object: string,
    field: string,
  ): Promise<ReadonlyMap<string, number> | undefined> {
    const prepared = this.#planner.prepare(countQuery(object, field), context, [])
    if ('errors' in prepared) return undefined
    const groups = JSON.parse(await this.#planner.run(prepared.compiled, {}, context)) as {
      readonly group: { readonly value: string | null }
      readonly count: number
    }[]
    return new Map(groups.map((entry) => [String(entry.group.value), entry.count]))
  }

  #run(
    context: RequestContext,
    info: GraphQLResolveInfo,
    use: string,
    own: Variables,
    make: (plan: PlanContext) => Query,
  ): Promise<string> {
    const compiled = this.#prepared(context, info, use, own, make)
    return this.#planner.run(compiled, { ...info.variableValues, ...own }, context)
  }

  #prepared(
    context: RequestContext,
    info: GraphQLResolveInfo,
    use: string,
    own: Variables,
    make: (plan: PlanContext) => Query,
  ): Compiled {
    const { actor } = context
    const prepared = this.#plans.getOrMake(
      info.fieldNodes[0]!,
      `${actor.permissions.key}\n${use}\n${info.path.key}\n`,
      { ...info.variableValues, ...own },
      (pin) => {
        const plan = {
          schema: context.schema,
          fragments: info.fragments,
          variables: info.variableValues,
          pin,
          catalog: context.catalog,
          typenames: [],
          tally: { conditions: 0 },
          materialise: true,
        }
        return this.#planner.prepare(make(plan), context, [], plan.typenames)
      },
    )
    if ('errors' in prepared) throw prepared.errors[0]!
    return prepared.compiled
  }
}

function ownWhere(plan: PlanContext, info: GraphQLResolveInfo, object: string): Where | undefined {
  const definition = (info.parentType as GraphQLObjectType).getFields()[info.fieldName]
  const where = argumentOf(info.fieldNodes[0]!, definition?.args.find((argument) => argument.name === 'where'), plan.variables, plan.pin) // prettier-ignore
  return where && whereOf(plan.catalog, objectNamed(plan, object), counted(plan.tally, where))
}

function idQuery(plan: PlanContext, info: GraphQLResolveInfo, object: string, paged: boolean): ListQuery {
  const where = ownWhere(plan, info, object)
  return {
    kind: 'list',
    object,
    ...(where ? { where } : {}),
    orderBy: [],
    page: { first: { constant: PAGE }, ...(paged ? { after: { variable: AFTER, path: [] } } : {}) },
    select: [
      { key: 'nodes', kind: 'nodes', select: [{ key: 'Id', kind: 'field', field: 'Id' }] },
      { key: 'pageInfo', kind: 'pageInfo', parts: [{ key: 'hasNextPage', kind: 'hasNextPage' }, { key: 'endCursor', kind: 'endCursor' }] }, // prettier-ignore
    ],
  }
}

const fitQuery = (plan: PlanContext, info: GraphQLResolveInfo, object: string, deleted: boolean): ListQuery =>
  narrowed(byId(object, deleted), ownWhere(plan, info, object))

const stillQuery = (plan: PlanContext, info: GraphQLResolveInfo, object: string): ListQuery =>
  narrowed(
    { ...byId(object, false), where: { kind: 'compare', field: 'Id', operator: 'in', value: { variable: IDS, path: [] } }, page: { first: { constant: PAGE } } },
    ownWhere(plan, info, object),
  ) // prettier-ignore

const narrowed = (query: ListQuery, where: Where | undefined): ListQuery =>
  where ? { ...query, where: { kind: 'and', of: [query.where!, where] } } : query

const countQuery = (object: string, field: string): Query => ({
  kind: 'aggregate',
  object,
  where: { kind: 'compare', field, operator: 'isNull', value: { constant: false } },
  groupBy: [{ path: [field] }],
  first: { constant: PAGE },
  select: [
    { key: 'group', kind: 'group', parts: [{ key: 'value', group: 0 }] },
    { key: 'count', kind: 'count' },
  ],
})

function byId(object: string, deleted: boolean): ListQuery {
  return {
    kind: 'list',
    object,
    where: { kind: 'compare', field: 'Id', operator: 'eq', value: { variable: ID, path: [] } },
    orderBy: [],
    page: { first: { constant: 1 } },
    ...(deleted ? { deleted: 'justDeleted' } : {}),
    select: [{ key: 'nodes', kind: 'nodes', select: [{ key: 'Id', kind: 'field', field: 'Id' }] }],
  }
}
