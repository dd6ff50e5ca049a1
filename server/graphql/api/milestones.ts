/** `milestone { explain complete reopen pause resume cancel }`. Rows are read back through the planner, as the caller. */
import { GraphQLID, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString, type GraphQLFieldConfig, type GraphQLFieldConfigMap } from 'graphql' // prettier-ignore
import type { MilestoneResult } from '#automation'
import type { RequestContext } from '../context.ts'
import { canRead, objectType, type SchemaContext } from '../schema/context.ts'
import { SaveError } from '../schema/save-types.ts'
import { DateTimeScalar } from '../schema/scalars.ts'
import { MilestoneExplanation } from '../schema/static-types.ts'

const ROW = 'RecordMilestone'
const id = { type: new GraphQLNonNull(GraphQLID), description: 'Id of the RecordMilestone.' }
const reason = { type: GraphQLString }
const neededReason = { type: new GraphQLNonNull(GraphQLString) }
const target = {
  recordId: { type: new GraphQLNonNull(GraphQLID), description: 'Id of the record whose milestones are meant.' },
  milestoneId: { type: GraphQLID, description: 'Only this RecordMilestone; all of the record’s when absent.' },
}

export const explainField: GraphQLFieldConfig<unknown, RequestContext> = {
  type: MilestoneExplanation,
  args: { id },
  resolve: async (_, args, context) =>
    (await context.services.engine.milestones.explain(context.actor, String(args.id))) ?? null,
}

type Run = (args: { readonly [name: string]: string | undefined }, context: RequestContext) => Promise<MilestoneResult>

export function mutationFields(type: GraphQLObjectType): GraphQLFieldConfigMap<unknown, RequestContext> {
  const field = (
    args: GraphQLFieldConfig<unknown, RequestContext>['args'],
    run: Run,
  ): GraphQLFieldConfig<unknown, RequestContext> => ({
    type: new GraphQLNonNull(type),
    args,
    resolve: (_, given, context) => run(given, context),
  })
  const targetOf = (args: Parameters<Run>[0]) => ({
    recordId: args.recordId!,
    ...(args.milestoneId ? { milestoneId: args.milestoneId } : {}),
  })
  return {
    complete: field(
      { id, at: { type: DateTimeScalar, description: 'Earlier than now: needs a reason.' }, reason },
      (args, { services, actor }) =>
        services.engine.milestones.complete(actor, args.id!, { at: args.at, reason: args.reason }),
    ),
    reopen: field({ id, reason }, (args, { services, actor }) =>
      services.engine.milestones.reopen(actor, args.id!, { reason: args.reason }),
    ),
    cancel: field({ id, reason: neededReason }, (args, { services, actor }) =>
      services.engine.milestones.cancel(actor, args.id!, { reason: args.reason! }),
    ),
    pause: field({ ...target, reason: neededReason }, (args, { services, actor }) =>
      services.engine.milestones.pause(actor, targetOf(args), { reason: args.reason! }),
    ),
    resume: field(target, (args, { services, actor }) => services.engine.milestones.resume(actor, targetOf(args))),
  }
}

export function resultFields(context: SchemaContext): GraphQLFieldConfigMap<MilestoneResult, RequestContext> {
  const readable = context.catalog.object(ROW) && canRead(context, ROW)
  return {
    ...(readable
      ? {
          record: {
            type: objectType(context, ROW, 'record'),
            resolve: (result, _, request, info) =>
              result.errors.length || !isRow(context, result.id)
                ? null
                : request.services.readRecord(request, info, ROW, result.id),
          },
        }
      : {}),
    errors: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(SaveError))) },
  }
}

/** Pausing a whole record answers with the record's id. */
const isRow = (context: SchemaContext, recordId: string): boolean =>
  context.catalog.objectByKeyPrefix(recordId.slice(0, 3))?.name === ROW
