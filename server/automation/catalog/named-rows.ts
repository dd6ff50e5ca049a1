import type { Catalog, Document } from '#metadata'
import { findBy, readRows } from '#records'
import type { DialectReader } from '#records'
import type { Finding, Row } from '#util'
import { governsRecords } from '../versions/pinned.ts'
import { changedDocuments } from './changed-documents.ts'
import { checkStillNamed } from './naming-rows.ts'
import { documentsInUse, documentsNaming, nameKey, rowNamesOf } from './row-names.ts'
import type { RowName } from './row-names.ts'

/** Documents that name this row; versions that are inactive only while they govern records. `used`: only those that records come to need. */
export async function namedBy(
  reader: DialectReader,
  catalog: Catalog,
  object: string,
  row: Row,
  { used = false } = {},
): Promise<string[]> {
  const naming = ['Name', 'Username'].flatMap(
    (field) => documentsNaming(catalog).get(nameKey({ object, field, key: String(row[field]) })) ?? [],
  )
  if (naming.length === 0) return []
  const governing = await governingVersions(reader, catalog)
  const inUse = documentsInUse(catalog, governing)
  return naming
    .filter((d) => inUse.has(d) || (!used && !(d.kind === 'EntitlementProcess' && d.status === 'inactive')))
    .map((d) => `${d.kind} ${d.name}`)
}

/** Versions that are not active and have records in them. */
async function governingVersions(reader: DialectReader, catalog: Catalog): Promise<Set<string>> {
  const governing = new Set<string>()
  for (const { name, status } of catalog.processes.values())
    if (status !== 'active' && (await governsRecords(reader, name))) governing.add(name)
  return governing
}

/**
 * Rows that documents name and that are not there or not active: an error where records come to need the document, a warning elsewhere,
 * and where `before` was no better.
 */
export async function checkNamed(
  reader: DialectReader,
  catalog: Catalog,
  documents: readonly Document[],
  before?: Catalog,
): Promise<Finding[]> {
  const inUse = documentsInUse(catalog)
  const known = new Set(before ? [...documentsInUse(before)].flatMap(placesOf) : [])
  const findings: Finding[] = []
  for (const document of documents)
    for (const name of rowNamesOf(document)) {
      const problem = await problemOf(reader, catalog, name)
      if (!problem) continue
      const needed = inUse.has(document) && !known.has(placeOf(document, name))
      findings.push(finding(document, `${catalog.object(name.object)!.label} ${name.key}`, problem, needed))
    }
  return [...new Map(findings.map((f) => [f.message, f])).values()]
}

const placeOf = (document: Document, name: RowName): string => `${document.kind} ${document.id} ${nameKey(name)}`
const placesOf = (document: Document): string[] => rowNamesOf(document).map((name) => placeOf(document, name))

async function problemOf(
  reader: DialectReader,
  catalog: Catalog,
  { object: name, field, key }: RowName,
): Promise<string | undefined> {
  const object = catalog.object(name)
  const holder = object?.field(field)
  if (!object || !holder) return undefined
  const [found] = await findBy(reader, object, holder, [key])
  if (!found) return 'and there is none'
  if (!object.field('IsActive')) return undefined
  const row = (await readRows(reader, catalog, object, [found.id], ['IsActive'])).get(found.id)
  return row?.IsActive === false ? 'which is not active' : undefined
}

function finding(document: Document, row: string, problem: string, needed: boolean): Finding {
  return {
    code: 'NO_SUCH_ROW',
    severity: needed ? 'error' : 'warning',
    file: document.name,
    message: `${document.kind} ${document.name} names the ${row}, ${problem}.`,
    hint: 'Make it, activate it, or name another one; until then what needs it fails.',
  }
}

/** What documents say of rows and rows of documents, when both have changed. Warnings among them. */
export async function checkRowNames(reader: DialectReader, current: Catalog, next: Catalog): Promise<Finding[]> {
  if (next === current) return []
  const changed = new Set(changedDocuments(current, next))
  const actions = [...documentsInUse(next)].filter((d) => d.kind === 'Action' && !documentsInUse(current).has(d))
  return [
    ...(await checkStillNamed(reader, current, next)),
    ...(await checkNamed(reader, next, [...new Set([...changed, ...actions])], current)),
  ]
}
