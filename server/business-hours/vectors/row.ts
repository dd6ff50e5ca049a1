/** One line of a business-time vector file, and its schedule as a definition. */
import type { Instant } from '#util'
import { parseInstant } from '#util'
import {
  compileCalendar,
  type Calendar,
  type HolidayDefinition,
  type Span,
  type WeeklyDefinition,
  type WeeklyHours,
} from '../index.ts'

type Times = { readonly [date: string]: readonly Span[] }

export interface Schedule {
  readonly tz: string
  readonly hours?: WeeklyHours | null
  readonly holidays?: readonly string[]
  readonly breaks?: Times
  readonly shifts?: Times
  readonly always?: boolean
}

export interface Row {
  readonly id: string
  readonly op: string
  readonly schedule: Schedule
  readonly from?: string
  readonly to?: string
  readonly date?: string
  readonly local?: string
  readonly other?: Schedule
  readonly direction?: 'after' | 'before'
  readonly limit?: number
  readonly amountSeconds?: number
  readonly amountMinutes?: number
  readonly amountDays?: number
  readonly amount?: unknown
  readonly boundary?: 'close' | 'open'
  readonly reversed?: string
  readonly dayModel?: string
  readonly endOfDay?: boolean
  readonly dateOnly?: boolean
  readonly expected?: unknown
  readonly expectedSeconds?: number
  readonly disputed?: unknown
  readonly recommended?: unknown
  readonly recommendedSeconds?: number
}

/** `[]` and missing fields as a row may have them; throws for text that is no instant, which fails the row with its reason. */
export function instant(text: string | undefined): Instant {
  const at = text === undefined ? undefined : parseInstant(text)
  if (at === undefined) throw new Error(`not an instant: ${text}`)
  return at
}

export function definitionOf(schedule: Schedule, boundary?: 'close' | 'open'): WeeklyDefinition {
  return {
    name: 'vector',
    timeZone: schedule.tz,
    hours: schedule.hours ?? {},
    always: schedule.always === true,
    holidays: [...(schedule.holidays ?? []).map(holiday), ...Object.entries(schedule.breaks ?? {}).flatMap(breaksOf)],
    overrides: Object.entries(schedule.shifts ?? {}).map(([date, spans]) => ({ date, spans })),
    ...(boundary ? { boundary } : {}),
  }
}

function holiday(text: string): HolidayDefinition {
  if (!text.startsWith('*-')) return { name: text, date: text }
  const [, month, day] = text.split('-').map(Number)
  return {
    name: text,
    recurrence: { type: 'RecursYearly', ...(month && day ? { monthOfYear: month, dayOfMonth: day } : {}) },
  }
}

/** A wildcard date breaks every year; a break past midnight goes on the next day. */
function breaksOf([date, parts]: [string, readonly Span[]]): HolidayDefinition[] {
  return parts.map(([startTime, endTime]) => ({ ...holiday(date), name: 'break', startTime, endTime }))
}

/** Undefined when the schedule has no open minute; throws when it is refused for another reason. */
export function calendarOf(row: Row): Calendar | undefined {
  const { calendar, findings } = compileCalendar(definitionOf(row.schedule, row.boundary))
  const refused = findings.find((f) => f.severity === 'error' && f.code !== 'NEVER_OPEN')
  if (refused) throw new Error(`refused: ${refused.message}`)
  return calendar
}
