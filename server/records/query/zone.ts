/** Local dates of an IANA zone. A zone that the runtime does not know counts as UTC. */
import { civilFromDays, daysFromCivil } from '#util'
import type { Instant } from '#util'

const MINUTE = 60_000
const DAY = 86_400_000
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  const options = {
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  } as const
  const made = safeFormatter(zone, options)
  formatters.set(zone, made)
  return made
}

function safeFormatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601', { ...options, timeZone: zone })
  } catch {
    return new Intl.DateTimeFormat('en-US-u-ca-iso8601', { ...options, timeZone: 'UTC' })
  }
}

/** Milliseconds that local time is ahead of UTC at this instant. */
function offsetAt(instant: Instant, zone: string): number {
  if (zone === 'UTC') return 0
  const parts: Record<string, number> = {}
  for (const part of formatter(zone).formatToParts(instant)) parts[part.type] = Number(part.value)
  const local =
    daysFromCivil(parts.year!, parts.month!, parts.day!) * DAY +
    (parts.hour! * 60 + parts.minute!) * MINUTE +
    parts.second! * 1000
  return local - Math.floor(instant / 1000) * 1000
}

/** Days since 1970-01-01 of the local date. */
export const localDay = (instant: Instant, zone: string): number =>
  Math.floor((instant + offsetAt(instant, zone)) / DAY)

export const localDate = (instant: Instant, zone: string): string => dateText(localDay(instant, zone))

export function dateText(day: number): string {
  const { year, month, day: date } = civilFromDays(day)
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
}

/** The first instant of a local day (where midnight does not exist, the moment the day begins). */
export function startOfDay(day: number, zone: string): Instant {
  const wall = day * DAY
  const before = wall - offsetAt(wall - DAY, zone)
  const after = wall - offsetAt(wall + DAY, zone)
  const candidates = [before, after].filter((at) => localDay(at, zone) === day && localDay(at - 1, zone) === day - 1)
  return candidates.length > 0 ? Math.min(...candidates) : Math.max(before, after)
}

export interface ZoneChange {
  readonly at: Instant
  /** Milliseconds ahead of UTC from `at` on. */
  readonly offset: number
}

/** Changes of the offset between two instants, found by bisection of month steps; the first entry is the offset at `from`. */
export function zoneChanges(zone: string, from: Instant, to: Instant): ZoneChange[] {
  const changes: ZoneChange[] = [{ at: from, offset: offsetAt(from, zone) }]
  const step = 14 * DAY
  for (let at = from; at < to; at += step) {
    const offset = offsetAt(at + step, zone)
    if (offset !== changes.at(-1)!.offset) changes.push({ at: bisect(zone, at, at + step, offset), offset })
  }
  return changes
}

function bisect(zone: string, low: Instant, high: Instant, offset: number): Instant {
  let [before, after] = [low, high]
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000
    if (offsetAt(middle, zone) === offset) after = middle
    else before = middle
  }
  return after
}

/** The zone, or UTC when the runtime does not know it. */
export function knownZone(zone: string): string {
  return formatter(zone).resolvedOptions().timeZone === 'UTC' ? 'UTC' : zone
}
