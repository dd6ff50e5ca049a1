/** The operators a field of each kind may be filtered with. */
import { GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInputObjectType, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLString, type GraphQLInputType } from 'graphql' // prettier-ignore
import { OPERATORS_OF, RELATIVE_COUNTS, RELATIVE_PERIODS, type Operator, type ValueKind } from '#metadata'
import { DateScalar, DateTimeScalar, DecimalScalar, GeolocationScalar, JSONScalar, TimeScalar } from './scalars.ts'

const RelativePeriod = new GraphQLEnumType({
  name: 'RelativePeriod',
  description: 'A period around today, in the caller’s time zone. Weeks begin on Monday.',
  values: Object.fromEntries(RELATIVE_PERIODS.map((name) => [name, {}])),
})

const Distance = new GraphQLInputObjectType({
  name: 'Distance',
  description: 'Within this distance of a place.',
  fields: {
    from: { type: new GraphQLNonNull(GeolocationScalar) },
    km: { type: GraphQLFloat },
    miles: { type: GraphQLFloat },
  },
})

type Input = { readonly type: GraphQLInputType; readonly description?: string }
type Inputs = { readonly [name: string]: Input }

const input = (type: GraphQLInputType, description?: string): Input => ({ type, ...(description && { description }) })
const list = (type: GraphQLInputType) => new GraphQLList(new GraphQLNonNull(type as never))

/** What an operator takes, given what the field's values are. */
const INPUTS: { readonly [operator in Operator]: (type: GraphQLInputType) => Input } = {
  eq: (type) => input(type, 'Equal; null matches blanks.'),
  ne: (type) => input(type, 'Not equal; blanks count as not equal.'),
  in: (type) => input(list(type)),
  nin: (type) => input(list(type), 'None of these; blanks are included.'),
  lt: input,
  lte: input,
  gt: input,
  gte: input,
  like: () => input(GraphQLString, '`%` any characters, `_` one character, `\\` before either takes it literally. Letter case is ignored.'), // prettier-ignore
  contains: () => input(GraphQLString, 'Holds this text, letter case ignored.'),
  startsWith: () => input(GraphQLString, 'Begins with this text, letter case ignored.'),
  isNull: () => input(GraphQLBoolean),
  includes: (type) => input(list(type), 'Holds at least one of these; `A;B` means both.'),
  excludes: (type) => input(list(type)),
  relative: () => input(RelativePeriod),
  distance: () => input(Distance),
}

function inputsOf(operator: Operator, type: GraphQLInputType): Inputs {
  const counts = operator === 'relative' ? RELATIVE_COUNTS.map((name) => [name, input(GraphQLInt)] as const) : []
  return { [operator]: INPUTS[operator](type), ...Object.fromEntries(counts) }
}

const filter = (name: string, kind: ValueKind, type: GraphQLInputType): GraphQLInputObjectType =>
  new GraphQLInputObjectType({
    name,
    fields: Object.assign({}, ...OPERATORS_OF[kind].map((operator) => inputsOf(operator, type))) as Inputs,
  })

const blank = filter('BlankFilter', 'json', JSONScalar)

export const FILTERS: { readonly [kind in ValueKind]: GraphQLInputObjectType } = {
  text: filter('TextFilter', 'text', GraphQLString),
  picklist: filter('PicklistFilter', 'picklist', GraphQLString),
  id: filter('IdFilter', 'id', GraphQLID),
  boolean: filter('BooleanFilter', 'boolean', GraphQLBoolean),
  int: filter('IntFilter', 'int', GraphQLInt),
  float: filter('FloatFilter', 'float', GraphQLFloat),
  decimal: filter('DecimalFilter', 'decimal', DecimalScalar),
  date: filter('DateFilter', 'date', DateScalar),
  datetime: filter('DateTimeFilter', 'datetime', DateTimeScalar),
  time: filter('TimeFilter', 'time', TimeScalar),
  multi: filter('MultiselectFilter', 'multi', GraphQLString),
  geo: filter('GeolocationFilter', 'geo', GeolocationScalar),
  address: blank,
  json: blank,
}

export const FILTER_TYPES = [...new Set(Object.values(FILTERS)), RelativePeriod, Distance]
