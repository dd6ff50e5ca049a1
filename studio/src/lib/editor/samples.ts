/** Records to try a formula on: read as the signed-in user, so that nobody sees more here than elsewhere. */
import type { CompiledFormula, EvaluationContext } from '#formula'
import type { Row } from '#util'
import { graphql } from '../api/graphql.ts'
import { orderOf } from '../api/records.ts'
import { catalog } from '../state/catalog.svelte.ts'
import { serverClock } from '../state/server-clock.svelte.ts'
import { session } from '../state/session.svelte.ts'
import { rowOf, selectionsOf, type Answers } from './formula-values.ts'

export interface Sample {
  readonly id: string
  readonly name: string
  readonly row: Row
}
type Node = { readonly Id: string; readonly Name: string | null; readonly second?: string | null }
interface Data {
  readonly page: { readonly nodes: readonly Node[] }
  readonly user?: Answers['user']
  readonly organization?: { readonly nodes: readonly Answers['organization'][] }
}

/** The records changed last, or the one with this id, with what the formula reads. */
export async function readSamples(
  object: string,
  formula: CompiledFormula,
  which: { readonly first: number } | { readonly id: string },
  signal?: AbortSignal,
): Promise<readonly Sample[]> {
  const { paths } = formula
  const { record, user, organization } = selectionsOf(paths)
  const second = catalog.info(object)?.subject?.name
  const nodes = `nodes { Id Name ${second ? `second: ${second}` : ''} ${record} }`
  const query = `query Samples($where: ${object}Where, $orderBy: [${object}OrderBy!], $first: Int ${user ? ', $user: ID!' : ''}) {
    page: ${object}(where: $where, orderBy: $orderBy, first: $first) { ${nodes} }
    ${user ? `user: UserById(id: $user) { ${user} }` : ''}
    ${organization ? `organization: Organization(first: 1) { nodes { ${organization} } }` : ''} }`
  const variables = {
    ...('id' in which ? { where: { Id: { eq: which.id } }, first: 1 } : which),
    ...(catalog.detail(object)?.fields.some((f) => f.name === 'LastModifiedDate') ? { orderBy: [orderOf('LastModifiedDate', 'desc')] } : {}),
    ...(user ? { user: session.me?.id } : {}),
  } // prettier-ignore
  const data = await graphql<Data>(query, variables, signal)
  const globals = { user: data.user, organization: data.organization?.nodes[0] }
  return data.page.nodes.map((node) => ({
    id: node.Id,
    name: [node.Name ?? node.Id, node.second].filter(Boolean).join(' · '),
    row: rowOf(paths, { record: node, ...globals }),
  }))
}

/** As if the record were saved now without a change. */
export const contextOf = (sample: Sample): EvaluationContext => ({
  record: sample.row,
  prior: sample.row,
  now: serverClock.peek(),
  timeZone: session.me?.timeZone,
})
