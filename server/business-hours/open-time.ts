/** Arithmetic on a timeline: the calendar's answers that concern instants only. */
import type { Instant } from '#util'
import type { Boundary, Interval } from './types.ts'
import { countBelow, countUpTo, Timeline } from './timeline.ts'

/** The interval that starts at or before `at`, or −1. */
const indexAt = (line: Timeline, at: Instant): number => countUpTo(line.starts, at) - 1

/** Open time before `at`, from where the timeline begins. */
function openBefore(line: Timeline, at: Instant): number {
  const i = indexAt(line, at)
  if (i < 0) return 0
  return line.before[i]! + Math.min(at, line.ends[i]!) - line.starts[i]!
}

export function isOpen(line: Timeline, at: Instant): boolean {
  line.cover(at)
  const i = indexAt(line, at)
  return i >= 0 && at < line.ends[i]!
}

export function diff(line: Timeline, from: Instant, to: Instant): number {
  line.cover(from)
  line.cover(to)
  return openBefore(line, to) - openBefore(line, from)
}

/** Forward by ms > 0: `close` ends in the first interval that reaches the amount, `open` in the first that exceeds it. */
export function forward(line: Timeline, at: Instant, ms: number, boundary: Boundary): Instant | undefined {
  line.cover(at)
  do {
    const target = openBefore(line, at) + ms
    const i = (boundary === 'close' ? countBelow(line.before, target) : countUpTo(line.before, target)) - 1
    if (i < line.starts.length) return line.starts[i]! + target - line.before[i]!
  } while (line.growUp())
  return undefined
}

/** Back by ms > 0, the mirror: `close` gives the opening instant when it ends there, `open` the closing before. */
export function backward(line: Timeline, at: Instant, ms: number, boundary: Boundary): Instant | undefined {
  line.cover(at)
  do {
    const target = openBefore(line, at) - ms
    const i = (boundary === 'close' ? countUpTo(line.before, target) : countBelow(line.before, target)) - 1
    if (i >= 0) return line.starts[i]! + target - line.before[i]!
  } while (line.growDown())
  return undefined
}

export function next(line: Timeline, at: Instant): Instant | undefined {
  return isOpen(line, at) ? at : nextOpen(line, at)
}

/** The mirror of `next`: `at` when open time lies just before it, else the last closing. */
export function prev(line: Timeline, at: Instant): Instant | undefined {
  line.cover(at)
  do {
    const i = countBelow(line.starts, at) - 1
    if (i >= 0) return Math.min(at, line.ends[i]!)
  } while (line.growDown())
  return undefined
}

export function nextOpen(line: Timeline, at: Instant): Instant | undefined {
  line.cover(at)
  do {
    const i = countUpTo(line.starts, at)
    if (i < line.starts.length) return line.starts[i]
  } while (line.growUp())
  return undefined
}

/** The last known interval may go on in years not known yet; so may the first have begun earlier. */
export function nextClose(line: Timeline, at: Instant): Instant | undefined {
  line.cover(at)
  do {
    const i = countUpTo(line.ends, at)
    if (i < line.ends.length - 1) return line.ends[i]
  } while (line.growUp())
  const i = countUpTo(line.ends, at)
  return i < line.ends.length && !line.endless ? line.ends[i] : undefined
}

export function prevOpen(line: Timeline, at: Instant): Instant | undefined {
  line.cover(at)
  do {
    const i = countBelow(line.starts, at) - 1
    if (i > 0) return line.starts[i]
  } while (line.growDown())
  return countBelow(line.starts, at) > 0 && !line.beginningless ? line.starts[0] : undefined
}

export function prevClose(line: Timeline, at: Instant): Instant | undefined {
  line.cover(at)
  do {
    const i = countBelow(line.ends, at) - 1
    if (i >= 0) return line.ends[i]
  } while (line.growDown())
  return undefined
}

export function intervals(line: Timeline, from: Instant, to: Instant): Interval[] {
  const result: Interval[] = []
  if (!(from < to)) return result
  line.cover(from)
  line.cover(to)
  for (let i = countUpTo(line.ends, from); i < line.starts.length && line.starts[i]! < to; i++)
    result.push({ from: Math.max(from, line.starts[i]!), to: Math.min(to, line.ends[i]!) })
  return result
}
