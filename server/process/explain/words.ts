/** Times and amounts as people say them. */
import { civilFromDays, type Instant } from '#util'
import type { Goal, ProcessCalendar } from '../types.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const pad = (n: number): string => String(n).padStart(2, '0')

/** `9 Mar 11:00` on the calendar's wall clock; seconds only where there are some. */
export function sayInstant(at: Instant, calendar: ProcessCalendar | undefined): string {
  const local = calendar ? calendar.instantToLocal(at) : at
  const days = Math.floor(local / 86_400_000)
  const { month, day } = civilFromDays(days)
  const ms = local - days * 86_400_000
  const seconds = Math.floor(ms / 1000) % 60
  const time = `${pad(Math.floor(ms / 3_600_000))}:${pad(Math.floor(ms / 60_000) % 60)}${seconds || ms % 1000 ? `:${pad(seconds)}` : ''}${ms % 1000 ? `.${String(ms % 1000).padStart(3, '0')}` : ''}`
  return `${day} ${MONTHS[month - 1]} ${time}`
}

/** `64 h`, `35 min`, `1 h 30 min`, `20 s`, `1 ms`. */
export function sayAmount(ms: number): string {
  const whole = Math.abs(Math.round(ms))
  const parts = [
    [Math.floor(whole / 3_600_000), 'h'],
    [Math.floor(whole / 60_000) % 60, 'min'],
    [Math.floor(whole / 1000) % 60, 's'],
    [whole % 1000, 'ms'],
  ] as const
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`)
  return said.length > 0 ? said.join(' ') : '0 min'
}

export function sayGoal(goal: Goal): string {
  if (goal.kind === 'minutes') return sayAmount(goal.minutes * 60_000)
  if (goal.kind === 'days') return goal.days === 1 ? '1 business day' : `${goal.days} business days`
  return goal.at === null ? 'no date' : 'a date'
}
