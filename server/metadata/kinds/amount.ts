import { exactlyOne, flag, formula, list, record, type Schema } from './schema.ts'

const positive = (description: string): Schema => ({ type: 'number', exclusiveMinimum: 0, description })
const atLeastZero = (description: string): Schema => ({ type: 'number', minimum: 0, description })

const amount = (number: (description: string) => Schema) => ({
  minutes: number('Minutes of open time.'),
  hours: number('Hours of open time.'),
  businessDays: number('Days of the effective hours.'),
})
const UNITS = ['minutes', 'hours', 'businessDays'] as const

/** A duration in one unit, more than nothing. */
export const amountSchema = exactlyOne(record(amount(positive), [], 'A duration in one unit.'), UNITS)
/** A duration in one unit; 0 allowed. */
export const offsetSchema = exactlyOne(
  record(amount(atLeastZero), [], 'Open time after the target; 0 = at the target.'),
  UNITS,
)
/** A warning's offset: a duration, or percent of the goal. */
export const beforeSchema = exactlyOne(
  record(
    {
      ...amount(positive),
      percent: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 100, description: 'Percent of the goal.' },
    },
    [],
    'How long before the target.',
  ),
  [...UNITS, 'percent'],
)

const GOALS = {
  ...amount(positive),
  minutesFormula: formula('Minutes of open time. Number.'),
  dateTimeFormula: formula('The target itself. DateTime.'),
  shiftOnPause: flag('With dateTimeFormula: pauses move the target.'),
}
const plain = exactlyOne(record(GOALS, [], 'When the milestone is due.'), [
  ...UNITS,
  'minutesFormula',
  'dateTimeFormula',
])
const row = record({ when: formula('The row applies when this holds; absent = always. Boolean.'), target: plain }, [
  'target',
])

export const targetSchema = exactlyOne(
  record(
    { ...GOALS, table: list(row, 'A decision table: the first row that applies gives the target.', { minItems: 1 }) },
    [],
    'When the milestone is due.',
  ),
  [...UNITS, 'minutesFormula', 'dateTimeFormula', 'table'],
)
