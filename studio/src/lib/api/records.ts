/** Records over GraphQL: every document the studio sends about records is made here. */
import type { FieldError } from './errors.ts'
import { graphql } from './graphql.ts'
import type { ObjectDetail } from './metadata.ts'
import { catalog } from '../state/catalog.svelte.ts'
import type { Where } from '../fields/where.ts'

export type RecordData = { readonly Id: string; readonly [key: string]: unknown }
export interface Page {
  readonly nodes: readonly RecordData[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly totalCount?: number | null
}
export type Order = readonly { readonly [field: string]: string }[]
export interface Saved {
  readonly record?: RecordData | null
  readonly errors: readonly FieldError[]
}

export interface ListRequest {
  readonly object: string
  readonly select: string
  readonly where?: Where | undefined
  readonly orderBy?: Order
  readonly first: number
  readonly after?: string | undefined
  readonly count?: boolean
}

/** One page of a list. The count is asked for once, with the first page. */
export async function readPage(request: ListRequest, signal?: AbortSignal): Promise<Page> {
  const { object, select, count, ...variables } = request
  const query = `query List($where: ${object}Where, $orderBy: [${object}OrderBy!], $first: Int, $after: String) {
    page: ${object}(where: $where, orderBy: $orderBy, first: $first, after: $after) {
      nodes { Id ${select} } pageInfo { hasNextPage endCursor } ${count ? 'totalCount' : ''} } }`
  return (await graphql<{ page: Page }>(query, variables, signal)).page
}

export const orderOf = (field: string, direction: 'asc' | 'desc'): { readonly [field: string]: string } => ({
  [field]: direction === 'asc' ? 'ASC_NULLS_LAST' : 'DESC_NULLS_LAST',
})

const ERRORS = 'errors { field code message path conflict }'

export async function createRecord(object: string, input: object): Promise<Saved> {
  const query = `mutation Create($input: ${object}CreateInput!) { saved: ${object}Create(input: $input) { record { Id Name } ${ERRORS} } }`
  return (await graphql<{ saved: Saved }>(query, { input })).saved
}

export async function updateRecord(
  object: string,
  id: string,
  input: object,
  version: number | undefined,
): Promise<Saved> {
  const query = `mutation Update($id: ID!, $input: ${object}UpdateInput!, $version: Int) { saved: ${object}Update(Id: $id, input: $input, version: $version) { record { Id } ${ERRORS} } }`
  return (await graphql<{ saved: Saved }>(query, { id, input, version })).saved
}

export async function deleteRecord(object: string, id: string): Promise<readonly FieldError[]> {
  return (
    await graphql<{ saved: Saved }>(`mutation Delete($id: ID!) { saved: ${object}Delete(Id: $id) { ${ERRORS} } }`, {
      id,
    })
  ).saved.errors
}

export async function undeleteRecord(object: string, id: string): Promise<readonly FieldError[]> {
  return (
    await graphql<{ saved: Saved }>(`mutation Undelete($id: ID!) { saved: ${object}Undelete(Id: $id) { ${ERRORS} } }`, {
      id,
    })
  ).saved.errors
}

export async function deleteRecords(object: string, ids: readonly string[]): Promise<readonly Saved[]> {
  const query = `mutation DeleteMany($ids: [ID!]) { many: ${object}DeleteMany(ids: $ids, mode: PARTIAL) { results { record { Id } ${ERRORS} } } }`
  return (await graphql<{ many: { results: readonly Saved[] } }>(query, { ids })).many.results
}

export interface Found {
  readonly id: string
  readonly name: string
  readonly object: string
  readonly detail?: string
}

/** Records whose name (or number and subject) holds the words, from several objects in one request. */
export async function findRecords(
  objects: readonly string[],
  words: string,
  first: number,
  signal?: AbortSignal,
): Promise<readonly Found[]> {
  const infos = objects.flatMap((name) => catalog.info(name) ?? []).filter((o) => o.access.read)
  if (infos.length === 0) return []
  const variables: Record<string, unknown> = { first }
  const parts = infos.map((o, i) => {
    const second = o.subject?.name
    const names = [o.nameField, ...(second ? [second] : [])]
    variables[`w${i}`] = words.trim() ? { or: names.map((name) => ({ [name]: { contains: words.trim() } })) } : {}
    return `r${i}: ${o.name}(where: $w${i}, first: $first) { nodes { Id Name ${second ? `second: ${second}` : ''} } }`
  })
  const declared = infos.map((o, i) => `$w${i}: ${o.name}Where`).join(', ')
  const data = await graphql<
    Record<string, { nodes: readonly { Id: string; Name: string | null; second?: string | null }[] }>
  >(`query Find($first: Int, ${declared}) { ${parts.join(' ')} }`, variables, signal)
  return infos.flatMap((o, i) =>
    data[`r${i}`]!.nodes.map((n) => ({
      id: n.Id,
      name: n.Name ?? n.Id,
      object: o.name,
      ...(n.second ? { detail: n.second } : {}),
    })),
  )
}

/** The record with everything its page shows: one request. */
export async function readRecord(
  object: ObjectDetail,
  id: string,
  select: string,
  signal?: AbortSignal,
): Promise<RecordData | null> {
  const query = `query Record($id: ID!) { record: ${object.name}ById(Id: $id) { Id ${select} } }`
  return (await graphql<{ record: RecordData | null }>(query, { id }, signal)).record
}
