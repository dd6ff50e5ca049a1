/** `milestone { explain complete reopen setTarget clearTarget pause resume cancel }`, `timer { cancel }`, `outbox { resend tryNow }`. Rows are read back through the planner, as the caller. */
import { GraphQLBoolean, GraphQLID, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString, type GraphQLFieldConfig, type GraphQLFieldConfigMap, type GraphQLResolveInfo } from 'graphql' // prettier-ignore
import type { MilestoneResult } from '#automation'
import { keyPrefixOf } from '#util'
import type { RequestContext } from '../context.ts'
import { missingArgument } from '../plan/missing.ts'
import { canRead, objectType, type SchemaContext } from '../schema/context.ts'
import { SaveError } from '../schema/save-types.ts'
import { inTurn } from './in-turn.ts'
import { DateTimeScalar } from '../schema/scalars.ts'
import { MilestoneExplanation } from '../schema/static-types.ts'

const id = { type: new GraphQLNonNull(GraphQLID), description: 'Id of the RecordMilestone.' }
const reason = { type: GraphQLString }
const neededReason = { type: new GraphQLNonNull(GraphQLString) }
const targetDate = { type: new GraphQLNonNull(DateTimeScalar), description: 'Later than now.' }
const movesWithPauses = {
  type: new GraphQLNonNull(GraphQLBoolean),
  defaultValue: false,
  description: 'Pauses from now on move it.',
}
const target = {
  recordId: { type: new GraphQLNonNull(GraphQLID), description: 'Id of the record whose milestones are meant.' },
  milestoneId: { type: GraphQLID, description: 'Only this RecordMilestone; all of the record’s when absent.' },
}

export const explainField: GraphQLFieldConfig<unknown, RequestContext> = {
  type: MilestoneExplanation,
  args: {
    id: {
      type: new GraphQLNonNull(GraphQLID),
      description: 'Of a RecordMilestone; of a record: which process it is in, or why it is in none.',
    },
  },
  resolve: async (_, args, context) => {
    const id = String(args.id)
    const object = context.catalog.objectByKeyPrefix(keyPrefixOf(id))?.name
    if (object === undefined || !(await context.services.visible(context, object, id, false))) return null
    return (await context.services.engine.milestones.explain(context.actor, id)) ?? null
  },
}

type Given = { readonly [name: string]: string | null | undefined }
type Run<A = Given> = (args: A, context: RequestContext) => Promise<MilestoneResult>
type NewTarget = { readonly id: string; readonly target: string; readonly reason: string; readonly movesWithPauses: boolean } // prettier-ignore

type Fields = GraphQLFieldConfigMap<unknown, RequestContext>
type Arguments = GraphQLFieldConfig<unknown, RequestContext>['args']

const fieldsOf =
  (type: GraphQLObjectType) =>
  <A = Given>(args: Arguments, run: Run<A>): GraphQLFieldConfig<unknown, RequestContext> => ({
    type: new GraphQLNonNull(type),
    args,
    resolve: (source, given, context, info) =>
      inTurn(source as never, async () => wholeRecordByMistake(given, info) ?? run(given, context)),
  })

/** A record's milestones are all meant only when none is spoken of. */
function wholeRecordByMistake(args: Given, info: GraphQLResolveInfo): MilestoneResult | undefined {
  const missing = missingArgument(info, { milestoneId: [] })
  const why = missing?.why ?? (args.milestoneId === null || args.milestoneId === '' ? ' says nothing' : undefined)
  if (why === undefined) return undefined
  const message = `milestoneId${why}. All milestones of the record are meant only when milestoneId is not written.`
  return { id: args.recordId!, errors: [{ code: 'BAD_USER_INPUT', message, path: ['milestoneId'] }] }
}

const targetOf = ({ recordId, milestoneId }: Given) => ({
  recordId: recordId!,
  ...(milestoneId === undefined || milestoneId === null ? {} : { milestoneId }),
})

export function mutationFields(type: GraphQLObjectType): Fields {
  const field = fieldsOf(type)
  return {
    complete: field(
      { id, at: { type: DateTimeScalar, description: 'Earlier than now: needs a reason.' }, reason },
      (args, { services, actor }) =>
        services.engine.milestones.complete(actor, args.id!, {
          at: args.at ?? undefined,
          reason: args.reason ?? undefined,
        }),
    ),
    reopen: field({ id, reason }, (args, { services, actor }) =>
      services.engine.milestones.reopen(actor, args.id!, { reason: args.reason ?? undefined }),
    ),
    cancel: field({ id, reason: neededReason }, (args, { services, actor }) =>
      services.engine.milestones.cancel(actor, args.id!, { reason: args.reason! }),
    ),
    setTarget: {
      ...field<NewTarget>(
        { id, target: targetDate, reason: neededReason, movesWithPauses },
        ({ id, ...options }, { services, actor }) => services.engine.milestones.setTarget(actor, id, options),
      ),
      description: 'Agreed by people: wins over the target of the process until clearTarget.',
    },
    clearTarget: {
      ...field({ id, reason }, (args, { services, actor }) =>
        services.engine.milestones.clearTarget(actor, args.id!, { reason: args.reason ?? undefined }),
      ),
      description: 'Takes back a target that was set by hand: the process decides again.',
    },
    pause: field({ ...target, reason: neededReason }, (args, { services, actor }) =>
      services.engine.milestones.pause(actor, targetOf(args), { reason: args.reason! }),
    ),
    resume: field(target, (args, { services, actor }) => services.engine.milestones.resume(actor, targetOf(args))),
  }
}

const idOf = (description: string) => ({ id: { type: new GraphQLNonNull(GraphQLID), description } })

export function timerFields(type: GraphQLObjectType): Fields {
  const cancel = fieldsOf(type)(
    { ...idOf('Id of a MilestoneTimer that waits or has failed.'), reason: neededReason },
    (args, { services, actor }) => services.engine.timers.cancel(actor, args.id!, { reason: args.reason! }),
  )
  const retry = fieldsOf(type)(idOf('Id of a MilestoneTimer that has failed.'), (args, { services, actor }) =>
    services.engine.timers.retry(actor, args.id!),
  )
  return {
    retry: { ...retry, description: 'Tries the action once more; an error says why it failed again.' },
    cancel: { ...cancel, description: 'Takes the step off for good; the record’s history says who and why.' },
  }
}

export function outboxFields(type: GraphQLObjectType): Fields {
  const resend = fieldsOf(type)(idOf('Id of an OutboxMessage.'), async ({ id }, context) => {
    const { services, actor } = context
    if (await services.visible(context, 'OutboxMessage', id!, false)) return services.engine.outbox.resend(actor, id!)
    return { id: id!, errors: [{ code: 'NOT_FOUND', message: 'There is no such message.' }] }
  })
  const host = { type: new GraphQLNonNull(GraphQLString), description: 'As a lane names it.' }
  const tryNow = fieldsOf(type)({ host }, (args, { services, actor }) =>
    services.engine.outbox.tryNow(actor, args.host!),
  )
  return {
    resend: { ...resend, description: 'Sends it (again), under the same idempotency key.' },
    tryNow: { ...tryNow, description: 'Closes a host’s breaker: the next message to it is tried at once.' },
  }
}

/** `row`: the object that the result is about; absent when there is nothing of it left to read. */
export function resultFields(
  context: SchemaContext,
  row: string | undefined,
): GraphQLFieldConfigMap<MilestoneResult, RequestContext> {
  const readable = row && context.catalog.object(row) && canRead(context, row)
  return {
    id: { type: new GraphQLNonNull(GraphQLID), description: 'As it was asked for.' },
    ...(readable
      ? {
          record: {
            type: objectType(context, row, 'record'),
            resolve: (result, _, request, info) =>
              result.errors.length || !isOf(context, row, result.id)
                ? null
                : request.services.readRecord(request, info, row, result.id),
          },
        }
      : {}),
    errors: { type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(SaveError))) },
  }
}

/** Pausing a whole record answers with the record's id. */
const isOf = (context: SchemaContext, row: string, recordId: string): boolean =>
  context.catalog.objectByKeyPrefix(recordId.slice(0, 3))?.name === row
