/** Which hours a milestone counts in, in which time zone and why, and when clocks changed. */
import { type BusinessHoursDefinition, clockChanges } from '#business-hours'
import type { Instant } from '#util'
import type { CompiledProcess, Hours, Instance, ProcessCalendar } from '../types.ts'
import { sayAmount, type SayInstant } from './words.ts'

const PLACES: { readonly [place in Hours['from']]: string } = {
  item: 'the milestone',
  process: 'the process',
  record: 'the record',
  entitlement: 'the entitlement',
  organisation: "the organisation's default",
}

/** `Hours *Both* from the process, open when *Europe* and *US* are; time zone Europe/London, from Time Zone of the record.` */
export function hoursLine(
  { hours }: Instance,
  calendar: ProcessCalendar | undefined,
  process: CompiledProcess | undefined,
): string[] {
  if (!hours) return []
  const members = membersOf(calendar?.definition).map(({ name }) => `*${name}*`)
  const both = members.length > 0 ? `, open when ${listed(members)} are` : ''
  const field = process?.labels.timeZone ?? 'a field'
  const whose = hours.zoneFrom === 'record' ? `from ${field} of the record` : 'that of these hours'
  const zone = calendar ? `; time zone ${calendar.timeZone}, ${whose}` : ''
  return [`Hours *${hours.name}* from ${PLACES[hours.from]}${both}${zone}.`]
}

/** The hours that an intersection is made of, those of intersections within it too; of plain hours none. */
export const membersOf = (definition: BusinessHoursDefinition | undefined): readonly BusinessHoursDefinition[] =>
  definition && 'intersectionOf' in definition
    ? definition.intersectionOf.flatMap((one) => ('intersectionOf' in one ? membersOf(one) : [one]))
    : []

const listed = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

export interface ClockShift {
  readonly at: Instant
  /** Milliseconds that clocks went forward, or back when negative. */
  readonly by: number
  readonly timeZone: string
}

/** Changes of the clock in [from, to) in the hours' zone and, in an intersection, in those of its members. */
export function clockShifts(calendar: ProcessCalendar, from: Instant, to: Instant): readonly ClockShift[] {
  const zones = new Set([calendar.timeZone, ...membersOf(calendar.definition).flatMap((m) => m.timeZone ?? [])])
  return [...zones]
    .flatMap((timeZone) =>
      (clockChanges(timeZone, from, to) ?? []).map(({ at, before, after }) => ({ at, by: after - before, timeZone })),
    )
    .toSorted((a, b) => a.at - b.at)
}

/** `clocks went forward 1 h (8 Mar 03:00 EDT)`; of another zone than the hours' with its name. */
export function sayShift({ at, by, timeZone }: ClockShift, calendar: ProcessCalendar, say: SayInstant): string {
  const where = timeZone === calendar.timeZone ? '' : ` in ${timeZone}`
  return `clocks${where} went ${by > 0 ? 'forward' : 'back'} ${sayAmount(by)} (${say(at)})`
}
