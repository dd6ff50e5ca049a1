import type { Catalog } from '../catalog.ts'
import type { Document } from '../documents.ts'
import type { Slot } from '../kinds/index.ts'
import { splitName } from '../names.ts'
import { changeAt, renameKeyAt } from './json.ts'
import { pathsOf, slotsOf, thing, type Segment } from './mentions.ts'

/** New names by what they belong to, all told in the names of the current catalog. */
export interface Renames {
  /** `Object:Foo__c` → `Bar__c`, `Field:Foo__c.A__c` → `B__c`, `Action:X` → `Y`. */
  readonly names: ReadonlyMap<string, string>
  /** `Foo__c.A__c` → the new name of its parent relationship. */
  readonly parents: ReadonlyMap<string, string>
  /** `Foo__c.A__c` → the new name of its list on the parent. */
  readonly children: ReadonlyMap<string, string>
}

/** The document with every mention of a renamed thing under its new name: formulas by token, keys, names. */
export function followRenames(catalog: Catalog, document: Document, renames: Renames): Document {
  let changed: unknown = document
  for (const slot of deepestFirst(slotsOf(catalog, document))) changed = followSlot(catalog, changed, slot, renames)
  return withOwner(changed as Document, renames)
}

/** Inner keys and later places first, so that no rewrite moves the place of another. */
const deepestFirst = (slots: readonly Slot[]): Slot[] =>
  [...slots].sort((a, b) => b.at.length - a.at.length || offsetOf(b) - offsetOf(a))
const offsetOf = (slot: Slot): number => (slot.is === 'formula' ? (slot.offset ?? 0) : 0)

/** `Foo__c.Rule` follows its object. */
function withOwner(document: Document, renames: Renames): Document {
  const [object, rest] = splitName(document.name)
  const owner = document.name.includes('.') ? renames.names.get(thing('Object', object)) : undefined
  return owner === undefined ? document : { ...document, name: `${owner}.${rest}` }
}

function followSlot(catalog: Catalog, document: unknown, slot: Slot, renames: Renames): unknown {
  if (slot.is === 'formula') {
    const source = rewrite(slot.source, pathsOf(catalog, slot), renames)
    const offset = slot.offset ?? 0
    return source === slot.source
      ? document
      : changeAt(document, slot.at, (old) => splice(String(old), offset, offset + slot.source.length, source))
  }
  const name = newName(catalog, slot, renames)
  if (name === undefined) return document
  return slot.key ? renameKeyAt(document, slot.at, name) : changeAt(document, slot.at, () => name)
}

function newName(catalog: Catalog, slot: Exclude<Slot, { is: 'formula' }>, renames: Renames): string | undefined {
  if (slot.is === 'document') return renames.names.get(thing(slot.kind, slot.name))
  if (slot.is === 'field') {
    const path = rewrite(slot.path, pathsOf(catalog, slot), renames)
    return path === slot.path ? undefined : `${slot.prefix ?? ''}${path}`
  }
  const object = catalog.object(slot.object)
  if (slot.is === 'parent') return renames.parents.get(`${object?.name}.${object?.parent(slot.name)?.name}`)
  const child = object?.children.get(slot.name)
  return renames.children.get(`${child?.object}.${child?.field}`)
}

function rewrite(text: string, paths: ReturnType<typeof pathsOf>, renames: Renames): string {
  return paths.reduceRight((done, { segments, start, end }) => splice(done, start, end, segments.map((s, i) => segmentText(s, i === segments.length - 1, renames)).join('.')), text) // prettier-ignore
}

function segmentText({ text, field, type, named }: Segment, last: boolean, renames: Renames): string {
  if (named) return renames.names.get(named) ?? text
  if (!field) return text
  const key = `${field.object.name}.${field.field.name}`
  if (last) return renames.names.get(thing('Field', key)) ?? text
  const [relationship = '', typeText] = text.split(':')
  const parent = renames.parents.get(key) ?? relationship
  return typeText === undefined
    ? parent
    : `${parent}:${renames.names.get(thing('Object', type ?? typeText)) ?? typeText}`
}

const splice = (text: string, start: number, end: number, replacement: string): string =>
  text.slice(0, start) + replacement + text.slice(end)
