/** The namespaced types: `milestone { … }`, `timer { … }`, `outbox { … }` and `process { … }`. */
import { GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString, type GraphQLFieldConfig, type GraphQLNamedType, type GraphQLOutputType } from 'graphql' // prettier-ignore
import type { LaneView } from '#automation'
import { formatInstant, type Instant } from '#util'
import { inTurn, newTurns } from '../api/in-turn.ts'
import * as milestones from '../api/milestones.ts'
import * as processes from '../api/processes.ts'
import * as whatIf from '../api/what-if.ts'
import type { RequestContext } from '../context.ts'
import { canRead, expect, type SchemaContext } from './context.ts'
import { DateTimeScalar } from './scalars.ts'
import { Finding } from './static-types.ts'

type Field = GraphQLFieldConfig<unknown, RequestContext>

const required = <T extends GraphQLOutputType>(type: T) => new GraphQLNonNull(type)
const listOf = (type: GraphQLOutputType) => required(new GraphQLList(required(type)))
const text = { type: GraphQLString }
const requiredText = { type: required(GraphQLString) }
const count = { type: required(GraphQLInt) }
const version = { type: required(GraphQLString), description: 'Full name of a version, such as Standard_Support_v1.' }

/** The same, for an argument. */
const versionText = { type: required(GraphQLString), description: version.description }

const findings = { type: listOf(Finding), description: 'Any error means that nothing was done.' }

// ── process: for those who look after processes ──

const VersionType = new GraphQLObjectType<processes.VersionView, RequestContext>({
  name: 'ProcessVersion',
  fields: {
    version: { ...version, resolve: ({ document }) => document.name },
    process: { ...requiredText, resolve: ({ document }) => document.process },
    number: { ...count, resolve: ({ document }) => document.version },
    label: { ...requiredText, resolve: ({ document }) => document.label },
    object: { ...requiredText, resolve: ({ document }) => document.object },
    status: { ...requiredText, description: 'draft, active or inactive.', resolve: ({ document }) => document.status },
    isDefault: {
      type: required(GraphQLBoolean),
      description: 'New records get this version.',
      resolve: ({ document }) => document.isDefault ?? false,
    },
    records: {
      type: GraphQLInt,
      description: 'Records in this version that you may read; null when you may not read which version they are in.',
    },
  },
})

const JournalEntry = new GraphQLObjectType({
  name: 'ProcessJournalEntry',
  description: 'Work on many records, done in batches and gone on with after a restart.',
  fields: {
    id: { type: required(GraphQLID) },
    kind: { ...requiredText, description: 'calendar, set-up, lookup, tzdata, migration or deactivation.' },
    status: { ...requiredText, description: 'pending, done or failed.' },
    what: { ...text, description: 'What changed.' },
    records: count,
    done: { ...count, description: 'How many of the records are done.' },
    problems: { type: listOf(GraphQLString), description: 'A sentence for each record that could not be worked on.' },
    createdAt: { type: required(DateTimeScalar) },
    updatedAt: { type: required(DateTimeScalar) },
  },
})

const VersionResult = new GraphQLObjectType({
  name: 'ProcessVersionResult',
  fields: {
    name: { ...requiredText, description: 'Full name of the version it is about: of a draft, the new one.' },
    findings,
    records: { ...count, description: 'Records that are moved or let go, now and in the batches that follow.' },
  },
})

const Change = new GraphQLObjectType({
  name: 'ProcessMilestoneChange',
  fields: {
    recordId: { type: required(GraphQLID) },
    milestone: requiredText,
    from: { type: DateTimeScalar, description: 'Target now.' },
    to: { type: DateTimeScalar, description: 'Target in the other version.' },
    statusBefore: text,
    statusAfter: text,
    lateAtOnce: { type: required(GraphQLBoolean), description: 'Open, paused or not, and late by the change.' },
  },
})

const onlyPreview = (description: string) => ({ type: GraphQLInt, description: `${description} Only with dryRun.` })
const Migration = new GraphQLObjectType({
  name: 'ProcessMigration',
  fields: {
    findings,
    records: { ...count, description: 'Records in flight that are moved, or would be.' },
    moved: onlyPreview('Open milestones whose target would be another.'),
    violated: onlyPreview('Open milestones that would be late at once.'),
    started: onlyPreview('Milestones that would start.'),
    cancelled: onlyPreview('Milestones that would be cancelled.'),
    changes: {
      type: new GraphQLList(required(Change)),
      description: 'One row a milestone, the first 200. Only with dryRun.',
    },
  },
})

const OutcomeType = new GraphQLObjectType({
  name: 'ProcessOutcome',
  fields: {
    met: count,
    missed: { ...count, description: 'Completed late, or violated and still open.' },
    open: count,
    cancelled: count,
    attainment: {
      type: GraphQLFloat,
      description: 'The share of met among met and missed, 0 to 1; null with neither.',
    },
  },
})
const SimulatedMilestone = new GraphQLObjectType({
  name: 'ProcessSimulatedMilestone',
  fields: {
    milestone: requiredText,
    today: { type: required(OutcomeType), description: 'As it really came.' },
    simulated: { type: required(OutcomeType), description: 'As it would have come.' },
  },
})
const SimulatedChange = new GraphQLObjectType({
  name: 'ProcessSimulatedChange',
  fields: {
    recordId: { type: required(GraphQLID) },
    milestone: requiredText,
    run: count,
    cycle: count,
    statusToday: text,
    statusSimulated: text,
    targetToday: { type: DateTimeScalar },
    targetSimulated: { type: DateTimeScalar },
    violatedAt: { type: DateTimeScalar, description: 'When the promise would have been broken.' },
  },
})
const UnknownPast = new GraphQLObjectType({
  name: 'ProcessSimulationUnknown',
  fields: {
    recordId: { type: required(GraphQLID) },
    fields: {
      type: listOf(GraphQLString),
      description: 'They have no history, and no process read them at the time: their values of today stand in.',
    },
  },
})
const Simulation = new GraphQLObjectType({
  name: 'ProcessSimulation',
  fields: {
    findings,
    records: { ...count, description: 'How many records it was lived over.' },
    unknown: { type: listOf(UnknownPast), description: 'Records whose past is not known in full.' },
    milestones: { type: listOf(SimulatedMilestone) },
    changes: { type: listOf(SimulatedChange), description: 'One row a milestone that would have been otherwise.' },
  },
})
const BreachType = new GraphQLObjectType({
  name: 'MilestoneBreach',
  fields: {
    recordId: { type: required(GraphQLID) },
    object: requiredText,
    milestoneId: { type: GraphQLID, description: 'Of the RecordMilestone; null when a timer will only then start it.' },
    milestone: requiredText,
    processVersion: requiredText,
    target: { type: required(DateTimeScalar) },
    ownerId: { type: GraphQLID, description: 'Whose promise it is.' },
    chance: {
      type: GraphQLFloat,
      description:
        'Of the earlier ones that were still open this far on, the share that was missed, 0 to 1; null with fewer than five.',
    },
    sample: { ...count, description: 'How many earlier ones that is.' },
  },
})
const Forecast = new GraphQLObjectType({
  name: 'MilestoneForecast',
  fields: {
    until: { type: required(DateTimeScalar) },
    records: { ...count, description: 'Records that were looked at, those with the nearest timers first.' },
    more: { type: required(GraphQLBoolean), description: 'There were more than that.' },
    breaches: { type: listOf(BreachType), description: 'The next target first.' },
  },
})

const Running = new GraphQLEnumType({
  name: 'ProcessRunningRecords',
  values: {
    KEEP_RUNNING: { value: 'keepRunning', description: 'Records stay in the version to their end.' },
    CANCEL_RUNNING: { value: 'cancelRunning', description: 'Open milestones are cancelled, records let go.' },
  },
})
const Late = new GraphQLEnumType({
  name: 'ProcessLateMilestones',
  values: {
    RAISE: { value: 'raise', description: 'What is late at once is violated, with all that follows.' },
    SKIP: { value: 'skip', description: 'What is late at once is violated without its violation steps.' },
  },
})

const LaneState = new GraphQLEnumType({
  name: 'OutboxLaneState',
  values: {
    CLOSED: { value: 'closed', description: 'Messages leave.' },
    OPEN: { value: 'open', description: 'The host failed several times in a row: its messages wait until openUntil.' },
    HALF_OPEN: { value: 'halfOpen', description: 'One message tries whether the host is back.' },
  },
})
const instantText = (at: Instant | undefined) => (at === undefined ? null : formatInstant(at))
const LaneType = new GraphQLObjectType<LaneView, RequestContext>({
  name: 'OutboxLane',
  description: 'The messages to one host; its breaker as the node that answers sees it.',
  fields: {
    host: { ...requiredText, description: 'Name and port of a webhook’s receiver, or “mail server”.' },
    waiting: count,
    inFlight: { ...count, description: 'On all nodes.' },
    state: { type: required(LaneState) },
    since: {
      type: DateTimeScalar,
      description: 'Since when the host has not answered.',
      resolve: ({ since }) => instantText(since),
    },
    openUntil: { type: DateTimeScalar, resolve: ({ openUntil }) => instantText(openUntil) },
    lastError: text,
  },
})

const FOR_MANAGERS: readonly GraphQLNamedType[] = [
  VersionType,
  JournalEntry,
  VersionResult,
  Change,
  Migration,
  Running,
  Late,
  OutcomeType,
  SimulatedMilestone,
  SimulatedChange,
  UnknownPast,
  Simulation,
  LaneState,
  LaneType,
]

const processQuery = () =>
  new GraphQLObjectType<unknown, RequestContext>({
    name: 'ProcessQuery',
    fields: {
      journal: {
        type: listOf(JournalEntry),
        args: { first: { type: GraphQLInt, defaultValue: 50, description: 'At most 500.' } },
        description: 'The newest first.',
        resolve: (_, args, request) => processes.journal(args as never, request),
      },
      versions: {
        type: listOf(VersionType),
        args: { process: { type: GraphQLString, description: 'Only those of this process.' } },
        resolve: (_, args, request) => processes.versions(args, request),
      },
      simulate: {
        type: required(Simulation),
        args: {
          version: versionText,
          from: { type: DateTimeScalar, description: 'Records made since.' },
          to: { type: DateTimeScalar, description: 'Records made until.' },
          records: { type: required(GraphQLInt), defaultValue: 200, description: 'The newest so many, at most 1,000.' },
          first: { type: required(GraphQLInt), defaultValue: 50, description: 'Rows of changes, at most 500.' },
        },
        description:
          'A version, a draft too, lived over the past of records beside what really came: of the records in any version of its process or, when there is none, of its object. Nothing is written.',
        resolve: (_, args, request) => whatIf.simulate(args as never, request),
      },
    },
  })

function processMutation(): GraphQLObjectType {
  const field = <A>(
    type: GraphQLObjectType,
    args: NonNullable<Field['args']>,
    run: (args: A, request: RequestContext) => Promise<object>,
  ): Field => ({
    type: required(type),
    args,
    resolve: (source, given, request, info) =>
      inTurn(source as never, async () => (processes.requireGiven(info), run(given as A, request))),
  })
  return new GraphQLObjectType<unknown, RequestContext>({
    name: 'ProcessMutation',
    fields: {
      draft: {
        ...field(VersionResult, { version: versionText }, processes.draft),
        description: 'A draft with the next number, copied from this version.',
      },
      activate: {
        ...field(
          VersionResult,
          { version: versionText, isDefault: { type: required(GraphQLBoolean), defaultValue: true } },
          processes.activate,
        ),
        description: 'From then on it never changes. Records in flight stay where they are.',
      },
      deactivate: field(
        VersionResult,
        { version: versionText, records: { type: required(Running), defaultValue: 'cancelRunning' } },
        processes.deactivate,
      ),
      remove: {
        ...field(VersionResult, { version: versionText }, processes.remove),
        description: 'Refused while a record is in it or a milestone was promised by it.',
      },
      migrate: {
        ...field(
          Migration,
          {
            from: versionText,
            to: versionText,
            late: { type: required(Late), defaultValue: 'raise' },
            dryRun: { type: required(GraphQLBoolean), defaultValue: false },
          },
          processes.migrate,
        ),
        description: 'Moves the records in flight; with dryRun it only says what would happen.',
      },
    },
  })
}

// ── milestone, timer, outbox ──

const outboxQuery = () =>
  new GraphQLObjectType<unknown, RequestContext>({
    name: 'OutboxQuery',
    fields: {
      lanes: {
        type: listOf(LaneType),
        description: 'Hosts that messages wait for, or that do not answer: the most waiting first.',
        resolve: (_, __, { services, actor }) => services.engine.outbox.lanes(actor),
      },
    },
  })

const milestoneQuery = () =>
  new GraphQLObjectType<unknown, RequestContext>({
    name: 'MilestoneQuery',
    fields: {
      explain: milestones.explainField,
      forecast: {
        type: required(Forecast),
        args: {
          within: { type: required(GraphQLString), description: 'ISO 8601 duration such as PT8H or P7D.' },
          object: { type: GraphQLString, description: 'Only records of this object.' },
          first: { type: required(GraphQLInt), defaultValue: 50, description: 'At most 500.' },
        },
        description:
          'Which promises will be broken when nobody does anything, and how likely that is by what has been.',
        resolve: (_, args, request) => whatIf.forecast(args as never, request),
      },
    },
  })

type Builders = { readonly [name: string]: () => GraphQLNamedType }

/** A mutation type and the result that all its fields have: the row it is about, and what the caller can mend. A cancelled timer's row makes way for another. */
function rowTypes(
  context: SchemaContext,
  name: string,
  row: string | undefined,
  fields: typeof milestones.mutationFields,
): Builders {
  const result = `${name}Result`
  return {
    [`${name}Mutation`]: () =>
      new GraphQLObjectType<unknown, RequestContext>({
        name: `${name}Mutation`,
        fields: () => fields(expect(context, result, GraphQLObjectType)),
      }),
    [result]: () => new GraphQLObjectType({ name: result, fields: () => milestones.resultFields(context, row) }),
  }
}

/** Builders by type name, for what this caller may do. */
export function processTypes(context: SchemaContext): Builders {
  if (![...context.catalog.objects.keys()].some((name) => canRead(context, name))) return {}
  return {
    MilestoneQuery: milestoneQuery,
    MilestoneForecast: () => Forecast,
    MilestoneBreach: () => BreachType,
    ...rowTypes(context, 'Milestone', 'RecordMilestone', milestones.mutationFields),
    ...(canRead(context, 'MilestoneTimer') ? rowTypes(context, 'Timer', undefined, milestones.timerFields) : {}),
    ...(processes.mayManageProcesses(context.permissions)
      ? {
          ...rowTypes(context, 'Outbox', 'OutboxMessage', milestones.outboxFields),
          OutboxQuery: outboxQuery,
          ProcessQuery: processQuery,
          ProcessMutation: processMutation,
          ...Object.fromEntries(FOR_MANAGERS.map((type) => [type.name, () => type])),
        }
      : {}),
  }
}

/** Root fields whose type has been built for this caller: `milestone` of `MilestoneQuery`, and so on. */
export function namespaces(
  context: SchemaContext,
  suffix: 'Query' | 'Mutation',
): { readonly [name: string]: () => Field } {
  return Object.fromEntries(
    Object.keys(processTypes(context))
      .filter((name) => name.endsWith(suffix))
      .map((name) => [
        name.slice(0, -suffix.length).toLowerCase(),
        () => ({ type: required(expect(context, name, GraphQLObjectType)), resolve: () => ({ turns: newTurns() }) }),
      ]),
  )
}
