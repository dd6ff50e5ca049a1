/** Local days as numbers (days since 1970-01-01) and the parts that recurrences ask for. */
import { civilFromDays, daysFromCivil, daysInMonth } from '#util'

export const DAY = 86_400_000

export interface Day {
  readonly day: number
  readonly year: number
  /** 1–12. */
  readonly month: number
  readonly date: number
  /** 0 = Sunday. */
  readonly weekday: number
}

export function dayOf(day: number): Day {
  const { year, month, day: date } = civilFromDays(day)
  return { day, year, month, date, weekday: weekdayOf(day) }
}

export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7

export const yearOfDay = (day: number): number => civilFromDays(day).year

export const firstDayOf = (year: number): number => daysFromCivil(year, 1, 1)

export const lengthOfMonth = (day: Day): number => daysInMonth(day.year, day.month)
