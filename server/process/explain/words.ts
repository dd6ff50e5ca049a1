/** Times and amounts as people say them. */
import { clockTime } from '#business-hours'
import { civilFromDays, type Instant } from '#util'
import type { Goal } from '../types.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const pad = (n: number): string => String(n).padStart(2, '0')

export type SayInstant = (at: Instant) => string

/** `9 Mar 11:00 EST`: the minute that has begun on the zone's clocks, with the year when it is not this one. Exact instants stand in the data. */
export function sayIn(timeZone: string, now: Instant): SayInstant {
  const civil = (at: Instant) => {
    const { local, zone } = clockTime(timeZone, at) ?? { local: at, zone: 'UTC' }
    const days = Math.floor(local / 86_400_000)
    return { ...civilFromDays(days), minutes: Math.floor((local - days * 86_400_000) / 60_000), zone }
  }
  const thisYear = civil(now).year
  return (at) => {
    const { year, month, day, minutes, zone } = civil(at)
    const date = `${day} ${MONTHS[month - 1]}${year === thisYear ? '' : ` ${year}`}`
    return `${date} ${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)} ${zone}`
  }
}

/** `64 h`, `35 min`, `1 h 30 min`: whole minutes; what is shorter, and not nothing, is `less than a minute`. */
export function sayAmount(ms: number): string {
  const whole = Math.abs(Math.round(ms))
  if (whole > 0 && whole < 60_000) return 'less than a minute'
  const parts = [
    [Math.floor(whole / 3_600_000), 'h'],
    [Math.floor(whole / 60_000) % 60, 'min'],
  ] as const
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => `${n} ${unit}`)
  return said.length > 0 ? said.join(' ') : '0 min'
}

export function sayGoal(goal: Goal): string {
  if (goal.kind === 'minutes') return sayAmount(goal.minutes * 60_000)
  if (goal.kind === 'days') return goal.days === 1 ? '1 business day' : `${goal.days} business days`
  return goal.at === null ? 'no date' : 'a date'
}

const SKIPPED: { readonly [why: string]: string } = {
  closed: 'closed hours',
  notEffective: 'days on which the hours do not apply',
}
/** A holiday comes with its name. */
export const saySkipped = (why: string): string => SKIPPED[why] ?? why

/** The first of the steps that are due when the milestone is violated, and tell of it. */
const AT_ONCE = /^violation:\+0m(\/\w+)?$/

/** What comes at a timer's instant, ready for it: `warning at`. A step's own key, such as `warning:-30m`, stands in the data. */
export function sayStep(step: string): string {
  if (step === 'violate' || AT_ONCE.test(step)) return 'violated if still open after'
  if (step === 'begin') return 'begins at'
  if (step.startsWith('warning:')) return 'warning at'
  return step.startsWith('violation:') ? 'escalation if still open at' : `${step} at`
}

/** Reasons that the log gives by the names of items and rules. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^item .* applies$/, 'another promise of the process applies'],
  [/^happened earlier, by rule .*$/, 'it happened earlier'],
  [/^completed (rule|related)$/, 'completed by its rule'],
  [/^completed (hand|exit)$/, 'completed by $1'],
]

export const sayReason = (reason: string): string =>
  REASONS.reduce((text, [pattern, words]) => text.replace(pattern, words), reason)
