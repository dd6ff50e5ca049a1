/** Set-up as documents: what an administrator keeps in files, compares and deploys elsewhere. */
import type { AnyDocument, RowDocument } from '#metadata'
import type { ObjectDetail } from './metadata.ts'
import { graphql } from './graphql.ts'

/** Kinds that belong to one object. */
const OF_OBJECT = ['Object', 'Field', 'ValidationRule', 'Layout', 'ListView', 'EntitlementProcess', 'AutoApplyRule', 'Action'] // prettier-ignore

type Documents<T> = readonly { readonly document: T }[]

/** An object's own document and all that belong to it. */
export async function readObjectDocuments(object: string): Promise<readonly AnyDocument[]> {
  const parts = OF_OBJECT.map((kind) => `${kind}: documents(kind: ${kind}, of: $of) { document }`)
  const query = `query ObjectDocuments($of: String!) { metadata { ${parts.join(' ')} } }`
  const { metadata } = await graphql<{ metadata: Record<string, Documents<AnyDocument>> }>(query, { of: object })
  return OF_OBJECT.flatMap((kind) => metadata[kind]!.map(({ document }) => document))
}

interface RowAnswer {
  readonly rows: { readonly nodes: readonly { readonly Name: string | null; readonly DeveloperName: string | null }[] }
  readonly metadata: { readonly documents: Documents<RowDocument> }
}

/** A set-up row as a document; undefined = it has no API name yet, and another one is called the same. */
export async function readRowDocument(object: ObjectDetail, id: string): Promise<RowDocument | undefined> {
  const query = `query RowDocument($id: ID!, $of: String!) {
    rows: ${object.name}(where: { Id: { eq: $id } }, first: 1) { nodes { Name DeveloperName } }
    metadata { documents(kind: Row, of: $of) { document } } }`
  const { rows, metadata } = await graphql<RowAnswer>(query, { id, of: object.name })
  const row = rows.nodes[0]
  const documents = metadata.documents.map(({ document }) => document)
  if (row?.DeveloperName) return documents.find(({ name }) => name === `${object.name}.${row.DeveloperName}`)
  const same = documents.filter(({ values }) => values[object.nameField] === row?.Name)
  return same.length === 1 ? same[0] : undefined
}
