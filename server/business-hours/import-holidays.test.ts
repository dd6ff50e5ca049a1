import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  importableCountries,
  importableStates,
  importHolidays,
  US_FEDERAL,
  usFederalHolidays,
} from './import-holidays.ts'
import { compileCalendar } from './index.ts'

const on = (holidays: readonly { name: string; date?: string }[], date: string): string[] =>
  holidays.filter((h) => h.date === date).map((h) => h.name)

test('a country’s and a state’s public holidays are dated definitions that compile', () => {
  const { holidays, findings } = importHolidays('gb', 'ENG', 2026, 2027)
  expect(findings).toEqual([])
  expect([on(holidays, '2026-04-03'), on(holidays, '2026-12-25'), on(holidays, '2027-03-29')]).toEqual([
    ['Good Friday'],
    ['Christmas Day'],
    ['Easter Monday'],
  ])
  expect(holidays.map((h) => h.date)).toEqual(holidays.map((h) => h.date).toSorted())
  const hours = { mon: [['09:00', '17:00']] as const }
  expect(compileCalendar({ name: 'England', timeZone: 'Europe/London', hours, holidays }).findings).toEqual([])
})

test('names are in the country’s language unless another is asked for', () => {
  const friday = (language?: string): string[] =>
    on(importHolidays('DE', undefined, 2026, 2026, language).holidays, '2026-04-03')
  expect([friday(), friday('en')]).toEqual([['Karfreitag'], ['Good Friday']])
})

test('states differ', () => {
  expect([importableCountries()['DE'], importableStates('DE')['BY'], importableStates('MT')]).toEqual([
    'Germany',
    'Bayern',
    {},
  ])
  const epiphany = (state: string): string[] => on(importHolidays('DE', state, 2026, 2026).holidays, '2026-01-06')
  expect([epiphany('BY').length, epiphany('HH').length]).toEqual([1, 0])
})

test('unknown places and years that cannot be are refused', () => {
  const codes = (...args: Parameters<typeof importHolidays>): string[] =>
    importHolidays(...args).findings.map((f) => f.code)
  expect([
    codes('XX', undefined, 2026, 2026),
    codes('DE', 'XX', 2026, 2026),
    codes('DE', undefined, 2027, 2026),
    codes('DE', undefined, 2026.5, 2027),
  ]).toEqual([['UNKNOWN_COUNTRY'], ['UNKNOWN_STATE'], ['BAD_YEARS'], ['BAD_YEARS']])
})

test('US federal holidays are observed on the Friday or Monday beside a weekend', () => {
  const holidays = usFederalHolidays(2024, 2032)
  expect(holidays.slice(0, 11).map((h) => h.date)).toEqual([
    '2024-01-01',
    '2024-01-15',
    '2024-02-19',
    '2024-05-27',
    '2024-06-19',
    '2024-07-04',
    '2024-09-02',
    '2024-10-14',
    '2024-11-11',
    '2024-11-28',
    '2024-12-25',
  ])
  const observed: [string, string][] = [
    ['2026-07-03', 'Independence Day'],
    ['2027-12-31', "New Year's Day"],
    ['2028-11-10', 'Veterans Day'],
    ['2027-07-05', 'Independence Day'],
  ]
  for (const [date, name] of observed) expect(on(holidays, date)).toEqual([name])
  expect(
    compileCalendar({ name: 'Federal', timeZone: 'America/New_York', always: true, holidays: US_FEDERAL }).findings,
  ).toEqual([])
})

interface HolidayValues {
  readonly Name: string
  readonly ActivityDate: string
  readonly IsAllDay: boolean
}

test('the shipped rows are these days', () => {
  const folder = new URL('../../metadata/demo/objects/Holiday/rows/', import.meta.url)
  const rows = readdirSync(folder).map(
    (file) => (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { values: HolidayValues }).values,
  )
  const days = rows.map((r) => ({ name: r.Name, date: r.ActivityDate }))
  expect(days.sort((a, b) => a.date.localeCompare(b.date))).toEqual(usFederalHolidays(2024, 2032))
  expect(rows.every((r) => r.IsAllDay)).toBe(true)
})
