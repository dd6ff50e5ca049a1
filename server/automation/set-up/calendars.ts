import { compileCalendar, definitionFromRows } from '#business-hours'
import type { BusinessHoursDefinition, Calendar } from '#business-hours'
import { pushTo } from '#util'
import type { Finding, Row } from '#util'

/** Rows of BusinessHours, Holiday and BusinessHoursHoliday as calendar definitions, by the BusinessHours' id. */
export function definitionsOf(
  hours: readonly Row[],
  holidays: readonly Row[],
  links: readonly Row[],
): Map<string, BusinessHoursDefinition> {
  const rows = new Map(hours.map((row) => [String(row.Id), row]))
  const holidayById = new Map(holidays.map((row) => [String(row.Id), row]))
  const closed = new Map<string, Row[]>()
  for (const link of links) {
    const holiday = holidayById.get(String(link.HolidayId))
    if (holiday) pushTo(closed, String(link.BusinessHoursId), holiday)
  }
  /** `path`: the hours that this one is part of, so that a ring of intersections ends. */
  const define = (id: string, path: readonly string[]): BusinessHoursDefinition | undefined => {
    const row = path.includes(id) ? undefined : rows.get(id)
    return row && definitionFromRows(row, closed.get(id) ?? [], (member) => define(member, [...path, id]))
  }
  return new Map([...rows.keys()].map((id) => [id, define(id, [])!]))
}

export interface CompiledHours {
  readonly id: string
  readonly name: string
  readonly calendar: Calendar
}

/** Compiles every active BusinessHours row; what does not compile is reported and left out. */
export function compileHours(
  definitions: Map<string, BusinessHoursDefinition>,
  tzdata: string,
): {
  hours: CompiledHours[]
  findings: Finding[]
} {
  const hours: CompiledHours[] = []
  const findings: Finding[] = []
  for (const [id, definition] of definitions) {
    const compiled = compileCalendar(definition, { tzdata })
    if (compiled.calendar) hours.push({ id, name: definition.name, calendar: compiled.calendar })
    findings.push(...compiled.findings.map((f) => ({ ...f, file: `BusinessHours ${definition.name}` })))
  }
  return { hours, findings }
}
