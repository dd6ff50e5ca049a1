import { compileCatalog } from '#metadata'
import type { Catalog, Document } from '#metadata'
import { loadDocuments } from '#metadata/load'
import { formatFinding, hasErrors } from '#util'

const folder = (name: string): string => new URL(`../../metadata/${name}`, import.meta.url).pathname

/** The shipped objects, and more documents when given. Fails with every finding in words. */
export function catalogWith(more: readonly Document[] = [], version = 1): Catalog {
  const { documents, findings } = loadDocuments(folder('standard'))
  const result = compileCatalog([...documents, ...more], version)
  const all = [...findings, ...result.findings]
  if (!result.catalog || hasErrors(all)) throw new Error(all.map(formatFinding).join('\n'))
  return result.catalog
}
