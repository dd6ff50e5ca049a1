import type { Finding } from '#util'
import type { Catalog } from '../catalog.ts'
import type { Document } from '../documents.ts'
import type { Path } from '../kinds/index.ts'
import { SCOPED_KINDS, splitName } from '../names.ts'
import { documentPath } from '../report.ts'
import { removeAt } from './json.ts'
import { thing, type ThingKey } from './mentions.ts'
import { usages, type SlotUsage } from './where-used.ts'

export interface DeletionResult {
  /** Live documents that remain, with grants and places of the deleted things taken out. */
  readonly live: Document[]
  /** Deleted objects and fields and what stood on them, to be kept hidden. */
  readonly hidden: Document[]
}

/** Takes documents out. Layouts, list columns and permission sets let go of them; anything else that names them forbids it. */
export function deleteDocuments(
  current: Catalog,
  live: readonly Document[],
  deleted: readonly Document[],
  at: string,
  findings: Finding[],
): DeletionResult {
  if (deleted.length === 0) return { live: [...live], hidden: [] }
  const gone = new Set(live.filter((d) => deleted.some((x) => x === d || standsOn(d, x))))
  const remaining = live.filter((d) => !gone.has(d))
  const things = new Map<ThingKey, Document>()
  for (const d of deleted) for (const key of thingsOf(current, d)) things.set(key, d)
  const byDocument = Map.groupBy(usages(current, remaining, new Set(things.keys())), (u) => u.document)
  const stripped = remaining.map((d) => {
    const uses = byDocument.get(d)
    return uses ? (letGo(d, uses) ?? refuse(d, uses, deleted, findings)) : d
  })
  const hidden = [...gone].filter(
    (d) => d.kind === 'Object' || deleted.some((x) => x.kind === 'Object' && standsOn(d, x)) || d.kind === 'Field',
  )
  return { live: stripped, hidden: hidden.map((d) => ({ ...d, deletedAt: at })) }
}

const standsOn = (document: Document, object: Document): boolean =>
  object.kind === 'Object' && SCOPED_KINDS.has(document.kind) && splitName(document.name)[0] === object.name

/** A deleted object takes its fields along. */
const thingsOf = (current: Catalog, d: Document): ThingKey[] => [
  thing(d.kind, d.name),
  ...(d.kind === 'Object'
    ? (current.object(d.name)?.fields ?? []).map((f) => thing('Field', `${d.name}.${f.name}`))
    : []),
]

/** The document without the places and grants of deleted things; undefined when it uses them for more than that. */
function letGo(document: Document, uses: readonly SlotUsage[]): Document | undefined {
  const paths = uses.map((u) => placePath(document, u))
  if (paths.some((p) => p === undefined)) return undefined
  const distinct = withoutInner(paths as Path[])
  const next = distinct.sort(laterFirst).reduce<unknown>(removeAt, document) as Document
  if (next.kind === 'ListView' && next.columns.length === 0) return undefined
  return next.kind === 'Layout' && next.relatedLists
    ? { ...next, relatedLists: next.relatedLists.filter((r) => r.fields.length > 0) }
    : next
}

/** What has to go when a slot names a deleted thing; undefined when the slot is more than a place. */
function placePath(document: Document, { slot }: SlotUsage): Path | undefined {
  if (document.kind === 'PermissionSet') return slot.at
  if (document.kind === 'Layout') return slot.is === 'child' ? slot.at.slice(0, -1) : slot.at
  if (document.kind !== 'ListView') return undefined
  return slot.at[0] === 'columns' ? slot.at : slot.at[0] === 'sort' ? slot.at.slice(0, 2) : undefined
}

const withoutInner = (paths: readonly Path[]): Path[] => {
  const unique = [...new Map(paths.map((p) => [JSON.stringify(p), p])).values()]
  return unique.filter((p) => !unique.some((q) => q.length < p.length && q.every((part, i) => part === p[i])))
}

/** Later entries of a list first, so that removing one does not move the others. */
function laterFirst(a: Path, b: Path): number {
  for (const [i, part] of a.entries()) {
    const other = b[i]
    if (part === other) continue
    return typeof part === 'number' && typeof other === 'number'
      ? other - part
      : String(other).localeCompare(String(part))
  }
  return 0
}

function refuse(
  document: Document,
  uses: readonly SlotUsage[],
  deleted: readonly Document[],
  findings: Finding[],
): Document {
  const places = uses.map((u) => `${u.kind} ${u.name} (${u.path})`).join(', ')
  const names = deleted.map((d) => d.name).join(', ')
  const first = deleted[0]
  findings.push({
    code: 'IN_USE',
    severity: 'error',
    ...(first && { file: documentPath(first.kind, first.name) }),
    message: `${names} can't be deleted while it is used by ${places}.`,
    hint: `Change ${document.kind} ${document.name} first, or in the same step.`,
  })
  return document
}
