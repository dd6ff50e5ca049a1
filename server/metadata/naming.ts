import type { Catalog } from './catalog.ts'
import type { Document, NamedKind } from './documents.ts'

/** How rows name a document: of a process no version. */
export const nameInRows = (document: Document): string =>
  document.kind === 'EntitlementProcess' ? document.process : document.name

/** Every name of this kind that a row may hold, with what people read for it. */
export const namesInRows = (catalog: Catalog, kind: NamedKind): ReadonlyMap<string, string> =>
  new Map(
    [...(catalog.documents.get(kind)?.values() ?? [])].map((document) => [nameInRows(document), labelOf(document)]),
  )

const labelOf = (document: Document): string => ('label' in document && document.label) || document.name
