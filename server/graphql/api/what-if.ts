/** `process { simulate }` and `milestone { forecast }`: what would have happened, and what will. Rows of records that the caller may not see are left out. */
import type { ForecastReport, SimulationReport } from '#automation'
import type { RequestContext } from '../context.ts'
import { forbidden, userError } from '../errors.ts'
import { durationMs } from './clock.ts'
import { mayManageProcesses } from './processes.ts'
import { firstSeen } from './seen.ts'

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
  return {
    ...report,
    unknown: await firstSeen(context, report.unknown, args.first, () => object),
    changes: await firstSeen(context, report.changes, args.first, () => object),
  }
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
  const breaches = await firstSeen(context, report.breaches, args.first, (breach) => breach.object)
  const milestones = actor.permissions.object('RecordMilestone')
  if (!milestones.canRead('TargetDate') || !milestones.canRead('Status')) return { ...report, breaches: [] }
  return {
    ...report,
    breaches: milestones.canRead('PromiseOwnerId') ? breaches : breaches.map((b) => ({ ...b, ownerId: null })),
  }
}
