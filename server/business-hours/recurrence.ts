/** On which days a recurring holiday falls: Salesforce's seven kinds. */
import type { HolidayRecurrence } from './types.ts'
import { dayOf, lengthOfMonth, weekdayOf, type Day } from './days.ts'
import { parseDate } from './clock-text.ts'

const WORKDAYS = 62
const NTH = { First: 1, Second: 2, Third: 3, Fourth: 4, Last: -1 }

/** A predicate over days. The recurrence has been validated; what it leaves out has its default. */
export function fallsOn(recurrence: HolidayRecurrence): (day: Day) => boolean {
  const start = parseDate(recurrence.start) ?? -Infinity
  const end = parseDate(recurrence.end) ?? Infinity
  const rule = ruleOf(recurrence)
  const turn = turnOf(recurrence)
  return (day) => day.day >= start && day.day <= end && rule(day) && turn(day)
}

function ruleOf(recurrence: HolidayRecurrence): (day: Day) => boolean {
  const { dayOfWeekMask: mask = 127, dayOfMonth, monthOfYear, instance = 'First' } = recurrence
  switch (recurrence.type) {
    case 'RecursDaily':
      return () => true
    case 'RecursEveryWeekday':
      return (day) => inMask(day.weekday, WORKDAYS)
    case 'RecursWeekly':
      return (day) => inMask(day.weekday, mask)
    case 'RecursMonthly':
      return (day) => day.date === dayOfMonth
    case 'RecursMonthlyNth':
      return (day) => isNth(day, mask, NTH[instance])
    case 'RecursYearly':
      return (day) => day.month === monthOfYear && day.date === dayOfMonth
    case 'RecursYearlyNth':
      return (day) => day.month === monthOfYear && isNth(day, mask, NTH[instance])
  }
}

/** With an interval n, only every n-th day, week (from Sunday), month or year since `start` counts. */
function turnOf({ type, interval = 1, start }: HolidayRecurrence): (day: Day) => boolean {
  const first = parseDate(start)
  if (interval === 1 || first === undefined) return () => true
  const unit = unitOf(type)
  const origin = unit(dayOf(first))
  return (day) => (unit(day) - origin) % interval === 0
}

function unitOf(type: HolidayRecurrence['type']): (day: Day) => number {
  if (type === 'RecursDaily' || type === 'RecursEveryWeekday') return (day) => day.day
  if (type === 'RecursWeekly') return (day) => Math.floor((day.day + 4) / 7)
  if (type === 'RecursMonthly' || type === 'RecursMonthlyNth') return (day) => day.year * 12 + day.month
  return (day) => day.year
}

const inMask = (weekday: number, mask: number): boolean => (mask & (1 << weekday)) !== 0

/** Is it the n-th day of its month among the days in the mask (−1: the last)? */
function isNth(day: Day, mask: number, nth: number): boolean {
  if (!inMask(day.weekday, mask)) return false
  const [from, to] = nth < 0 ? [day.date + 1, lengthOfMonth(day)] : [1, day.date - 1]
  let others = 0
  for (let date = from; date <= to; date++) if (inMask(weekdayOf(day.day + date - day.date), mask)) others++
  return nth < 0 ? others === 0 : others === nth - 1
}
