import type { Finding } from '#util'
import type { Catalog, ObjectDef } from '../catalog.ts'
import type { AutoApplyRuleDocument, Document, Kind } from '../documents.ts'
import type { ObjectsByName } from '../formula-scope.ts'

export function namesOf(objects: readonly ObjectDef[], documents: readonly Document[]): Names {
  const byName = new Map(objects.map((o) => [o.name.toLowerCase(), o]))
  const labels = documents.filter((d) => d.kind === 'CustomLabel')
  const labelByName = new Map(labels.map((d) => [d.name.toLowerCase(), d]))
  const settings = objects.filter((o) => o.customSettingsType === 'Hierarchy').map((o) => o.name)
  const names = objects.map((o) => o.name)
  return {
    object: (name) => byName.get(name.toLowerCase()),
    label: (name) => labelByName.get(name.toLowerCase()),
    labels: () => labels,
    settings: () => settings,
    names: () => names,
  }
}

type Names = ObjectsByName & Pick<Catalog, 'label' | 'labels'>

/** The catalog over compiled objects and all documents, deleted ones included. */
export function makeCatalog(
  objects: readonly ObjectDef[],
  all: readonly Document[],
  version: number,
  warnings: readonly Finding[],
): Catalog {
  const live = all.filter((d) => d.deletedAt === undefined)
  const documents = byKind(live)
  const of = <K extends Kind>(kind: K) =>
    (documents.get(kind) ?? new Map()) as ReadonlyMap<string, Extract<Document, { kind: K }>>
  const byId = new Map(objects.map((o) => [o.id, o]))
  const byPrefix = new Map(objects.map((o) => [o.keyPrefix, o]))
  const autoApply = activeRules([...of('AutoApplyRule').values()])
  return {
    version,
    objects: new Map(objects.map((o) => [o.name, o])),
    ...namesOf(objects, live),
    objectById: (id) => byId.get(id),
    objectByKeyPrefix: (prefix) => byPrefix.get(prefix),
    processes: of('EntitlementProcess'),
    autoApplyRules: (object) => autoApply.get(object.toLowerCase()) ?? [],
    actions: of('Action'),
    emailTemplates: of('EmailTemplate'),
    permissionSets: of('PermissionSet'),
    documents,
    deleted: all.filter((d) => d.deletedAt !== undefined),
    warnings,
  }
}

function byKind(documents: readonly Document[]): ReadonlyMap<Kind, ReadonlyMap<string, Document>> {
  const kinds = new Map<Kind, Map<string, Document>>()
  for (const d of documents) {
    const names = kinds.get(d.kind) ?? new Map<string, Document>()
    kinds.set(d.kind, names.set(d.name, d))
  }
  return kinds
}

function activeRules(rules: readonly AutoApplyRuleDocument[]): Map<string, AutoApplyRuleDocument[]> {
  const byObject = new Map<string, AutoApplyRuleDocument[]>()
  for (const rule of rules.filter((r) => r.active !== false).sort((a, b) => a.order - b.order)) {
    const key = rule.object.toLowerCase()
    byObject.set(key, [...(byObject.get(key) ?? []), rule])
  }
  return byObject
}
