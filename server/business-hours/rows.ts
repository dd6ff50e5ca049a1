/** Business hours and holidays as rows of their objects, turned into a definition. */
import type { Row, Value } from '#util'
import { checkHolidays } from './holidays.ts'
import type {
  BusinessHoursDefinition,
  HolidayDefinition,
  HolidayRecurrence,
  OverrideDefinition,
  WeeklyHours,
} from './types.ts'

const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
] // prettier-ignore

/**
 * The definition that a BusinessHours row with its Holiday rows means. `member` gives the definition behind IntersectionOfAId and
 * IntersectionOfBId. Nothing is checked here: what a row leaves out or gets wrong is found by compileCalendar.
 */
export function definitionFromRows(
  row: Row,
  holidays: readonly Row[],
  member?: (id: string) => BusinessHoursDefinition | undefined,
): BusinessHoursDefinition {
  const common = compact({ name: row['Name'], timeZone: row['TimeZone'], boundary: row['Boundary'] })
  const [a, b] = [row['IntersectionOfAId'], row['IntersectionOfBId']]
  if (typeof a === 'string' || typeof b === 'string') {
    const members = [a, b].map((id) => (typeof id === 'string' ? member?.(id) : undefined))
    return { ...common, intersectionOf: members.filter((m) => m !== undefined) } as unknown as BusinessHoursDefinition
  }
  return compact({
    ...common,
    hours: row['Hours'] as WeeklyHours | undefined,
    always: row['Always24x7'] === true ? true : undefined,
    overrides: row['Overrides'] as readonly OverrideDefinition[] | undefined,
    holidays: holidays.length > 0 ? holidays.map(holidayFromRow) : undefined,
    effectiveFrom: row['EffectiveFrom'],
    effectiveTo: row['EffectiveTo'],
  }) as unknown as BusinessHoursDefinition
}

/** Times count only when it is not all day; an end at midnight is the day's end. */
export function holidayFromRow(row: Row): HolidayDefinition {
  const partial = row['IsAllDay'] !== true
  const end = partial ? timeOf(row, 'EndTime') : undefined
  return compact({
    name: row['Name'],
    date: row['IsRecurrence'] === true ? undefined : row['ActivityDate'],
    recurrence: row['IsRecurrence'] === true ? recurrenceFromRow(row) : undefined,
    startTime: partial ? timeOf(row, 'StartTime') : undefined,
    endTime: typeof end === 'string' && /^00:00(:00(\.0+)?)?$/.test(end) ? '24:00' : end,
  }) as unknown as HolidayDefinition
}

/** The fields of a Holiday row that the places of a definition come from. */
const FIELDS: { readonly [place: string]: string } = {
  name: 'Name',
  date: 'ActivityDate',
  startTime: 'StartTimeInMinutes',
  endTime: 'EndTimeInMinutes',
  'recurrence.type': 'RecurrenceType',
  'recurrence.interval': 'RecurrenceInterval',
  'recurrence.dayOfWeekMask': 'RecurrenceDayOfWeekMask',
  'recurrence.dayOfMonth': 'RecurrenceDayOfMonth',
  'recurrence.instance': 'RecurrenceInstance',
  'recurrence.monthOfYear': 'RecurrenceMonthOfYear',
  'recurrence.start': 'RecurrenceStartDate',
  'recurrence.end': 'RecurrenceEndDateOnly',
}

/** What is wrong with a Holiday row, each with the field to mend; whether or not business hours use it yet. */
export function holidayProblems(row: Row): { readonly field: string; readonly message: string }[] {
  const found = checkHolidays([holidayFromRow(row)], '').map(({ path = '', message, hint }) => ({
    field: FIELDS[path.replace(/^\[0\]\.?/, '')] ?? 'EndTimeInMinutes',
    message: hint ? `${message} ${hint}` : message,
  }))
  const blank = ['StartTime', 'EndTime'].every((name) => (timeOf(row, name as 'StartTime') ?? null) === null)
  return row['IsAllDay'] === false && blank
    ? [...found, { field: 'StartTimeInMinutes', message: 'A holiday that is not all day needs its times. Give the start, the end or both.' }] // prettier-ignore
    : found
}

function recurrenceFromRow(row: Row): HolidayRecurrence {
  const month = row['RecurrenceMonthOfYear']
  const named = MONTHS.indexOf(String(month)) + 1
  return compact({
    type: row['RecurrenceType'],
    interval: row['RecurrenceInterval'],
    dayOfWeekMask: row['RecurrenceDayOfWeekMask'],
    dayOfMonth: row['RecurrenceDayOfMonth'],
    instance: row['RecurrenceInstance'],
    monthOfYear: named > 0 ? named : month,
    start: row['RecurrenceStartDate'] ?? row['ActivityDate'],
    end: row['RecurrenceEndDateOnly'],
  }) as unknown as HolidayRecurrence
}

/** Our Time field, or Salesforce's minutes since midnight under `…InMinutes`. */
function timeOf(row: Row, field: 'StartTime' | 'EndTime'): Value | undefined {
  const minutes = row[`${field}InMinutes`]
  if (typeof minutes !== 'number') return row[field]
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** Without what is blank. */
function compact(fields: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
}
