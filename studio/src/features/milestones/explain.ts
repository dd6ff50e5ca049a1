import { graphql } from '$lib/api/graphql.ts'

export async function explainMilestone(id: string): Promise<string | null> {
  const query = 'query Explain($id: ID!) { milestone { explain(id: $id) { text } } }'
  return (await graphql<{ milestone: { explain: { text: string } | null } }>(query, { id })).milestone.explain?.text ?? null // prettier-ignore
}
