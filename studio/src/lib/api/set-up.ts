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
/** A document that may be one which is here, or a new one. */
export interface Question {
  readonly kind: string
  readonly name: string
  readonly text: string
  readonly choices: readonly { readonly id: string; readonly text: string }[]
}
/** By document: the id of the one that it is, or that it is new. */
export type Answers = ReadonlyMap<string, { readonly sameAs: string } | { readonly isNew: true }>
export const documentKey = ({ kind, name }: { readonly kind: string; readonly name: string }): string =>
  `${kind} ${name}`
export interface Plan {
  readonly planId: string
  readonly steps: readonly { readonly text: string }[]
  readonly warnings: readonly string[]
  readonly losses: readonly string[]
  readonly questions: readonly Question[]
  readonly findings: readonly Finding[]
}

const FINDING = 'code severity message hint file path at'

export async function readDocuments<T>(kind: string, of?: string): Promise<readonly T[]> {
  const query =
    'query Documents($kind: MetadataKind!, $of: String) { metadata { documents(kind: $kind, of: $of) { document } } }'
  return (
    await graphql<{ metadata: { documents: readonly { document: T }[] } }>(query, { kind, of })
  ).metadata.documents.map((d) => d.document)
}

const PLAN = `planId steps { text } warnings losses questions { kind name text choices { id text } } findings { ${FINDING} }`

/** `agreed` to what it loses: without that a plan which loses something can't be applied. */
export async function planChange(
  given: readonly DocumentChange[],
  agreed = false,
  answers: Answers = new Map(),
): Promise<Plan> {
  const changes = given.map((change) => ({ ...change, ...answers.get(documentKey(change)) }))
  const query = `mutation Plan($changes: [MetadataChangeInput!]!, $agreed: Boolean!) { plan: metadataPlan(changes: $changes, allowDestructive: $agreed) { ${PLAN} } }`
  return (await graphql<{ plan: Plan }>(query, { changes, agreed })).plan
}

export async function planUndo(version: number, agreed: boolean): Promise<Plan> {
  const query = `mutation PlanUndo($version: Int!, $agreed: Boolean!) { plan: metadataUndoPlan(version: $version, allowDestructive: $agreed) { ${PLAN} } }`
  return (await graphql<{ plan: Plan }>(query, { version, agreed })).plan
}

export async function applyPlan(
  planId: string,
): Promise<{ readonly version: number; readonly findings: readonly Finding[] }> {
  const query = `mutation Apply($planId: ID!) { applied: metadataApply(planId: $planId) { version findings { ${FINDING} } } }`
  return (await graphql<{ applied: { version: number; findings: readonly Finding[] } }>(query, { planId })).applied
}

export interface EarlierDocument<T> {
  /** When another one replaced it. */
  readonly at: string
  /** Who did; undefined = nobody whose name may be read. */
  readonly by: string | undefined
  readonly document: T
}

/** A document as it is (null: it is gone) and what it was before each change of it, the last one first. */
export async function readEarlier<T>(
  kind: string,
  name: string,
): Promise<{ readonly current: T | null; readonly earlier: readonly EarlierDocument<T>[] }> {
  const query = `query Earlier($kind: MetadataKind!, $name: String!) {
    metadata { current: document(kind: $kind, name: $name) earlier: documentHistory(kind: $kind, name: $name) { at by document } } }`
  const { current, earlier } = (
    await graphql<{ metadata: { current: T | null; earlier: readonly { at: string; by: string; document: T | null }[] } }>(query, { kind, name })
  ).metadata // prettier-ignore
  const names = await namesOf(earlier.map((one) => one.by))
  return {
    current,
    earlier: earlier.flatMap(({ at, by, document }) => (document ? [{ at, by: names.get(by), document }] : [])),
  }
}

async function namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== '')
  if (wanted.length === 0) return new Map()
  const query =
    'query Names($ids: [ID!]) { users: User(where: { Id: { in: $ids } }, first: 100) { nodes { Id Name } } }'
  const { users } = await graphql<{ users: { nodes: readonly { Id: string; Name: string }[] } }>(query, { ids: wanted })
  return new Map(users.nodes.map((user) => [user.Id, user.Name]))
}
