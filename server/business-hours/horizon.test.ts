import { parseInstant } from '#util'
import { describe, expect, test } from 'vitest'
import { compileCalendar, type BusinessHoursDefinition, type Calendar } from './index.ts'

const DAY = 86_400_000
const HOUR = 3_600_000
const at = (text: string): number => parseInstant(text)!
const compile = (definition: BusinessHoursDefinition): Calendar => compileCalendar(definition).calendar!
const office: BusinessHoursDefinition = {
  name: 'Office',
  timeZone: 'Europe/London',
  hours: {
    mon: [['09:00', '17:00']],
    tue: [['09:00', '17:00']],
    wed: [['09:00', '17:00']],
    thu: [['09:00', '17:00']],
    fri: [['20:00', '04:00']],
  },
}

test('hours that never close reach to the last year that can be written, and no further', () => {
  const always = compile({ name: 'Always', timeZone: 'America/New_York', always: true })
  const start = at('2026-06-15T12:00:00Z')
  expect(always.add(start, 1e6 * DAY)).toBe(start + 1e6 * DAY)
  for (const ms of [1e15, -1e15, 1e300, NaN]) expect(always.add(start, ms)).toBeUndefined()
  for (const days of [4e6, -4e6, 1e300]) expect(always.addDays(start, days)).toBeUndefined()
})

describe('years that are not known yet', () => {
  test('are added whichever way the questions go', () => {
    const shared = compile(office)
    shared.isOpen(at('2026-06-15T12:00Z'))
    for (const step of [-23, 29])
      for (let days = step; Math.abs(days) < 2600; days += step) {
        const when = at('2026-06-15T12:00Z') + days * DAY
        const fresh = compile(office)
        expect([days, shared.next(when), shared.prev(when), shared.diff(when, when + 9 * DAY)]).toEqual([
          days,
          fresh.next(when),
          fresh.prev(when),
          fresh.diff(when, when + 9 * DAY),
        ])
      }
  })

  test('two thousand business days are four hundred weeks at the same wall clock, either way', () => {
    const monday = at('2026-06-15T12:00Z')
    expect(compile(office).addDays(monday, 2000)).toBe(at('2034-02-13T13:00Z'))
    expect(compile(office).addDays(monday, -2000)).toBe(at('2018-10-15T12:00Z'))
  })

  test('any number of business days may be asked first', () => {
    const monday = at('2026-06-15T12:00Z')
    const weekdays = { mon: [['09:00', '17:00']], tue: [['09:00', '17:00']], wed: [['09:00', '17:00']], thu: [['09:00', '17:00']], fri: [['09:00', '17:00']] } as const // prettier-ignore
    for (let n = 300; n < 500; n++) {
      const fresh = (): Calendar => compile({ name: 'Weekdays', timeZone: 'UTC', hours: weekdays })
      const days = Math.floor(n / 5) * 7 + (n % 5)
      expect([n, fresh().addDays(monday, n)]).toEqual([n, monday + days * DAY])
      const friday = monday - 3 * DAY
      expect([n, fresh().addDays(friday, -n)]).toEqual([n, friday - days * DAY])
    }
  })

  test('forty thousand open hours are a thousand weeks', () => {
    const monday = at('2026-06-15T12:00Z')
    expect(compile(office).add(monday, 40_000 * HOUR)).toBe(monday + 7000 * DAY)
    expect(compile(office).add(monday, -40_000 * HOUR)).toBe(monday - 7000 * DAY)
  })
})

describe('the turn of the year', () => {
  const nights = { sun: [['22:00', '06:00']], mon: [['22:00', '06:00']], tue: [['22:00', '06:00']], wed: [['22:00', '06:00']], thu: [['22:00', '06:00']], fri: [['22:00', '06:00']], sat: [['22:00', '06:00']] } as const // prettier-ignore
  const open = (definition: BusinessHoursDefinition): number =>
    compile(definition).diff(at('2026-12-30T12:00Z'), at('2027-01-02T12:00Z')) / HOUR

  test('a night runs through it, and New Year’s Day cuts its tail', () => {
    const holidays = [{ name: 'New Year', date: '2027-01-01' }]
    expect(open({ name: 'Nights', timeZone: 'UTC', hours: nights })).toBe(24)
    expect(open({ name: 'Nights', timeZone: 'UTC', hours: nights, holidays })).toBe(16)
  })

  test.each([
    ['Pacific/Kiritimati', 'Pacific/Pago_Pago'],
    ['Pacific/Pago_Pago', 'Pacific/Kiritimati'],
  ])('an intersection of %s and %s runs through it', (first, second) => {
    const member = (timeZone: string): BusinessHoursDefinition => ({
      name: timeZone,
      timeZone,
      always: true,
      holidays: [{ name: 'Long ago', date: '1999-05-05' }],
    })
    expect(open({ name: 'Both', intersectionOf: [member(first), member(second)] })).toBe(72)
  })
})

test('a closed stretch is a weekend only when it holds a whole Saturday or Sunday', () => {
  const short = compile({
    name: 'Short',
    timeZone: 'UTC',
    hours: { fri: [['09:00', '17:00']], sat: [['09:00', '12:00']], sun: [['09:00', '12:00']] },
  })
  const reasons = (from: string, to: string): (string | undefined)[] =>
    short.explain(at(from), at(to)).map((s) => s.reason)
  expect(reasons('2026-06-05T09:00Z', '2026-06-07T12:00Z')).toEqual([
    undefined,
    'closed',
    undefined,
    'closed',
    undefined,
  ])
  expect(reasons('2026-06-12T17:00Z', '2026-06-13T09:00Z')).toEqual(['closed'])
  const week = compile(office)
  expect(week.explain(at('2026-06-06T03:00Z'), at('2026-06-08T08:00Z')).map((s) => s.reason)).toEqual(['weekend'])
})
