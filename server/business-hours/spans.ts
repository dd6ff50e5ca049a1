/** Checks and reads the spans of a day. */
import type { Finding } from '#util'
import { WEEKDAYS, type OverrideDefinition, type Span, type WeeklyDefinition } from './types.ts'
import { DAY } from './days.ts'
import { parseDate, parseTimeOfDay } from './clock-text.ts'
import { problem } from './problem.ts'

/** Milliseconds since the local midnight of the day it opens on; `to` beyond 24 h is the next day. */
export interface DaySpan {
  readonly from: number
  readonly to: number
}

/** Spans that `checkSpans` found no fault with, by opening. */
export function readSpans(spans: readonly Span[] | null | undefined): DaySpan[] {
  return (spans ?? []).map(readSpan).sort((a, b) => a.from - b.from)
}

function readSpan([open, close]: Span): DaySpan {
  const from = parseTimeOfDay(open) ?? 0
  const to = parseTimeOfDay(close) ?? 0
  return { from, to: to <= from ? to + DAY : to }
}

export function checkHours(hours: WeeklyDefinition['hours'], path: string): Finding[] {
  if (hours === undefined || hours === null) return []
  if (typeof hours !== 'object' || Array.isArray(hours))
    return [problem('BAD_HOURS', path, 'The weekly hours must list spans for each of sun to sat.')]
  const strange = Object.keys(hours).filter((day) => !(WEEKDAYS as readonly string[]).includes(day))
  return [
    ...strange.map((day) =>
      problem('UNKNOWN_WEEKDAY', `${path}.${day}`, `"${day}" is not a weekday.`, `Use ${WEEKDAYS.join(', ')}.`),
    ),
    ...WEEKDAYS.flatMap((day) => checkSpans(hours[day], DAY_NAMES[day], `${path}.${day}`)),
  ]
}

export function checkOverrides(overrides: unknown, path: string): Finding[] {
  if (overrides === undefined || overrides === null) return []
  if (!Array.isArray(overrides)) return [problem('BAD_OVERRIDES', path, 'The overrides must be a list.')]
  const seen = new Set<unknown>()
  return overrides.flatMap((o: unknown, i) => checkOverride(o as OverrideDefinition | null, `${path}[${i}]`, seen))
}

function checkOverride(override: OverrideDefinition | null, path: string, seen: Set<unknown>): Finding[] {
  if (typeof override !== 'object' || override === null || parseDate(override.date) === undefined)
    return [problem('BAD_DATE', `${path}.date`, 'An override has no date that exists.', 'Write it as YYYY-MM-DD.')]
  const { date } = override
  const findings = checkSpans(override.spans, `The override of ${date}`, `${path}.spans`)
  if (seen.has(date))
    findings.push(problem('DUPLICATE_OVERRIDE', path, `${date} has two overrides.`, 'Put all its spans into one.'))
  seen.add(date)
  return findings
}

const DAY_NAMES = {
  sun: 'Sunday', mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday', fri: 'Friday', sat: 'Saturday',
} as const // prettier-ignore

function checkSpans(spans: unknown, owner: string, path: string): Finding[] {
  if (spans === undefined || spans === null) return []
  if (!Array.isArray(spans))
    return [problem('BAD_SPAN', path, `${owner}: the spans must be a list.`, 'Write [["09:00", "17:00"]].')]
  const faults = spans.flatMap((s: unknown, i) => checkSpan(s, owner, `${path}[${i}]`))
  return faults.length > 0 ? faults : overlaps(readSpans(spans as Span[]), owner, path)
}

function checkSpan(span: unknown, owner: string, path: string): Finding[] {
  if (!Array.isArray(span) || span.length !== 2)
    return [
      problem('BAD_SPAN', path, `${owner}: a span needs an opening and a closing time.`, 'Write ["09:00", "17:00"].'),
    ]
  const unreadable = span.filter((text: unknown) => parseTimeOfDay(text) === undefined)
  if (unreadable.length > 0)
    return [
      problem(
        'BAD_TIME',
        path,
        `${owner}: ${JSON.stringify(unreadable[0])} is not a time.`,
        'Write it as HH:mm, 00:00 to 24:00.',
      ),
    ]
  if (parseTimeOfDay(span[0]) !== DAY) return []
  return [problem('BAD_SPAN', path, `${owner}: a span cannot open at 24:00.`, 'Open it at 00:00 of the next day.')]
}

/** Overlapping spans are merged, so this only warns. */
function overlaps(spans: readonly DaySpan[], owner: string, path: string): Finding[] {
  const overlap = spans.some((span, i) => i > 0 && span.from < spans[i - 1]!.to)
  if (!overlap) return []
  return [
    {
      ...problem('OVERLAPPING_SPANS', path, `${owner} has spans that overlap; they count as one.`, 'Check the times.'),
      severity: 'warning',
    },
  ]
}
