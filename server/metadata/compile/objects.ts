import type { Finding } from '#util'
import type { ChildRelationship, FieldDef, ObjectDef, Quotes } from '../catalog.ts'
import type { Document, FieldDocument, LayoutDocument, ListViewDocument, ObjectDocument } from '../documents.ts'
import { EVERY_FIELD } from '../kinds/object.ts'
import { isCustom, splitName } from '../names.ts'
import { reporter } from '../report.ts'
import { processFields } from '../process-fields.ts'
import { leadingFields, SOURCE_FIELDS, trailingFields } from '../system-fields.ts'
import { addedField, declaredField, type FieldDraft } from './fields.ts'

/** An object while its catalog is being built. */
export type ObjectDraft = Omit<{ -readonly [K in keyof ObjectDef]: ObjectDef[K] }, 'fields' | 'children'> & {
  readonly fields: readonly FieldDraft[]
  readonly children: Map<string, ChildRelationship>
}

/** The documents of one object, by kind. */
export interface ObjectParts {
  readonly document: ObjectDocument
  readonly fields: FieldDocument[]
  readonly layouts: LayoutDocument[]
  readonly listViews: ListViewDocument[]
}

export function partsByObject(documents: readonly Document[]): Map<string, ObjectParts> {
  const parts = new Map<string, ObjectParts>()
  for (const d of documents)
    if (d.kind === 'Object') parts.set(d.name, { document: d, fields: [], layouts: [], listViews: [] })
  for (const d of documents) {
    const owner = parts.get(splitName(d.name)[0])
    if (d.kind === 'Field') owner?.fields.push(d)
    else if (d.kind === 'Layout') owner?.layouts.push(d)
    else if (d.kind === 'ListView') owner?.listViews.push(d)
  }
  return parts
}

export function buildObject(
  { document, fields, layouts, listViews }: ObjectParts,
  tracked: readonly string[],
): ObjectDraft {
  const all: FieldDraft[] = [
    ...leadingFields(document).map((f) => addedField(f, document, 'system', tracked)),
    ...fields.map((f) => declaredField(f, tracked)),
    ...(document.enableProcesses
      ? processFields(document).map((f) => addedField(f, document, 'process', tracked))
      : []),
    ...trailingFields(document).map((f) => addedField(f, document, 'system', tracked)),
  ]
  const byName = firstBy(all, (f) => f.name.toLowerCase())
  const byId = firstBy(all, (f) => f.id)
  const byRelationship = firstBy(
    all.filter((f) => f.reference),
    (f) => f.reference?.relationshipName.toLowerCase() ?? '',
  )
  return {
    id: document.id ?? document.name,
    name: document.name,
    label: document.label,
    pluralLabel: document.pluralLabel,
    keyPrefix: document.keyPrefix ?? '',
    table: document.physicalName ?? '',
    fields: all,
    field: (name) => byName.get(name.toLowerCase()),
    fieldById: (id) => byId.get(id),
    parent: (name) => byRelationship.get(name.toLowerCase()),
    children: new Map(),
    nameField: all[1] as FieldDef,
    custom: isCustom(document.name),
    setup: document.setup === true || document.customSettingsType !== undefined,
    platform: document.platform === true,
    enableProcesses: document.enableProcesses === true,
    customSettingsType: document.customSettingsType,
    writePermission: document.writePermission,
    accessFrom: accessFrom(document, all, byName),
    quotes: quotesOf(document, byName),
    validationRules: [],
    layouts: new Map(layouts.map((l) => [splitName(l.name)[1], l])),
    listViews: new Map(listViews.map((l) => [splitName(l.name)[1], l])),
    document,
  }
}

const accessFrom = (document: ObjectDocument, all: readonly FieldDraft[], byName: ReadonlyMap<string, FieldDraft>) =>
  document.accessFrom === undefined
    ? all.find((f) => f.reference?.masterDetail)
    : byName.get(document.accessFrom.toLowerCase())

function quotesOf({ quotes }: ObjectDocument, byName: ReadonlyMap<string, FieldDef>): Quotes | undefined {
  const sources = byName.get(SOURCE_FIELDS.toLowerCase())
  if (!quotes || !sources) return undefined
  const fields = quotes.flatMap((name) => byName.get(name.toLowerCase()) ?? [])
  return quotes.includes(EVERY_FIELD) ? { sources } : { sources, fields: [...fields, sources] }
}

/** The first of several under one key stays; the others are reported by the checks. */
function firstBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T> {
  const map = new Map<string, T>()
  for (const item of items) if (!map.has(key(item))) map.set(key(item), item)
  return map
}

/** Fills in the lists of child records: each reference that names its list stands on every object it may point to. */
export function linkChildren(objects: readonly ObjectDraft[], findings: Finding[]): void {
  const byName = new Map(objects.map((o) => [o.name.toLowerCase(), o]))
  for (const child of objects) {
    for (const field of child.fields) {
      const list = field.reference?.childRelationshipName
      if (!field.reference || !list) continue
      const parents = field.reference.any
        ? objects.filter(isOrdinary)
        : field.reference.to.flatMap((n) => byName.get(n.toLowerCase()) ?? [])
      for (const parent of parents) addChild(parent, { name: list, object: child.name, field: field.name }, findings)
    }
  }
}

function addChild(parent: ObjectDraft, child: ChildRelationship, findings: Finding[]): void {
  const other = parent.children.get(child.name)
  if (!other) return void parent.children.set(child.name, child)
  reporter(findings, { kind: 'Field', name: `${child.object}.${child.field}` })({
    code: 'NAME_TAKEN',
    path: 'childRelationshipName',
    message: `On ${parent.name} the list name ${child.name} is taken by ${other.object}.${other.field}.`,
    hint: 'Choose another childRelationshipName.',
  })
}

const isOrdinary = (object: ObjectDraft): boolean => !object.setup && !object.platform
