import type { FieldError } from '$lib/api/errors.ts'
import { graphql } from '$lib/api/graphql.ts'

type Result = { readonly errors: readonly FieldError[] }
const ERRORS = 'errors { field code message }'

export async function completeMilestone(id: string): Promise<readonly FieldError[]> {
  return (
    await graphql<{ milestone: { done: Result } }>(
      `mutation Complete($id: ID!) { milestone { done: complete(id: $id) { ${ERRORS} } } }`,
      { id },
    )
  ).milestone.done.errors
}

export async function reopenMilestone(id: string): Promise<readonly FieldError[]> {
  const query = `mutation Reopen($id: ID!, $reason: String) { milestone { done: reopen(id: $id, reason: $reason) { ${ERRORS} } } }`
  return (await graphql<{ milestone: { done: Result } }>(query, { id, reason: 'Completion undone by hand' })).milestone
    .done.errors
}

export async function explainMilestone(id: string): Promise<string | null> {
  return (
    (
      await graphql<{ milestone: { explain: { text: string } | null } }>(
        `
          query Explain($id: ID!) {
            milestone {
              explain(id: $id) {
                text
              }
            }
          }
        `,
        { id },
      )
    ).milestone.explain?.text ?? null
  )
}
