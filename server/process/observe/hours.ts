/** Effective hours: the first set of item, process, record, entitlement, organisation. */
import { compileCalendar } from '#business-hours'
import type { Instant } from '#util'
import type { CompiledItem, CompiledProcess, Hours, ProcessCalendar } from '../types.ts'
import type { ProcessContext } from './context.ts'

interface Effective {
  readonly hours: Hours
  readonly calendar: ProcessCalendar
}

/** A text says which hours are missing. */
export function effectiveHours(
  process: CompiledProcess,
  item: CompiledItem | undefined,
  context: ProcessContext,
  timeZone: string | undefined,
): Effective | string {
  const places = [
    ['item', item?.document.businessHours],
    ['process', process.document.businessHours],
    ['record', context.recordHours],
    ['entitlement', context.entitlementHours],
    ['organisation', context.organisationHours],
  ] as const
  const [from, name] = places.find(([, name]) => name)!
  const found = context.calendar(name!, timeZone)
  if (!found && timeZone !== undefined && context.calendar(name!))
    return `${process.document.timeZoneField} holds no time zone. Write a name such as Europe/London.`
  if (!found) return `The business hours ${name} (${from}) are missing, not active or cannot be used.`
  const { id, calendar } = found
  const zone = timeZone === undefined ? {} : { zoneFrom: 'record' as const }
  return { hours: { name: calendar.name, id, version: calendar.version, from, ...zone }, calendar }
}

const days = new Map<string, ProcessCalendar & { nextOpen(at: Instant): Instant | undefined }>()

/** The next local midnight strictly after an instant (the first minute of a day that has no midnight). */
export function nextMidnight(at: Instant, timeZone: string): Instant | undefined {
  let calendar = days.get(timeZone)
  if (!calendar) {
    const minute = [['00:00', '00:01']] as const
    const hours = { sun: minute, mon: minute, tue: minute, wed: minute, thu: minute, fri: minute, sat: minute }
    calendar = compileCalendar({ name: 'midnight', timeZone, hours }).calendar
    if (!calendar) return undefined
    days.set(timeZone, calendar)
  }
  return calendar.nextOpen(at)
}
