/** Which stored document a written one is: known by an id that is the same everywhere, by the caller's answer, or by its name where nothing speaks against it. Else it is asked. */
import type { Catalog } from '../catalog.ts'
import type { Document, Kind } from '../documents.ts'
import { KINDS } from '../kinds/index.ts'
import { SCOPED_KINDS, splitName } from '../names.ts'
import { CAN_BE_SHIPPED } from './shipped.ts'
import type { Change, Question } from './types.ts'

/** What a set of changes says of the stored documents, before each is looked at. */
export interface Scene {
  readonly current: Catalog
  /** Deleted by a change. */
  readonly leaving: ReadonlySet<Document>
  /** Go on under another name. */
  readonly renamed: ReadonlySet<Document>
  /** Present names of renamed objects by their new ones. */
  readonly owners: ReadonlyMap<string, string>
}

export type Identity =
  | { readonly before: Document }
  | { readonly restored: Document }
  | { readonly question: Question }
  | { readonly isNew: true }

/** An id that stands for the same everywhere: one that no other organisation gives, or that of a shipped object or field. Older ones are names. */
export const isGlobalId = ({ kind, id }: Pick<Document, 'kind' | 'id'>): boolean =>
  id !== undefined && (/^[0-9a-f]{32}$/.test(id) || (CAN_BE_SHIPPED.has(kind) && !/__c(~\d+)?$/.test(id)))

export const hasId = (document: Document, id: string | undefined): boolean =>
  id !== undefined && (document.id === id || document.otherIds?.includes(id) === true)

const liveOf = (current: Catalog, kind: Kind): readonly Document[] => [...(current.documents.get(kind)?.values() ?? [])]

export function sceneOf(current: Catalog, changes: readonly Change[]): Scene {
  const writes = changes.flatMap(({ document, ...change }) => (document ? [{ change, document }] : []))
  const moves = writes.flatMap(({ change, document }) => {
    const old = named(current, change, document)
    return old && old.name !== document.name ? [{ old, document }] : []
  })
  const renamed = new Set(moves.map(({ old }) => old))
  const leaving = changes.flatMap(({ kind, name, document }) => {
    const old = document === null ? current.documents.get(kind)?.get(name) : undefined
    return old && !renamed.has(old) ? [old] : []
  })
  const objects = moves.filter(({ old }) => old.kind === 'Object')
  return { current, leaving: new Set(leaving), renamed, owners: new Map(objects.map(({ old, document }) => [document.name, old.name])) } // prettier-ignore
}

/** The live document that a change names beyond doubt, other than by its name. */
function named(
  current: Catalog,
  { sameAs, renameFrom, isNew }: Omit<Change, 'document'>,
  document: Document,
): Document | undefined {
  if (isNew) return undefined
  const live = liveOf(current, document.kind)
  if (sameAs !== undefined) return live.find((d) => d.id === sameAs)
  return live.find((d) => d.name === renameFrom) ?? (isGlobalId(document) ? live.find((d) => hasId(d, document.id)) : undefined) // prettier-ignore
}

export function identify(scene: Scene, change: Change, document: Document, shipped: boolean): Identity {
  const { current } = scene
  const before = named(current, change, document)
  if (before) return { before }
  if (change.isNew) return { isNew: true }
  const gone = current.deleted.find((d) => d.kind === document.kind && hasId(d, change.sameAs ?? document.id))
  if (gone && change.sameAs !== undefined) return { restored: gone }
  return shipped ? released(current, document, gone) : byNameOrAsked(scene, document, gone)
}

/** A release knows the ids of what it ships. */
function released(current: Catalog, document: Document, gone: Document | undefined): Identity {
  const live = liveOf(current, document.kind)
  const before = live.find((d) => hasId(d, document.id)) ?? live.find((d) => d.name === document.name)
  return before ? { before } : gone ? { restored: gone } : { isNew: true }
}

function byNameOrAsked(scene: Scene, document: Document, gone: Document | undefined): Identity {
  const { leaving, renamed } = scene
  const live = liveOf(scene.current, document.kind).filter((d) => !renamed.has(d))
  const global = isGlobalId(document)
  const namesake = live.find((d) => d.name === presentName(scene, document))
  const old = live.find((d) => hasId(d, document.id)) ?? namesake
  if (namesake && namesake === old && !global && !leaving.has(namesake)) return { before: namesake }
  if (gone && global && !namesake) return { restored: gone }
  const alike = [...leaving].filter((d) => standsBeside(scene, d, document) && !(global && isGlobalId(d)))
  const candidates = new Set([namesake, old, gone, ...alike].filter((d) => d !== undefined))
  return candidates.size === 0 ? { isNew: true } : { question: questionOf(document, [...candidates]) }
}

const ownerOf = ({ kind, name }: Document): string | undefined =>
  SCOPED_KINDS.has(kind) ? splitName(name)[0] : undefined

/** `Bar__c.A__c` is still `Foo__c.A__c` when the same plan renames the object. */
function presentName({ owners }: Scene, document: Document): string {
  const owner = owners.get(ownerOf(document) ?? '')
  return owner === undefined ? document.name : `${owner}.${splitName(document.name)[1]}`
}

function standsBeside({ owners }: Scene, stored: Document, written: Document): boolean {
  const owner = ownerOf(written)
  return stored.kind === written.kind && ownerOf(stored) === (owners.get(owner ?? '') ?? owner)
}

function questionOf({ kind, name }: Document, candidates: readonly Document[]): Question {
  return {
    kind,
    name,
    text: `Is the ${KINDS[kind].label.toLowerCase()} ${name} one that is here, or a new one?`,
    choices: candidates.map((d) => ({ id: d.id ?? d.name, name: d.name, text: wordsFor(d, name) })),
  }
}

function wordsFor(candidate: Document, name: string): string {
  if (candidate.deletedAt !== undefined) return `The deleted ${candidate.name}, brought back with its data`
  return candidate.name === name ? `The same as the present ${name}` : `${candidate.name}, renamed`
}
