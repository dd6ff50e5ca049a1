/** The calendar of a source with openings and closings. */
import type { Instant } from '#util'
import type { Identity } from './always.ts'
import type { Boundary, BusinessHoursDefinition, Calendar, HolidayAt, Interval, Segment } from './types.ts'
import * as days from './business-days.ts'
import { parseDate } from './clock-text.ts'
import { explain } from './explain.ts'
import * as time from './open-time.ts'
import type { Source } from './pieces.ts'
import { Timeline } from './timeline.ts'

export class OpenCalendar implements Calendar {
  readonly name: string
  readonly timeZone: string
  readonly version: string
  readonly tzdata?: string
  readonly definition: BusinessHoursDefinition
  readonly always = false
  readonly #source: Source
  readonly #boundary: Boundary
  readonly #line: Timeline

  constructor(identity: Identity, source: Source, boundary: Boundary) {
    this.name = identity.name
    this.timeZone = identity.timeZone
    this.version = identity.version
    this.tzdata = identity.tzdata
    this.definition = identity.definition
    this.#source = source
    this.#boundary = boundary
    this.#line = new Timeline(source)
  }

  add(at: Instant, ms: number): Instant | undefined {
    if (Number.isNaN(at)) return undefined
    if (ms > 0) return time.forward(this.#line, at, ms, this.#boundary)
    if (ms < 0) return time.backward(this.#line, at, -ms, this.#boundary)
    return ms === 0 ? time.next(this.#line, at) : undefined
  }

  diff(from: Instant, to: Instant): number {
    return time.diff(this.#line, from, to)
  }

  isOpen(at: Instant): boolean {
    return time.isOpen(this.#line, at)
  }

  next(at: Instant): Instant | undefined {
    return time.next(this.#line, at)
  }

  prev(at: Instant): Instant | undefined {
    return time.prev(this.#line, at)
  }

  nextOpen(at: Instant): Instant | undefined {
    return time.nextOpen(this.#line, at)
  }

  nextClose(at: Instant): Instant | undefined {
    return time.nextClose(this.#line, at)
  }

  prevOpen(at: Instant): Instant | undefined {
    return time.prevOpen(this.#line, at)
  }

  prevClose(at: Instant): Instant | undefined {
    return time.prevClose(this.#line, at)
  }

  addDays(at: Instant, n: number): Instant | undefined {
    return Number.isInteger(n) && Number.isFinite(at) ? days.addDays(this.#line, this.#source.zone, at, n) : undefined
  }

  nextBusinessDay(at: Instant, timeOfDay: number): Instant | undefined {
    if (!Number.isFinite(at + timeOfDay)) return undefined
    return days.nextBusinessDay(this.#line, this.#source.zone, at, timeOfDay)
  }

  isBusinessDay(date: string): boolean {
    const day = parseDate(date)
    return day !== undefined && days.isBusinessDay(this.#line, this.#source.zone, day)
  }

  intervals(from: Instant, to: Instant): Interval[] {
    return time.intervals(this.#line, from, to)
  }

  explain(from: Instant, to: Instant): Segment[] {
    if (!(from < to)) return []
    return explain(from, to, this.intervals(from, to), this.#source.cuts(from, to), this.#source.zone)
  }

  holidaysAt(at: Instant): readonly HolidayAt[] {
    const cuts = this.#source.cuts(at, at + 1).filter((c) => c.reason === 'holiday')
    return cuts.map(({ name = '', allDay }) => ({ name, allDay }))
  }

  localToInstant(local: number): Instant {
    return this.#source.zone.toInstant(local, 'earlier')
  }

  instantToLocal(at: Instant): number {
    return this.#source.zone.toLocal(at)
  }
}
