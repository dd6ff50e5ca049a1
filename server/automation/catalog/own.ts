import { changeHistory } from '#records'
import type { Actor, DialectReader } from '#records'
import type { Catalog, Document, Kind, PlanStep } from '#metadata'

/** A change of metadata as its author's authority is looked at. */
export interface Change {
  readonly actor: Actor
  readonly current: Catalog
  readonly next: Catalog
  readonly steps: readonly PlanStep[]
  /** What the author has made, as `Field Case.Score__c`. */
  readonly made: ReadonlySet<string>
}

export const documentById = (catalog: Catalog, kind: Kind, id: string | undefined): Document | undefined =>
  [...(catalog.documents.get(kind)?.values() ?? [])].find((document) => document.id === id)

/** The object or field is there before the change. */
export const isLive = ({ current }: Change, kind: 'Object' | 'Field', id: string): boolean =>
  kind === 'Object'
    ? current.objectById(id) !== undefined
    : [...current.objects.values()].some((object) => object.fieldById(id))

const isDeleted = ({ current }: Change, kind: 'Object' | 'Field', id: string): boolean =>
  current.deleted.some((document) => document.kind === kind && document.id === id)

/** Who makes an object or a field says who may use it, until somebody has said so. */
export function isOwn(change: Change, kind: 'Object' | 'Field', id: string): boolean {
  if (!isLive(change, kind, id)) return !isDeleted(change, kind, id)
  const name = documentById(change.current, kind, id)?.name
  return name !== undefined && change.made.has(`${kind} ${name}`) && !isGranted(change.current, name)
}

function isGranted(catalog: Catalog, fullName: string): boolean {
  const [object = '', field] = fullName.split('.')
  return [...catalog.permissionSets.values()].some(({ objects }) => {
    const grant = objects?.[object]
    return grant !== undefined && (field === undefined || grant.fields?.[field] !== undefined)
  })
}

type Undo = readonly { kind: string; name: string; document: Document | null; renameFrom?: string }[]
const EVERY_CHANGE = 1_000_000

/** Whatever bears its name since this user made it: made by nobody later, and brought to the name by no rename and no return. */
export async function madeBy(reader: DialectReader, userId: string): Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  const made = new Set<string>()
  for (const { by, undo } of await changeHistory(reader, EVERY_CHANGE))
    for (const { kind, name, document, renameFrom } of (undo ?? []) as unknown as Undo) {
      const key = `${kind} ${renameFrom ?? name}`
      if (seen.has(key) || (document && !renameFrom && !document.deletedAt)) continue
      seen.add(key)
      if (by === userId && document === null) made.add(key)
    }
  return made
}
