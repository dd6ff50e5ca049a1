import { decimalText, isDay, isStorable, parseInstant, placeOf, timeOfDay } from '#util'
import type { FieldDef } from '../catalog.ts'
import { FILTER_LIMITS, RELATIVE_COUNTS, RELATIVE_PERIODS, valueKind, type ValueKind } from './operators.ts'

/** What a value must be, in words, and whether one is it. */
type Form = readonly [words: string, holds: (value: unknown) => boolean]

const isText = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= FILTER_LIMITS.text && isStorable(value)
const isWhole = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31
const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isRecord = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const TEXT: Form = ['a text', isText]
const FLAG: Form = ['true or false', isBoolean]
const PATTERN: Form = [`a text of at most ${FILTER_LIMITS.pattern.toLocaleString('en')} characters`, (value) => isText(value) && (value as string).length <= FILTER_LIMITS.pattern] // prettier-ignore
const PERIOD: Form = [`one of ${RELATIVE_PERIODS.join(', ')}`, (value) => RELATIVE_PERIODS.includes(value as string)]
const COUNT: Form = [`a whole number from 1 to ${FILTER_LIMITS.periods}`, (value) => isWhole(value) && (value as number) >= 1 && (value as number) <= FILTER_LIMITS.periods] // prettier-ignore
const DISTANCE: Form = ['a distance such as {"from": {"latitude": 40.7, "longitude": -74}, "km": 10}', isDistance]

/** As the API takes them. */
const FORMS: { readonly [kind in ValueKind]: Form } = {
  text: TEXT,
  picklist: TEXT,
  multi: TEXT,
  id: ['an id', (value) => isText(value) || Number.isInteger(value)],
  boolean: FLAG,
  int: ['a whole number', isWhole],
  float: ['a number', Number.isFinite],
  decimal: ['a number', (value) => decimalText(value) !== undefined],
  date: ['a date such as "2026-03-09"', (value) => typeof value === 'string' && isDay(value)],
  datetime: ['a date and time such as "2026-03-09T11:00:00Z"', (value) => typeof value === 'string' && parseInstant(value) !== undefined], // prettier-ignore
  time: ['a time such as "17:30"', (value) => timeOfDay(value) !== undefined],
  geo: DISTANCE,
  address: TEXT,
  json: TEXT,
}

/** `{ from, km }` or `{ from, miles }`. */
function isDistance(value: unknown): boolean {
  if (!isRecord(value) || placeOf(value.from) === undefined) return false
  const [unit, ...more] = Object.keys(value).filter((key) => key !== 'from')
  return (unit === 'km' || unit === 'miles') && more.length === 0 && Number.isFinite(value[unit])
}

const LISTS = ['in', 'nin', 'includes', 'excludes']
const PATTERNS = ['like', 'contains', 'startsWith']

function formOf(field: FieldDef, operator: string): Form {
  if (operator === 'isNull') return FLAG
  if (operator === 'relative') return PERIOD
  if (RELATIVE_COUNTS.includes(operator)) return COUNT
  return PATTERNS.includes(operator) ? PATTERN : FORMS[valueKind(field)]
}

/** Why a field can't be compared with a value, given that it can be with the operator; undefined when it can. */
export function valueProblem(field: FieldDef, operator: string, value: unknown): string | undefined {
  if (value === null) return `${field.name}: ${operator} can't be null.`
  const listed = LISTS.includes(operator)
  const values = listed && Array.isArray(value) ? value : [value]
  if (values.length > FILTER_LIMITS.list)
    return `A list for ${field.name} holds at most ${FILTER_LIMITS.list.toLocaleString('en')} values.`
  const [words, holds] = formOf(field, operator)
  if (!values.every(holds)) return `${listed ? 'Not every value' : 'The value'} for ${field.name} (${operator}) is ${listed ? '' : 'not '}${words}.` // prettier-ignore
  const stray = valuesNamed(operator, values).find((one) => !isChoice(field, one))
  return stray === undefined ? undefined : `"${stray}" is not one of the values of ${field.name}.`
}

/** `includes: ["A;B"]` names two. */
const valuesNamed = (operator: string, values: readonly unknown[]): string[] => {
  if (operator === 'includes' || operator === 'excludes') return values.flatMap((value) => String(value).split(';'))
  return ['eq', 'ne', 'in', 'nin'].includes(operator) ? values.map(String) : []
}

const isChoice = ({ picklist }: FieldDef, value: string): boolean =>
  !picklist?.restricted || value === '' || picklist.values.some((choice) => choice.value === value)
