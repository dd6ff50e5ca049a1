/** Business hours as the server keeps them, read and compiled here. Loaded only by whoever looks at a milestone that runs. */
import { compileCalendar, definitionFromRows, type BusinessHoursDefinition, type Calendar } from '#business-hours'
import type { Row } from '#util'
import { graphql } from '$lib/api/graphql.ts'

const HOLIDAY = `Name ActivityDate IsAllDay StartTimeInMinutes EndTimeInMinutes IsRecurrence RecurrenceType RecurrenceInterval RecurrenceDayOfWeekMask
  RecurrenceDayOfMonth RecurrenceInstance RecurrenceMonthOfYear RecurrenceStartDate RecurrenceEndDateOnly`
const QUERY = `query Hours($id: ID!) { hours: BusinessHours(where: { Id: { eq: $id } }, first: 1) { nodes {
  Name TimeZone Boundary Always24x7 Hours Overrides EffectiveFrom EffectiveTo IntersectionOfAId IntersectionOfBId
  Holidays(first: 200) { nodes { Holiday { ${HOLIDAY} } } pageInfo { hasNextPage } } } } }`

interface HoursRow extends Row {
  readonly Holidays: Row & {
    readonly nodes: readonly (Row & { readonly Holiday: Row | null })[]
    readonly pageInfo: Row & { readonly hasNextPage: boolean }
  }
}
export type ReadHours = (id: string) => Promise<HoursRow | undefined>

const readHours: ReadHours = async (id) =>
  (await graphql<{ hours: { nodes: readonly HoursRow[] } }>(QUERY, { id })).hours.nodes[0]

/** Undefined when it is not there, when not all of it could be read, or when its time zone is each record's own. */
export async function readCalendar(id: string, read: ReadHours = readHours): Promise<Calendar | undefined> {
  const definition = await definitionOf(id, read, [])
  return definition && compileCalendar(definition).calendar
}

async function definitionOf(
  id: string,
  read: ReadHours,
  path: readonly string[],
): Promise<BusinessHoursDefinition | undefined> {
  const row = path.includes(id) ? undefined : await read(id)
  if (!row || row.Holidays.pageInfo.hasNextPage) return undefined
  const members = new Map<string, BusinessHoursDefinition>()
  for (const member of [row['IntersectionOfAId'], row['IntersectionOfBId']]) {
    if (typeof member !== 'string') continue
    const definition = await definitionOf(member, read, [...path, id])
    if (!definition) return undefined
    members.set(member, definition)
  }
  return definitionFromRows(row, holidaysOf(row), (member) => members.get(member))
}

const holidaysOf = (row: HoursRow): readonly Row[] =>
  row.Holidays.nodes.flatMap(({ Holiday: day }) => (day ? [day] : []))
