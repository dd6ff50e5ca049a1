/** Business days: local days that have an opening, kept as an ascending list in the timeline. */
import type { Instant } from '#util'
import { DAY } from './days.ts'
import { isOpen, next, prev } from './open-time.ts'
import { countBelow, countUpTo, type Timeline } from './timeline.ts'
import type { Zone } from './zone.ts'

/** The n-th business day after `day` (n < 0: before it), as a local day number. One day more than needed is known, so that the edge is complete. */
function shift(line: Timeline, zone: Zone, day: number, n: number): number | undefined {
  line.cover(zone.toInstant(day * DAY, 'earlier'))
  if (n > 0) {
    while (countUpTo(line.days, day) + n >= line.days.length && line.growUp());
    return line.days[countUpTo(line.days, day) + n - 1]
  }
  while (countBelow(line.days, day) + n < 1 && line.growDown());
  return line.days[countBelow(line.days, day) + n]
}

export function addDays(line: Timeline, zone: Zone, at: Instant, n: number): Instant | undefined {
  if (n === 0) return next(line, at)
  const local = zone.toLocal(at)
  const today = Math.floor(local / DAY)
  const day = shift(line, zone, today, n)
  if (day === undefined) return undefined
  const moved = zone.toInstant(local + (day - today) * DAY, 'earlier')
  return n > 0 || isOpen(line, moved) ? next(line, moved) : prev(line, moved)
}

export function nextBusinessDay(line: Timeline, zone: Zone, at: Instant, timeOfDay: number): Instant | undefined {
  const day = shift(line, zone, Math.floor(zone.toLocal(at) / DAY), 1)
  return day === undefined ? undefined : zone.toInstant(day * DAY + timeOfDay, 'earlier')
}

export function isBusinessDay(line: Timeline, zone: Zone, day: number): boolean {
  line.cover(zone.toInstant(day * DAY, 'earlier'))
  return line.days[countBelow(line.days, day)] === day
}
