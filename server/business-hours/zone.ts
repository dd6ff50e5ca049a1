/**
 * Time zones without Date: the offset of an instant is read from Intl once per stretch of time and remembered.
 * A stretch of 384 days is sampled every 8 days and each change bisected; no zone has two changes within 8 days since 1970.
 */
import { daysFromCivil, type Instant } from '#util'

const DAY = 86_400_000
const STRETCH = 384 * DAY
const SAMPLE = 8 * DAY
/** Intl knows no instant beyond ±8.64e15. */
const FARTHEST = 8.6e15
/** No zone is further from UTC than this. */
const WIDEST = 15 * 3_600_000

interface Stretch {
  /** Where each offset starts to hold; the first is the stretch's own start. */
  readonly from: readonly Instant[]
  readonly offset: readonly number[]
}

export interface ClockChange {
  readonly at: Instant
  /** Milliseconds from UTC before and after. */
  readonly before: number
  readonly after: number
}

/** An IANA zone. Local times are milliseconds since 1970-01-01T00:00 on the zone's own wall clock. */
export class Zone {
  readonly name: string
  readonly #format: Intl.DateTimeFormat
  readonly #shortName: Intl.DateTimeFormat
  readonly #stretches = new Map<number, Stretch>()

  constructor(name: string) {
    this.name = name
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    this.#shortName = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'short' })
  }

  /** What people call it at an instant: `EST`, `GMT+1`. */
  shortName(at: Instant): string {
    return this.#shortName.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? this.name
  }

  /** Milliseconds to add to UTC for the wall clock. */
  offsetAt(at: Instant): number {
    if (!(Math.abs(at) < FARTHEST)) return 0
    const { from, offset } = this.#stretch(Math.floor(at / STRETCH))
    let i = from.length - 1
    while (i > 0 && from[i]! > at) i--
    return offset[i]!
  }

  toLocal(at: Instant): number {
    return at + this.offsetAt(at)
  }

  /** A local time in a gap moves forward by the gap's length; of an ambiguous one `which` says the instant. */
  toInstant(local: number, which: 'earlier' | 'later'): Instant {
    const before = this.offsetAt(local - DAY)
    const after = this.offsetAt(local + DAY)
    if (before === after) return local - before
    const early = local - before
    const late = local - after
    const lateHolds = this.offsetAt(late) === after
    if (this.offsetAt(early) !== before) return lateHolds ? late : early
    return lateHolds && which === 'later' ? late : early
  }

  /** True when the wall clock never shows this time. */
  isGap(local: number): boolean {
    const before = this.offsetAt(local - DAY)
    const after = this.offsetAt(local + DAY)
    return before !== after && this.offsetAt(local - before) !== before && this.offsetAt(local - after) !== after
  }

  /** The instants at which the wall clock shows a time in [from, to): one interval, two when the clock runs through it twice. */
  showing(from: number, to: number): { from: Instant; to: Instant }[] {
    const result: { from: Instant; to: Instant }[] = []
    for (const regime of this.#regimes(from - WIDEST, to + WIDEST)) {
      const start = Math.max(regime.from, from - regime.offset)
      const end = Math.min(regime.to, to - regime.offset)
      if (start >= end) continue
      const last = result.at(-1)
      if (last?.to === start) last.to = end
      else result.push({ from: start, to: end })
    }
    return result
  }

  /** Every change of offset in [from, to). */
  changes(from: Instant, to: Instant): ClockChange[] {
    const regimes = this.#regimes(from, to)
    return regimes
      .slice(1)
      .map((r, i) => ({ at: r.from, before: regimes[i]!.offset, after: r.offset }))
      .filter((c) => c.at >= from && c.at < to && c.before !== c.after)
  }

  #regimes(from: Instant, to: Instant): { from: Instant; to: Instant; offset: number }[] {
    const regimes: { from: Instant; to: Instant; offset: number }[] = []
    for (let n = Math.floor(from / STRETCH); n * STRETCH < to; n++) {
      const stretch = this.#stretch(n)
      stretch.from.forEach((start, i) => {
        regimes.push({ from: start, to: stretch.from[i + 1] ?? (n + 1) * STRETCH, offset: stretch.offset[i]! })
      })
    }
    return regimes
  }

  #stretch(n: number): Stretch {
    let stretch = this.#stretches.get(n)
    if (!stretch) this.#stretches.set(n, (stretch = this.#sample(n * STRETCH)))
    return stretch
  }

  #sample(start: Instant): Stretch {
    const from = [start]
    const offset = [this.#read(start)]
    for (let at = start; at < start + STRETCH; at += SAMPLE) {
      const next = this.#read(at + SAMPLE)
      if (next === offset.at(-1)) continue
      const change = this.#bisect(at, at + SAMPLE, next)
      if (change >= start + STRETCH) break
      from.push(change)
      offset.push(next)
    }
    return { from, offset }
  }

  /** The first whole second at which `offset` holds. */
  #bisect(before: Instant, after: Instant, offset: number): Instant {
    let [low, high] = [before, after]
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000
      if (this.#read(middle) === offset) high = middle
      else low = middle
    }
    return high
  }

  #read(at: Instant): number {
    const part: { [type: string]: number } = {}
    let beforeChrist = false
    for (const { type, value } of this.#format.formatToParts(at)) {
      if (type === 'era') beforeChrist = value.startsWith('B')
      else part[type] = Number(value)
    }
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    const days = daysFromCivil(beforeChrist ? 1 - year : year, month, day)
    return days * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 - Math.floor(at / 1000) * 1000
  }
}

const zones = new Map<string, Zone>()

/** The zone of that name, or undefined when there is none. Zones are kept: their offsets are read once. */
export function zoneNamed(name: string): Zone | undefined {
  const known = zones.get(name)
  if (known) return known
  try {
    const zone = new Zone(name)
    zones.set(name, zone)
    return zone
  } catch {
    return undefined
  }
}

/** When the zone's clocks change in [from, to), for notes beside the hours; undefined for an unknown zone. */
export const clockChanges = (timeZone: string, from: Instant, to: Instant): ClockChange[] | undefined =>
  zoneNamed(timeZone)?.changes(from, to)

/** What clocks in a zone show at an instant, in milliseconds since 1970-01-01T00:00 local, and the zone's short name then; undefined for an unknown zone. */
export function clockTime(
  timeZone: string,
  at: Instant,
): { readonly local: number; readonly zone: string } | undefined {
  const zone = zoneNamed(timeZone)
  return zone && { local: zone.toLocal(at), zone: zone.shortName(at) }
}
