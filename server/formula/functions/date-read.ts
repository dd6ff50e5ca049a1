import { DAY_MS, daysOf, modulo } from '../dates.ts'
import { fail } from '../failure.ts'
import { Num, toInteger } from '../numbers.ts'
import { localDay } from '../runtime.ts'
import { midnight, timeOfDay } from '../sql/dates.ts'
import { define, strict, type FunctionDef, type Overload } from './define.ts'

const DATE = /^[ \t]*(\d{1,9})-[ \t]*(\d{1,9})-[ \t]*(\d{1,9})/
const DATE_TIME = /^[ \t]*(\d{1,9})-[ \t]*(\d{1,9})-[ \t]*(\d{1,9}) [ \t]*(\d{1,9}):[ \t]*(\d{1,9}):[ \t]*(\d{1,9})/
const TIME = /^[ \t]*(\d{1,9}):[ \t]*(\d{1,9}):[ \t]*(\d{1,9})\.(\d{1,9})$/

/** Single digits are fine, and so is anything after the day. */
function dateValue(text: string): number {
  const m = DATE.exec(text)
  const days = m ? daysOf(Number(m[1]), Number(m[2]), Number(m[3])) : undefined
  if (days === undefined) throw unreadable('a date', '2026-05-31')
  return days
}

function dateTimeValue(text: string): number {
  const m = DATE_TIME.exec(text)
  const days = m ? daysOf(Number(m[1]), Number(m[2]), Number(m[3])) : undefined
  const ms = m ? timeOf(Number(m[4]), Number(m[5]), Number(m[6]), 0) : undefined
  if (days === undefined || ms === undefined) throw unreadable('a date/time', '2026-05-31 17:30:00')
  return days * DAY_MS + ms
}

function timeValue(text: string): number {
  const m = TIME.exec(text)
  const ms = m ? timeOf(Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4])) : undefined
  if (ms === undefined) throw unreadable('a time', '17:30:00.000')
  return ms
}

function timeOf(hour: number, minute: number, second: number, ms: number): number | undefined {
  const real = hour < 24 && minute < 60 && second < 60 && ms < 1000
  return real ? hour * 3_600_000 + minute * 60_000 + second * 1000 + ms : undefined
}

const unreadable = (what: string, example: string) =>
  fail('BAD_DATE', `A text is not ${what}.`, `Write it like ${example}.`)

const two = (n: number): string => String(n).padStart(2, '0')

/** `HH:MM:SS`, or `D:HH:MM:SS`; the sign is dropped. */
function duration(seconds: number, withDays: boolean): string {
  const total = Math.abs(seconds)
  const hours = Math.floor(total / 3600)
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`
  return withDays ? `${Math.floor(hours / 24)}:${two(hours % 24)}:${rest}` : `${two(hours)}:${rest}`
}

const same: Overload['sql'] = ([part]) => part!

const between = (a: number, b: number): number => Math.floor(Math.abs(a - b) / 1000)

export const dateRead: readonly FunctionDef[] = [
  define({
    name: 'DATEVALUE',
    group: 'Date and time',
    signature: 'DATEVALUE(date_time_or_text)',
    summary: "The date of a date/time in the user's time zone, or the date that a text like 2026-05-31 spells.",
    noSql: 'it depends on the time zone of whoever asks',
    overloads: [
      strict(['Text'], 'Date', dateValue),
      strict(['DateTime'], 'Date', (at, c) => localDay(at, c.timeZone)),
      strict(['Date'], 'Date', (days) => days, { sql: same }),
    ],
  }),
  define({
    name: 'DATETIMEVALUE',
    group: 'Date and time',
    signature: 'DATETIMEVALUE(text_or_date)',
    summary: 'The date/time in GMT that a text like 2026-05-31 17:30:00 spells; of a date, its midnight.',
    noSql: 'it reads a date/time out of a text',
    overloads: [
      strict(['Text'], 'DateTime', dateTimeValue),
      strict(['Date'], 'DateTime', (days) => days * DAY_MS, { sql: ([date], build) => midnight(build, date!) }),
      strict(['DateTime'], 'DateTime', (at) => at, { sql: same }),
    ],
  }),
  define({
    name: 'TIMEVALUE',
    group: 'Date and time',
    signature: 'TIMEVALUE(text_or_date_time)',
    summary: 'The time that a text like 17:30:00.000 spells, or the time of day of a date/time in GMT.',
    noSql: 'it reads a time out of a text',
    overloads: [
      strict(['Text'], 'Time', timeValue),
      strict(['DateTime'], 'Time', (at) => modulo(at, DAY_MS), { sql: ([at], build) => timeOfDay(build, at!) }),
      strict(['Time'], 'Time', (ms) => ms, { sql: same }),
    ],
  }),
  define({
    name: 'FORMATDURATION',
    group: 'Date and time',
    signature: 'FORMATDURATION(seconds_or_start, [include_days_or_end])',
    summary: 'A duration as HH:MM:SS or D:HH:MM:SS: of seconds, or between two times or date/times.',
    noSql: 'it writes a duration out',
    overloads: [
      strict(['Number'], 'Text', (seconds) => duration(toSeconds(seconds), false)),
      strict(['Number', 'Boolean'], 'Text', (seconds, days) => duration(toSeconds(seconds), days)),
      strict(['Time', 'Time'], 'Text', (a, b) => duration(between(a, b), false)),
      strict(['DateTime', 'DateTime'], 'Text', (a, b) => duration(between(a, b), true)),
    ],
  }),
]

const toSeconds = (seconds: Num): number => (seconds.abs().gt(1e12) ? toInteger(seconds) : seconds.trunc().toNumber())
