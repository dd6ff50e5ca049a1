/** Why time counts or not: the whole of an interval as segments, for "explain" and for shading a time axis. */
import type { Instant } from '#util'
import type { Interval, Segment } from './types.ts'
import { DAY, weekdayOf } from './days.ts'
import { byStart, type Cut } from './pieces.ts'
import type { Zone } from './zone.ts'

/** `open`: the open intervals of [from, to), in order; `cuts`: the holidays and limits that meet it. */
export function explain(
  from: Instant,
  to: Instant,
  open: readonly Interval[],
  cuts: readonly Cut[],
  zone: Zone,
): Segment[] {
  const sorted = byStart([...cuts]) as Cut[]
  const segments: Segment[] = []
  let at = from
  for (const interval of open) {
    if (at < interval.from) segments.push(...gap(at, interval.from, sorted, zone))
    segments.push({ ...interval, counted: true })
    at = interval.to
  }
  if (at < to) segments.push(...gap(at, to, sorted, zone))
  return segments
}

/** A closed stretch, split where a holiday or a limit begins and ends; of several the first named wins. */
function gap(from: Instant, to: Instant, cuts: readonly Cut[], zone: Zone): Segment[] {
  const segments: Segment[] = []
  let at = from
  for (const cut of cuts) {
    const start = Math.max(at, cut.from)
    const end = Math.min(to, cut.to)
    if (start >= end) continue
    if (at < start) segments.push(plain(at, start, zone))
    segments.push({
      from: start,
      to: end,
      counted: false,
      reason: cut.reason,
      ...(cut.name === undefined ? {} : { holiday: cut.name }),
    })
    at = end
  }
  if (at < to) segments.push(plain(at, to, zone))
  return segments
}

function plain(from: Instant, to: Instant, zone: Zone): Segment {
  return { from, to, counted: false, reason: holdsWeekendDay(from, to, zone) ? 'weekend' : 'closed' }
}

/** Does it hold a whole local Saturday or Sunday? */
function holdsWeekendDay(from: Instant, to: Instant, zone: Zone): boolean {
  const first = Math.ceil(zone.toLocal(from) / DAY)
  const end = Math.floor(zone.toLocal(to) / DAY)
  for (let day = first; day < Math.min(end, first + 7); day++) if (weekdayOf(day) % 6 === 0) return true
  return false
}
