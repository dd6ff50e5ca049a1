/** Everything the home page shows, in one request over all objects that milestones run on. */
import type { ObjectInfo } from '$lib/api/metadata.ts'
import { graphql } from '$lib/api/graphql.ts'

export interface WorkItem {
  readonly object: ObjectInfo
  readonly id: string
  readonly name: string
  readonly subject: string | undefined
  readonly target: string
  readonly status: string
}
export interface Count {
  readonly object: ObjectInfo
  readonly count: number
}
export interface HomeData {
  readonly mine: readonly WorkItem[]
  readonly atRisk: readonly WorkItem[]
  readonly violated: readonly Count[]
  readonly risky: readonly Count[]
  readonly notEvaluated: readonly Count[]
  readonly soon: readonly Count[]
  readonly open: readonly Count[]
}

type Row = {
  readonly Id: string
  readonly Name: string | null
  readonly NextTargetDate: string
  readonly MilestoneStatus: string | null
  readonly subject?: string | null
}
type List = { readonly nodes: readonly Row[]; readonly totalCount: number }

const SOON_MS = 4 * 3_600_000
const ROWS = 8

export async function readHome(
  objects: readonly ObjectInfo[],
  me: string,
  now: number,
  signal?: AbortSignal,
): Promise<HomeData> {
  if (objects.length === 0)
    return { mine: [], atRisk: [], violated: [], risky: [], notEvaluated: [], soon: [], open: [] }
  const variables = { me, now: new Date(now).toISOString(), soon: new Date(now + SOON_MS).toISOString() }
  const query = `query Home($me: ID!, $now: DateTime!, $soon: DateTime!) { ${objects.map(partOf).join(' ')} }`
  const data = await graphql<Record<string, List>>(query, variables, signal)
  const items = (key: string) => objects.flatMap((o, i) => data[`${key}${i}`]!.nodes.map((row) => itemOf(o, row))).sort((a, b) => a.target.localeCompare(b.target)).slice(0, ROWS) // prettier-ignore
  const counts = (key: string) => objects.map((object, i) => ({ object, count: data[`${key}${i}`]!.totalCount }))
  return {
    mine: items('mine'),
    atRisk: items('risk'),
    violated: counts('violated'),
    risky: counts('risky'),
    notEvaluated: counts('unknown'),
    soon: counts('soon'),
    open: counts('mine'),
  }
}

function partOf(object: ObjectInfo, i: number): string {
  const row = `nodes { Id Name NextTargetDate MilestoneStatus ${object.subject ? 'subject: Subject' : ''} } totalCount`
  const list = (key: string, where: string, what = 'totalCount nodes { Id }', first = 1) =>
    `${key}${i}: ${object.name}(where: ${where}, orderBy: [{ NextTargetDate: ASC_NULLS_LAST }], first: ${first}) { ${what} }`
  return [
    list('mine', '{ OwnerId: { eq: $me }, NextTargetDate: { isNull: false } }', row, ROWS),
    list(
      'risk',
      '{ OwnerId: { ne: $me }, NextTargetDate: { isNull: false }, MilestoneStatus: { in: ["At Risk", "Open Violation"] } }',
      row,
      ROWS,
    ),
    list('violated', '{ MilestoneStatus: { eq: "Open Violation" } }'),
    list('risky', '{ MilestoneStatus: { eq: "At Risk" } }'),
    list('unknown', '{ MilestoneStatus: { eq: "Not evaluated" } }'),
    list('soon', '{ NextTargetDate: { gte: $now, lte: $soon } }'),
  ].join(' ')
}

const itemOf = (object: ObjectInfo, row: Row): WorkItem => ({
  object,
  id: row.Id,
  name: row.Name ?? row.Id,
  subject: row.subject ?? undefined,
  target: row.NextTargetDate,
  status: row.MilestoneStatus ?? '',
})
