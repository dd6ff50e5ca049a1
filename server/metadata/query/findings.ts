import type { Finding } from '#util'
import type { Catalog } from '../catalog.ts'
import type { Document } from '../documents.ts'
import { kindOf } from '../kinds/index.ts'
import { reporter } from '../report.ts'

/** What documents ask of records that a query would refuse: filters and sorts of list views and related lists. */
export const queryFindings = (catalog: Catalog): Finding[] =>
  [...catalog.documents.values()].flatMap((byName) =>
    [...byName.values()].flatMap((document) => queryFindingsOf(catalog, document)),
  )

export function queryFindingsOf(catalog: Catalog, document: Document): Finding[] {
  const findings: Finding[] = []
  kindOf(document).checkQueries?.(document, catalog, reporter(findings, document))
  return findings
}
