/** Two sources as one that is open when both are. */
import { intersect, merge, type Piece, type Source } from './pieces.ts'
import type { Zone } from './zone.ts'

/** Days are those of `zone`; where one of them is always open the other is the answer. */
export function intersectionSource(a: Source, b: Source, zone: Zone): Source {
  if (a.always) return { ...b, zone }
  if (b.always) return { ...a, zone }
  const firstYear = Math.max(a.firstYear, b.firstYear)
  const lastYear = Math.min(a.lastYear, b.lastYear)
  return {
    zone,
    firstYear,
    lastYear,
    always: false,
    pieces: (year) => (year < firstYear || year > lastYear ? [] : intersect(a.pieces(year), around(b, year))),
    cuts: (from, to) => [...a.cuts(from, to), ...b.cuts(from, to)],
    probeYears: [...a.probeYears, ...b.probeYears].filter((year) => year >= firstYear && year <= lastYear),
  }
}

const around = (source: Source, year: number): Piece[] =>
  merge([...source.pieces(year - 1), ...source.pieces(year), ...source.pieces(year + 1)])
