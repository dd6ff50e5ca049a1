import { expect, test } from 'vitest'
import { dayOf } from './days.ts'
import { parseDate } from './clock-text.ts'
import { fallsOn } from './recurrence.ts'
import type { HolidayRecurrence } from './types.ts'

/** The dates of [from, to] on which it falls, as MM-DD (with the year where it is not the first's). */
function dates(recurrence: HolidayRecurrence, from: string, to: string): string[] {
  const falls = fallsOn(recurrence)
  const days = Array.from({ length: parseDate(to)! - parseDate(from)! + 1 }, (_, i) => dayOf(parseDate(from)! + i))
  return days.filter(falls).map((d) => `${d.year === Number(from.slice(0, 4)) ? '' : `${d.year}-`}${d.month}-${d.date}`)
}

const THU = 16
const SUN = 1

test.each<[string, HolidayRecurrence, string, string, string[]]>([
  [
    'daily, within its dates',
    { type: 'RecursDaily', start: '2026-01-02', end: '2026-01-04' },
    '2026-01-01',
    '2026-01-10',
    ['1-2', '1-3', '1-4'],
  ],
  [
    'every third day',
    { type: 'RecursDaily', interval: 3, start: '2026-01-01' },
    '2026-01-02',
    '2026-01-10',
    ['1-4', '1-7', '1-10'],
  ],
  ['every weekday', { type: 'RecursEveryWeekday' }, '2026-01-01', '2026-01-06', ['1-1', '1-2', '1-5', '1-6']],
  [
    'weekly on Sunday and Thursday',
    { type: 'RecursWeekly', dayOfWeekMask: SUN + THU },
    '2026-01-01',
    '2026-01-11',
    ['1-1', '1-4', '1-8', '1-11'],
  ],
  [
    'every second week from the start’s week',
    { type: 'RecursWeekly', dayOfWeekMask: SUN + THU, interval: 2, start: '2026-01-01' },
    '2026-01-01',
    '2026-01-22',
    ['1-1', '1-11', '1-15'],
  ],
  [
    'monthly on the 31st leaves out short months',
    { type: 'RecursMonthly', dayOfMonth: 31 },
    '2026-01-01',
    '2026-05-31',
    ['1-31', '3-31', '5-31'],
  ],
  [
    'every fourth month',
    { type: 'RecursMonthly', dayOfMonth: 15, interval: 4, start: '2025-12-01' },
    '2026-01-01',
    '2026-12-31',
    ['4-15', '8-15', '12-15'],
  ],
  [
    'the second Thursday',
    { type: 'RecursMonthlyNth', instance: 'Second', dayOfWeekMask: THU },
    '2026-01-01',
    '2026-03-31',
    ['1-8', '2-12', '3-12'],
  ],
  [
    'the last Sunday',
    { type: 'RecursMonthlyNth', instance: 'Last', dayOfWeekMask: SUN },
    '2026-01-01',
    '2026-03-31',
    ['1-25', '2-22', '3-29'],
  ],
  [
    'the first weekday of the month',
    { type: 'RecursMonthlyNth', instance: 'First', dayOfWeekMask: 62 },
    '2026-01-01',
    '2026-03-31',
    ['1-1', '2-2', '3-2'],
  ],
  [
    'the last day of the month',
    { type: 'RecursMonthlyNth', instance: 'Last', dayOfWeekMask: 127 },
    '2026-01-01',
    '2026-02-28',
    ['1-31', '2-28'],
  ],
  [
    'yearly',
    { type: 'RecursYearly', monthOfYear: 12, dayOfMonth: 25 },
    '2026-01-01',
    '2027-12-31',
    ['12-25', '2027-12-25'],
  ],
  [
    'yearly on 29 February only in leap years',
    { type: 'RecursYearly', monthOfYear: 2, dayOfMonth: 29 },
    '2026-01-01',
    '2032-12-31',
    ['2028-2-29', '2032-2-29'],
  ],
  [
    'every fourth year',
    { type: 'RecursYearly', monthOfYear: 1, dayOfMonth: 20, interval: 4, start: '2025-01-20' },
    '2024-01-01',
    '2033-12-31',
    ['2025-1-20', '2029-1-20', '2033-1-20'],
  ],
  [
    'the fourth Thursday of November',
    { type: 'RecursYearlyNth', instance: 'Fourth', dayOfWeekMask: THU, monthOfYear: 11 },
    '2026-01-01',
    '2028-12-31',
    ['11-26', '2027-11-25', '2028-11-23'],
  ],
])('%s', (_, recurrence, from, to, expected) => {
  expect(dates(recurrence, from, to)).toEqual(expected)
})
