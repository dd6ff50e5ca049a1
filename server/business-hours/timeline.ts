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
  readonly #years = new Map<number, Year>()
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
    const { firstYear, lastYear } = this.#source
    this.#first = Math.max(MIN_YEAR, first)
    this.#last = Math.min(MAX_YEAR, last)
    this.#lay()
    this.#solidFrom = this.#first <= Math.max(MIN_YEAR, firstYear) ? -Infinity : (firstDayOf(this.#first) + 3) * DAY
    this.#solidTo = this.#last >= Math.min(MAX_YEAR, lastYear) ? Infinity : (firstDayOf(this.#last + 1) - 2) * DAY
  }

  #lay(): void {
    const pieces: Piece[] = []
    const days: number[] = []
    for (let year = this.#first; year <= this.#last; year++) {
      const known = this.#year(year)
      for (const piece of known.pieces) pieces.push(piece)
      for (const day of known.days) if (day !== days.at(-1)) days.push(day)
    }
    const { starts, ends, before } = layOut(byStart(pieces))
    this.starts = starts
    this.ends = ends
    this.before = before
    this.days = Float64Array.from(new Set(days)).sort()
  }

  #year(year: number): Year {
    let known = this.#years.get(year)
    if (!known) this.#years.set(year, (known = readYear(this.#source, year)))
    return known
  }
}

interface Year {
  readonly pieces: readonly Piece[]
  /** Local days of the openings, ascending. */
  readonly days: readonly number[]
}

function readYear(source: Source, year: number): Year {
  const pieces = source.pieces(year)
  const days: number[] = []
  for (const piece of pieces) {
    const day = Math.floor(source.zone.toLocal(piece.from) / DAY)
    if (day !== days.at(-1)) days.push(day)
  }
  return { pieces, days }
}

/** Sorted pieces as merged intervals with the open time before each. */
function layOut(pieces: readonly Piece[]): Pick<Timeline, 'starts' | 'ends' | 'before'> {
  const intervals = merge(pieces)
  const starts = new Float64Array(intervals.length)
  const ends = new Float64Array(intervals.length)
  const before = new Float64Array(intervals.length + 1)
  for (let i = 0; i < intervals.length; i++) {
    const { from, to } = intervals[i]!
    starts[i] = from
    ends[i] = to
    before[i + 1] = before[i]! + to - from
  }
  return { starts, ends, before }
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
