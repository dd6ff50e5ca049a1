import { fail } from '../failure.ts'
import { Num, ZERO } from '../numbers.ts'
import type { EvaluationContext, FormulaCalendar } from '../types.ts'
import { define, strict, type FunctionDef } from './define.ts'

const MINUTE_MS = new Num(60_000)
/** A hundred thousand years: enough for any promise, and whole milliseconds still fit. */
const MAX_MS = new Num(100_000 * 366 * 86_400_000)

function calendarOf(context: EvaluationContext): FormulaCalendar {
  if (!context.calendar)
    throw fail(
      'NO_CALENDAR',
      'No business hours apply here.',
      'Use this function in an entitlement process or where business hours are set.',
    )
  return context.calendar
}

const never = () =>
  fail(
    'NEVER_OPEN',
    'The business hours never open again.',
    'Check the holidays and the effective dates of the calendar.',
  )

function opening(at: number | undefined): number {
  if (at === undefined) throw never()
  return at
}

function inRange(amount: Num): Num {
  if (amount.abs().gt(MAX_MS)) throw fail('NUMBER_TOO_LARGE', 'The span of business time is too long.')
  return amount
}

export const business: readonly FunctionDef[] = [
  define({
    name: 'BUSINESSADD',
    group: 'Business time',
    signature: 'BUSINESSADD(date_time, minutes)',
    summary: 'The moment when this many business minutes have passed.',
    varying: true,
    noSql: 'it needs a calendar',
    overloads: [
      strict(['DateTime', 'Number'], 'DateTime', (at, minutes, c) =>
        opening(calendarOf(c).add(at, inRange(minutes.times(MINUTE_MS)).toDecimalPlaces(0).toNumber())),
      ),
    ],
  }),
  define({
    name: 'BUSINESSDIFF',
    group: 'Business time',
    signature: 'BUSINESSDIFF(start, end)',
    summary: 'Business minutes between two moments; negative when the second is earlier.',
    varying: true,
    noSql: 'it needs a calendar',
    overloads: [
      strict(['DateTime', 'DateTime'], 'Number', (from, to, c) =>
        new Num(calendarOf(c).diff(from, to)).div(MINUTE_MS).plus(ZERO),
      ),
    ],
  }),
  define({
    name: 'BUSINESSADDDAYS',
    group: 'Business time',
    signature: 'BUSINESSADDDAYS(date_time, days)',
    summary: 'The moment this many business days later, at the same time of day where that is open.',
    varying: true,
    noSql: 'it needs a calendar',
    overloads: [
      strict(['DateTime', 'Number'], 'DateTime', (at, days, c) =>
        opening(calendarOf(c).addDays(at, businessDays(days))),
      ),
    ],
  }),
  define({
    name: 'NEXTBUSINESSDAY',
    group: 'Business time',
    signature: 'NEXTBUSINESSDAY(date_time, time)',
    summary: 'The next business day after this one, at this time of day.',
    varying: true,
    noSql: 'it needs a calendar',
    overloads: [
      strict(['DateTime', 'Time'], 'DateTime', (at, time, c) => opening(calendarOf(c).nextBusinessDay(at, time))),
    ],
  }),
  define({
    name: 'ISBUSINESSOPEN',
    group: 'Business time',
    signature: 'ISBUSINESSOPEN(date_time)',
    summary: 'True when the business hours are open at this moment.',
    varying: true,
    noSql: 'it needs a calendar',
    overloads: [strict(['DateTime'], 'Boolean', (at, c) => calendarOf(c).isOpen(at))],
  }),
]

const MAX_DAYS = 100_000

function businessDays(days: Num): number {
  if (days.abs().gt(MAX_DAYS)) throw fail('NUMBER_TOO_LARGE', `BUSINESSADDDAYS takes at most ${MAX_DAYS} days.`)
  return days.trunc().toNumber()
}
