/** What the work calendar adds to a milestone's wall-clock due time. */
import type { Calendar } from '#business-hours'
import type { Milestone, MilestoneState } from './states.ts'

const MINUTE = 60_000

/** `2 h`, `1 h 05 min`, `35 min`: whole minutes of work, never rounded up. */
export function workAmount(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / MINUTE)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (minutes === 0) return 'under a minute'
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, '0')} min`
}

/** `2 h of work time left` at `now`, `over` once due; undefined when the calendar is open day and night and would only repeat the countdown. */
export function workTimeLeft(calendar: Calendar, target: number, now: number): string | undefined {
  if (calendar.always) return undefined
  return now > target
    ? `${workAmount(calendar.diff(target, now))} of work time over`
    : `${workAmount(calendar.diff(now, target))} of work time left`
}

/** A clock that runs, though nobody works at the moment. */
export const isOutOfHours = (calendar: Calendar, state: MilestoneState, now: number): boolean =>
  (state === 'Running' || state === 'Warning') && !calendar.isOpen(now)

/** The moment that counts: now, or when it was paused. */
export const momentOf = (milestone: Milestone, state: MilestoneState, now: number): number =>
  (state === 'Paused' && Date.parse(milestone.PausedSince ?? '')) || now
