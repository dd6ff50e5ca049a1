import { graphql } from '$lib/api/graphql.ts'

/** `text` speaks in labels; `details` of item names and formulas. */
export interface MilestoneExplanation {
  readonly text: string
  readonly details: string
}

export async function explainMilestone(id: string): Promise<MilestoneExplanation | null> {
  const query = 'query Explain($id: ID!) { milestone { explain(id: $id) { text details } } }'
  return (await graphql<{ milestone: { explain: MilestoneExplanation | null } }>(query, { id })).milestone.explain
}
