/** What a row expects, read from the engine's state. Words are explained in VOCABULARY.md. */
import { formatInstant, type Instant, parseInstant } from '#util'
import { MINUTE, pausedOpen, pausedSince, pausesUntil, unionOf, violationDue, warningDue } from '../clock.ts'
import { statusOf } from '../rows.ts'
import { calendarOf, isOpen, itemOf } from '../step/draft.ts'
import { standing } from '../step/fire.ts'
import { timersOf } from '../timers.ts'
import type { Instance, ProcessCalendar, State } from '../types.ts'
import type { Lived } from './live.ts'
import { Inexpressible } from './shapes.ts'
import { isNext, targetsOf } from './translate.ts'

/** Mismatches, in words; empty = as expected. */
export function check(l: Lived, expected: { readonly [key: string]: unknown }): string[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    if (key === 'from' || key === 'to') return []
    const found = read(l, key, value, expected)
    return same(found, value) ? [] : [`${key}: expected ${JSON.stringify(value)}, got ${JSON.stringify(found)}`]
  })
}

/** Instants are equal when they are the same instant, however written. */
function same(found: unknown, value: unknown): boolean {
  if (typeof value === 'string' && typeof found === 'number') return parseInstant(value) === found
  if (Array.isArray(value) && Array.isArray(found))
    return value.length === found.length && value.every((v, n) => same(found[n], v))
  if (typeof value === 'object' && value !== null && typeof found === 'object' && found !== null)
    return Object.entries(value).every(([k, v]) => same((found as Record<string, unknown>)[k], v))
  return found === value
}

function read(l: Lived, key: string, value: unknown, expected: { readonly [key: string]: unknown }): unknown {
  const whole = Object.hasOwn(WHOLE, key) ? WHOLE[key] : undefined
  if (whole) return whole(l, value, expected)
  const at = /^(\w+)\.elapsedMinAt(\d+)$/.exec(key)
  if (at) return minutes(active(l, lastOf(l, at[1]!), l.first + Number(at[2]) * MINUTE))
  const after = /^firesAfter(\d+)$/.exec(key)
  if (after) return firesAfter(l, l.first + Number(after[1]) * MINUTE)
  const [target = '', ...rest] = key.split('.')
  const one = ONE[rest.join('.')]
  if (!one || !(target in (l.row.policy.targets ?? targetsOf(l.row.policy)))) return absent(l, target, rest.join('.'))
  return one(l, target, value)
}

/** A target the policy does not promise has nothing due. */
function absent(l: Lived, target: string, word: string): unknown {
  if (ONE[word] && !(target in (l.row.policy.targets ?? {}))) return null
  throw new Inexpressible(`the expectation "${target}${word ? `.${word}` : ''}" is not in the vocabulary`)
}

const all = (l: Lived, target: string): Instance[] => l.driver.state.instances.filter((i) => i.milestone === target)
const lastOf = (l: Lived, target: string): Instance | undefined => all(l, target).at(-1)
const calendar = (l: Lived, i: Instance): ProcessCalendar => calendarOf(l.driver.rules, i)!
const minutes = (ms: number | null): number | null => (ms === null ? null : ms / MINUTE)
const endOf = (l: Lived, i: Instance): Instant => i.completion?.at ?? i.cancelled?.at ?? l.last

/** Open time that counted until an instant. */
function active(l: Lived, i: Instance | undefined, until: Instant): number | null {
  if (!i) return null
  const end = Math.min(until, i.completion?.at ?? until)
  return calendar(l, i).diff(i.start, end) - pausedOpen(calendar(l, i), pausesUntil(i.pauses, end), i.start, end)
}

const elapsed = (l: Lived, i: Instance | undefined): number | null =>
  i?.completion ? active(l, i, i.completion.at) : null
const goal = (i: Instance): number => (i.goal.kind === 'minutes' ? i.goal.minutes : 0)
const worst = (values: (number | null)[], pick: (...n: number[]) => number): number | null =>
  pick(...values.filter((v) => v !== null))

type One = (l: Lived, target: string, value: unknown) => unknown
const ONE: { readonly [word: string]: One } = {
  dueAt: (l, t, value) => (value === null ? runningTarget(lastOf(l, t)) : (lastOf(l, t)?.target ?? null)),
  computedDueAt: (l, t) => lastOf(l, t)?.target ?? null,
  'dueAt.initial': (l, t) => l.states[0]!.instances.find((i) => i.milestone === t)?.target ?? null,
  'dueAt.afterResume': (l, t) => lastOf(l, t)?.target ?? null,
  elapsedMin: (l, t) => minutes(elapsed(l, lastOf(l, t))),
  slackMin: (l, t) => slack(l, lastOf(l, t)),
  worstElapsedMin: (l, t) => minutes(worst(all(l, t).map((i) => elapsed(l, i)), Math.max)), // prettier-ignore
  worstSlackMin: (l, t) => worst(all(l, t).map((i) => slack(l, i)), Math.min), // prettier-ignore
  breached: (l, t) => all(l, t).some((i) => standing(i)),
  violated: (l, t) => all(l, t).some((i) => standing(i)),
  met: (l, t) => lastOf(l, t)?.completion !== null && !all(l, t).some((i) => standing(i)),
  overrunMin: (l, t) => overrun(l, lastOf(l, t)),
  goalUsed: (l, t) => (lastOf(l, t) ? goal(lastOf(l, t)!) : null),
  pausedBusinessMin: (l, t) => (lastOf(l, t) ? minutes(heldOpen(l, lastOf(l, t)!)) : null),
}

const slack = (l: Lived, i: Instance | undefined): number | null =>
  i?.completion ? goal(i) - elapsed(l, i)! / MINUTE : null

/** The target of a clock that runs; null for what is done, cancelled or paused. */
function runningTarget(i: Instance | undefined): Instant | null {
  return i && isOpen(i) && !i.silent && pausedSince(i) === null ? i.target : null
}

function overrun(l: Lived, i: Instance | undefined): number | null {
  const v = i && standing(i)
  return v ? calendar(l, i).diff(v.at, endOf(l, i)) / MINUTE : null
}

type Whole = (l: Lived, value: unknown, expected: { readonly [key: string]: unknown }) => unknown
const WHOLE: { readonly [word: string]: Whole } = {
  nextDueAt: (l) => nextDue(l)?.target ?? null,
  nextDueTarget: (l) => nextDue(l)?.milestone ?? null,
  state: (l) => stateWord(l, l.driver.state),
  statesInOrder: (l) => l.states.map((s) => stateWord(l, s)),
  levels: (l) => levels(l),
  waitingSeconds: (l) => heldOpen(l, main(l)) / 1000,
  holdSeconds: (l) => heldWall(l, longest(l)) / 1000,
  businessHoldSeconds: (l) => heldOpen(l, longest(l)) / 1000,
  holdMinutes: (l) => heldOpen(l, longest(l)) / MINUTE,
  pausedMinutes: (l) => heldWall(l, main(l)) / MINUTE,
  pauses: (l) => spansOf(l, main(l)).map((s) => [s.from, s.to]),
  localDate: (l) => localDay(l, spansOf(l, main(l))[0]!.from).iso,
  daysTouched: (l) => {
    const [span] = spansOf(l, main(l))
    return localDay(l, span!.to).day - localDay(l, span!.from).day + 1
  },
  runningMinutes: (l, _, e) => runningBetween(l, edge(l, e['from']), edge(l, e['to'])),
  misses: (l, value) =>
    Object.fromEntries(Object.keys(value as object).map((t) => [t, all(l, t).filter((i) => standing(i)).length])),
  cycles: (l, value) => cyclesOf(l, (value as unknown[]).length),
  instances: (l) =>
    l.driver.state.instances.map((i) => ({ start: i.start, dueAt: i.target, state: statusOf(i).toLowerCase() })),
  countedIntervals: (l) => counted(l),
  elapsedMin: (l) => counted(l).reduce((sum, [from, to]) => sum + (to - from), 0) / MINUTE,
  fired: (l, value) => (typeof value === 'number' ? fires(l).length : fires(l)),
  recordModified: (l) => l.driver.events.filter((e) => e.kind === 'evaluate').length > l.row.events.length,
  actionsExecuted: (l) => l.sent.size,
  mailsSent: (l) => [...l.sent].filter((id) => id.endsWith('mail')).length,
  firedAtNotAfter: (l, value) =>
    l.driver.logs.find((e) => e.outcome.some((o) => o.what === 'violated'))!.at <= parseInstant(String(value))!
      ? value
      : 'later',
  recordedDueAt: (l) => main(l).violations[0]?.at ?? null,
}

const main = (l: Lived): Instance => l.driver.state.instances[0]!
/** The promise about the whole record: the last of the policy's targets. */
const longest = (l: Lived): Instance => l.driver.state.instances.at(-1)!

/** Earliest target of the clocks that run; waiting for the next answer does not count before there was a first one. */
function nextDue(l: Lived): Instance | undefined {
  const targets = targetsOf(l.row.policy)
  const running = l.driver.state.instances.filter((i) => runningTarget(i) !== null)
  const unanswered = running.some((i) => i.milestone === 'firstResponse' || i.milestone === 'frt')
  const counted = running.filter((i) => !(unanswered && isNext(i.milestone, targets[i.milestone]!)))
  return counted.toSorted((a, b) => a.target! - b.target!)[0]
}

/** A cycle that a timer starts is part of the picture: time goes on until as many cycles have begun as are told of. */
function cyclesOf(l: Lived, many: number): (Instant | null)[][] {
  const d = l.driver
  for (;;) {
    const next = timersOf(d.rules, d.state).find((t) => t.step === 'next')
    if (!next || d.state.instances.length >= many) return d.state.instances.map((i) => [i.start, i.target])
    d.run(next.at)
  }
}

function levels(l: Lived): (Instant | null)[] {
  const i = main(l)
  const steps = itemOf(l.driver.rules, i)!.steps.filter((s) => s.actions.includes('Level'))
  return steps.map(
    (s) =>
      i.steps[s.key]?.due ??
      (s.kind === 'warning' ? warningDue(calendar(l, i), i, s) : violationDue(calendar(l, i), i, s, 0)),
  )
}

function spansOf(l: Lived, i: Instance): { from: Instant; to: Instant }[] {
  return unionOf(i.pauses, i.start).map((s) => ({ from: s.from, to: s.to ?? endOf(l, i) }))
}
const heldWall = (l: Lived, i: Instance): number => spansOf(l, i).reduce((sum, s) => sum + s.to - s.from, 0)
const heldOpen = (l: Lived, i: Instance): number =>
  pausedOpen(calendar(l, i), i.pauses, i.start, Math.max(endOf(l, i), l.last))

function localDay(l: Lived, at: Instant): { day: number; iso: string } {
  const local = calendar(l, main(l)).instantToLocal(at)
  const day = Math.floor(local / 86_400_000)
  return { day, iso: formatInstant(day * 86_400_000).slice(0, 10) }
}

/** Intervals that counted, in the last run. */
function counted(l: Lived): [Instant, Instant][] {
  const run = l.driver.state.run
  return l.driver.state.instances.filter((i) => i.run === run).flatMap((i) => without(i.start, endOf(l, i), spansOf(l, i))) // prettier-ignore
}

function without(from: Instant, to: Instant, gaps: readonly { from: Instant; to: Instant }[]): [Instant, Instant][] {
  const parts: [Instant, Instant][] = []
  let at = from
  for (const gap of gaps) {
    if (gap.from > at) parts.push([at, Math.min(gap.from, to)])
    at = Math.max(at, gap.to)
  }
  if (at < to) parts.push([at, to])
  return parts
}

function runningBetween(l: Lived, from: Instant, to: Instant): number {
  return counted(l).reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0) / MINUTE
}

/** `T0`, `close`, with `+30m` or `-7d`. */
function edge(l: Lived, word: unknown): Instant {
  const m = /^(T0|close)(?:([+-]\d+)([md]))?$/.exec(String(word))
  if (!m) throw new Inexpressible(`the instant "${String(word)}" is not in the vocabulary`)
  return (m[1] === 'T0' ? l.first : l.last) + Number(m[2] ?? 0) * (m[3] === 'd' ? 86_400_000 : MINUTE)
}

const fires = (l: Lived): Instant[] =>
  l.driver.logs.flatMap((e) => e.outcome.filter((o) => o.what === 'violated').map((o) => o.due!))

function firesAfter(l: Lived, at: Instant): number {
  l.driver.run(l.last + 366 * 86_400_000)
  return l.driver.logs
    .flatMap((e) => e.outcome)
    .filter((o) => (o.what === 'violated' || o.what === 'fired') && o.at > at).length
}

/** One word for the whole record, in the words of the product that the row comes from. */
function stateWord(l: Lived, state: State): string {
  const run = state.instances.filter((i) => i.run === state.run)
  const missed = run.some((i) => standing(i))
  const open = run.filter(isOpen)
  const names = Object.keys(l.row.policy.targets ?? {})
  if (run.length > 0 && run.every((i) => i.cancelled)) return 'cancelled'
  if (names.some((n) => n === 'frt' || n === 'nrt' || n === 'rt')) return chatWord(state, missed)
  if (missed) return 'Failed'
  if (open.some((i) => pausedSince(i) !== null)) return 'Paused'
  if (open.some((i) => i.milestone === 'response')) return 'First Response Due'
  if (open.length > 0) return 'Resolution Due'
  return l.row.policy.resolvedStatuses ? 'Fulfilled' : 'fulfilled'
}

function chatWord(state: State, missed: boolean): string {
  if (state.phase === 'exited') return missed ? 'missed' : 'hit'
  return missed ? 'active_with_misses' : 'active'
}
