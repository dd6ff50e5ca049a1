import { analyze } from '#formula'
import type { Catalog, FieldDef, ObjectDef } from '../catalog.ts'
import { optionsOf } from '../compile/check.ts'
import type { Document, Kind } from '../documents.ts'
import { namedBy } from '../formula-globals.ts'
import { formulaScope, walk, type FieldOn } from '../formula-scope.ts'
import { kindOf, type Slot } from '../kinds/index.ts'
import { splitName } from '../names.ts'

/** `Field:Case.Priority`, `Object:Case`, `Action:Case_Escalate` … */
export type ThingKey = string
export const thing = (kind: string, name: string): ThingKey => `${kind}:${name}`

/** One segment of a dotted path and what it names. */
export interface Segment {
  readonly text: string
  /** The field: the last segment's own, or the reference that is followed. */
  readonly field?: { readonly object: ObjectDef; readonly field: FieldDef }
  /** `Owner:User` names an object as well. */
  readonly type?: string
  /** Or it is the name of a document: `$Label.Greeting`, `$Setup.Limits__c`. */
  readonly named?: ThingKey
}

/** What each segment of a path names; segments that name nothing known carry their text alone. */
function segmentsOf(catalog: Catalog, objectName: string, dotted: string): Segment[] {
  const texts = dotted.split('.')
  const base = catalog.object(objectName)
  return texts.map((text, i) => {
    const named = namedBy(catalog, texts, i)
    if (named) return { text, named: thing(named.kind, named.name) }
    const object = base && objectAt(catalog, base, texts, i)
    if (!object) return { text }
    if (i === texts.length - 1) return withField(text, object, object.field(text))
    const [relationship = '', type] = text.split(':')
    return {
      ...withField(text, object, object.parent(relationship)),
      ...(type !== undefined && { type: catalog.object(type)?.name ?? type }),
    }
  })
}

/** The object whose field or parent a segment is. */
const objectAt = (catalog: Catalog, base: ObjectDef, texts: readonly string[], at: number): ObjectDef | undefined =>
  at === 3 && texts[0]?.toLowerCase() === '$objecttype'
    ? catalog.object(texts[1] ?? '')
    : walk(catalog, base, texts.slice(0, at))?.object

const withField = (text: string, object: ObjectDef, field: FieldDef | undefined): Segment => ({
  text,
  ...(field && { field: { object, field } }),
})

/** A path inside a slot: where it stands in the slot's text. */
export interface PathMention {
  readonly segments: readonly Segment[]
  readonly start: number
  readonly end: number
}

/** The paths that a formula or field slot holds, in the order of their places. */
export function pathsOf(catalog: Catalog, slot: Slot): PathMention[] {
  if (slot.is === 'field')
    return [{ segments: segmentsOf(catalog, slot.object, slot.path), start: 0, end: slot.path.length }]
  if (slot.is !== 'formula') return []
  const { references } = analyze(slot.source, {
    ...optionsOf(slot, catalog),
    scope: formulaScope(catalog, slot.object, undefined, slot.fired),
  })
  return references
    .flatMap((r) => r.at)
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => ({
      segments: segmentsOf(catalog, slot.object, slot.source.slice(start, end)),
      start,
      end,
    }))
}

/** Everything a slot names, by key. */
export function thingsNamed(catalog: Catalog, slot: Slot): Set<ThingKey> {
  const things = new Set<ThingKey>()
  const addField = (object: ObjectDef, field: FieldDef) => things.add(thing('Field', `${object.name}.${field.name}`))
  if (slot.is === 'document') things.add(thing(slot.kind, slot.name))
  for (const { segments } of pathsOf(catalog, slot))
    for (const { field, type, named } of segments) {
      if (named) things.add(named)
      if (field) addField(field.object, field.field)
      if (type !== undefined) things.add(thing('Object', type))
    }
  const object = slot.is === 'parent' || slot.is === 'child' ? catalog.object(slot.object) : undefined
  const parent = slot.is === 'parent' ? object?.parent(slot.name) : undefined
  if (object && parent) addField(object, parent)
  const child = slot.is === 'child' ? object?.children.get(slot.name) : undefined
  if (child) things.add(thing('Field', `${child.object}.${child.field}`)).add(thing('Object', child.object))
  if (slot.is === 'formula' && slot.into) things.add(thing('Field', `${slot.into.object}.${slot.into.field}`))
  return things
}

/** The fields that a part of a document names, e.g. the `filter` of a list view. */
export function fieldsNamed(catalog: Catalog, document: Document, part: string): (FieldOn | undefined)[] {
  const things = slotsOf(catalog, document)
    .filter(({ at }) => at[0] === part)
    .flatMap((slot) => [...thingsNamed(catalog, slot)])
  return things.flatMap((key) => (key.startsWith('Field:') ? [fieldOf(catalog, key.slice('Field:'.length))] : []))
}

const isRead = (slot: Slot): boolean => slot.is !== 'document'

/** Every field that formulas, paths and filters of a document read. */
export function fieldsRead(catalog: Catalog, document: Document): FieldOn[] {
  const things = slotsOf(catalog, document).filter(isRead).flatMap((slot) => [...thingsNamed(catalog, slot)]) // prettier-ignore
  return [...new Set(things)].flatMap((key) => (key.startsWith('Field:') ? (fieldOf(catalog, key.slice('Field:'.length)) ?? []) : [])) // prettier-ignore
}

/** What a document's meaning hangs on, however far away: actions, fields with their formulas, labels. */
export function documentsBehind(catalog: Catalog, document: Document): ReadonlySet<Document> {
  const behind = new Set<Document>()
  const open = [document]
  for (let next = open.pop(); next; next = open.pop())
    for (const found of directlyBehind(catalog, next))
      if (!behind.has(found)) {
        behind.add(found)
        open.push(found)
      }
  return behind
}

function directlyBehind(catalog: Catalog, document: Document): Document[] {
  const slots = slotsOf(catalog, document).filter((slot) => slot.is !== 'document' || slot.kind === 'Action')
  return slots.flatMap((slot) =>
    [...thingsNamed(catalog, slot)].flatMap((key) => {
      const [kind, name] = key.split(':') as [Kind, string]
      return kind === 'Object' ? [] : (catalog.documents.get(kind)?.get(name) ?? [])
    }),
  )
}

function fieldOf(catalog: Catalog, fullName: string): FieldOn | undefined {
  const [objectName, name] = splitName(fullName)
  const object = catalog.object(objectName)
  const field = object?.field(name)
  return object && field && { object, field }
}

export const slotsOf = (catalog: Catalog, document: Document): Slot[] => kindOf(document).slots(document, catalog)
