import { expect, test } from 'vitest'
import type { Row } from '#util'
import { readCalendar, type ReadHours } from './work-hours-query.ts'
import type { Milestone } from './states.ts'
import { isOutOfHours, momentOf, workAmount, workTimeLeft } from './work-time.ts'

const at = (text: string) => Date.parse(`2026-03-${text}:00.000Z`)
const nine = [['09:00', '17:00']]
const WEEK = { mon: nine, tue: nine, wed: nine, thu: nine, fri: nine }
const row = (more: Row = {}, holidays: readonly Row[] = [], hasNextPage = false) => ({
  Name: 'EMEA',
  TimeZone: 'UTC',
  Boundary: 'close',
  Always24x7: false,
  Hours: WEEK,
  Holidays: { nodes: holidays.map((Holiday) => ({ Holiday })), pageInfo: { hasNextPage } },
  ...more,
})
const rows = (all: { readonly [id: string]: ReturnType<typeof row> }) => (async (id) => all[id]) as ReadHours
const FAIR = { Name: 'Fair', ActivityDate: '2026-03-10', IsAllDay: true, IsRecurrence: false }
const NOON_ON = { Name: 'Lunch', ActivityDate: '2026-03-09', IsAllDay: false, StartTimeInMinutes: 720, EndTimeInMinutes: 780, IsRecurrence: true, RecurrenceType: 'RecursDaily', RecurrenceStartDate: null } // prettier-ignore

test('work time leaves out nights, weekends and holidays', async () => {
  const calendar = (await readCalendar('a', rows({ a: row({}, [FAIR]) })))!
  expect(workTimeLeft(calendar, at('11T10:00'), at('09T16:00'))).toBe('2 h of work time left')
  expect(workTimeLeft(calendar, at('11T10:00'), at('11T09:25'))).toBe('35 min of work time left')
  expect(workTimeLeft(calendar, at('06T17:00'), at('09T10:05'))).toBe('1 h 05 min of work time over')
  expect(isOutOfHours(calendar, 'Running', at('10T12:00'))).toBe(true)
  expect(isOutOfHours(calendar, 'Warning', at('11T09:00'))).toBe(false)
  expect(isOutOfHours(calendar, 'Paused', at('10T12:00'))).toBe(false)
  expect(isOutOfHours(calendar, 'Overdue', at('10T12:00'))).toBe(false)
})

test('a recurring holiday that names no start begins on its date', async () => {
  const calendar = (await readCalendar('a', rows({ a: row({}, [NOON_ON]) })))!
  expect(calendar.isOpen(at('06T12:30'))).toBe(true)
  expect(calendar.isOpen(at('12T12:30'))).toBe(false)
})

test('hours that are open when two others are', async () => {
  const both = rows({ a: row(), b: row({ Hours: { mon: [['15:00', '20:00']] } }), c: row({ IntersectionOfAId: 'a', IntersectionOfBId: 'b' }) }) // prettier-ignore
  const calendar = (await readCalendar('c', both))!
  expect(calendar.diff(at('09T00:00'), at('10T00:00'))).toBe(2 * 3_600_000)
})

test('open day and night says nothing that the countdown does not', async () => {
  const calendar = (await readCalendar('a', rows({ a: row({ Always24x7: true }) })))!
  expect(workTimeLeft(calendar, at('11T10:00'), at('09T16:00'))).toBeUndefined()
})

test.each([
  ['they are gone', rows({})],
  ['a part is gone', rows({ a: row({ IntersectionOfAId: 'x', IntersectionOfBId: 'y' }) })],
  ['they mean themselves', rows({ a: row({ IntersectionOfAId: 'a', IntersectionOfBId: 'a' }) })],
  ['each record has its own zone', rows({ a: row({ TimeZone: null }) })],
  ['not all holidays could be read', rows({ a: row({}, [FAIR], true) })],
])('no calendar when %s', async (_, read) => expect(await readCalendar('a', read)).toBeUndefined())

test('amounts are whole minutes, and a pause stands at its beginning', () => {
  expect([59_999, 60_000, 3_600_000, 29 * 3_600_000 + 300_000].map(workAmount)).toEqual([
    'under a minute',
    '1 min',
    '1 h',
    '29 h 05 min',
  ])
  const paused = { PausedSince: '2026-03-09T10:00:00.000Z' } as Milestone
  expect(momentOf(paused, 'Paused', at('09T12:00'))).toBe(at('09T10:00'))
  expect(momentOf(paused, 'Running', at('09T12:00'))).toBe(at('09T12:00'))
})
