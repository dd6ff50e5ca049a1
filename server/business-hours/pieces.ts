/** Open time as raw pieces per year: what a timeline is built from. A weekly definition and an intersection each are a source. */
import type { Instant } from '#util'
import type { SkipReason } from './types.ts'
import type { Zone } from './zone.ts'

export interface Piece {
  readonly from: Instant
  readonly to: Instant
}

/** A stretch in which something other than the week's plan closes: a holiday, or being outside the effective dates. */
export interface Cut extends Piece {
  readonly reason: Extract<SkipReason, 'holiday' | 'notEffective'>
  readonly name?: string
  readonly allDay: boolean
}

export interface Source {
  readonly zone: Zone
  /** The years outside which it is never open; pieces of other years are empty. */
  readonly firstYear: number
  readonly lastYear: number
  /** Every moment is open, of every year: no pieces are needed. */
  readonly always: boolean
  /** Pieces of spans that open on days of this local year, sorted by start; they may touch or overlap, and run into the next year. */
  pieces(year: number): readonly Piece[]
  /** Cuts that meet [from, to). */
  cuts(from: Instant, to: Instant): Cut[]
  /** Years worth looking at to find out whether it ever opens. */
  readonly probeYears: readonly number[]
}

export const MIN_YEAR = 1800
export const MAX_YEAR = 2400

/** The union of sorted pieces, without touching neighbours. */
export function merge(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  let last: Piece | undefined
  for (const piece of pieces) {
    if (last && piece.from <= last.to) {
      if (piece.to > last.to) result[result.length - 1] = last = { from: last.from, to: piece.to }
    } else result.push((last = piece))
  }
  return result
}

/** What is left of sorted pieces without the sorted, merged cuts. */
export function subtract(pieces: readonly Piece[], cuts: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  let first = 0
  for (const piece of pieces) {
    while (first < cuts.length && cuts[first]!.to <= piece.from) first++
    let from = piece.from
    for (let i = first; i < cuts.length && cuts[i]!.from < piece.to; i++) {
      if (cuts[i]!.from > from) result.push({ from, to: cuts[i]!.from })
      from = Math.max(from, cuts[i]!.to)
    }
    if (from < piece.to) result.push({ from, to: piece.to })
  }
  return result
}

/** Each piece of `a` where `b` (sorted, merged) is open too. */
export function intersect(a: readonly Piece[], b: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  let first = 0
  for (const piece of a) {
    while (first < b.length && b[first]!.to <= piece.from) first++
    for (let i = first; i < b.length && b[i]!.from < piece.to; i++)
      result.push({ from: Math.max(piece.from, b[i]!.from), to: Math.min(piece.to, b[i]!.to) })
  }
  return result
}

export const byStart = (pieces: Piece[]): Piece[] => pieces.sort((a, b) => a.from - b.from)
