/** Work on the records of an object that a change of metadata makes: at once when they are few, from the journal when they are many. */
import { quote } from '#database'
import type { Document } from '#metadata'
import type { DialectReader } from '#records'

/** Of more records than these a change leaves the work to the journal. */
export const AT_ONCE = 2_000

export const countOf = async (reader: DialectReader, table: string, where = ''): Promise<number> =>
  Number((await reader.get<{ n: number | string }>(`SELECT count(*) AS n FROM ${quote(table)}${where}`))!.n)

export const recordsText = (n: number): string => (n === 1 ? '1 record' : `${n.toLocaleString('en')} records`)

/** The documents with these fields, and no others of those named, marked as being calculated. */
export const markCalculating = (documents: readonly Document[], waiting: ReadonlySet<string>): Document[] =>
  documents.map((d) =>
    d.kind === 'Field' && d.id !== undefined && waiting.has(d.id) ? { ...d, calculating: true } : d,
  )

/** The same documents when none is being calculated any more. */
export function clearCalculating(document: Document): Document {
  if (document.kind !== 'Field' || !document.calculating) return document
  const { calculating: _, ...rest } = document
  return rest
}
