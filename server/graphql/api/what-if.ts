/** `process { simulate }` and `milestone { forecast }`: what would have happened, and what will. Rows of records that the caller may not see are left out. */
import type { Breach, ForecastReport, SimulatedChange, SimulationReport } from '#automation'
import type { RequestContext } from '../context.ts'
import { forbidden, userError } from '../errors.ts'
import { durationMs } from './clock.ts'
import { mayManageProcesses } from './processes.ts'

const MOST_ROWS = 500
const YEAR_MS = 366 * 86_400_000

interface SimulateArguments {
  readonly version: string
  readonly from?: string | null
  readonly to?: string | null
  readonly records: number
  readonly first: number
}

export async function simulate(args: SimulateArguments, context: RequestContext): Promise<SimulationReport> {
  const { actor, services, catalog } = context
  if (!mayManageProcesses(actor.permissions))
    throw forbidden('Only people with the permission manageProcesses may do this.')
  const { from, to, records } = args
  const report = await services.engine.processes.simulate(actor, args.version, {
    first: records,
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  })
  const object = catalog.processes.get(args.version)?.object
  const see = (change: SimulatedChange) => object !== undefined && services.visible(context, object, change.recordId, false) // prettier-ignore
  return { ...report, changes: await firstOf(report.changes, args.first, see) }
}

interface ForecastArguments {
  readonly within: string
  readonly object?: string | null
  readonly first: number
}

export async function forecast(args: ForecastArguments, context: RequestContext): Promise<ForecastReport> {
  const ms = durationMs(args.within)
  if (ms === undefined || ms <= 0 || ms > YEAR_MS)
    throw userError('Say how far to look, at most a year, e.g. within: "PT8H" or "P7D".', 'BAD_USER_INPUT')
  const { actor, services } = context
  const report = await services.engine.processes.forecast(actor, {
    ms,
    ...(args.object ? { object: args.object } : {}),
  })
  const see = (breach: Breach) => services.visible(context, breach.object, breach.recordId, false)
  return { ...report, breaches: await firstOf(report.breaches, args.first, see) }
}

/** The first that may be seen. */
async function firstOf<T>(
  rows: readonly T[],
  first: number,
  see: (row: T) => false | Promise<boolean>,
): Promise<readonly T[]> {
  const most = Math.min(Math.max(first, 1), MOST_ROWS)
  const seen: T[] = []
  for (const row of rows) {
    if (seen.length === most) break
    if (await see(row)) seen.push(row)
  }
  return seen
}
