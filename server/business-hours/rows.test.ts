import { expect, test } from 'vitest'
import { compileCalendar, definitionFromRows, holidayFromRow } from './index.ts'

const hours = { mon: [['09:00', '17:00']] }
const row = {
  Name: 'Support',
  TimeZone: 'Europe/London',
  Hours: hours,
  Always24x7: false,
  Boundary: 'close',
  Overrides: null,
  EffectiveFrom: null,
  EffectiveTo: '2030-12-31',
}

test('a row with its holidays is a definition; what is blank is left out', () => {
  const christmas = {
    Name: 'Christmas',
    ActivityDate: '2026-12-25',
    IsAllDay: true,
    IsRecurrence: false,
    StartTime: null,
    EndTime: null,
  }
  expect(definitionFromRows(row, [christmas])).toEqual({
    name: 'Support', timeZone: 'Europe/London', boundary: 'close', hours, effectiveTo: '2030-12-31',
    holidays: [{ name: 'Christmas', date: '2026-12-25' }],
  }) // prettier-ignore
  expect(compileCalendar(definitionFromRows(row, [christmas])).findings).toEqual([])
})

test('recurring and partial holidays keep what counts', () => {
  const recurring = {
    Name: 'Thanksgiving',
    IsAllDay: true,
    IsRecurrence: true,
    ActivityDate: '2020-11-26',
    RecurrenceType: 'RecursYearlyNth',
    RecurrenceInstance: 'Fourth',
    RecurrenceDayOfWeekMask: 16,
    RecurrenceMonthOfYear: 'November',
    RecurrenceStartDate: '2020-01-01',
  }
  expect(holidayFromRow(recurring)).toEqual({
    name: 'Thanksgiving',
    recurrence: {
      type: 'RecursYearlyNth',
      instance: 'Fourth',
      dayOfWeekMask: 16,
      monthOfYear: 11,
      start: '2020-01-01',
    },
  })
  const evening = {
    Name: 'Eve',
    ActivityDate: '2026-12-24',
    IsAllDay: false,
    StartTime: '14:00:00.000',
    EndTime: '00:00:00.000',
  }
  expect(holidayFromRow(evening)).toEqual({
    name: 'Eve',
    date: '2026-12-24',
    startTime: '14:00:00.000',
    endTime: '24:00',
  })
  expect(
    holidayFromRow({
      Name: 'Lunch',
      ActivityDate: '2026-12-24',
      IsAllDay: false,
      StartTimeInMinutes: 725,
      EndTimeInMinutes: 780,
    }),
  ).toMatchObject({ startTime: '12:05', endTime: '13:00' })
})

test('an intersection takes the definitions behind its ids; a missing one is found when compiled', () => {
  const both = { Name: 'Both', TimeZone: 'Europe/London', IntersectionOfAId: 'a', IntersectionOfBId: 'b' }
  const member = definitionFromRows(row, [])
  expect(definitionFromRows(both, [], () => member)).toEqual({
    name: 'Both',
    timeZone: 'Europe/London',
    intersectionOf: [member, member],
  })
  const half = definitionFromRows(both, [], (id) => (id === 'a' ? member : undefined))
  expect(compileCalendar(half).findings.map((f) => f.code)).toEqual(['BAD_INTERSECTION'])
})
