/** Scalars whose JSON form is the platform's own (see #util values): the value passes through, its form is checked on the way in. */
import { GraphQLError, GraphQLScalarType, valueFromASTUntyped, type ValueNode } from 'graphql'
import { formatInstant, isDay, parseInstant, type Value } from '#util'

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

function parseTime(value: unknown): Value {
  const m =
    typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?Z?$/.exec(value) : null
  return m
    ? `${m[1]}:${m[2]}:${m[3] ?? '00'}.${(m[4] ?? '').padEnd(3, '0')}`
    : wrong('Time', 'written as HH:mm, HH:mm:ss or HH:mm:ss.SSS')
}

function parseDecimal(value: unknown): Value {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text))
    return wrong('Decimal', 'a decimal number in a string, such as "12345678901234.56"')
  return text
}

function parseGeolocation(value: unknown): Value {
  const { latitude, longitude } = (value ?? {}) as { latitude?: unknown; longitude?: unknown }
  const fits = (n: unknown, limit: number): n is number => typeof n === 'number' && Math.abs(n) <= limit
  if (!fits(latitude, 90) || !fits(longitude, 180))
    return wrong('Geolocation', '{ latitude: -90…90, longitude: -180…180 }')
  return { latitude, longitude }
}

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
