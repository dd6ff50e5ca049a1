import { allDocuments } from '#metadata'
import type { Catalog, Document } from '#metadata'

const keyOf = ({ kind, id }: Document): string => `${kind} ${id}`

export function changedDocuments(before: Catalog, after: Catalog): Document[] {
  const known = new Map(allDocuments(before).map((d) => [keyOf(d), JSON.stringify(d)]))
  return allDocuments(after).filter((d) => known.get(keyOf(d)) !== JSON.stringify(d))
}

/** Deleted objects and fields stay hidden for a while; any other deleted document is gone. */
export function goneDocuments(before: Catalog, after: Catalog): { kind: Document['kind']; id: string }[] {
  const kept = new Set(allDocuments(after).map(keyOf))
  return allDocuments(before).flatMap((d) => (d.id && !kept.has(keyOf(d)) ? [{ kind: d.kind, id: d.id }] : []))
}
