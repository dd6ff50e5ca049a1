/** The operators a field of each kind may be filtered with. */
import { GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInputObjectType, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLString, type GraphQLInputType } from 'graphql' // prettier-ignore
import { DateScalar, DateTimeScalar, DecimalScalar, GeolocationScalar, TimeScalar } from './scalars.ts'

const RELATIVE_PERIODS = [
  'TODAY', 'YESTERDAY', 'TOMORROW', 'THIS_WEEK', 'LAST_WEEK', 'NEXT_WEEK', 'THIS_MONTH', 'LAST_MONTH', 'NEXT_MONTH',
  'THIS_QUARTER', 'LAST_QUARTER', 'NEXT_QUARTER', 'THIS_YEAR', 'LAST_YEAR', 'NEXT_YEAR',
] as const // prettier-ignore
export const RELATIVE_COUNTS = [
  'LAST_N_DAYS', 'NEXT_N_DAYS', 'N_DAYS_AGO', 'LAST_N_WEEKS', 'NEXT_N_WEEKS', 'LAST_N_MONTHS', 'NEXT_N_MONTHS', 'LAST_N_YEARS', 'NEXT_N_YEARS',
] as const // prettier-ignore

const RelativePeriod = new GraphQLEnumType({
  name: 'RelativePeriod',
  description: 'A period around today, in the caller’s time zone. Weeks begin on Monday.',
  values: Object.fromEntries(RELATIVE_PERIODS.map((name) => [name, {}])),
})

const list = (type: GraphQLInputType) => new GraphQLList(new GraphQLNonNull(type as never))
const same = (type: GraphQLInputType, ...names: string[]) => Object.fromEntries(names.map((name) => [name, { type }]))
const equality = (type: GraphQLInputType) => ({
  eq: { type, description: 'Equal; null matches blanks.' },
  ne: { type, description: 'Not equal; blanks count as not equal.' },
  in: { type: list(type) },
  nin: { type: list(type), description: 'None of these; blanks are included.' },
  isNull: { type: GraphQLBoolean },
})
const order = (type: GraphQLInputType) => same(type, 'lt', 'lte', 'gt', 'gte')
const text = {
  like: {
    type: GraphQLString,
    description:
      '`%` any characters, `_` one character, `\\` before either takes it literally. Letter case is ignored.',
  },
  contains: { type: GraphQLString, description: 'Holds this text, letter case ignored.' },
  startsWith: { type: GraphQLString, description: 'Begins with this text, letter case ignored.' },
}
const relative = {
  relative: { type: RelativePeriod },
  ...Object.fromEntries(RELATIVE_COUNTS.map((name) => [name, { type: GraphQLInt }])),
}

const filter = (name: string, fields: { [name: string]: { type: GraphQLInputType; description?: string } }) =>
  new GraphQLInputObjectType({ name, fields })

const Distance = new GraphQLInputObjectType({
  name: 'Distance',
  description: 'Within this distance of a place.',
  fields: {
    from: { type: new GraphQLNonNull(GeolocationScalar) },
    km: { type: GraphQLFloat },
    miles: { type: GraphQLFloat },
  },
})

export const FILTERS = {
  text: filter('TextFilter', { ...equality(GraphQLString), ...order(GraphQLString), ...text }),
  picklist: filter('PicklistFilter', { ...equality(GraphQLString), ...order(GraphQLString), ...text }),
  id: filter('IdFilter', { ...equality(GraphQLID), ...order(GraphQLID) }),
  boolean: filter('BooleanFilter', { ...same(GraphQLBoolean, 'eq', 'ne', 'isNull') }),
  int: filter('IntFilter', { ...equality(GraphQLInt), ...order(GraphQLInt) }),
  float: filter('FloatFilter', { ...equality(GraphQLFloat), ...order(GraphQLFloat) }),
  decimal: filter('DecimalFilter', { ...equality(DecimalScalar), ...order(DecimalScalar) }),
  date: filter('DateFilter', { ...equality(DateScalar), ...order(DateScalar), ...relative }),
  datetime: filter('DateTimeFilter', { ...equality(DateTimeScalar), ...order(DateTimeScalar), ...relative }),
  time: filter('TimeFilter', { ...equality(TimeScalar), ...order(TimeScalar) }),
  multi: filter('MultiselectFilter', {
    includes: { type: list(GraphQLString), description: 'Holds at least one of these; `A;B` means both.' },
    excludes: { type: list(GraphQLString) },
    isNull: { type: GraphQLBoolean },
  }),
  geo: filter('GeolocationFilter', { distance: { type: Distance }, isNull: { type: GraphQLBoolean } }),
  json: filter('BlankFilter', { isNull: { type: GraphQLBoolean } }),
} as const

export const FILTER_TYPES = [...Object.values(FILTERS), RelativePeriod, Distance]
