/** What one caller may do with one object, from all of the caller's permission sets together. */
import type { Catalog, FieldDef, ObjectDef, ObjectPermission, PermissionSetDocument } from '#metadata'
import type { ObjectAccess } from '../access-types.ts'

type FieldGrant = 'read' | 'edit' | 'none'
type Verb = 'create' | 'read' | 'edit' | 'delete'

export const FULL_ACCESS: ObjectAccess = {
  create: true,
  read: true,
  edit: true,
  delete: true,
  canRead: () => true,
  canEdit: () => true,
}
const NO_ACCESS: ObjectAccess = {
  create: false,
  read: false,
  edit: false,
  delete: false,
  canRead: () => false,
  canEdit: () => false,
}

/** Gives `object(name)` of a Permissions: compiled on first use, kept. Unknown names have no access, like hidden ones. */
export function objectAccessOf(
  sets: readonly PermissionSetDocument[],
  catalog: Catalog,
): (name: string) => ObjectAccess {
  const done = new Map<string, ObjectAccess>()
  const access = (name: string, trail: readonly string[]): ObjectAccess => {
    const known = done.get(name)
    if (known) return known
    const object = catalog.objects.get(name)
    const made = object
      ? compileObject(
          object,
          sets,
          (parent) => !trail.includes(parent) && access(parent, [...trail, name]).read,
          catalog,
        )
      : NO_ACCESS
    if (trail.length === 0) done.set(name, made)
    return made
  }
  return (name) => access(name, [])
}

function compileObject(
  object: ObjectDef,
  sets: readonly PermissionSetDocument[],
  parentReadable: (object: string) => boolean,
  catalog: Catalog,
): ObjectAccess {
  const { writePermission } = object
  const free = !writePermission || sets.some((set) => set.system?.includes(writePermission))
  const grants = sets.flatMap((set) => set.objects?.[object.name] ?? [])
  const all = sets.some((set) => set.modifyAll)
  const viewAll = all || sets.some((set) => set.viewAll)
  const may = (verb: Verb): boolean => all || grants.some((grant) => impliedVerbs(grant).has(verb))
  const fromParent = readsThroughParent(object)
  const read = viewAll || ((fromParent || may('read')) && parentsReadable(object, parentReadable, catalog))
  const fields = fieldGrants(object, grants, { read: viewAll, edit: all })
  return {
    read,
    create: read && free && may('create'),
    edit: read && (free || object.fields.some((field) => field.personal)) && may('edit'),
    delete: read && free && may('delete'),
    canRead: (name) => read && fields.get(name) !== undefined && fields.get(name) !== 'none',
    canEdit: (name) => read && (free || object.field(name)?.personal === true) && fields.get(name) === 'edit',
  }
}

/** Create, edit and delete are worth nothing without read, so each implies it. */
function impliedVerbs(grant: ObjectPermission): Set<Verb> {
  const verbs = (['create', 'edit', 'delete', 'read'] as const).filter((verb) => grant[verb])
  return new Set<Verb>(verbs.length > 0 ? [...verbs, 'read'] : [])
}

/** Rows that the platform writes about another record (RecordMilestone …): who may read that record may read them, without a grant of their own. */
const readsThroughParent = (object: ObjectDef): boolean => object.platform && object.accessFrom !== undefined

/** The references whose record must be readable too: the declared one and every master-detail. */
export function accessReferences(object: ObjectDef): FieldDef[] {
  return object.fields.filter(
    (field) =>
      field.reference &&
      (field.reference.masterDetail || field === object.accessFrom || field.name === object.accessFrom?.name),
  )
}

function parentsReadable(object: ObjectDef, readable: (object: string) => boolean, catalog: Catalog): boolean {
  return accessReferences(object).every((field) => referenceTargets(field, object, catalog).some(readable))
}

/** Objects a reference may point to. One that may point to any: those that list the object as a child, which is what the catalog knows of them. */
export function referenceTargets(field: FieldDef, object: ObjectDef, catalog: Catalog): readonly string[] {
  if (!field.reference) return []
  if (!field.reference.any) return field.reference.to
  const lists = (candidate: ObjectDef): boolean =>
    [...candidate.children.values()].some((child) => child.object === object.name && child.field === field.name)
  return [...catalog.objects.values()].filter(lists).map((candidate) => candidate.name)
}

/** A field that an admin added to such rows is granted like any other. */
const comesWith = (object: ObjectDef, field: FieldDef): boolean => readsThroughParent(object) && !field.custom

/** System fields, the name, what the platform keeps about the process, and the reference that gives access come with the object; all else must be granted. */
function fieldGrants(
  object: ObjectDef,
  grants: readonly ObjectPermission[],
  base: { read: boolean; edit: boolean },
): Map<string, FieldGrant> {
  const withObject = new Set([object.nameField.name, ...accessReferences(object).map((field) => field.name)])
  const result = new Map<string, FieldGrant>()
  for (const field of object.fields) {
    const given = grants.map((grant) => grant.fields?.[field.name])
    const free = field.origin !== 'declared' || withObject.has(field.name) || comesWith(object, field)
    const grant = unionOf(given, base, free)
    if (field.name === 'Id') result.set(field.name, 'read')
    else if (grant) result.set(field.name, field.readOnly && grant === 'edit' ? 'read' : grant)
  }
  return result
}

function unionOf(
  given: readonly (FieldGrant | undefined)[],
  base: { read: boolean; edit: boolean },
  free: boolean,
): FieldGrant | undefined {
  if (given.includes('none')) return 'none'
  if (base.edit || given.includes('edit')) return 'edit'
  return base.read || free || given.includes('read') ? 'read' : undefined
}
