import { compileCalendar } from '#business-hours'
import { readAll } from '../rows.ts'
import type { Calendar } from '#business-hours'
import type { Catalog, ObjectDef } from '#metadata'
import type { DialectReader } from '#records'
import type { Finding, Row } from '#util'
import type { CalendarVersions } from './calendar-versions.ts'
import { compileHours, definitionsOf } from './calendars.ts'
import type { CompiledHours } from './calendars.ts'
import { currencyRates, type CurrencyRates } from './currencies.ts'
import { readCustomSettings, type CustomSettings } from './custom-settings.ts'

/** The rows that are set-up, read once and kept until one of them is saved: milestones, calendars, the organisation. */
export interface SetUp {
  readonly organizationId: string | null
  readonly organization: Row
  milestone(
    name: string,
  ):
    | { readonly id: string; readonly name: string; readonly recurrence: 'None' | 'Independent' | 'Sequential' }
    | undefined
  /** By id or by name; with another zone than its own when the record names one. */
  hours(key: string, timeZone?: string): CompiledHours | undefined
  /** Every active calendar. */
  readonly allHours: readonly CompiledHours[]
  readonly milestoneNames: readonly string[]
  /** By content hash; also those of earlier versions. */
  calendar(version: string): Calendar | undefined
  readonly defaultHours: CompiledHours | undefined
  readonly settings: CustomSettings
  readonly rates: CurrencyRates
  /** True for the ids of set-up rows held here, so that a reference to one needs no look-up. */
  knows(id: string): boolean
  readonly findings: readonly Finding[]
}

/** Objects whose rows are held here: saving one of them makes the snapshot stale. */
const SET_UP_OBJECTS = ['BusinessHours', 'Holiday', 'BusinessHoursHoliday', 'Milestone', 'Organization', 'CurrencyType']

export const isHeld = (object: ObjectDef | undefined): boolean =>
  object !== undefined && (SET_UP_OBJECTS.includes(object.name) || object.customSettingsType === 'Hierarchy')

/** Reads the set-up rows; `known` keeps the calendars of earlier versions, which events in the log still name. */
export async function readSetUp(reader: DialectReader, catalog: Catalog, known: CalendarVersions): Promise<SetUp> {
  await known.load(reader)
  // A database of an earlier release gets objects that are new only when it is upgraded.
  const rows = async (name: string): Promise<Row[]> => {
    const object = catalog.objects.get(name)
    return object ? readAll(reader, catalog, object) : []
  }
  const [hoursRows, holidays, links, milestones, organizations, currencies] = [
    await rows('BusinessHours'),
    await rows('Holiday'),
    await rows('BusinessHoursHoliday'),
    await rows('Milestone'),
    await rows('Organization'),
    await rows('CurrencyType'),
  ]
  const { hours, findings } = compileHours(
    definitionsOf(
      hoursRows.filter((r) => r.IsActive !== false),
      holidays,
      links,
    ),
    known.tzdata,
  )
  for (const { calendar } of hours) known.add(calendar)
  return {
    ...build(hours, hoursRows, milestones, organizations[0] ?? {}, known, findings),
    settings: await readCustomSettings(reader, catalog),
    rates: currencyRates(currencies),
  }
}

function build(
  hours: readonly CompiledHours[],
  hoursRows: readonly Row[],
  milestones: readonly Row[],
  organization: Row,
  known: CalendarVersions,
  findings: readonly Finding[],
): Omit<SetUp, 'settings' | 'rates'> {
  const byKey = new Map([...hours.map((h) => [h.name, h] as const), ...hours.map((h) => [h.id, h] as const)])
  const byName = new Map(milestones.map((row) => [String(row.Name), milestoneOf(row)]))
  const ids = new Set([...hoursRows, ...milestones, organization].map((row) => row.Id))
  const defaultId = organization.DefaultBusinessHoursId ?? hoursRows.find((row) => row.IsDefault === true)?.Id
  return {
    organizationId: typeof organization.Id === 'string' ? organization.Id : null,
    organization,
    milestone: (name) => byName.get(name),
    hours: (key, timeZone) => inZone(byKey.get(key), timeZone, known),
    allHours: hours,
    milestoneNames: [...byName.keys()],
    calendar: (version) => known.get(version),
    defaultHours: typeof defaultId === 'string' ? byKey.get(defaultId) : undefined,
    knows: (id) => ids.has(id),
    findings,
  }
}

const milestoneOf = (row: Row) => ({
  id: String(row.Id),
  name: String(row.Name),
  recurrence: (row.RecurrenceType ?? 'None') as 'None' | 'Independent' | 'Sequential',
})

const zoned = new WeakMap<Calendar, Map<string, Calendar>>()

/** The same hours read in another zone, compiled once. */
function inZone(
  hours: CompiledHours | undefined,
  timeZone: string | undefined,
  known: CalendarVersions,
): CompiledHours | undefined {
  if (!hours || timeZone === undefined || timeZone === hours.calendar.timeZone) return hours
  const byZone = zoned.get(hours.calendar) ?? new Map<string, Calendar>()
  zoned.set(hours.calendar, byZone)
  const calendar =
    byZone.get(timeZone) ?? compileCalendar(hours.calendar.definition, { timeZone, tzdata: known.tzdata }).calendar
  if (!calendar) return undefined
  byZone.set(timeZone, calendar)
  known.add(calendar)
  return { ...hours, calendar }
}
