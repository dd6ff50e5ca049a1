/**
 * Public holidays as data: dated definitions for an admin to look at and save, never asked for while time is computed.
 * Not part of index.ts, so that the library's data stays out of the browser.
 */
import type { Finding } from '#util'
import { civilFromDays } from '#util'
import Holidays from 'date-holidays'
import { dayOf, firstDayOf, weekdayOf } from './days.ts'
import { problem } from './problem.ts'
import { fallsOn } from './recurrence.ts'
import type { HolidayDefinition, HolidayRecurrence } from './types.ts'

export interface ImportResult {
  readonly holidays: readonly HolidayDefinition[]
  readonly findings: readonly Finding[]
}

/** A country's (and state's) public holidays of whole years, by date. `country` is ISO 3166-1 alpha-2, `state` its subdivision's short code; names are in the country's language unless `language` (ISO 639-1) says otherwise. */
export function importHolidays(
  country: string,
  state: string | undefined,
  fromYear: number,
  toYear: number,
  language?: string,
): ImportResult {
  const findings = checkImport(country, state, fromYear, toYear)
  if (findings.length > 0) return { holidays: [], findings }
  const library = state ? new Holidays(country.toUpperCase(), state) : new Holidays(country.toUpperCase())
  const found = new Map<string, HolidayDefinition>()
  for (let year = fromYear; year <= toYear; year++)
    for (const holiday of library.getHolidays(year, language) ?? []) {
      const date = holiday.date.slice(0, 10)
      if (holiday.type === 'public') found.set(`${date} ${holiday.name}`, { name: holiday.name, date })
    }
  return { holidays: [...found.values()].sort(byDate), findings }
}

/** The countries holidays can be imported for, name by code. */
export const importableCountries = (): { readonly [code: string]: string } => new Holidays().getCountries('en')

/** The states of a country, name by code; empty where it has none. */
export const importableStates = (country: string): { readonly [code: string]: string } =>
  new Holidays().getStates(country.toUpperCase(), 'en') ?? {}

function checkImport(country: string, state: string | undefined, fromYear: number, toYear: number): Finding[] {
  if (!Object.hasOwn(importableCountries(), country.toUpperCase()))
    return [
      problem(
        'UNKNOWN_COUNTRY',
        'country',
        `No holidays are known for the country "${country}".`,
        'Use its two-letter code, such as GB.',
      ),
    ]
  const states = importableStates(country)
  if (state && !Object.hasOwn(states, state)) {
    const known = Object.keys(states).join(', ')
    return [
      problem(
        'UNKNOWN_STATE',
        'state',
        `"${state}" is not a state of ${country.toUpperCase()}.`,
        known ? `Use one of ${known}.` : 'Leave it out.',
      ),
    ]
  }
  const whole = Number.isInteger(fromYear) && Number.isInteger(toYear) && fromYear >= 1900 && toYear <= 2200
  if (whole && fromYear <= toYear && toYear - fromYear < 50) return []
  return [problem('BAD_YEARS', 'fromYear', 'The years must run forward, at most fifty of them, between 1900 and 2200.')]
}

/** The eleven holidays of 5 U.S.C. 6103(a), as recurrences. */
export const US_FEDERAL: readonly (HolidayDefinition & { readonly recurrence: HolidayRecurrence })[] = [
  yearly("New Year's Day", 1, 1),
  nth('Birthday of Martin Luther King, Jr.', 'Third', 2, 1, '1986-01-01'),
  nth("Washington's Birthday", 'Third', 2, 2),
  nth('Memorial Day', 'Last', 2, 5),
  yearly('Juneteenth National Independence Day', 6, 19, '2021-06-17'),
  yearly('Independence Day', 7, 4),
  nth('Labor Day', 'First', 2, 9),
  nth('Columbus Day', 'Second', 2, 10),
  yearly('Veterans Day', 11, 11),
  nth('Thanksgiving Day', 'Fourth', 16, 11),
  yearly('Christmas Day', 12, 25),
]

function yearly(name: string, monthOfYear: number, dayOfMonth: number, start?: string): (typeof US_FEDERAL)[number] {
  return { name, recurrence: { type: 'RecursYearly', monthOfYear, dayOfMonth, ...(start ? { start } : {}) } }
}

function nth(
  name: string,
  instance: 'First' | 'Second' | 'Third' | 'Fourth' | 'Last',
  dayOfWeekMask: number,
  monthOfYear: number,
  start?: string,
): (typeof US_FEDERAL)[number] {
  return {
    name,
    recurrence: { type: 'RecursYearlyNth', instance, dayOfWeekMask, monthOfYear, ...(start ? { start } : {}) },
  }
}

/**
 * The days on which US federal offices close, as the Office of Personnel Management lists them: a holiday on a Saturday is observed on the Friday
 * before, one on a Sunday on the Monday after. By observed date, so that a New Year's Day may stand in the year before.
 */
export function usFederalHolidays(fromYear: number, toYear: number): HolidayDefinition[] {
  const rules = US_FEDERAL.map(({ name, recurrence }) => ({ name, falls: fallsOn(recurrence) }))
  const found: HolidayDefinition[] = []
  for (let day = firstDayOf(fromYear); day <= firstDayOf(toYear + 1); day++)
    for (const { name, falls } of rules) if (falls(dayOf(day))) found.push({ name, date: dateText(observed(day)) })
  return found.filter((h) => Number(h.date?.slice(0, 4)) <= toYear && Number(h.date?.slice(0, 4)) >= fromYear)
}

function observed(day: number): number {
  if (weekdayOf(day) === 6) return day - 1
  return weekdayOf(day) === 0 ? day + 1 : day
}

function dateText(day: number): string {
  const { year, month, day: date } = civilFromDays(day)
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

const byDate = (a: HolidayDefinition, b: HolidayDefinition): number => ((a.date ?? '') < (b.date ?? '') ? -1 : 1)
