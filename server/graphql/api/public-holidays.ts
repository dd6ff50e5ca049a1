/** `metadata { publicHolidays }`: a country's public holidays as documents that an admin looks at, plans and applies. */
import type { HolidayDefinition } from '#business-hours'
import type { RowDocument } from '#metadata'
import type { Finding } from '#util'
import type { RequestContext } from '../context.ts'

interface HolidayArguments {
  readonly country: string
  readonly state?: string | null
  readonly from: number
  readonly to: number
  readonly language?: string | null
  /** API name of business hours that are to get them, too. */
  readonly hours?: string | null
}

export interface PublicHolidays {
  readonly findings: readonly Finding[]
  readonly documents: readonly { readonly kind: string; readonly name: string; readonly document: RowDocument }[]
}

export async function publicHolidays(context: RequestContext, args: HolidayArguments): Promise<PublicHolidays> {
  // Its data is large, and few ever ask.
  const { importHolidays } = await import('#business-hours/import-holidays')
  const { country, state, from, to, language, hours } = args
  const { holidays, findings } = importHolidays(country, state ?? undefined, from, to, language ?? undefined)
  const rows = rowsOf(holidays, [country.toUpperCase(), ...(state ? [state] : [])].join('_'))
  const using = hours && findings.length === 0 ? await withHolidays(context, hours, rows) : []
  if ('code' in using) return { findings: [using], documents: [] }
  return {
    findings,
    documents: [...rows, ...using].map((document) => ({ kind: 'Row', name: document.name, document })),
  }
}

/** Named by place and date, so that the same holiday is the same row the next time. */
function rowsOf(holidays: readonly HolidayDefinition[], place: string): RowDocument[] {
  const seen = new Map<string, number>()
  return holidays.map(({ name, date = '' }) => {
    const count = (seen.get(date) ?? 0) + 1
    seen.set(date, count)
    const key = `${place}_${date}${count > 1 ? `_${count}` : ''}`.replaceAll(/\W/g, '_')
    return { kind: 'Row', name: `Holiday.${key}`, values: { Name: name.slice(0, 80), ActivityDate: date, IsAllDay: true } } // prettier-ignore
  })
}

/** The hours with these beside the holidays that they have. */
async function withHolidays(
  context: RequestContext,
  hours: string,
  rows: readonly RowDocument[],
): Promise<readonly RowDocument[] | Finding> {
  const all = await context.services.engine.catalogs.rows()
  const found = all.find(({ document }) => document.name === `BusinessHours.${hours}`)?.document
  if (!found)
    return {
      code: 'UNKNOWN_HOURS',
      severity: 'error',
      path: 'hours',
      message: `There are no business hours with the API name ${hours}.`,
      hint: 'Give the Developer Name of the business hours, or leave it out.',
    }
  const had = Array.isArray(found.values.Holidays) ? found.values.Holidays.map(String) : []
  const made = rows.map((row) => row.name.slice('Holiday.'.length))
  return [{ kind: 'Row', name: found.name, values: { Holidays: [...new Set([...had, ...made])] } }]
}
