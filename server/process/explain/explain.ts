/** Why a milestone's target is what it is, in words and as data, and what would happen next. Rendered from the state alone. */
import { formatInstant, type Instant, type Row } from '#util'
import { explainNotEvaluated, stuckLines } from './not-evaluated.ts'
import { statusOf } from '../rows.ts'
import { goalInForce, lateOpen, pausedSince, targetWith } from '../clock.ts'
import { calendarOf, isOpen } from '../step/draft.ts'
import { standing } from '../step/fire.ts'
import { reasons } from '../step/pauses.ts'
import { timersOf } from '../timers.ts'
import type { Completion, Instance, ManualTarget, ProcessCalendar, Rules, State, Timer } from '../types.ts'
import { type Segment, segmentsOf, totals } from './segments.ts'
import type { Reader } from './reader.ts'
import { completedBy, criteriaOf, detailLines, promiseLine } from './promise.ts'
import { clockShifts, hoursLine, membersOf, sayShift } from './hours.ts'
import { sayAmount, sayGoal, sayIn, type SayInstant, sayReason, saySkipped, sayStep } from './words.ts'

export interface Explanation {
  /** One sentence a line, in the words of labels. */
  readonly text: string
  /** The names of items and versions, and the formulas, behind it. */
  readonly details: string
  /** The same as data; instants as ISO text. */
  readonly data: Row
}

/** `key` is the instance's; undefined when there is none. */
export function explain(rules: Rules, state: State, key: string, reader: Reader): Explanation | undefined {
  const instance = state.instances.find((i) => i.key === key)
  if (!instance) return explainNotEvaluated(rules, state, key)
  const calendar = calendarOf(rules, instance)
  const until = instance.target ?? instance.completion?.at ?? state.at
  const segments = calendar ? segmentsOf(calendar, instance, until) : []
  const next = timersOf(rules, state).filter((t) => t.instance === key)
  const say = sayIn(calendar?.timeZone ?? reader.timeZone, reader.now)
  const lines = [
    ...targetLines(instance, calendar, segments, say),
    promiseLine(rules, instance, reader),
    ...hoursLine(instance, calendar, rules.process(instance.version)),
    ...endLines(rules, instance, calendar, reader, say),
    ...stuckLines(rules, state, instance),
    ...nextLines(next, say),
  ]
  return {
    text: lines.join('\n'),
    details: detailLines(rules, instance, reader).join('\n'),
    data: {
      ...dataOf(instance, calendar, segments, next),
      criteria: criteriaOf(rules, instance, reader)?.source ?? null,
    },
  }
}

/** One that was set by hand comes with what would be without it. */
function targetLines(
  i: Instance,
  calendar: ProcessCalendar | undefined,
  segments: readonly Segment[],
  say: SayInstant,
): string[] {
  if (!i.manualTarget) return [targetLine(i, calendar, segments, say)]
  const own = { ...i, manualTarget: undefined }
  own.target = targetWith(calendar, own)
  const parts = calendar && own.target !== null ? segmentsOf(calendar, own, own.target) : []
  return [manualLine(i.target, i.manualTarget, say), `Without it: ${targetLine(own, calendar, parts, say)}`]
}

/** `Target 9 Mar 11:00, set by hand 6 Mar 12:00 by U1: agreed with the customer. Pauses do not move it.` */
function manualLine(target: Instant | null, set: ManualTarget, say: SayInstant): string {
  const moved = target === set.target ? '' : ` (at first ${say(set.target)})`
  const by = set.userId === undefined ? '' : ` by ${set.userId}`
  const pauses = set.movesWithPauses ? 'Pauses since then move it' : 'Pauses do not move it'
  return `Target ${target === null ? 'never' : say(target)}${moved}, set by hand ${say(set.setAt)}${by}: ${set.reason}. ${pauses}.`
}

function targetLine(
  i: Instance,
  calendar: ProcessCalendar | undefined,
  segments: readonly Segment[],
  say: SayInstant,
): string {
  if (i.target === null)
    return i.goal.kind === 'at'
      ? 'No target: the process gives no date.'
      : `No target: *${i.hours?.name ?? 'no business hours'}* never opens long enough after ${say(i.start)}.`
  const parts =
    i.goal.kind === 'at'
      ? [`Target ${say(i.target)} = the date that the process gives`]
      : [`Target ${say(i.target)} = start ${say(i.start)} + ${sayGoal(i.goal)} in *${i.hours?.name}*`]
  for (const { why, ms } of totals(segments, 'skipped')) parts.push(`${saySkipped(why)} ${sayAmount(ms)} skipped`)
  for (const { why, ms } of totals(segments, 'paused')) parts.push(`paused ${sayAmount(ms)} (${why})`)
  if (calendar) parts.push(...clockShifts(calendar, i.start, i.target).map((shift) => sayShift(shift, calendar, say)))
  return `${parts.join('; ')}.`
}

function endLines(
  rules: Rules,
  i: Instance,
  calendar: ProcessCalendar | undefined,
  reader: Reader,
  say: SayInstant,
): string[] {
  const lines: string[] = []
  for (const v of i.violations)
    lines.push(
      `Violated: target ${say(v.at)} passed${v.lateAttach ? ' before it was attached' : ''}${v.ended ? `; ${v.ended.how.toLowerCase()} ${say(v.ended.at)} (${sayReason(v.ended.reason)})` : ''}.`,
    )
  if (i.completion)
    lines.push(
      `Completed ${say(i.completion.at)} by ${completedBy(rules, i, i.completion, reader)}${margin(i, calendar)}.${given(i.completion)}`,
    )
  if (i.cancelled) lines.push(`Cancelled ${say(i.cancelled.at)} (${i.cancelled.reason}).`)
  if (isOpen(i)) lines.push(...pauseLine(i, calendar, say))
  return lines
}

const given = ({ by, reason }: Completion): string => (by === 'hand' && reason ? ` Reason given: ${reason}.` : '')

/** In work time; what is late or early only on the clock says so. */
function margin(i: Instance, calendar: ProcessCalendar | undefined): string {
  if (i.target === null || !calendar || !i.completion) return ''
  const { at } = i.completion
  if (at === i.target) return ', exactly on target'
  const side = at < i.target ? 'before the target' : 'late'
  const open = lateOpen(calendar, i.pauses, i.target, at)
  if (open !== 0) return `, ${sayAmount(open)} ${side}`
  const paused = calendar.diff(at, i.target) === 0 ? '' : 'paused or '
  return `, ${sayAmount(at - i.target)} ${side}, all of it ${paused}outside the hours`
}

/** What is left is counted from where the pause began. */
function pauseLine(i: Instance, calendar: ProcessCalendar | undefined, say: SayInstant): string[] {
  const since = pausedSince(i)
  if (since === null) return []
  const why = `Paused since ${say(since)} (${reasons(i)})`
  if (i.target === null || !calendar || since > i.target) return [`${why}.`]
  const goal = goalInForce(i)
  const moves = goal.kind !== 'at' || goal.shift
  return moves
    ? [
        `${why}: ${sayAmount(calendar.diff(since, i.target))} were left; the target stands, and moves on when it resumes.`,
      ]
    : [`${why}: the date does not move with pauses; it is looked at again when it resumes.`]
}

const nextLines = (next: readonly Timer[], say: SayInstant): string[] =>
  next.filter((t) => t.step !== 'warn').map((t) => `Next: ${sayStep(t.step)} ${say(t.at)}.`)

function manualData(set: ManualTarget | undefined): Row | null {
  return set
    ? { ...set, userId: set.userId ?? null, target: formatInstant(set.target), setAt: formatInstant(set.setAt) }
    : null
}

function dataOf(
  i: Instance,
  calendar: ProcessCalendar | undefined,
  segments: readonly Segment[],
  next: readonly Timer[],
): Row {
  const iso = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))
  return {
    key: i.key, milestone: i.milestone, item: i.item, version: i.version, run: i.run, cycle: i.cycle, status: statusOf(i),
    start: iso(i.start), target: iso(i.target), goal: { ...i.goal }, manualTarget: manualData(i.manualTarget), violated: standing(i) !== undefined,
    hours: i.hours && {
      ...i.hours, timeZone: calendar?.timeZone ?? null, zoneFrom: i.hours.zoneFrom ?? 'hours',
      members: membersOf(calendar?.definition).map(({ name }) => name),
    },
    clockChanges: (calendar && i.target !== null ? clockShifts(calendar, i.start, i.target) : []).map(({ at, by, timeZone }) => ({ at: iso(at), minutes: by / 60_000, timeZone })),
    segments: segments.map((s) => ({ from: iso(s.from), to: iso(s.to), kind: s.kind, why: s.why ?? null, minutes: (s.to - s.from) / 60_000 })),
    pauses: i.pauses.map((p) => ({ from: iso(p.from), to: iso(p.to), source: p.source, reason: p.reason })),
    next: next.map((t) => ({ at: iso(t.at), step: t.step })),
  } // prettier-ignore
}
