/** Day and night, every day: every answer is plain arithmetic. */
import { daysFromCivil, type Instant } from '#util'
import type { BusinessHoursDefinition, Calendar, HolidayAt, Interval, Segment } from './types.ts'
import { DAY } from './days.ts'
import { parseDate } from './clock-text.ts'
import type { Zone } from './zone.ts'

/** From year 1 to year 9999: what is written with four digits. */
const [FIRST, END] = [daysFromCivil(1, 1, 1) * DAY, daysFromCivil(10_000, 1, 1) * DAY]

export interface Identity {
  readonly name: string
  readonly timeZone: string
  readonly version: string
  readonly tzdata?: string
  readonly definition: BusinessHoursDefinition
}

export class AlwaysCalendar implements Calendar {
  readonly name: string
  readonly timeZone: string
  readonly version: string
  readonly tzdata?: string
  readonly definition: BusinessHoursDefinition
  readonly always = true
  readonly #zone: Zone

  constructor(identity: Identity, zone: Zone) {
    this.name = identity.name
    this.timeZone = identity.timeZone
    this.version = identity.version
    this.tzdata = identity.tzdata
    this.definition = identity.definition
    this.#zone = zone
  }

  add(at: Instant, ms: number): Instant | undefined {
    const result = at + ms
    return result >= FIRST && result < END ? result : undefined
  }

  diff(from: Instant, to: Instant): number {
    return to - from
  }

  isOpen(at: Instant): boolean {
    return Number.isFinite(at)
  }

  next(at: Instant): Instant | undefined {
    return at
  }

  prev(at: Instant): Instant | undefined {
    return at
  }

  nextOpen(): undefined {
    return undefined
  }

  nextClose(): undefined {
    return undefined
  }

  prevOpen(): undefined {
    return undefined
  }

  prevClose(): undefined {
    return undefined
  }

  addDays(at: Instant, days: number): Instant | undefined {
    if (days === 0) return at
    return this.add(this.#zone.toInstant(this.#zone.toLocal(at) + days * DAY, 'earlier'), 0)
  }

  nextBusinessDay(at: Instant, timeOfDay: number): Instant | undefined {
    const today = Math.floor(this.#zone.toLocal(at) / DAY)
    return this.add(this.#zone.toInstant((today + 1) * DAY + timeOfDay, 'earlier'), 0)
  }

  isBusinessDay(date: string): boolean {
    return parseDate(date) !== undefined
  }

  intervals(from: Instant, to: Instant): Interval[] {
    return from < to ? [{ from, to }] : []
  }

  explain(from: Instant, to: Instant): Segment[] {
    return from < to ? [{ from, to, counted: true }] : []
  }

  holidaysAt(): readonly HolidayAt[] {
    return []
  }

  localToInstant(local: number): Instant {
    return this.#zone.toInstant(local, 'earlier')
  }

  instantToLocal(at: Instant): number {
    return this.#zone.toLocal(at)
  }
}
