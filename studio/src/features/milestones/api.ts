import type { FieldError } from '$lib/api/errors.ts'
import { graphql } from '$lib/api/graphql.ts'

type Variables = { readonly [name: string]: string | undefined }
type Refusals = readonly FieldError[]

/** One field of `milestone { … }` as a mutation; the answer is what the server refused, empty when it was done. */
async function hand(parameters: string, field: string, variables: Variables): Promise<Refusals> {
  const query = `mutation Hand(${parameters}) { milestone { done: ${field} { errors { field code message } } } }`
  return (await graphql<{ milestone: { done: { errors: Refusals } } }>(query, variables)).milestone.done.errors
}

export const completeMilestone = (id: string) => hand('$id: ID!', 'complete(id: $id)', { id })

export const reopenMilestone = (id: string, reason: string) =>
  hand('$id: ID!, $reason: String', 'reopen(id: $id, reason: $reason)', { id, reason })

export const cancelMilestone = (id: string, reason: string) =>
  hand('$id: ID!, $reason: String!', 'cancel(id: $id, reason: $reason)', { id, reason })

/** Without `id` all milestones of the record, those that start later too. */
export const pauseMilestones = (record: string, id: string | undefined, reason: string) =>
  hand('$record: ID!, $id: ID, $reason: String!', 'pause(recordId: $record, milestoneId: $id, reason: $reason)', {
    record,
    id,
    reason,
  })

export const resumeMilestones = (record: string, id: string | undefined) =>
  hand('$record: ID!, $id: ID', 'resume(recordId: $record, milestoneId: $id)', { record, id })

export async function explainMilestone(id: string): Promise<string | null> {
  const query = 'query Explain($id: ID!) { milestone { explain(id: $id) { text } } }'
  return (await graphql<{ milestone: { explain: { text: string } | null } }>(query, { id })).milestone.explain?.text ?? null // prettier-ignore
}
