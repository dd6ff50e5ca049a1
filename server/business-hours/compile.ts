/** From a definition to a calendar: everything that is wrong is told at once, in plain words. */
import { hasErrors, type Finding } from '#util'
import { AlwaysCalendar, type Identity } from './always.ts'
import { OpenCalendar } from './calendar.ts'
import { parseDate } from './clock-text.ts'
import { canonicalJson, hashText } from './hash.ts'
import { checkHolidays } from './holidays.ts'
import { intersectionSource } from './intersection.ts'
import type { Source } from './pieces.ts'
import { problem } from './problem.ts'
import { checkHours, checkOverrides } from './spans.ts'
import type { BusinessHoursDefinition, Calendar, IntersectionDefinition, WeeklyDefinition } from './types.ts'
import { weeklySource } from './weekly.ts'
import { zoneNamed } from './zone.ts'

export interface CompileOptions {
  /** A zone that comes from the record: instead of the definition's own; in an intersection for members that have none. */
  readonly timeZone?: string
  /** The tzdata version of the machine, to be stored with the calendar and named in its version; it does not change the answers. */
  readonly tzdata?: string
}

export interface CompileResult {
  /** Present when no finding is an error. */
  readonly calendar?: Calendar
  readonly findings: readonly Finding[]
}

/** How deep intersections of intersections may go. */
const DEEPEST = 8

export function compileCalendar(definition: BusinessHoursDefinition, options: CompileOptions = {}): CompileResult {
  const findings: Finding[] = []
  const source = sourceOf(definition, options.timeZone, '', findings, 0)
  if (!source || hasErrors(findings)) return { findings }
  if (!source.always && !source.probeYears.some((year) => source.pieces(year).length > 0)) {
    findings.push(neverOpen(definition))
    return { findings }
  }
  const identity = identityOf(definition, source.zone.name, options)
  const boundary = definition.boundary ?? 'close'
  return {
    calendar: source.always ? new AlwaysCalendar(identity, source.zone) : new OpenCalendar(identity, source, boundary),
    findings,
  }
}

/** The name under which a log remembers what a calendar said: equal definitions and zones have equal versions. */
export const versionOf = (definition: BusinessHoursDefinition, timeZone: string): string =>
  hashText(`${timeZone} ${canonicalJson(definition)}`)

function identityOf(definition: BusinessHoursDefinition, timeZone: string, { tzdata }: CompileOptions): Identity {
  return {
    name: definition.name,
    timeZone,
    version: tzdata === undefined ? versionOf(definition, timeZone) : `${versionOf(definition, timeZone)}@${tzdata}`,
    definition,
    ...(tzdata === undefined ? {} : { tzdata }),
  }
}

function neverOpen({ name }: BusinessHoursDefinition): Finding {
  return problem(
    'NEVER_OPEN',
    '',
    `The business hours "${name}" have no open minute at all.`,
    'Give at least one weekday or override a span that no holiday and no effective date takes away.',
  )
}

const isIntersection = (definition: BusinessHoursDefinition): definition is IntersectionDefinition =>
  (definition as { intersectionOf?: unknown }).intersectionOf != null

/** Adds what is wrong to `findings`; the source is missing when it cannot be made at all. */
function sourceOf(
  definition: BusinessHoursDefinition,
  zone: string | undefined,
  path: string,
  findings: Finding[],
  depth: number,
): Source | undefined {
  if (typeof definition !== 'object' || definition === null) {
    findings.push(problem('BAD_CALENDAR', path, 'Business hours must be an object with a name, a time zone and hours.'))
    return undefined
  }
  findings.push(...checkCommon(definition, path))
  if (isIntersection(definition)) return intersectionOf(definition, zone, path, findings, depth)
  const timeZone = (depth === 0 ? zone : undefined) ?? definition.timeZone ?? zone
  const found = [...checkWeekly(definition, path), ...checkZone(timeZone, at(path, 'timeZone'))]
  findings.push(...found)
  const compiled = typeof timeZone === 'string' ? zoneNamed(timeZone) : undefined
  return compiled && !hasErrors(found) ? weeklySource(definition, compiled) : undefined
}

function intersectionOf(
  definition: IntersectionDefinition,
  zone: string | undefined,
  path: string,
  findings: Finding[],
  depth: number,
): Source | undefined {
  const members: unknown = definition.intersectionOf
  if (!Array.isArray(members) || members.length !== 2 || depth >= DEEPEST) {
    const message =
      depth >= DEEPEST ? 'Intersections are nested too deeply.' : 'An intersection needs exactly two business hours.'
    findings.push(problem('BAD_INTERSECTION', at(path, 'intersectionOf'), message))
    return undefined
  }
  const [a, b] = definition.intersectionOf.map((member, i) =>
    sourceOf(member, zone, at(path, `intersectionOf[${i}]`), findings, depth + 1),
  )
  const own = (depth === 0 ? zone : undefined) ?? definition.timeZone
  if (own !== undefined) findings.push(...checkZone(own, at(path, 'timeZone')))
  if (!a || !b) return undefined
  const compiled = own === undefined ? (a.always ? b : a).zone : zoneNamed(own)
  return compiled && intersectionSource(a, b, compiled)
}

function checkCommon(definition: BusinessHoursDefinition, path: string): Finding[] {
  const findings: Finding[] = []
  if (typeof definition.name !== 'string' || definition.name.trim() === '')
    findings.push(
      problem('CALENDAR_WITHOUT_NAME', at(path, 'name'), 'The business hours have no name.', 'Give them one.'),
    )
  if (definition.boundary != null && definition.boundary !== 'close' && definition.boundary !== 'open')
    findings.push(problem('BAD_BOUNDARY', at(path, 'boundary'), 'The boundary must be "close" or "open".'))
  return findings
}

function checkWeekly(definition: WeeklyDefinition, path: string): Finding[] {
  return [
    ...checkHours(definition.hours, at(path, 'hours')),
    ...checkOverrides(definition.overrides, at(path, 'overrides')),
    ...checkHolidays(definition.holidays, at(path, 'holidays')),
    ...checkEffective(definition, path),
  ]
}

function checkEffective({ effectiveFrom: from, effectiveTo: to }: WeeklyDefinition, path: string): Finding[] {
  const findings: Finding[] = []
  if (from != null && parseDate(from) === undefined)
    findings.push(
      problem(
        'BAD_DATE',
        at(path, 'effectiveFrom'),
        'The first effective date is not a date.',
        'Write it as YYYY-MM-DD.',
      ),
    )
  if (to != null && parseDate(to) === undefined)
    findings.push(
      problem('BAD_DATE', at(path, 'effectiveTo'), 'The last effective date is not a date.', 'Write it as YYYY-MM-DD.'),
    )
  if (findings.length === 0 && from != null && to != null && from > to)
    findings.push(
      problem(
        'EFFECTIVE_DATES_REVERSED',
        at(path, 'effectiveTo'),
        'The last effective date is before the first.',
        'Swap them.',
      ),
    )
  return findings
}

function checkZone(timeZone: unknown, path: string): Finding[] {
  if (timeZone === undefined || timeZone === null || timeZone === '')
    return [
      problem('TIME_ZONE_MISSING', path, 'The business hours have no time zone.', 'Choose one, such as Europe/London.'),
    ]
  if (typeof timeZone === 'string' && zoneNamed(timeZone)) return []
  return [
    problem(
      'UNKNOWN_TIME_ZONE',
      path,
      `There is no time zone called ${JSON.stringify(timeZone)}.`,
      'Use an IANA name such as Europe/London.',
    ),
  ]
}

const at = (path: string, key: string): string => (path ? `${path}.${key}` : key)
