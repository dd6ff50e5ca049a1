/** The time between start and target, piece by piece: counted, skipped by the calendar, or paused. */
import type { Instant } from '#util'
import { unionOf } from '../clock.ts'
import type { Instance, Pause, ProcessCalendar } from '../types.ts'

export interface Segment {
  readonly from: Instant
  readonly to: Instant
  readonly kind: 'counted' | 'skipped' | 'paused'
  /** weekend, closed, holiday, notEffective; of a pause its reasons. */
  readonly why?: string
}

/** Of a running pause nothing: while it lasts the target stands where it stood when it began. */
export function segmentsOf(calendar: ProcessCalendar, instance: Instance, until: Instant): Segment[] {
  const ended = instance.pauses.filter((p) => p.to !== null)
  const pauses = unionOf(ended, instance.start)
  return calendar.explain(instance.start, Math.max(instance.start, until)).flatMap((part): Segment[] => {
    if (!part.counted)
      return [
        { from: part.from, to: part.to, kind: 'skipped', why: part.holiday ? `holiday ${part.holiday}` : part.reason },
      ]
    return cut(part, pauses, ended)
  })
}

function cut(
  part: { from: Instant; to: Instant },
  spans: readonly { from: Instant; to: Instant | null }[],
  pauses: readonly Pause[],
): Segment[] {
  const pieces: Segment[] = []
  let at = part.from
  for (const span of spans) {
    const from = Math.max(span.from, at)
    const to = Math.min(span.to ?? part.to, part.to)
    if (to <= from) continue
    if (from > at) pieces.push({ from: at, to: from, kind: 'counted' })
    pieces.push({ from, to, kind: 'paused', why: reasonsAt(pauses, from, to) })
    at = to
  }
  if (at < part.to) pieces.push({ from: at, to: part.to, kind: 'counted' })
  return pieces
}

function reasonsAt(pauses: readonly Pause[], from: Instant, to: Instant): string {
  return [...new Set(pauses.filter((p) => p.from < to && (p.to ?? Infinity) > from).map((p) => p.reason))].join(', ')
}

/** Milliseconds of one kind, by reason, in the order in which they come first. */
export function totals(segments: readonly Segment[], kind: Segment['kind']): { why: string; ms: number }[] {
  const byReason = new Map<string, number>()
  for (const s of segments)
    if (s.kind === kind) byReason.set(s.why ?? '', (byReason.get(s.why ?? '') ?? 0) + s.to - s.from)
  return [...byReason].map(([why, ms]) => ({ why, ms }))
}
