/** Types that are the same for every catalog and caller. */
import { GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLInputObjectType, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString, GraphQLID, type GraphQLNamedType, type GraphQLOutputType } from 'graphql' // prettier-ignore
import type { Explained } from '#automation'
import type { HeldBackMilestone as HeldBack } from '#process'
import { formatInstant } from '#util'
import { KINDS_OF_DOCUMENTS } from '../api/kinds.ts'
import { FILTER_TYPES } from './filters.ts'
import { OrderDirection } from './input-types.ts'
import { PageInfo } from './record-types.ts'
import { SaveError, SaveMode } from './save-types.ts'
import { DateTimeScalar, JSONScalar, SCALARS } from './scalars.ts'

export const required = <T extends GraphQLOutputType>(type: T) => new GraphQLNonNull(type)
const listOf = (type: GraphQLOutputType) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)))
const text = { type: GraphQLString }
const requiredText = { type: required(GraphQLString) }
const flag = { type: required(GraphQLBoolean) }

export const Finding = new GraphQLObjectType({
  name: 'Finding',
  description: 'What is wrong, where, and what to do next.',
  fields: {
    code: requiredText,
    severity: requiredText,
    message: requiredText,
    hint: text,
    file: text,
    path: text,
    at: { type: JSONScalar, description: '`{ start, end }`: characters of a formula.' },
  },
})

export const CurrentUserType = new GraphQLObjectType({
  name: 'CurrentUser',
  fields: {
    id: { type: required(GraphQLID) },
    name: requiredText,
    username: requiredText,
    email: text,
    timeZone: requiredText,
    locale: requiredText,
    systemPermissions: {
      type: listOf(GraphQLString),
      description: 'Of manageMetadata, manageUsers, viewSetup, manageProcesses.',
    },
    permissionSets: { type: listOf(GraphQLString) },
  },
})

const DocumentKind = new GraphQLEnumType({
  name: 'MetadataKind',
  values: Object.fromEntries(KINDS_OF_DOCUMENTS.map((kind) => [kind, {}])),
})

const PicklistEntry = new GraphQLObjectType({
  name: 'MetadataPicklistValue',
  fields: { value: requiredText, label: requiredText, active: flag, default: flag, closed: flag, color: text },
})

const Picklist = new GraphQLObjectType({
  name: 'MetadataPicklist',
  fields: {
    restricted: { ...flag, description: 'Only the listed values are taken.' },
    values: { type: listOf(PicklistEntry) },
    controllingField: text,
    dependencies: { type: JSONScalar, description: 'Which values each controlling value allows.' },
  },
})

const Reference = new GraphQLObjectType({
  name: 'MetadataReference',
  fields: {
    to: { type: listOf(GraphQLString), description: 'Objects that the caller may read.' },
    any: flag,
    polymorphic: flag,
    relationshipName: requiredText,
    childRelationshipName: text,
    onDelete: requiredText,
    masterDetail: flag,
  },
})

const MetadataField = new GraphQLObjectType({
  name: 'MetadataField',
  description: 'A field as the caller may use it; fields they may not read are not listed.',
  fields: {
    id: { type: required(GraphQLID) },
    name: requiredText,
    label: requiredText,
    type: requiredText,
    description: text,
    helpText: text,
    required: flag,
    unique: flag,
    indexed: flag,
    readOnly: { ...flag, description: 'Set by the platform, whoever asks.' },
    createOnly: flag,
    calculating: {
      ...flag,
      description:
        'A roll-up or an auto-number whose values are being calculated: those that are read are not right yet.',
    },
    createable: { ...flag, description: 'The caller may set it on a new record.' },
    updateable: { ...flag, description: 'The caller may change it.' },
    filterable: flag,
    sortable: flag,
    custom: flag,
    origin: { ...requiredText, description: 'declared, system or process.' },
    trackHistory: flag,
    length: { type: GraphQLInt },
    precision: { type: GraphQLInt },
    scale: { type: GraphQLInt },
    displayFormat: text,
    defaultValue: { type: JSONScalar },
    defaultFormula: { ...text, description: 'Fills the field of a new record that is saved without a value.' },
    formula: text,
    formulaType: text,
    treatBlanksAs: text,
    rollup: { type: JSONScalar },
    picklist: { type: Picklist },
    reference: { type: Reference },
  },
})

const MetadataChild = new GraphQLObjectType({
  name: 'MetadataChildRelationship',
  fields: {
    name: requiredText,
    object: requiredText,
    field: requiredText,
    label: { ...requiredText, description: 'Plural label of the child object.' },
  },
})

const Section = new GraphQLObjectType({
  name: 'MetadataLayoutSection',
  fields: { label: requiredText, columns: { type: required(GraphQLInt) }, fields: { type: listOf(GraphQLString) } },
})
const RelatedList = new GraphQLObjectType({
  name: 'MetadataRelatedList',
  fields: { relationship: requiredText, fields: { type: listOf(GraphQLString) }, sort: text },
})
const Layout = new GraphQLObjectType({
  name: 'MetadataLayout',
  description: 'Without the fields that the caller may not see.',
  fields: {
    name: requiredText,
    label: requiredText,
    highlights: { type: listOf(GraphQLString) },
    sections: { type: listOf(Section) },
    relatedLists: { type: listOf(RelatedList) },
  },
})
const Sort = new GraphQLObjectType({ name: 'MetadataSort', fields: { field: requiredText, direction: requiredText } })
const ListView = new GraphQLObjectType({
  name: 'MetadataListView',
  fields: {
    name: requiredText,
    label: requiredText,
    columns: { type: listOf(GraphQLString) },
    filter: { type: JSONScalar, description: 'A `where` in JSON form.' },
    sort: { type: listOf(Sort) },
    mine: flag,
    problem: {
      type: GraphQLString,
      description: 'Why its filter can’t be asked, and where: it was kept before filters were checked.',
    },
  },
})
const ValidationRule = new GraphQLObjectType({
  name: 'MetadataValidationRule',
  fields: {
    name: requiredText,
    active: flag,
    description: text,
    errorConditionFormula: requiredText,
    errorMessage: requiredText,
    errorDisplayField: text,
  },
})
const Access = new GraphQLObjectType({
  name: 'MetadataAccess',
  fields: { create: flag, read: flag, edit: flag, delete: flag },
})

const MetadataObject = new GraphQLObjectType({
  name: 'MetadataObject',
  description: 'An object as the caller may use it.',
  fields: {
    id: { type: required(GraphQLID) },
    name: requiredText,
    label: requiredText,
    pluralLabel: requiredText,
    description: text,
    icon: text,
    keyPrefix: requiredText,
    nameField: requiredText,
    custom: flag,
    setup: flag,
    platform: flag,
    enableProcesses: flag,
    customSettingsType: { type: GraphQLString, description: 'Hierarchy or List; absent: its rows are no settings.' },
    access: { type: required(Access), description: 'What the caller may do with its records.' },
    fieldCount: { type: required(GraphQLInt) },
    fields: { type: listOf(MetadataField) },
    field: { type: MetadataField, args: { name: { type: required(GraphQLString) } } },
    children: { type: listOf(MetadataChild) },
    layouts: { type: listOf(Layout) },
    listViews: { type: listOf(ListView), description: 'Those whose filter the caller may use.' },
    validationRules: { type: listOf(ValidationRule), description: 'Empty unless the caller may view set-up.' },
  },
})

const MetadataDocument = new GraphQLObjectType({
  name: 'MetadataDocument',
  fields: { kind: requiredText, name: requiredText, document: { type: required(JSONScalar) } },
})

const PublicHolidays = new GraphQLObjectType({
  name: 'MetadataPublicHolidays',
  fields: { findings: { type: listOf(Finding) }, documents: { type: listOf(MetadataDocument) } },
})

const MetadataVersion = new GraphQLObjectType({
  name: 'MetadataVersion',
  fields: {
    version: { type: required(GraphQLInt) },
    at: { type: required(DateTimeScalar) },
    by: requiredText,
    steps: { type: listOf(GraphQLString) },
  },
})

const EarlierDocument = new GraphQLObjectType({
  name: 'EarlierDocument',
  description: 'A document as it was until a change replaced it.',
  fields: {
    version: { type: required(GraphQLInt), description: 'Of the change that replaced it.' },
    at: { type: required(DateTimeScalar) },
    by: requiredText,
    document: { type: JSONScalar, description: 'null: there was none before.' },
  },
})

const kindAndName = {
  kind: { type: new GraphQLNonNull(DocumentKind) },
  name: { type: new GraphQLNonNull(GraphQLString) },
}

const CustomLabel = new GraphQLObjectType({
  name: 'MetadataCustomLabel',
  fields: { name: requiredText, label: text, value: requiredText },
})

export const Metadata = new GraphQLObjectType({
  name: 'Metadata',
  fields: {
    version: { type: required(GraphQLInt), description: 'Counts up with every applied change.' },
    objects: { type: listOf(MetadataObject) },
    object: { type: MetadataObject, args: { name: { type: required(GraphQLString) } } },
    labels: { type: listOf(CustomLabel), description: 'Texts that formulas read as $Label.Name.' },
    documents: {
      type: listOf(MetadataDocument),
      args: {
        kind: { type: required(DocumentKind) },
        of: { type: GraphQLString, description: 'Only those of this object.' },
      },
      description: 'For callers who may view set-up.',
    },
    document: { type: JSONScalar, args: kindAndName, description: 'For callers who may view set-up.' },
    publicHolidays: {
      type: required(PublicHolidays),
      args: {
        country: { type: new GraphQLNonNull(GraphQLString), description: 'Two letters, such as GB.' },
        state: { type: GraphQLString, description: 'Its part, such as ENG; absent: what the whole country keeps.' },
        from: { type: new GraphQLNonNull(GraphQLInt), description: 'First year.' },
        to: { type: new GraphQLNonNull(GraphQLInt), description: 'Last year.' },
        language: { type: GraphQLString, description: 'Two letters; absent: the language of the country.' },
        hours: { type: GraphQLString, description: 'API name of business hours that are to get them.' },
      },
      description: 'As documents to look at, plan and apply; nothing is saved. For callers who may view set-up.',
    },
    whereUsed: {
      type: listOf(JSONScalar),
      args: kindAndName,
      description: 'Documents that mention this one. For callers who may view set-up.',
    },
    documentHistory: {
      type: listOf(EarlierDocument),
      args: { ...kindAndName, first: { type: GraphQLInt, defaultValue: 20 } },
      description: 'What a document was before each change, the last one first. For callers who may view set-up.',
    },
    history: { type: listOf(MetadataVersion), args: { first: { type: GraphQLInt, defaultValue: 50 } } },
  },
})

const PlanStep = new GraphQLObjectType({
  name: 'MetadataPlanStep',
  fields: { text: { ...requiredText, description: 'What will be done, in plain words.' }, data: { type: JSONScalar } },
})

const Choice = new GraphQLObjectType({
  name: 'MetadataChoice',
  fields: { id: { type: required(GraphQLID) }, name: requiredText, text: requiredText },
})
const Question = new GraphQLObjectType({
  name: 'MetadataQuestion',
  description:
    'A document that may be one which is here, or a new one. Plan the changes again with `sameAs` or `isNew`.',
  fields: { kind: requiredText, name: requiredText, text: requiredText, choices: { type: listOf(Choice) } },
})

export const MetadataPlan = new GraphQLObjectType({
  name: 'MetadataPlan',
  fields: {
    planId: { type: required(GraphQLID) },
    steps: { type: listOf(PlanStep) },
    warnings: { type: listOf(GraphQLString) },
    losses: { type: listOf(GraphQLString), description: 'What data would be lost.' },
    questions: { type: listOf(Question), description: 'What has to be answered first.' },
    findings: { type: listOf(Finding), description: 'Any error means the plan can’t be applied.' },
  },
})

export const MetadataResult = new GraphQLObjectType({
  name: 'MetadataResult',
  fields: { version: { type: required(GraphQLInt) }, findings: { type: listOf(Finding) } },
})

export const MetadataChangeInput = new GraphQLInputObjectType({
  name: 'MetadataChangeInput',
  fields: {
    kind: { type: new GraphQLNonNull(DocumentKind) },
    name: { type: new GraphQLNonNull(GraphQLString), description: 'Full API name, e.g. `Case.Region__c`.' },
    document: { type: JSONScalar, description: 'The whole document; absent with `delete`.' },
    renameFrom: { type: GraphQLString, description: 'The present name, when the document is to be renamed.' },
    sameAs: {
      type: GraphQLID,
      description: 'Answers a question of the plan: the id of the document here that this one is.',
    },
    isNew: { type: GraphQLBoolean, description: 'Answers a question of the plan: it is none of those that are here.' },
    delete: { type: GraphQLBoolean, defaultValue: false },
  },
})

export const RecordChanged = new GraphQLObjectType({
  name: 'RecordChange',
  description: 'That a record changed; not what it holds.',
  fields: {
    object: requiredText,
    id: { type: required(GraphQLID) },
    change: { type: required(GraphQLString) },
    at: { type: required(DateTimeScalar) },
    fields: { type: listOf(GraphQLString), description: 'Changed fields that you may read.' },
  },
})

export const CatalogChange = new GraphQLObjectType({
  name: 'CatalogChange',
  fields: { version: { type: required(GraphQLInt) } },
})
const HeldBackMilestone = new GraphQLObjectType<HeldBack>({
  name: 'HeldBackMilestone',
  description: 'A milestone that does not start because one of its completion rules holds already.',
  fields: {
    milestone: requiredText,
    rule: { ...requiredText, description: 'As the log names it: `rule 1`.' },
    condition: {
      type: GraphQLString,
      description: 'What the rule says, in the words of labels; null when you may not read its fields.',
    },
    since: {
      type: DateTimeScalar,
      description: 'Since when it holds, as far as the log tells.',
      resolve: ({ since }) => (since === undefined ? null : formatInstant(since)),
    },
  },
})
const UnmetCondition = new GraphQLObjectType({
  name: 'UnmetCondition',
  fields: {
    text: { ...requiredText, description: 'In the words of labels: `Case Reason is filled`.' },
    fields: { type: listOf(GraphQLString), description: 'The record’s own fields that decide it.' },
  },
})
const UnmetRule = new GraphQLObjectType({
  name: 'UnmetRule',
  description:
    'What would end the process or complete a milestone, and what of it does not hold, as far as you may read the fields.',
  fields: {
    milestoneId: { type: GraphQLID, description: 'Of the RecordMilestone; null: the exit of the process.' },
    milestone: { type: GraphQLString },
    conditions: { type: listOf(UnmetCondition) },
  },
})
export const MilestoneExplanation = new GraphQLObjectType<Explained>({
  name: 'MilestoneExplanation',
  fields: {
    text: {
      ...requiredText,
      description: 'Why the target is what it is, in the words of labels; one sentence a line.',
    },
    details: {
      ...requiredText,
      description: 'Names of items and versions, and the formulas that you may read, behind the text.',
    },
    data: { type: JSONScalar, description: 'The same, as data.' },
    heldBack: {
      type: listOf(HeldBackMilestone),
      description: 'Of a record: milestones that do not start because a completion rule holds already.',
      resolve: ({ heldBack }) => heldBack ?? [],
    },
    closed: {
      type: required(GraphQLBoolean),
      description: 'The record counts as closed (`closedWhen` of its object).',
      resolve: ({ closed }) => closed ?? false,
    },
    unmet: {
      type: listOf(UnmetRule),
      description: 'What the exit of the process and open milestones still want of the record.',
      resolve: ({ unmet }) => unmet ?? [],
    },
  },
})

export const ChangeKind = new GraphQLEnumType({
  name: 'RecordChangeKind',
  values: {
    created: { description: 'Without `where`.' },
    updated: { description: 'Without `where`.' },
    entered: { description: 'With `where`: made, changed or undeleted so that it fits.' },
    changed: { description: 'With `where`: it fitted and fits.' },
    left: {
      description: 'With `where`: it no longer fits, or may no longer be read by you: then `record` is null.',
    },
    deleted: {},
    undeleted: { description: 'Without `where`.' },
  },
})
export const DeletedRows = new GraphQLEnumType({
  name: 'DeletedRows',
  values: {
    EXCLUDE: {},
    ONLY: { description: 'The recycle bin: what you deleted; everything for those who may modify all.' },
  },
})

const NAMED: readonly GraphQLNamedType[] = [
  GraphQLString, GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLFloat,
  ...SCALARS, ...FILTER_TYPES, PageInfo, OrderDirection, SaveMode, SaveError, Finding, CurrentUserType, DocumentKind, PicklistEntry, Picklist, Reference, MetadataField,
  MetadataChild, Section, RelatedList, Layout, Sort, ListView, ValidationRule, Access, MetadataObject, MetadataDocument, PublicHolidays, EarlierDocument, MetadataVersion, CustomLabel, Metadata, PlanStep, Choice, Question, MetadataPlan, MetadataResult, MetadataChangeInput, RecordChanged, CatalogChange, HeldBackMilestone, UnmetCondition, UnmetRule, MilestoneExplanation, ChangeKind, DeletedRows,
] // prettier-ignore

export const STATIC_TYPES: ReadonlyMap<string, GraphQLNamedType> = new Map(NAMED.map((type) => [type.name, type]))
