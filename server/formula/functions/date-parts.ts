import { addMonths, checkedInstant, civilOf, DAY_MS, daysOf, isoWeek, isoWeekday, modulo } from '../dates.ts'
import { fail } from '../failure.ts'
import { Num, ONE, toInteger } from '../numbers.ts'
import { daysFromCivil } from '#util'
import { dateOf, datePart, dayOfYear, monthsLater, timePart, weekday } from '../sql/dates.ts'
import { define, strict, type FunctionDef, type Overload } from './define.ts'

const dayOf = (at: number): number => Math.floor(at / DAY_MS)
const whole = (value: number): Num => new Num(value)

function date(year: Num, month: Num, day: Num): number {
  const days = daysOf(toInteger(year), toInteger(month), toInteger(day))
  if (days === undefined) throw fail('BAD_DATE', 'DATE got numbers of which no day is made.')
  return days
}

const ofDay = (run: (days: number) => number, sql?: Overload['sql']): readonly Overload[] => [
  strict(['Date'], 'Number', (days) => whole(run(days)), { sql }),
]

const dated = (name: string, summary: string, overloads: readonly Overload[]): FunctionDef =>
  define({
    name,
    group: 'Date and time',
    signature: `${name}(date)`,
    summary,
    noSql: 'databases count the weeks of a year differently',
    overloads,
  })

const ofTime = (name: string, summary: string, run: (ms: number) => number, sql?: Overload['sql']): FunctionDef =>
  define({
    name,
    group: 'Date and time',
    signature: `${name}(time)`,
    summary,
    noSql: 'databases keep the parts of a second differently',
    overloads: [strict(['Time'], 'Number', (ms) => whole(run(ms)), { sql })],
  })

function addMonthsToInstant(at: number, months: Num): number {
  return checkedInstant(addMonths(dayOf(at), toInteger(months)) * DAY_MS + modulo(at, DAY_MS))
}

const parts = (
  name: 'YEAR' | 'MONTH' | 'DAY',
  run: (civil: ReturnType<typeof civilOf>) => number,
): readonly Overload[] => [
  strict(['Date'], 'Number', (days) => whole(run(civilOf(days))), {
    sql: ([date], build) => datePart(build, date!, name),
  }),
]

export const dateParts: readonly FunctionDef[] = [
  define({
    name: 'DATE',
    group: 'Date and time',
    signature: 'DATE(year, month, day)',
    summary: 'The date of this year, month and day. A day that does not exist is an error.',
    overloads: [
      strict(['Number', 'Number', 'Number'], 'Date', date, { sql: ([y, m, d], build) => dateOf(build, y!, m!, d!) }),
    ],
  }),
  dated('YEAR', 'The year of a date.', parts('YEAR', (civil) => civil.year)), // prettier-ignore
  dated('MONTH', 'The month of a date, 1 to 12.', parts('MONTH', (civil) => civil.month)), // prettier-ignore
  dated('DAY', 'The day of the month of a date.', parts('DAY', (civil) => civil.day)), // prettier-ignore
  dated('WEEKDAY', 'The day of the week: Sunday 1, Saturday 7.', ofDay((days) => (isoWeekday(days) % 7) + 1, ([date], build) => weekday(build, date!))), // prettier-ignore
  dated('ISOWEEK', 'The ISO 8601 week number.', ofDay((days) => isoWeek(days).week)), // prettier-ignore
  dated('ISOYEAR', 'The year that the ISO 8601 week belongs to.', ofDay((days) => isoWeek(days).year)), // prettier-ignore
  dated('DAYOFYEAR', 'The day of the year, 1 to 366.', ofDay((days) => days - daysFromCivil(civilOf(days).year, 1, 1) + 1, ([date], build) => dayOfYear(build, date!))), // prettier-ignore
  define({
    name: 'ADDMONTHS',
    group: 'Date and time',
    signature: 'ADDMONTHS(date, months)',
    summary: 'The date this many months later; the last day of a month stays a last day.',
    noSql: 'it moves a date/time by months',
    overloads: [
      strict(['Date', 'Number'], 'Date', (days, months) => addMonths(days, toInteger(months)), {
        sql: ([date, months], build) => monthsLater(build, date!, months!),
      }),
      strict(['DateTime', 'Number'], 'DateTime', addMonthsToInstant),
    ],
  }),
  ofTime(
    'HOUR',
    'The hour of a time, 0 to 23.',
    (ms) => Math.floor(ms / 3_600_000),
    ([time], build) => timePart(build, time!, 'HOUR'),
  ),
  ofTime(
    'MINUTE',
    'The minute of a time.',
    (ms) => Math.floor(ms / 60_000) % 60,
    ([time], build) => timePart(build, time!, 'MINUTE'),
  ),
  ofTime(
    'SECOND',
    'The second of a time.',
    (ms) => Math.floor(ms / 1000) % 60,
    ([time], build) => timePart(build, time!, 'SECOND'),
  ),
  ofTime('MILLISECOND', 'The millisecond of a time.', (ms) => ms % 1000),
  define({
    name: 'UNIXTIMESTAMP',
    group: 'Date and time',
    signature: 'UNIXTIMESTAMP(date_or_time)',
    summary: 'Seconds since 1970-01-01 in GMT; of a time, seconds since midnight.',
    noSql: 'it counts seconds since 1970',
    overloads: [
      strict(['Date'], 'Number', (days) => whole(days * 86_400)),
      strict(['DateTime'], 'Number', (at) => whole(Math.floor(at / 1000))),
      strict(['Time'], 'Number', (ms) => whole(Math.floor(ms / 1000))),
    ],
  }),
  define({
    name: 'FROMUNIXTIME',
    group: 'Date and time',
    signature: 'FROMUNIXTIME(seconds)',
    summary: 'The date/time this many seconds after 1970-01-01 in GMT.',
    noSql: 'it counts seconds since 1970',
    overloads: [
      strict(['Number'], 'DateTime', (seconds) =>
        checkedInstant(seconds.times(1000).toDecimalPlaces(0).times(ONE).toNumber()),
      ),
    ],
  }),
]
