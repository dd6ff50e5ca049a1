import type { Catalog } from '../catalog.ts'
import type { Document, Kind } from '../documents.ts'
import type { Slot } from '../kinds/index.ts'
import { splitName } from '../names.ts'
import { jsonPath } from '../report.ts'
import { slotsOf, thing, thingsNamed, type ThingKey } from './mentions.ts'

export interface Usage {
  readonly kind: Kind
  readonly name: string
  /** JSON path in that document. */
  readonly path: string
}
export interface SlotUsage extends Usage {
  readonly document: Document
  readonly slot: Slot
}

/** Everywhere a document is named by another one. Object, field and action alike; what stands on an object belongs to it and is not listed. */
export function whereUsed(catalog: Catalog, kind: Kind, name: string): Usage[] {
  const documents = [...catalog.documents.values()].flatMap((byName) => [...byName.values()])
  return usages(catalog, documents, new Set([thing(kind, name)])).map(({ kind: k, name: n, path }) => ({
    kind: k,
    name: n,
    path,
  }))
}

/** Slots of `documents` that name one of `things`, resolved in `catalog`. A thing's own document does not count as a use of it. */
export function usages(catalog: Catalog, documents: Iterable<Document>, things: ReadonlySet<ThingKey>): SlotUsage[] {
  const found: SlotUsage[] = []
  for (const document of documents) {
    if (belongsTo(document, things)) continue
    for (const slot of slotsOf(catalog, document))
      if (names(thingsNamed(catalog, slot), things))
        found.push({ kind: document.kind, name: document.name, path: jsonPath(slot.at), document, slot })
  }
  return found
}

const belongsTo = (document: Document, things: ReadonlySet<ThingKey>): boolean =>
  things.has(thing(document.kind, document.name)) ||
  (document.name.includes('.') && things.has(thing('Object', splitName(document.name)[0])))

const names = (named: ReadonlySet<ThingKey>, things: ReadonlySet<ThingKey>): boolean =>
  [...named].some((n) => things.has(n))
