import type { FieldError } from '$lib/api/errors.ts'
import { graphql } from '$lib/api/graphql.ts'

type Variables = { readonly [name: string]: string | boolean | undefined }
type Refusals = readonly FieldError[]

/** One field of `milestone { … }` as a mutation; the answer is what the server refused, empty when it was done. */
export async function hand(parameters: string, field: string, variables: Variables): Promise<Refusals> {
  const query = `mutation Hand(${parameters}) { milestone { done: ${field} { errors { field code message } } } }`
  return (await graphql<{ milestone: { done: { errors: Refusals } } }>(query, variables)).milestone.done.errors
}

export const completeMilestone = (id: string) => hand('$id: ID!', 'complete(id: $id)', { id })

export const reopenMilestone = (id: string, reason: string) =>
  hand('$id: ID!, $reason: String', 'reopen(id: $id, reason: $reason)', { id, reason })

export interface RecordExplanation {
  readonly text: string
  /** Milestones that do not start because a completion rule holds already. */
  readonly heldBack: readonly {
    readonly milestone: string
    readonly rule: string
    readonly condition: string | null
    readonly since: string | null
  }[]
  /** The record counts as closed. */
  readonly closed: boolean
  readonly unmet: readonly UnmetRule[]
}

/** What would complete a milestone, or without one end the process, and does not hold yet. */
export interface UnmetRule {
  readonly milestone: string | null
  readonly conditions: readonly { readonly text: string; readonly fields: readonly string[] }[]
}

export async function explainRecord(id: string): Promise<RecordExplanation | null> {
  const query = 'query Explain($id: ID!) { milestone { explain(id: $id) { text heldBack { milestone rule condition since } closed unmet { milestone conditions { text fields } } } } }' // prettier-ignore
  return (await graphql<{ milestone: { explain: RecordExplanation | null } }>(query, { id })).milestone.explain
}
