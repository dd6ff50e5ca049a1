/**
 * The contract's rules once more, by brute force: a grid of instants a quarter of an hour apart, each with the wall clock that luxon gives it,
 * and every answer found by walking the grid. Slow, obvious, and written without looking at the timeline.
 */
import { IANAZone } from 'luxon'
import { WEEKDAYS, type Span, type WeeklyDefinition } from '../types.ts'

export const STEP = 15 * 60_000
const DAY = 86_400_000

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
const dayNumbers = new Map<string, number>()

function dayNumber(date: string): number {
  const day = dayNumbers.get(date) ?? Date.parse(`${date}T00:00:00Z`) / DAY
  dayNumbers.set(date, day)
  return day
}

const known = new Map<string, number[]>()

/** What luxon's clock shows at every step; kept, since the same few stretches come again and again. */
function wallClocks(timeZone: string, from: number, to: number): number[] {
  const key = `${timeZone} ${from} ${to}`
  const zone = IANAZone.create(timeZone)
  const read = (i: number): number => from + i * STEP + zone.offset(from + i * STEP) * 60_000
  const clocks = known.get(key) ?? Array.from({ length: (to - from) / STEP }, (_, i) => read(i))
  known.set(key, clocks)
  return clocks
}

export class Reference {
  readonly from: number
  readonly open: boolean[]
  readonly local: number[]
  readonly businessDays = new Set<number>()

  constructor(definition: WeeklyDefinition, from: number, to: number) {
    this.from = from
    this.local = wallClocks(definition.timeZone!, from, to)
    this.open = this.local.map(() => false)
    const [first, last] = [Math.floor(this.local[0]! / DAY), Math.floor(this.local.at(-1)! / DAY)]
    for (let day = first + 1; day < last - 1; day++) this.#openDay(definition, day)
  }

  #openDay(definition: WeeklyDefinition, day: number): void {
    if (this.#outside(definition, day)) return
    const override = definition.overrides?.find((o) => dayNumber(o.date) === day)
    const spans = override?.spans ?? definition.hours?.[WEEKDAYS[new Date(day * DAY).getUTCDay()]!] ?? []
    for (const span of spans) this.#openSpan(definition, day, span, override?.worksOnHoliday === true)
  }

  #outside({ effectiveFrom, effectiveTo }: WeeklyDefinition, day: number): boolean {
    return (
      (effectiveFrom !== undefined && day < dayNumber(effectiveFrom)) ||
      (effectiveTo !== undefined && day > dayNumber(effectiveTo))
    )
  }

  #openSpan(definition: WeeklyDefinition, day: number, [open, close]: Span, exempt: boolean): void {
    const start = day * DAY + minutes(open) * 60_000
    const length = (minutes(close) - minutes(open) + 1440) % 1440 || 1440
    const end = start + (close === '24:00' ? 1440 - minutes(open) : length) * 60_000
    if (!this.local.some((l) => l >= start && l < end)) return
    let was = false
    for (let i = this.#first(start); i < this.#last(end); i++) {
      const local = this.local[i]!
      const cut = this.#outside(definition, Math.floor(local / DAY)) || (!exempt && this.#holiday(definition, local))
      if (!cut && !was) this.businessDays.add(Math.floor(local / DAY))
      if (!cut) this.open[i] = true
      was = !cut
    }
  }

  #holiday(definition: WeeklyDefinition, local: number): boolean {
    return (definition.holidays ?? []).some((h) => {
      const midnight = dayNumber(h.date!) * DAY
      const [from, to] = [
        midnight + minutes(h.startTime ?? '00:00') * 60_000,
        midnight + minutes(h.endTime ?? '24:00') * 60_000,
      ]
      return local >= from && local < to
    })
  }

  /** Grid index of the earliest instant that shows this time; in a gap, moved on by the gap's length. */
  #first(local: number): number {
    const i = this.local.indexOf(local)
    return i >= 0 ? i : this.#moved(local)
  }

  #last(local: number): number {
    const i = this.local.lastIndexOf(local)
    return i >= 0 ? i : this.#moved(local)
  }

  #moved(local: number): number {
    const after = this.local.findIndex((l, i) => i > 0 && this.local[i - 1]! < local && l > local)
    const gap = this.local[after]! - this.local[after - 1]! - STEP
    return this.local.indexOf(local + gap)
  }

  index(at: number): number {
    return (at - this.from) / STEP
  }

  at(index: number): number {
    return this.from + index * STEP
  }

  intervals(from: number, to: number): { from: number; to: number }[] {
    const result: { from: number; to: number }[] = []
    for (let i = this.index(from); i < this.index(to); i++) {
      if (!this.open[i]) continue
      const last = result.at(-1)
      if (last?.to === this.at(i)) last.to += STEP
      else result.push({ from: this.at(i), to: this.at(i) + STEP })
    }
    return result
  }

  /** Walks `steps` open steps on from `at` (back when negative); undefined when the grid ends first. */
  add(at: number, steps: number): number | undefined {
    let i = this.index(at)
    if (steps === 0) {
      while (i < this.open.length && !this.open[i]) i++
      return i < this.open.length ? this.at(i) : undefined
    }
    const direction = Math.sign(steps)
    for (let left = Math.abs(steps); left > 0; i += direction) {
      const here = direction > 0 ? i : i - 1
      if (here < 0 || here >= this.open.length) return undefined
      if (this.open[here]) left--
    }
    return this.at(i)
  }

  diff(from: number, to: number): number {
    const [a, b] = [Math.min(from, to), Math.max(from, to)]
    const open = this.open.slice(this.index(a), this.index(b)).filter(Boolean).length * STEP
    return from <= to ? open : 0 - open
  }
}
