/** Scalars whose JSON form is the platform's own (see #util values): the value passes through, its form is checked on the way in. */
import { GraphQLError, GraphQLScalarType, valueFromASTUntyped, type ValueNode } from 'graphql'
import { decimalText, formatInstant, isDay, parseInstant, placeOf, timeOfDay, type Value } from '#util'

type Parse = (value: unknown) => Value

function scalar(name: string, description: string, parse: Parse): GraphQLScalarType {
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => value,
    parseValue: parse,
    parseLiteral: (node, variables) => parse(valueFromASTUntyped(node, variables)),
  })
}

const wrong = (name: string, form: string): never => {
  throw new GraphQLError(`${name} must be ${form}.`)
}

function parseDate(value: unknown): Value {
  return typeof value === 'string' && isDay(value)
    ? value
    : wrong('Date', 'a day of the calendar, written as YYYY-MM-DD')
}

function parseDateTime(value: unknown): Value {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined
  return instant === undefined
    ? wrong('DateTime', 'ISO 8601 with a zone, such as 2026-03-09T11:00:00Z')
    : formatInstant(instant)
}

const parseTime = (value: unknown): Value =>
  timeOfDay(value) ?? wrong('Time', 'written as HH:mm, HH:mm:ss or HH:mm:ss.SSS')

const parseDecimal = (value: unknown): Value =>
  decimalText(value) ?? wrong('Decimal', 'a decimal number in a string, such as "12345678901234.56"')

const parseGeolocation = (value: unknown): Value =>
  (placeOf(value) as Value | undefined) ?? wrong('Geolocation', '{ latitude: -90…90, longitude: -180…180 }')

const ADDRESS_PARTS = ['street', 'city', 'state', 'postalCode', 'country']
function parseAddress(value: unknown): Value {
  const parts =
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.entries(value)
      : wrong('Address', `an object of ${ADDRESS_PARTS.join(', ')}`)
  for (const [key, part] of parts as [string, unknown][])
    if (!ADDRESS_PARTS.includes(key) || (part !== null && typeof part !== 'string'))
      return wrong('Address', `an object of ${ADDRESS_PARTS.join(', ')}, each a text`)
  return Object.fromEntries(parts as [string, Value][])
}

export const DateTimeScalar = scalar(
  'DateTime',
  'An instant: ISO 8601 in UTC with milliseconds, `2026-03-09T11:00:00.000Z`. Any offset is accepted.',
  parseDateTime,
)
export const DateScalar = scalar('Date', 'A calendar day, `YYYY-MM-DD`.', parseDate)
export const TimeScalar = scalar('Time', 'A time of day without a zone, `HH:mm:ss.SSS`.', parseTime)
export const DecimalScalar = scalar(
  'Decimal',
  'A number of more than 15 digits, as text so that no digit is lost.',
  parseDecimal,
)
export const JSONScalar = scalar('JSON', 'Any JSON value.', (value) => value as Value)
export const GeolocationScalar = scalar('Geolocation', '`{ latitude, longitude }` in degrees.', parseGeolocation)
export const AddressScalar = scalar(
  'Address',
  '`{ street, city, state, postalCode, country }`, each a text or null.',
  parseAddress,
)
export const GroupByScalar = scalar(
  'GroupBy',
  'What to group by: a field (`Priority`), a date or time field by period (`{ CreatedDate: MONTH }`: HOUR, DAY, WEEK, MONTH, QUARTER, YEAR in your time zone), or a parent’s field (`{ Account: Tier__c }`).',
  (value) => value as Value,
)

export const SCALARS = [
  DateTimeScalar,
  DateScalar,
  TimeScalar,
  DecimalScalar,
  JSONScalar,
  GeolocationScalar,
  AddressScalar,
  GroupByScalar,
]
export type { ValueNode }
