/**
 * A source compiled to sorted open intervals with prefix sums, so that every question is a binary search.
 * It covers a range of years that grows on demand, both ways, doubling, and never shrinks.
 */
import { civilFromDays, type Instant } from '#util'
import { DAY, firstDayOf } from './days.ts'
import { byStart, MAX_YEAR, merge, MIN_YEAR, type Piece, type Source } from './pieces.ts'

const EMPTY = new Float64Array(0)
const EARLIEST = firstDayOf(MIN_YEAR) * DAY
const LATEST = firstDayOf(MAX_YEAR) * DAY

export class Timeline {
  /** Interval i is [starts[i], ends[i]); before[i] is the open time of all earlier ones, before[n] of all. */
  starts: Float64Array = EMPTY
  ends: Float64Array = EMPTY
  before: Float64Array = new Float64Array(1)
  /** Local days that have an opening, ascending. */
  days: Float64Array = EMPTY
  readonly #source: Source
  readonly #years = new Map<number, readonly Piece[]>()
  #first = 1
  #last = 0
  /** Within these instants the intervals are complete. */
  #solidFrom = Infinity
  #solidTo = -Infinity

  constructor(source: Source) {
    this.#source = source
  }

  /** Makes sure that the intervals around `at` are known. */
  cover(at: Instant): void {
    if ((at >= this.#solidFrom && at < this.#solidTo) || Number.isNaN(at)) return
    if (this.#first > this.#last) {
      const { year } = civilFromDays(Math.floor(Math.min(LATEST, Math.max(EARLIEST, at)) / DAY))
      this.#grow(year - 1, year + 1)
    }
    while (at < this.#solidFrom && this.growDown());
    while (at >= this.#solidTo && this.growUp());
  }

  /** False when there is nothing later to know. */
  growUp(): boolean {
    if (this.#last >= Math.min(MAX_YEAR, this.#source.lastYear)) return false
    this.#grow(this.#first, this.#last + Math.max(2, this.#last - this.#first + 1))
    return true
  }

  growDown(): boolean {
    if (this.#first <= Math.max(MIN_YEAR, this.#source.firstYear)) return false
    this.#grow(this.#first - Math.max(2, this.#last - this.#first + 1), this.#last)
    return true
  }

  /** The years known so far end where the calendar's time ends. */
  get endless(): boolean {
    return (
      this.#source.lastYear >= MAX_YEAR &&
      this.ends.length > 0 &&
      this.ends.at(-1)! >= (firstDayOf(MAX_YEAR + 1) - 2) * DAY
    )
  }

  get beginningless(): boolean {
    return (
      this.#source.firstYear <= MIN_YEAR &&
      this.starts.length > 0 &&
      this.starts[0]! <= (firstDayOf(MIN_YEAR) + 2) * DAY
    )
  }

  #grow(first: number, last: number): void {
    this.#first = Math.max(MIN_YEAR, first)
    this.#last = Math.min(MAX_YEAR, last)
    const pieces: Piece[] = []
    for (let year = this.#first; year <= this.#last; year++) pieces.push(...this.#piecesOf(year))
    this.#lay(byStart(pieces))
    this.#solidFrom =
      this.#first <= MIN_YEAR || this.#first <= this.#source.firstYear ? -Infinity : (firstDayOf(this.#first) + 3) * DAY
    this.#solidTo =
      this.#last >= MAX_YEAR || this.#last >= this.#source.lastYear ? Infinity : (firstDayOf(this.#last + 1) - 2) * DAY
  }

  #piecesOf(year: number): readonly Piece[] {
    let pieces = this.#years.get(year)
    if (!pieces) this.#years.set(year, (pieces = this.#source.pieces(year)))
    return pieces
  }

  #lay(pieces: readonly Piece[]): void {
    const intervals = merge(pieces)
    this.starts = Float64Array.from(intervals, (i) => i.from)
    this.ends = Float64Array.from(intervals, (i) => i.to)
    this.before = new Float64Array(intervals.length + 1)
    intervals.forEach((interval, i) => (this.before[i + 1] = this.before[i]! + interval.to - interval.from))
    const days = new Set(pieces.map((p) => Math.floor(this.#source.zone.toLocal(p.from) / DAY)))
    this.days = Float64Array.from(days).sort()
  }
}

/** How many of the ascending values are ≤ x. */
export function countUpTo(values: Float64Array, x: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! <= x) low = middle + 1
    else high = middle
  }
  return low
}

/** How many of the ascending values are < x. */
export function countBelow(values: Float64Array, x: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}
