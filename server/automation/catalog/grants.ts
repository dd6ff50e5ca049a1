import type { Catalog, FieldDef, ObjectDef, ObjectPermission, PermissionSetDocument, SystemPermission } from '#metadata'
import { maySeeSetUp } from '#records'
import { mayManage } from '../may-manage.ts'
import { isLive, isOwn } from './own.ts'
import type { Change } from './own.ts'
import { mayReadSources } from './reads.ts'

/** One thing that a permission set gives or denies. */
export interface Grant {
  /** By ids, so that a rename changes nothing. */
  readonly key: string
  readonly text: string
  /** The actor has it, or made what it is about in this very change. */
  readonly held: boolean
  /** It takes reading away from all who have another set beside it. */
  readonly denial?: boolean
  /** What it is about comes with the change, so nobody had it. */
  readonly comes?: boolean
}

/** What a set of the catalog `within` says about everything that is there after the change. */
export function grantsOf(set: PermissionSetDocument | undefined, within: Catalog, change: Change): Grant[] {
  const { all } = change.actor.permissions
  const plain = (key: string, held: boolean): Grant => ({ key, text: key, held })
  return [
    ...(set?.system ?? []).map((name) => plain(name, holdsSystem(name, change.actor))),
    ...(set?.modifyAll ? [plain('modifyAll', all === 'modify')] : []),
    ...(set?.viewAll ? [plain('viewAll', all !== undefined)] : []),
    ...Object.entries(set?.objects ?? {}).flatMap(([name, grant]) => {
      const object = within.object(name)
      return object ? objectGrants(grant, object, change) : []
    }),
  ]
}

/** Some permissions come with others. */
function holdsSystem(name: SystemPermission, actor: Change['actor']): boolean {
  if (name === 'viewSetup') return maySeeSetUp(actor.permissions)
  return name === 'manageProcesses' ? mayManage(actor) : actor.permissions.system.has(name)
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
      held:
        access?.[verb] === true ||
        isOwn(change, 'Object', object.id) ||
        (!known && mayRestore(change, verb === 'read')),
      comes: !isLive(change, 'Object', object.id),
    })),
    ...Object.entries(grant.fields ?? {}).flatMap(([name, level]) => {
      const field = now.fieldById(object.field(name)?.id ?? '')
      return field ? fieldGrants(level, field, now, change) : []
    }),
  ]
}

/** `edit` is reading and editing. */
function fieldGrants(level: 'read' | 'edit' | 'none', field: FieldDef, object: ObjectDef, change: Change): Grant[] {
  const levels = level === 'edit' ? (['read', 'edit'] as const) : [level]
  return levels.map((each) => ({
    key: `${object.id} ${field.id} ${each}`,
    text: `${each} ${object.name}.${field.name}`,
    held: holdsField(field, object, change, each === 'edit' && !field.readOnly),
    denial: each === 'none',
    comes: !isLive(change, 'Field', field.id),
  }))
}

function holdsField({ id, document }: FieldDef, object: ObjectDef, change: Change, editing: boolean): boolean {
  const { actor, current } = change
  const known = current.objectById(object.id)
  const was = known?.fieldById(id)
  const access = known && actor.permissions.object(known.name)
  const held = was ? (editing ? access?.canEdit(was.name) : access?.canRead(was.name)) : mayRestore(change, !editing)
  if (!held && !(document ? isOwn(change, 'Field', id) : isOwn(change, 'Object', object.id))) return false
  return actor.permissions.all !== undefined || mayReadSources(change, document)
}

/** What comes back from deletion is held by those who have everything. */
const mayRestore = ({ actor: { permissions } }: Change, reading: boolean): boolean =>
  permissions.all === 'modify' || (permissions.all === 'view' && reading)
