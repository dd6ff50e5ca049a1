/** A weekly definition as a source of open pieces: the week's plan, overrides, holidays, effective dates, clock changes. */
import type { Instant } from '#util'
import { WEEKDAYS, type WeeklyDefinition } from './types.ts'
import type { Zone } from './zone.ts'
import { DAY, dayOf, firstDayOf, weekdayOf, yearOfDay } from './days.ts'
import { parseDate } from './clock-text.ts'
import { compileHolidays, type Holidays } from './holidays.ts'
import { byStart, MAX_YEAR, merge, MIN_YEAR, subtract, type Cut, type Piece, type Source } from './pieces.ts'
import { readSpans, type DaySpan } from './spans.ts'

interface Plan {
  readonly spans: readonly DaySpan[]
  readonly worksOnHoliday: boolean
}

interface Rules {
  readonly zone: Zone
  /** By weekday, Sunday first. */
  readonly week: readonly Plan[]
  readonly overrides: ReadonlyMap<number, Plan>
  readonly holidays: Holidays
  /** First and last local day on which it may be open. */
  readonly firstDay: number
  readonly lastDay: number
}

const WHOLE_DAY: DaySpan = { from: 0, to: DAY }
/** A span may end on the day after it opens, or two after where a zone skips a day. */
const REACH = 2

/** The source of a definition that has no errors. */
export function weeklySource(definition: WeeklyDefinition, zone: Zone): Source {
  const rules = rulesOf(definition, zone)
  const openDays = rules.week.some((plan) => plan.spans.length > 0)
  const overrideYears = [...rules.overrides].filter(([, plan]) => plan.spans.length > 0).map(([day]) => yearOfDay(day))
  const years = openDays ? [MIN_YEAR, MAX_YEAR] : overrideYears
  const firstYear = Math.max(MIN_YEAR, Math.min(...years), yearOfDay(rules.firstDay))
  const lastYear = Math.min(MAX_YEAR, Math.max(...years), yearOfDay(rules.lastDay))
  return {
    zone,
    firstYear,
    lastYear,
    always: isAlways(definition),
    pieces: (year) =>
      year < firstYear || year > lastYear ? [] : piecesOf(rules, firstDayOf(year), firstDayOf(year + 1)),
    cuts: (from, to) => cutsOf(rules, from, to),
    probeYears: [...(openDays ? probe(firstYear, lastYear) : []), ...overrideYears],
  }
}

function rulesOf(definition: WeeklyDefinition, zone: Zone): Rules {
  const overrides = (definition.overrides ?? []).map(
    (o) => [parseDate(o.date) ?? 0, { spans: readSpans(o.spans), worksOnHoliday: o.worksOnHoliday === true }] as const,
  )
  const plan = (spans: readonly DaySpan[]): Plan => ({ spans, worksOnHoliday: false })
  return {
    zone,
    week: WEEKDAYS.map((day) => plan(definition.always ? [WHOLE_DAY] : readSpans(definition.hours?.[day]))),
    overrides: new Map(overrides),
    holidays: compileHolidays(definition.holidays ?? []),
    firstDay: parseDate(definition.effectiveFrom) ?? firstDayOf(MIN_YEAR),
    lastDay: parseDate(definition.effectiveTo) ?? firstDayOf(MAX_YEAR + 1) - 1,
  }
}

function isAlways(definition: WeeklyDefinition): boolean {
  const { overrides, holidays, effectiveFrom, effectiveTo } = definition
  const plain = !overrides?.length && !holidays?.length && effectiveFrom == null && effectiveTo == null
  return (
    plain && (definition.always === true || WEEKDAYS.every((day) => isWholeDay(readSpans(definition.hours?.[day]))))
  )
}

const isWholeDay = (spans: readonly DaySpan[]): boolean => merge(spans).some((s) => s.from === 0 && s.to >= DAY)

/** A week's plan that is ever open is open within some thirty years of its start, or of today's era. */
function probe(firstYear: number, lastYear: number): number[] {
  const start = Math.max(firstYear, Math.min(2000, lastYear - 30))
  return Array.from({ length: Math.min(lastYear - start + 1, 60) }, (_, i) => start + i)
}

function piecesOf(rules: Rules, firstDay: number, endDay: number): Piece[] {
  const ordinary: Piece[] = []
  const exempt: Piece[] = []
  const last = Math.min(endDay - 1, rules.lastDay)
  for (let day = Math.max(firstDay, rules.firstDay); day <= last; day++) {
    const plan = rules.overrides.get(day) ?? rules.week[weekdayOf(day)]!
    for (const span of plan.spans) addPiece(plan.worksOnHoliday ? exempt : ordinary, rules.zone, day * DAY, span)
  }
  const holidays = rules.holidays.any ? holidayCuts(rules, firstDay, endDay + REACH) : []
  const open = [...subtract(byStart(ordinary), merge(byStart([...holidays]))), ...exempt]
  return clip(byStart(open), rules)
}

function addPiece(pieces: Piece[], zone: Zone, midnight: number, span: DaySpan): void {
  const [open, close] = [midnight + span.from, midnight + span.to]
  const from = zone.toInstant(open, 'earlier')
  const to = zone.toInstant(close, 'later')
  if (from >= to || (zone.isGap(open) && zone.isGap(close - 1))) return
  pieces.push({ from, to })
}

/** The tail of the last day's night ends with the effective dates. */
function clip(pieces: readonly Piece[], rules: Rules): Piece[] {
  const end = rules.zone.toInstant((rules.lastDay + 1) * DAY, 'earlier')
  return pieces.filter((p) => p.from < end).map((p) => (p.to > end ? { from: p.from, to: end } : p))
}

function holidayCuts(rules: Rules, firstDay: number, endDay: number): Cut[] {
  const cuts: Cut[] = []
  for (let day = firstDay; day < endDay; day++) {
    for (const { name, allDay, from, to } of rules.holidays.on(dayOf(day)))
      for (const shown of rules.zone.showing(day * DAY + from, day * DAY + to))
        cuts.push({ ...shown, name, allDay, reason: 'holiday' })
  }
  return cuts
}

function cutsOf(rules: Rules, from: Instant, to: Instant): Cut[] {
  const dayAt = (at: Instant): number => Math.floor(rules.zone.toLocal(at) / DAY)
  const cuts = rules.holidays.any ? holidayCuts(rules, dayAt(from) - 1, dayAt(to) + REACH) : []
  const begin = rules.zone.toInstant(rules.firstDay * DAY, 'earlier')
  const end = rules.zone.toInstant((rules.lastDay + 1) * DAY, 'earlier')
  cuts.push(
    { from: -Infinity, to: begin, reason: 'notEffective', allDay: false },
    { from: end, to: Infinity, reason: 'notEffective', allDay: false },
  )
  return cuts.filter((c) => c.from < to && c.to > from)
}
