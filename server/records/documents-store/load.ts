import type { Reader } from '#database'
import type { Document, FormerColumn, Kind } from '#metadata'

export interface StoredDocuments {
  /** 0 where nothing was ever saved. */
  readonly version: number
  /** In the order of kind and id; deleted ones, which are kept until purged, among them. */
  readonly documents: readonly Document[]
}

export async function storedVersion(reader: Reader): Promise<number> {
  const row = await reader.get<{ version: number | null }>('SELECT max(version) AS version FROM metadata_version')
  return row?.version ?? 0
}

/** Version and documents as of one instant: they are read in one statement, so a change in between can't tear them apart. */
export async function loadStoredDocuments(reader: Reader): Promise<StoredDocuments> {
  const sql = `SELECT (SELECT max(version) FROM metadata_version) AS version, d.body FROM (SELECT 1 AS one) o LEFT JOIN metadata_document d ON o.one = 1 ORDER BY d.kind, d.id`
  const rows = await reader.all<{ version: number | null; body: string | null }>(sql)
  const documents = rows.flatMap(({ body }) => (body === null ? [] : [documentOf(body)]))
  return { version: rows[0]?.version ?? 0, documents }
}

/** The documents of one kind as they are stored now, whatever catalog the reader works with. */
export async function loadStoredKind<K extends Kind>(
  reader: Reader,
  kind: K,
): Promise<readonly Extract<Document, { kind: K }>[]> {
  const rows = await reader.all<{ body: string }>(
    `SELECT body FROM metadata_document WHERE kind = '${kind}' ORDER BY id`,
  )
  return rows.map(({ body }) => documentOf(body) as Extract<Document, { kind: K }>)
}

/** Earlier releases kept former columns by name alone; nobody goes back to these, so the next purge takes them. */
function documentOf(body: string): Document {
  const document = JSON.parse(body) as Document
  if (document.kind !== 'Field' || !document.formerColumns) return document
  const formerColumns = document.formerColumns.map((former: FormerColumn | string) =>
    typeof former === 'string' ? { column: former, form: '', leftAt: '1970-01-01T00:00:00.000Z' } : former,
  )
  return { ...document, formerColumns }
}
