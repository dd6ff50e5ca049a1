import type { Catalog, FieldDef, ObjectDef, ObjectPermission, PermissionSetDocument } from '#metadata'
import type { Actor } from '#records'

/** One thing that a permission set gives or denies. */
export interface Grant {
  /** By ids, so that a rename changes nothing. */
  readonly key: string
  readonly text: string
  /** The actor has it, or made what it is about in this very change. */
  readonly held: boolean
}

/** What a set of the catalog `within` says about everything that is there after the change. */
export function grantsOf(set: PermissionSetDocument | undefined, within: Catalog, change: Change): Grant[] {
  const { system, all } = change.actor.permissions
  const plain = (key: string, held: boolean): Grant => ({ key, text: key, held })
  return [
    ...(set?.system ?? []).map((name) => plain(name, system.has(name))),
    ...(set?.modifyAll ? [plain('modifyAll', all === 'modify')] : []),
    ...(set?.viewAll ? [plain('viewAll', all !== undefined)] : []),
    ...Object.entries(set?.objects ?? {}).flatMap(([name, grant]) => {
      const object = within.object(name)
      return object ? objectGrants(grant, object, change) : []
    }),
  ]
}

interface Change {
  readonly current: Catalog
  readonly next: Catalog
  readonly actor: Actor
}

const VERBS = ['create', 'read', 'edit', 'delete'] as const

function objectGrants(grant: ObjectPermission, object: ObjectDef, change: Change): Grant[] {
  const { actor, current, next } = change
  const now = next.objectById(object.id)
  if (!now) return []
  const known = current.objectById(object.id)
  const access = known && actor.permissions.object(known.name)
  const verbs = VERBS.filter((verb) => grant[verb] || (verb === 'read' && (grant.create || grant.edit || grant.delete)))
  return [
    ...verbs.map((verb) => ({
      key: `${object.id} ${verb}`,
      text: `${verb} ${now.name}`,
      held: access ? access[verb] : holdsOther(change, object.id, verb === 'read'),
    })),
    ...Object.entries(grant.fields ?? {}).flatMap(([name, level]) => {
      const field = now.fieldById(object.field(name)?.id ?? '')
      return field ? fieldGrants(level, field, now, change) : []
    }),
  ]
}

/** `edit` is reading and editing; a denial takes reading away from all who have another set beside it. */
function fieldGrants(level: 'read' | 'edit' | 'none', field: FieldDef, object: ObjectDef, change: Change): Grant[] {
  const levels = level === 'edit' ? (['read', 'edit'] as const) : [level]
  return levels.map((each) => ({
    key: `${object.id} ${field.id} ${each}`,
    text: `${each} ${object.name}.${field.name}`,
    held: holdsField(field, object, change, each === 'edit' && !field.readOnly),
  }))
}

function holdsField({ id }: FieldDef, object: ObjectDef, change: Change, editing: boolean): boolean {
  const known = change.current.objectById(object.id)
  const was = known?.fieldById(id)
  if (!known || !was) return holdsOther(change, id, !editing)
  const access = change.actor.permissions.object(known.name)
  return editing ? access.canEdit(was.name) : access.canRead(was.name)
}

/** Who makes an object or a field says who may use it. What comes back from deletion is held by those who have everything. */
const holdsOther = ({ current, actor: { permissions } }: Change, id: string, reading: boolean): boolean =>
  !current.deleted.some((document) => document.id === id) ||
  permissions.all === 'modify' ||
  (permissions.all === 'view' && reading)
