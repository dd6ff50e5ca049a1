// The shipped documents, loaded once for the tests of the room.
import { compileCatalog, type Catalog, type Document } from '../index.ts'
import { loadDocuments } from '../load.ts'

const folder = (name: string): string => new URL(`../../../metadata/${name}`, import.meta.url).pathname

export const standard = loadDocuments(folder('standard'))
export const demo = loadDocuments(folder('demo'))
export const shippedDocuments: readonly Document[] = loadDocuments(folder('standard'), folder('demo')).documents

let catalog: Catalog | undefined
export function shippedCatalog(): Catalog {
  catalog ??= compileCatalog(shippedDocuments, 1).catalog
  if (!catalog) throw new Error('The shipped documents do not compile')
  return catalog
}

/** A small set of documents that compiles by itself with the standard ones. */
export const house = (...documents: Document[]): Document[] => [...standard.documents, ...documents]

export const object = (name: string, more: object = {}): Document =>
  ({
    kind: 'Object',
    name,
    label: name,
    pluralLabel: `${name}s`,
    nameField: { label: 'Name', type: 'Text' },
    ...more,
  }) as Document
export const field = (name: string, type: string, more: object = {}): Document =>
  ({ kind: 'Field', name, label: name, type, ...more }) as Document
