/** Changing metadata: documents are read, a change is planned, shown, and applied. Administrators only. */
import { graphql } from './graphql.ts'

export interface Finding {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint?: string | null
  readonly file?: string | null
  readonly path?: string | null
  readonly at?: { readonly start: number; readonly end: number } | null
}
export interface DocumentChange {
  readonly kind: string
  readonly name: string
  readonly document?: unknown
  readonly renameFrom?: string
  readonly delete?: boolean
}
export interface Plan {
  readonly planId: string
  readonly steps: readonly { readonly text: string }[]
  readonly warnings: readonly string[]
  readonly losses: readonly string[]
  readonly findings: readonly Finding[]
}

const FINDING = 'code severity message hint file path at'

export async function readDocuments<T>(kind: string): Promise<readonly T[]> {
  return (
    await graphql<{ metadata: { documents: readonly T[] } }>(
      `
        query Documents($kind: MetadataKind!) {
          metadata {
            documents(kind: $kind)
          }
        }
      `,
      { kind },
    )
  ).metadata.documents
}

/** How many fields each object has, and nothing else of them. */
export async function readFieldCounts(): Promise<ReadonlyMap<string, number>> {
  const { metadata } = await graphql<{ metadata: { objects: readonly { name: string; fields: readonly object[] }[] } }>(
    'query FieldCounts { metadata { objects { name fields { name } } } }',
  )
  return new Map(metadata.objects.map((o) => [o.name, o.fields.length]))
}

export async function planChange(changes: readonly DocumentChange[]): Promise<Plan> {
  const query = `mutation Plan($changes: [MetadataChangeInput!]!) { plan: metadataPlan(changes: $changes) { planId steps { text } warnings losses findings { ${FINDING} } } }`
  return (await graphql<{ plan: Plan }>(query, { changes })).plan
}

export async function applyPlan(
  planId: string,
): Promise<{ readonly version: number; readonly findings: readonly Finding[] }> {
  const query = `mutation Apply($planId: ID!) { applied: metadataApply(planId: $planId) { version findings { ${FINDING} } } }`
  return (await graphql<{ applied: { version: number; findings: readonly Finding[] } }>(query, { planId })).applied
}

export async function undoChange(version: number): Promise<void> {
  await graphql('mutation Undo($version: Int!) { metadataUndo(version: $version) { version } }', { version })
}
